"""Which data CLs is of: observed ones, or those that are expected without the signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from munu.analysis.statement import asimov_counterpart
from munu.base.errors import MunuError
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.results.core.base import Origin
from munu.statistics.specification import Bound, has_data


def of_expected_data(folded: Sequence[Folded], assumptions: Assumptions) -> bool:
    """Return whether the data of all experiments are expected ones, asked for or as projected.

    Raises
    ------
    MunuError
        For a published bound, of which no data are known, and for projections beside observed data.
    """
    experiments = [one.experiment for one in folded]
    bounds = [one.identity.name for one in experiments if isinstance(one.statistic, Bound)]
    if bounds:
        raise MunuError(
            f"{', '.join(bounds)}: CLs compares data, and of a published bound none are known",
            "Take the asymptotic method, or experiments with counts",
        )
    if asimov_counterpart(folded, assumptions) is None:
        return True
    projected = [one.identity.name for one in experiments if not has_data(one.statistic)]
    if projected:
        raise MunuError(
            f"{', '.join(projected)}: has no observed data, as the others have",
            "Ask for the data expected of all, --expected (expected=True), or leave these out",
        )
    return False


def named(origin: Origin, *, expected: bool) -> Origin:
    """Return an origin whose first note says that the data are expected ones, if they are."""
    if not expected:
        return origin
    note = "From data that are expected without the signal, no observed ones: the median limit."
    return replace(origin, notes=(note, *origin.notes))
