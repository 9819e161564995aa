"""Frozen results: they print as tables, go to JSON and back, and say how they were made."""

from munu.results.cls_limit import ClsLimitResult
from munu.results.comparison import ComparisonResult, Difference
from munu.results.core.base import Origin, Result, read_json
from munu.results.core.bins import BinAxis
from munu.results.core.table import Table
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.results.coupling_envelope import CouplingEnvelopeResult
from munu.results.coupling_limit import CouplingLimitResult
from munu.results.coupling_profile import CouplingProfileResult
from munu.results.coupling_region import CouplingRegionResult
from munu.results.coverage import CoverageResult
from munu.results.feldman_cousins import FeldmanCousinsResult
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult
from munu.results.fit import FitResult
from munu.results.limit import LimitResult, ProfileResult
from munu.results.plane_coverage import PlaneCoverageResult
from munu.results.posterior import Credible, CredibleRegion, PosteriorResult
from munu.results.rate import ChannelRate, ComponentRate, RateResult
from munu.results.region import EnvelopeResult, RegionResult
from munu.results.scan import ScanResult
from munu.results.spectrum import ComponentSpectrum, SpectrumResult
from munu.results.state import StateResult
from munu.results.weak_angle import WeakAngleResult

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
