"""Data sets that hold the same events: they must not be combined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from munu.errors import MunuError
from munu.experiments.model import Experiment
from munu.statistics.specification import Projection

SAME_EVENTS: Final = (
    ("coherent-csi", "coherent-csi-2017", "coherent-csi-2021"),
    ("borexino", "borexino-phase-ii"),
)
"""Identifiers of the catalogue; those of a group share their data, wholly or in part."""


def check_overlaps(experiments: Sequence[Experiment]) -> None:
    """Refuse to combine data that hold the same events; projections are no data.

    Raises
    ------
    MunuError
        Naming the data sets that overlap.
    """
    names = [e.identity.id for e in experiments if not isinstance(e.statistic, Projection)]
    for group in SAME_EVENTS:
        found = list(dict.fromkeys(name for name in names if name in group))
        if len(found) > 1:
            raise MunuError(
                f"{' and '.join(found)} hold the same events, which would be counted twice",
                f"Take one of them, such as {found[-1]}",
            )
