"""What munu has drawn on axes of one's own, which a further picture there goes on from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakKeyDictionary

from munu.base.errors import MunuError, shown
from munu.plotting.style import colours_from
from munu.results.core.base import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@final
@dataclass(frozen=True)
class OnAxes:
    """What is on axes: unit of moments (μ_B; None for kinds without), planes and colours."""

    unit_mu_b: float | None
    planes: tuple[tuple[str, ...], ...]
    colours: tuple[str, ...]


_DRAWN: Final[WeakKeyDictionary[Axes, OnAxes]] = WeakKeyDictionary()


@contextmanager
def going_on(
    ax: object, results: Sequence[Result], unit_mu_b: float | None, colour: Any
) -> Iterator[None]:
    """Draw with colours that are free on axes, or with the one asked for.

    Raises
    ------
    MunuError
        Where the axes hold another unit or plane, and for what is no colour.
    """
    from matplotlib.axes import Axes
    from matplotlib.colors import is_color_like, to_hex

    if colour is not None and not is_color_like(colour):
        raise MunuError(f"color = {shown(colour)} is not a colour", "Write it as 'C1' or '#0072B2'")
    known: Any = ax if isinstance(ax, Axes) else None
    before = _DRAWN.get(known) if known is not None and known.has_data() else None
    planes = tuple(dict.fromkeys(one.plane for one in results if hasattr(one, "plane")))
    if before is not None:
        _check(before, planes, unit_mu_b)
    taken = before.colours if before else ()
    with colours_from(taken, None if colour is None else to_hex(colour)) as chosen:
        yield
    if known is not None:
        unit = before.unit_mu_b if before and unit_mu_b is None else unit_mu_b
        _DRAWN[known] = OnAxes(unit, (before.planes if before else ()) + planes, tuple(chosen))


def _check(before: OnAxes, planes: tuple[tuple[str, ...], ...], unit_mu_b: float | None) -> None:
    """Refuse what does not go with what is drawn."""
    if None not in (before.unit_mu_b, unit_mu_b) and before.unit_mu_b != unit_mu_b:
        raise MunuError(
            f"these axes are in units of {before.unit_mu_b:g} mu_B, and {unit_mu_b:g} is asked for",
            f"Write unit={before.unit_mu_b:g}, or take other axes",
        )
    for plane in planes:
        if before.planes and plane != before.planes[0]:
            raise MunuError(
                f"{', '.join(before.planes[0])} and {', '.join(plane)} are two planes",
                "Draw results of one plane together",
            )
