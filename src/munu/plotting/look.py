"""What a user may ask of any picture: unit, labels, scales, style, and where it states itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal, TypedDict, TypeVar, final

from munu.base.arguments import check_name, checked_flag
from munu.base.errors import MunuError, shown
from munu.plotting.style import MOMENT_UNIT_MU_B, StyleLike
from munu.results.core.base import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = TypeVar("Kind", bound=Result)
Log = bool | Literal["x", "y", "xy"] | None
AXES: Final = ("x", "y", "xy")
NAMES_OF_MU_B: Final = ("mu_B", "muB", "μ_B")


class LookOptions(TypedDict, total=False):
    """Keywords of plots."""

    unit: float | str | None
    label: str | Sequence[str] | None
    log: Log
    style: StyleLike | None
    caption: bool


KEYWORDS: Final = ("ax", *LookOptions.__annotations__)


@final
@dataclass(frozen=True)
class Look:
    """How a picture is drawn.

    Parameters
    ----------
    unit : float or None
        What one on an axis of a moment stands for (μ_B); None for 10⁻¹⁰.
    labels : tuple of str or None
        The legend of each result; None for what munu says.
    log : bool, {"x", "y", "xy"} or None
        Axes that are logarithmic: both, none or these; None for what suits the result.
    style : name, mapping or path of a style of Matplotlib, a list of them, or None
        On top of that of the house.
    caption : bool
        Whether the picture states its assumptions; `munu.caption` does it in words.
    """

    unit: float | None = None
    labels: tuple[str, ...] | None = None
    log: Log = None
    style: StyleLike | None = None
    caption: bool = True

    @property
    def unit_mu_b(self) -> float:
        """What one on an axis of a moment stands for (μ_B)."""
        return MOMENT_UNIT_MU_B if self.unit is None else self.unit

    def scales(self, usual: tuple[str, str], given: Axes | None = None) -> tuple[str, str]:
        """Return the scale of x and y, ``linear`` or ``log``: usual ones where none are asked for.

        Axes that a user gives and that are logarithmic stay so.
        """
        if self.log is None:
            own = usual if given is None else (given.get_xscale(), given.get_yscale())
            x, y = ("log" if "log" in pair else "linear" for pair in zip(usual, own, strict=True))
            return x, y
        chosen = self.log if isinstance(self.log, str) else "xy" * self.log
        return ("log" if "x" in chosen else "linear", "log" if "y" in chosen else "linear")

    def label(self, index: int, own: str) -> str:
        """Return the label asked for a result, or its own."""
        return own if self.labels is None else self.labels[index]


def look_of(number: int, options: LookOptions) -> Look:
    """Return the look that keywords ask for, of a picture of that many results.

    Raises
    ------
    MunuError
        For an unknown keyword, what is not a unit, style or choice of axes, or labels for another
        number of results.
    """
    for keyword in options:
        check_name("keyword", keyword, KEYWORDS, where="a plot")
    log: object = options.get("log")
    if not (log is None or isinstance(log, bool) or (isinstance(log, str) and log in AXES)):
        raise MunuError(f"log = {shown(log)} names no axes", "Allowed: True, False, 'x', 'y', 'xy'")
    return Look(
        unit=_unit(options.get("unit")),
        labels=_labels(options.get("label"), number),
        log=options.get("log"),
        style=options.get("style"),
        caption=checked_flag("caption", options.get("caption", True)),
    )


def _unit(asked: object) -> float | None:
    """Return a unit of moments (μ_B), given as a number or as in ``1e-11 mu_B``."""
    if asked is None:
        return None
    text = str(asked)
    for name in NAMES_OF_MU_B:
        text = text.removesuffix(name)
    try:
        value = 1.0 if isinstance(asked, str) and not text.strip() else float(text)
    except ValueError:
        value = 0.0
    if isinstance(asked, bool) or not isfinite(value) or value <= 0 or not str(asked).strip():
        raise MunuError(
            f"unit = {shown(asked)} is not a unit of moments", "Write it as 1e-11 or '1e-11 mu_B'"
        )
    return value


def _labels(asked: object, number: int) -> tuple[str, ...] | None:
    """Return one label for each result."""
    if asked is None:
        return None
    labels = (asked,) if isinstance(asked, str) else asked
    if not isinstance(labels, Sequence) or not all(isinstance(one, str) for one in labels):
        raise MunuError(
            f"label = {shown(asked)} is not a text or a list of texts",
            "Give one text for each result",
        )
    if len(labels) != number:
        raise MunuError(
            f"{len(labels)} label{'s' * (len(labels) != 1)} for {number} "
            f"result{'s' * (number != 1)}",
            "Give one for each, in their order",
        )
    return tuple(labels)


def listed(given: object) -> list[Result]:
    """Return one result or several as a list."""
    results = [given] if isinstance(given, Result) else given
    if not isinstance(results, Sequence) or not all(isinstance(one, Result) for one in results):
        raise MunuError(
            f"{shown(given)} is not a result",
            "Give what munu.region, munu.profile, munu.spectrum, ... return, or a list of them",
        )
    return list(results)


def results_of(kind: type[Kind], given: Kind | Sequence[Kind]) -> list[Kind]:
    """Return one result of a kind or several as a list.

    Raises
    ------
    MunuError
        For none, and for what is not a result or one of another kind.
    """
    found = listed(given)
    own = [one for one in found if isinstance(one, kind)]
    if not own or len(own) < len(found):
        others = dict.fromkeys(one.kind_of_result for one in found if not isinstance(one, kind))
        raise MunuError(
            f"{' and '.join(map(repr, others)) or 'nothing'} is given to the plot of results of "
            f"kind '{kind.kind_of_result}'",
            "Give results of that kind, or draw with munu.plot, which takes every kind",
        )
    return own
