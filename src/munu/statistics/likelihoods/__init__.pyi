from .binned_part import BinnedPart
from .breakdown import background_events, events_at, kept_share
from .data_sets import DataSets
from .data_shares import shares
from .far import EXCLUDED
from .fusion import fused
from .gaussian import GaussianLikelihood, LinearNuisance
from .gaussian_losses import CovarianceLoss, SplitLoss, VariableWidthLoss
from .gaussian_part import GaussianData
from .joining import as_newton, by_bins, joined
from .likelihood import DataScale, SignalLikelihood, searching
from .losses import GaussianLoss, Loss, OnOffLoss, PoissonLoss
from .newton import NewtonLikelihood
from .one_bin import OneBin
from .part import Part, PartData
from .plain import plain_parts
from .pooling import Pooling, pooled
from .positive import margin
from .summed import SummedLikelihood
from .template import ShapeVariation, Template

__all__ = [
    "EXCLUDED",
    "BinnedPart",
    "CovarianceLoss",
    "DataScale",
    "DataSets",
    "GaussianData",
    "GaussianLikelihood",
    "GaussianLoss",
    "LinearNuisance",
    "Loss",
    "NewtonLikelihood",
    "OnOffLoss",
    "OneBin",
    "Part",
    "PartData",
    "PoissonLoss",
    "Pooling",
    "ShapeVariation",
    "SignalLikelihood",
    "SplitLoss",
    "SummedLikelihood",
    "Template",
    "VariableWidthLoss",
    "as_newton",
    "background_events",
    "by_bins",
    "events_at",
    "fused",
    "joined",
    "kept_share",
    "margin",
    "plain_parts",
    "pooled",
    "searching",
    "shares",
]
