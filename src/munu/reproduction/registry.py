"""The tables and figures of ``munu reproduce``, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, final

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.results.core.base import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from munu.reproduction.work import Work

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

DATA_TARGETS: Final[dict[str, tuple[str, str | None]]] = {
    "data": ("munu.reproduction.data", "munu.plotting.data"),
    "today": ("munu.reproduction.today", "munu.plotting.today"),
    "family": ("munu.reproduction.family", "munu.plotting.family"),
    "published": ("munu.reproduction.published_limits", None),
    "floor": ("munu.reproduction.floor", "munu.plotting.floor"),
}
"""What goes beyond the paper, as above."""
STEPPED: Final = ("data", "today", "family", "floor")
"""Whose ``compute`` takes `munu.reproduction.work.Work`."""

ALL: Final = "all"
NAMES: Final = (*TARGETS, *DATA_TARGETS, ALL)
"""What can be asked for: one of them, or all of the paper's."""


@final
@dataclass(frozen=True)
class PaperTarget:
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

    def compute(self, work: Work | None = None) -> Result:
        """Return the result.

        Raises
        ------
        MunuError
            If workers are to do what is not made in steps.
        """
        if work is not None and work.workers.several and self.name not in STEPPED:
            raise MunuError(
                f"'{self.name}' is not made in steps that workers could share",
                f"Leave workers and scheduler out; allowed with {', '.join(STEPPED)}",
            )
        function = import_module(self.computing).compute
        result: Result = function(work) if self.name in STEPPED else function()
        return result

    def draw(self, result: Result) -> tuple[Figure, Any] | None:
        """Return the picture as (figure, axes), None if there is none."""
        if self.drawing is None:
            return None
        picture: tuple[Figure, Any] = import_module(self.drawing).draw(result)
        return picture

    def pictures(self, result: Result) -> dict[str, Figure]:
        """Return the pictures by file name: one, or one of each data set."""
        if self.drawing is None:
            return {}
        module = import_module(self.drawing)
        if hasattr(module, "draw_each"):
            return {f"{self.name}-{name}": picture[0] for name, picture in module.draw_each(result)}
        return {self.name: module.draw(result)[0]}


def target(name: str) -> PaperTarget:
    """Return a table or figure; `MunuError` names the nearest one if there is none."""
    known = TARGETS | DATA_TARGETS
    check_name("table or figure", name, known)
    return PaperTarget(name, *known[name])
