"""What ``munu reproduce`` knows: one line per table and figure."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, final

from munu.errors import unknown
from munu.results.base import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TARGETS: Final = {
    "table1": ("munu.reproduction.table1", None),
    "table2": ("munu.reproduction.table2", "munu.plotting.table2"),
    "fig1": ("munu.reproduction.fig1", "munu.plotting.quenching"),
    "fig2": ("munu.reproduction.fig2", "munu.plotting.profiles"),
    "fig3": ("munu.reproduction.fig3", "munu.plotting.luminosity"),
    "fig4": ("munu.reproduction.fig4", "munu.plotting.region_panels"),
    "fig5": ("munu.reproduction.fig5", "munu.plotting.region_panels"),
    "fig6": ("munu.reproduction.fig6", "munu.plotting.region_panels"),
    "fig7": ("munu.reproduction.fig7", "munu.plotting.envelopes"),
    "fig8": ("munu.reproduction.fig8", "munu.plotting.borexino"),
}
"""Modules that compute (function ``compute``) and draw (function ``draw``) each."""

ALL: Final = "all"
NAMES: Final = (*TARGETS, ALL)
"""What can be asked for: one of them, or all."""


@final
@dataclass(frozen=True)
class Target:
    """A table or figure of the paper.

    Parameters
    ----------
    name : str
    computing : str
        Module whose ``compute()`` returns the result.
    drawing : str or None
        Module whose ``draw(result)`` returns (figure, axes).
    """

    name: str
    computing: str
    drawing: str | None

    def compute(self) -> Result:
        """Return the result."""
        result: Result = import_module(self.computing).compute()
        return result

    def draw(self, result: Result) -> tuple[Figure, Any] | None:
        """Return the picture as (figure, axes), None if there is none."""
        if self.drawing is None:
            return None
        picture: tuple[Figure, Any] = import_module(self.drawing).draw(result)
        return picture


def target(name: str) -> Target:
    """Return a table or figure; `MunuError` names the nearest one if there is none."""
    if name not in TARGETS:
        raise unknown("table or figure", name, TARGETS)
    return Target(name, *TARGETS[name])


def reproduce(name: str) -> Result:
    """Return a table or figure of arXiv:1905.03750 as a result.

    Parameters
    ----------
    name : str
        ``table1``, ``table2``, ...

    Raises
    ------
    MunuError
        For an unknown name.
    """
    return target(name).compute()
