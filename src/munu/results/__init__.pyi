from .cls_limit import ClsLimitResult
from .comparison import ComparisonResult, Difference
from .core.base import Origin, Result, read_json
from .core.bins import BinAxis
from .core.table import Table
from .coupling_coverage import CouplingCoverageResult
from .coupling_envelope import CouplingEnvelopeResult
from .coupling_limit import CouplingLimitResult
from .coupling_profile import CouplingProfileResult
from .coupling_region import CouplingRegionResult
from .coverage import CoverageResult
from .feldman_cousins import FeldmanCousinsResult
from .feldman_cousins_region import FeldmanCousinsRegionResult
from .fit import FitResult
from .limit import LimitResult, ProfileResult
from .plane_coverage import PlaneCoverageResult
from .posterior import Credible, CredibleRegion, PosteriorResult
from .rate import ChannelRate, ComponentRate, RateResult
from .region import EnvelopeResult, RegionResult
from .scan import ScanResult
from .spectrum import ComponentSpectrum, SpectrumResult
from .state import StateResult
from .weak_angle import WeakAngleResult

__all__ = [
    "BinAxis",
    "ChannelRate",
    "ClsLimitResult",
    "ComparisonResult",
    "ComponentRate",
    "ComponentSpectrum",
    "CouplingCoverageResult",
    "CouplingEnvelopeResult",
    "CouplingLimitResult",
    "CouplingProfileResult",
    "CouplingRegionResult",
    "CoverageResult",
    "Credible",
    "CredibleRegion",
    "Difference",
    "EnvelopeResult",
    "FeldmanCousinsRegionResult",
    "FeldmanCousinsResult",
    "FitResult",
    "LimitResult",
    "Origin",
    "PlaneCoverageResult",
    "PosteriorResult",
    "ProfileResult",
    "RateResult",
    "RegionResult",
    "Result",
    "ScanResult",
    "SpectrumResult",
    "StateResult",
    "Table",
    "WeakAngleResult",
    "read_json",
]
