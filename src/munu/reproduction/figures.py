"""Common parts of the figures of arXiv:1905.03750.

All are computed as Table II was: ``published`` convention, Eq. (34) with σ_sys = 0, Eq. (33) as
printed, other moments zero, phases zero unless a figure varies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Unpack

import numpy as np

from munu.analysis import limit as limit_question
from munu.analysis import profile as profile_question
from munu.analysis import region as region_question
from munu.analysis.assumptions import assume
from munu.analysis.origin import make_origin
from munu.folding.folded import load_experiment
from munu.physics.assumptions import FULL_BEAM, AssumptionOptions, Assumptions, Convention
from munu.physics.mixing import paper_mixing
from munu.reproduction.published import confidence_level
from munu.results.core.base import Origin
from munu.results.limit import LimitResult, ProfileResult
from munu.results.region import EnvelopeResult, RegionResult
from munu.statistics.specification import Projection

SNS: Final = ("coherent-csi", "coherent-ge", "coherent-lar", "coherent-nai")
REACTORS: Final = ("conus", "connie", "miner", "texono", "red-100")
PLANES: Final = (
    ("Lambda_1", "Lambda_2"),
    ("Lambda_1", "Lambda_3"),
    ("Lambda_2", "Lambda_3"),
)
CONVENTION: Final[Convention] = "published"
PROFILE_POINTS: Final = 101
ASSUMED: Final = (
    "Slices: other moments zero, phases zero; published convention; σ_sys = 0 in Eq. (34), "
    "Eq. (33) as printed; mixing desalas2018-no."
)


def sigma_sys_of(name: str) -> float | None:
    """Return 0 for a projection, None (the experiment's own) for data."""
    return 0.0 if isinstance(load_experiment(name).statistic, Projection) else None


def origin_of(names: Iterable[str]) -> Origin:
    """Return the origin of a figure made from these experiments, each named once."""
    return make_origin([load_experiment(name) for name in dict.fromkeys(names)], paper_mixing())


def assumed(name: str, *, beam: str = FULL_BEAM) -> Assumptions:
    """Return the figures' assumptions of an experiment, with the mixing of its file."""
    return Assumptions(beam=beam, convention=CONVENTION, sigma_sys=sigma_sys_of(name))


def limit(name: str, parameter: str, *, beam: str = FULL_BEAM) -> LimitResult:
    """Return a limit under the figures' assumptions."""
    assumptions = assumed(name, beam=beam)
    return limit_question.moment_limit(
        name, parameter, None, assumptions, cl=confidence_level(), others="zero"
    )


def profile(name: str, parameter: str, *, beam: str = FULL_BEAM) -> ProfileResult:
    """Return a Δχ² profile under the figures' assumptions, from zero to twice the limit."""
    end = limit(name, parameter, beam=beam).limit_mu_b
    moduli = np.linspace(0.0, 2 * end, PROFILE_POINTS)
    assumptions = assumed(name, beam=beam)
    return profile_question.moment_profile(
        name, parameter, None, assumptions, moduli, others="zero"
    )


def region(
    name: str,
    plane: tuple[str, str],
    *,
    cl: float | None = None,
    **options: Unpack[AssumptionOptions],
) -> RegionResult:
    """Return a region under the figures' assumptions, or others where they are given."""
    level = confidence_level() if cl is None else cl
    assumptions = assume(region_question.region, assumed(name), options)
    return region_question.moment_region(name, plane, None, assumptions, cl=level)


def regions(names: Iterable[str], *, beam: str = FULL_BEAM) -> list[RegionResult]:
    """Return the regions of all planes for several experiments."""
    return [region(name, plane, beam=beam) for plane in PLANES for name in names]


def envelope(
    name: str, plane: tuple[str, str], vary: Sequence[str], *, beam: str = FULL_BEAM
) -> EnvelopeResult:
    """Return an envelope over phases under the figures' assumptions."""
    level, assumptions = confidence_level(), assumed(name, beam=beam)
    return region_question.moment_envelope(name, plane, vary, None, assumptions, cl=level)


def size(region: RegionResult) -> float:
    """Return the square root of a region's area (μ_B), by the shoelace formula."""
    area = 0.0
    for x, y in (piece.T for piece in region.filled_polygons()):
        area += 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
    return float(np.sqrt(area))


def gains(before: Sequence[RegionResult], after: Sequence[RegionResult]) -> str:
    """Return by which factors, from the least to the largest, regions are smaller than others."""
    ratios = [size(old) / size(new) for old, new in zip(before, after, strict=True)]
    return f"{min(ratios):.1f} to {max(ratios):.1f}"
