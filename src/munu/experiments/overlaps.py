"""Data sets that hold the same events: they must not be combined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from munu.base.errors import MunuError
from munu.experiments.model import Experiment, MomentBound
from munu.statistics.specification import Counts, FirstRun, Projection

Data = tuple[object, ...]
"""What tells one set of data from another."""


def check_overlaps(experiments: Sequence[Experiment]) -> None:
    """Refuse to combine data that hold the same events; projections are not data.

    They are those of which one file names the other under ``same_events``, and files with the same
    observed counts and exposure, or the same bound on the same source, such as a copy of a data set
    beside the original.

    Raises
    ------
    MunuError
        Naming the data sets that overlap.
    """
    _check_copies(experiments)
    data = [e.identity for e in experiments if not isinstance(e.statistic, Projection)]
    for one, other in combinations(data, 2):
        if one.id in other.same_events or other.id in one.same_events:
            raise _same_events([one.id, other.id])


def _check_copies(experiments: Sequence[Experiment]) -> None:
    seen: dict[Data, str] = {}
    for experiment in experiments:
        data, name = _data(experiment), experiment.identity.id
        if data and seen.setdefault(data, name) != name:
            raise _same_events([seen[data], name])


def _data(experiment: Experiment) -> Data:
    """Return counts and exposure, or a bound and its source; nothing for a projection."""
    statistic = experiment.statistic
    if isinstance(experiment, MomentBound):
        bound = experiment.statistic
        return (bound.moment_mu_b, bound.cl, experiment.source.describe(), experiment.beams)
    if isinstance(statistic, FirstRun):
        return (statistic.observed, statistic.steady_state, experiment.exposure_kg_s)
    if isinstance(statistic, Counts) and statistic.observed is not None:
        return (statistic.kind, statistic.observed.tobytes(), experiment.exposure_kg_s)
    return ()


def _same_events(names: Sequence[str]) -> MunuError:
    return MunuError(
        f"{' and '.join(names)} hold the same events, which would be counted twice",
        f"Take one of them, such as {names[-1]}",
    )
