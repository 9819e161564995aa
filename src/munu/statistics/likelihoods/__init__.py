"""χ² of counts, minimised over nuisances: arrays alone, no physics.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.breakdown import background_events, events_at, kept_share
from munu.statistics.likelihoods.data_sets import DataSets
from munu.statistics.likelihoods.fusion import fused
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.gaussian_losses import (
    CovarianceLoss,
    SplitLoss,
    VariableWidthLoss,
)
from munu.statistics.likelihoods.gaussian_part import GaussianData
from munu.statistics.likelihoods.joining import as_newton, joined
from munu.statistics.likelihoods.likelihood import DataScale, SignalLikelihood
from munu.statistics.likelihoods.losses import GaussianLoss, Loss, OnOffLoss, PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.one_bin import OneBin
from munu.statistics.likelihoods.part import Part, PartData
from munu.statistics.likelihoods.plain import plain_parts
from munu.statistics.likelihoods.positive import margin
from munu.statistics.likelihoods.template import ShapeVariation, Template

__all__ = [
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
    "ShapeVariation",
    "SignalLikelihood",
    "SplitLoss",
    "Template",
    "VariableWidthLoss",
    "as_newton",
    "background_events",
    "events_at",
    "fused",
    "joined",
    "kept_share",
    "margin",
    "plain_parts",
]
