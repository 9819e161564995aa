"""The nuisances that control regions share with other bins, and experiments with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from munu.statistics.specification import (
    Background,
    Bound,
    ControlRegion,
    Counts,
    StatisticSpecification,
)


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


def common_nuisances(
    experiments: Mapping[str, tuple[StatisticSpecification, Sequence[str]]],
) -> dict[str, list[str]]:
    """Return the nuisances that several experiments have in common, and which have each.

    Those are shared uncertainties and shapes: the normalisation of a background is that of its
    experiment.

    Parameters
    ----------
    experiments : mapping of str to (StatisticSpecification, sequence of str)
        By name, each with the names of the signal's shape nuisances.
    """
    holders: dict[str, list[str]] = {}
    for experiment, (statistic, variants) in experiments.items():
        for name in sharable(statistic, variants):
            holders.setdefault(name, []).append(experiment)
    return {name: found for name, found in holders.items() if len(found) > 1}


def sharable(statistic: StatisticSpecification, variants: Iterable[str]) -> tuple[str, ...]:
    """Return the nuisances that another experiment may have too, each once.

    Parameters
    ----------
    statistic : StatisticSpecification
    variants : iterable of str
        Names of the signal's shape nuisances.
    """
    return tuple(dict.fromkeys([*_uncertain(statistic), *variants, *_shapes(statistic)]))


def _uncertain(statistic: StatisticSpecification) -> Iterator[str]:
    """Yield the names of shared uncertainties that are not zero."""
    if not isinstance(statistic, Bound):
        yield from (name for name, sigma in statistic.shared.items() if sigma > 0)


def _shapes(statistic: StatisticSpecification) -> Iterator[str]:
    """Yield the names of the shapes of backgrounds."""
    if isinstance(statistic, Counts):
        regions = (region.backgrounds for region in statistic.control_regions)
        for background in chain(statistic.backgrounds, *regions):
            yield from (shape.name for shape in background.shapes)
