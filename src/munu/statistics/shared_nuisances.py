"""The nuisances that a control region shares with the other bins."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from munu.statistics.specification import Background, ControlRegion, Counts


def shared_nuisances(
    statistic: Counts, region: ControlRegion, variants: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the nuisances of a control region that other bins of the experiment have too.

    Parameters
    ----------
    statistic : Counts
    region : ControlRegion
        One of its control regions.
    variants : iterable of str
        Names of the signal's shape nuisances.

    Returns
    -------
    tuple of str
        Normalisations as ``events of NAME``, shapes by their name.
    """
    others = (r.backgrounds for r in statistic.control_regions if r is not region)
    elsewhere = {*_nuisances(chain(statistic.backgrounds, *others)), *statistic.shared, *variants}
    return tuple(name for name in _nuisances(region.backgrounds) if name in elsewhere)


def _nuisances(backgrounds: Iterable[Background]) -> list[str]:
    """Return the normalisations and shapes that are not fixed, each once."""
    names = []
    for background in backgrounds:
        names += [f"events of {background.name}"] if background.sigma > 0 else []
        names += [shape.name for shape in background.shapes]
    return list(dict.fromkeys(names))
