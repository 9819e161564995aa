"""Fig. 5 of arXiv:1905.03750: regions of two moduli at the SNS, future setups."""

from __future__ import annotations

from munu.reproduction.figures import ASSUMED, SNS, gains, origin_of, regions
from munu.results.paper.figure_regions import RegionsResult
from munu.results.region import RegionResult


def compute() -> RegionsResult:
    """Return the regions of the delayed beam, then those of the prompt one."""
    names = [f"{name}@future" for name in SNS]
    shown = _regions("future")
    return RegionsResult(
        figure=5, regions=shown, remarks=(ASSUMED, _improvement(shown)), origin=origin_of(names)
    )


def _regions(setup: str) -> tuple[RegionResult, ...]:
    names = [f"{name}@{setup}" for name in SNS]
    beams = ("delayed", "prompt")
    return tuple(region for beam in beams for region in regions(names, beam=beam))


def _improvement(future: tuple[RegionResult, ...]) -> str:
    """Compare each detector with its current setup, as the paper does."""
    current = _regions("current")
    factors = [
        f"{gains(current[i :: len(SNS)], future[i :: len(SNS)])} ({name.removeprefix('coherent-')})"
        for i, name in enumerate(SNS)
    ]
    return (
        "The paper expects an improvement of at least one order of magnitude: in the moments (root "
        f"of the area) each detector is better than its current setup by {', '.join(factors)}."
    )
