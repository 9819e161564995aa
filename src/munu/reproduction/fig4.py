"""Fig. 4 of arXiv:1905.03750: regions of two moduli at the SNS, current setups."""

from __future__ import annotations

from munu.reproduction.figures import ASSUMED, SNS, origin_of, regions
from munu.results.figures import RegionsResult


def compute() -> RegionsResult:
    """Return the regions of the delayed beam, then those of the prompt one."""
    names = [f"{name}@current" for name in SNS]
    shown = [region for beam in ("delayed", "prompt") for region in regions(names, beam=beam)]
    return RegionsResult(
        figure=4, regions=tuple(shown), remarks=(ASSUMED,), origin=origin_of(names)
    )
