"""What a scan is over: a mass or a key of the files, and its values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from munu.analysis.question import users_of
from munu.base.arguments import check_text, checked_integer
from munu.base.errors import MunuError, shown, unknown
from munu.base.options import options_of, spellings_of
from munu.base.typing import FloatArray
from munu.base.units import UNITS, canonical_unit, quantity_argument, split_quantity
from munu.experiments.schema.document import SECTIONS
from munu.physics.assumptions import Assumptions

MASSES: Final = ("mediator_mass", "sterile_mass")
"""Assumptions that can be scanned over; anything else is the path of a key in the files."""
KEYS: Final = (
    "detector.threshold",
    "target.mass",
    "exposure.live_time",
    "source.baseline",
    "interaction.neutron_radius.ISOTOPE",
)
"""Paths of keys that are named to who writes none."""
USUAL_POINTS: Final = 60


def checked_over(over: object) -> str:
    """Return what is scanned over, unread; raises `MunuError` if nothing is, or no text."""
    if over is None:
        raise MunuError(
            "nothing is named to scan over",
            f"Give over, --over on the command line: one of {', '.join((*MASSES, *KEYS))}, or the "
            "path of any key of the files",
        )
    check_text("over", over)
    return str(over)


def check_over(over: str, named: Sequence[str], given: Assumptions) -> None:
    """Raise `MunuError` for what cannot be scanned over.

    Parameters
    ----------
    over : str
    named : sequence of str
        Parameters that the question is about, that are profiled or have a value.
    given : Assumptions
    """
    if over not in MASSES:
        if over.partition(".")[0] not in SECTIONS:
            error = unknown("quantity to scan over", over, (*MASSES, *KEYS))
            raise MunuError(error.message, f"{error.remedy}; or the path of any key of the files")
        return
    if getattr(given, over) is not None:
        spelt = spellings_of(options_of(Assumptions)[over])
        raise MunuError(f"{over} is stated and scanned over", f"Leave out {spelt}")
    users = users_of(over)
    if not set(users) & set(named):
        raise MunuError(
            f"{over} makes no difference to {' and '.join(named)}",
            f"Scan over it for one of {', '.join(users)}",
        )


def scanned_values(
    over: str,
    start: float | str | None,
    end: float | str | None,
    points: int | None,
    at: Sequence[float | str] | None,
) -> tuple[FloatArray, str]:
    """Return values, shape (n,), and the unit of the first; arguments as of `scan`."""
    remedy = (
        "State both ends, start and end in Python and --from and --to on the command line, or the "
        "values, at or --at"
    )
    if at is not None:
        given = {"start": start, "end": end, "points": points}
        beside = [f"{name} = {shown(value)}" for name, value in given.items() if value is not None]
        if beside:
            raise MunuError(f"at gives the values already, beside {', '.join(beside)}", remedy)
        if isinstance(at, str | bytes) or not isinstance(at, Iterable):
            raise MunuError(f"at = {shown(at)} is not a list of values", remedy)
        written = list(at)
        if not written:
            raise MunuError("at names no value", remedy)
    elif start is None or end is None:
        raise MunuError("a scan has a first and a last value", remedy)
    else:
        written = [start, end]
    read = [_quantity(over, value) for value in written]
    unit = read[0][1]
    numbers = np.array([number * _factor(over, own, unit) for number, own in read])
    # Zero and less may be values of keys, which say so themselves, but are no ends of a logarithm.
    lowest = 0.0 if over in MASSES or at is None else -np.inf
    if not np.all((numbers > lowest) & np.isfinite(numbers)):
        raise MunuError(f"a value of {over} is not positive", "Give positive values")
    if at is None:
        number = USUAL_POINTS if points is None else checked_integer("points", points, smallest=2)
        numbers = np.geomspace(numbers[0], numbers[-1], number)
    return numbers, unit


def _factor(over: str, unit: str, wanted: str) -> float:
    """Return how many of a wanted unit another is; raises `MunuError` for one of another kind."""
    if unit == wanted:
        return 1.0
    for units in UNITS.values():
        if unit in units and wanted in units:
            return units[unit] / units[wanted]
    raise MunuError(
        f"the values of {over} are in {wanted or 'no unit'} and in {unit or 'no unit'}",
        "Write all in one unit, or in units of one kind",
    )


def _quantity(over: str, value: float | str) -> tuple[float, str]:
    """Return a number and its unit: of a mass MeV, of a key as it is written."""
    if over in MASSES:
        return quantity_argument(value, "mass of a particle"), canonical_unit("mass of a particle")
    remedy = f"Write it as in '0.1 keVee'; names are compared one by one, --set {over}={value}"
    wanted = f"a value of {over}, and a scan is over numbers"
    number, unit = split_quantity(str(value), remedy, wanted)
    known = dict.fromkeys(unit for units in UNITS.values() for unit in units)
    if unit not in known:
        raise unknown("unit", unit, [one for one in known if one], where=over)
    return number, unit
