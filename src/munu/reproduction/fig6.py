"""Fig. 6 of arXiv:1905.03750: regions of two moduli at reactors, current and future setups."""

from __future__ import annotations

from munu.reproduction.figures import ASSUMED, REACTORS, origin_of, regions
from munu.results.paper.figure_regions import RegionsResult


def compute() -> RegionsResult:
    """Return the regions of the current setups, then those of the future ones."""
    setups = [[f"{name}@{setup}" for name in REACTORS] for setup in ("current", "future")]
    return RegionsResult(
        figure=6,
        regions=tuple(region for names in setups for region in regions(names)),
        remarks=(ASSUMED,),
        origin=origin_of(name for names in setups for name in names),
    )
