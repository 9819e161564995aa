"""Quantities as a physicist writes them, ``3.9 GW`` or ``100 eV``, in the package's units.

Each dimension has one canonical unit, the one that the names in the package carry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite, pi
from numbers import Real
from typing import Final, SupportsFloat, final

from munu.base.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from munu.base.errors import MunuError, nearest, shown, unknown

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_POWER = re.compile("\\s*×\\s*10([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
"""A power of ten as tables and figures print it."""
_UNRAISED: Final = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SAME_UNITS: Final = {
    "mu_b": "mu_B",
    "µ_B": "mu_B",
    "µs": "us",
    "μs": "us",
    "cm²": "cm2",
    "fm²": "fm2",
}
"""Units as results print them, in JSON, CSV and tables, that files write otherwise."""
_SECONDS_PER_YEAR: Final = DAYS_PER_YEAR * SECONDS_PER_DAY

_DAY_UNITS: Final = {
    "day": SECONDS_PER_DAY,
    "days": SECONDS_PER_DAY,
    "d": SECONDS_PER_DAY,
    "yr": _SECONDS_PER_YEAR,
    "year": _SECONDS_PER_YEAR,
    "years": _SECONDS_PER_YEAR,
    "week": 7 * SECONDS_PER_DAY,
    "weeks": 7 * SECONDS_PER_DAY,
}

UNITS: Final[Mapping[str, Mapping[str, float]]] = {
    "mass": {"kg": 1.0, "g": 1e-3, "mg": 1e-6, "ton": 1e3, "tonne": 1e3, "t": 1e3},
    "time": {"s": 1.0, "min": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0, **_DAY_UNITS},
    "arrival time": {"us": 1.0, "ns": 1e-3, "ms": 1e3},
    "recoil energy": {"keV": 1.0, "eV": 1e-3, "MeV": 1e3, "keVnr": 1.0, "eVnr": 1e-3},
    "ionisation energy": {"keVee": 1.0, "eVee": 1e-3, "keV": 1.0, "eV": 1e-3},
    "number of photoelectrons": {"PE": 1.0},
    "light yield": {"PE/keV": 1.0, "PE/keVee": 1.0},
    "neutrino energy": {"MeV": 1.0, "keV": 1e-3, "GeV": 1e3, "eV": 1e-6},
    "mass of a particle": {"MeV": 1.0, "keV": 1e-3, "GeV": 1e3, "TeV": 1e6, "eV": 1e-6},
    "length": {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "km": 1e3},
    "nuclear length": {"fm": 1.0},
    "atomic mass": {"u": 1.0, "Da": 1.0},
    "thermal power": {
        "GW": 1.0,
        "MW": 1e-3,
        "kW": 1e-6,
        "GWth": 1.0,
        "MWth": 1e-3,
        "kWth": 1e-6,
        "W": 1e-9,
    },
    "activity": {"MCi": 1.0, "kCi": 1e-3, "Ci": 1e-6, "PBq": 1e15 / 3.7e16, "TBq": 1e12 / 3.7e16},
    "number of protons": {"POT": 1.0},
    "proton rate": {f"POT/{unit}": 1 / s for unit, s in {"s": 1.0, **_DAY_UNITS}.items()},
    "flux": {"/cm2/s": 1.0, "/m2/s": 1e-4},
    "magnetic moment": {"mu_B": 1.0, "μ_B": 1.0},
    "squared charge radius": {"cm2": 1.0, "fm2": 1e-26},
    "electric charge": {"e": 1.0},
    "angle": {"rad": 1.0, "deg": pi / 180},
    "fraction": {"": 1.0, "%": 1e-2},
    "number": {"": 1.0},
}
"""Units by dimension, the canonical one first, as factors to the canonical unit.

A year is the Julian year of 365.25 days (`munu.base.constants.DAYS_PER_YEAR`); arXiv:1905.03750
states exposures of 1 yr and 10 yr without saying which year. A ton is 1000 kg. 1 MCi = 3.7e16 Bq.
``eV`` of an ionisation energy is the electron-equivalent energy."""


@final
@dataclass(frozen=True)
class Range:
    """An interval of allowed values, in the canonical unit; open ends are excluded."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        """Tell whether the value is allowed."""
        above = value > self.low if self.low_open else value >= self.low
        return above and (value < self.high if self.high_open else value <= self.high)

    def text(self, unit: str = "") -> str:
        """Describe the interval, as in ``above 0 kg``."""
        suffix = f" {unit}" if unit else ""
        low = f"{'above' if self.low_open else 'from'} {_written(self.low)}{suffix}"
        high = f"{'below' if self.high_open else 'up to'} {_written(self.high)}{suffix}"
        return " ".join(part for part, end in ((low, self.low), (high, self.high)) if isfinite(end))


def _written(value: float) -> str:
    """Return a number with six digits, or all where those are another number."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


ANY: Final = Range()
PROBABILITY: Final = Range(low=0, high=1)
UNCERTAINTY: Final = Range(low=0, high=10)
"""Fractional uncertainties; above a few hundred per cent they constrain nothing."""
BARE_NUMBERS: Final = Range(-1e20, 1e20)
"""What a number without a unit of its own may be: far beyond any use, and its square is finite."""
WRITTEN: Final = Range(-1e30, 1e30)
"""What a number in a table may be before its unit is known, as that of a flux."""


def canonical_unit(dimension: str) -> str:
    """Return the unit that quantities of a dimension are converted to."""
    return next(iter(_units(dimension)))


def parse_quantity(value: object, dimension: str, allowed: Range = ANY) -> float:
    """Return a quantity in its dimension's canonical unit.

    Parameters
    ----------
    value : str, int or float
        Number and unit, as in ``"3.85 kg"``. A bare number only where the canonical unit is none.
    dimension : str
        A key of `UNITS`.
    allowed : Range
        Allowed values, in the canonical unit.

    Raises
    ------
    MunuError
        If it is not a number, lacks its unit or has that of another dimension, or is out of range.

    Examples
    --------
    >>> parse_quantity("100 eV", "recoil energy")
    0.1
    """
    units = _units(dimension)
    if isinstance(value, bool) or not isinstance(value, str | Real):
        raise MunuError(f"{shown(value)} is not a valid {dimension}", _examples(dimension))
    if isinstance(value, str):
        number, unit = split_quantity(value, _examples(dimension), f"a valid {dimension}")
    else:
        number, unit = _float(value), ""
    if unit not in units:
        raise _wrong_unit(value, unit, dimension)
    result = number * units[unit]
    if not isfinite(result) or result not in allowed:
        limits = allowed.text(canonical_unit(dimension)) or "a finite number"
        message = f"{shown(value)} is outside the range of this {dimension}"
        raise MunuError(message, f"Allowed: {limits}")
    return result


def quantity_argument(value: object, dimension: str, allowed: Range = ANY) -> float:
    """Return a quantity that was given in Python, as `parse_quantity` does.

    Raises
    ------
    MunuError
        As `parse_quantity`; for a number without a unit with how a variable gets one.
    """
    try:
        return parse_quantity(value, dimension, allowed)
    except MunuError as error:
        if isinstance(value, bool | str) or not isinstance(value, Real) or "" in UNITS[dimension]:
            raise
        variable = f'; of a variable x, f"{{x}} {canonical_unit(dimension)}"'
        raise MunuError(error.message, error.remedy + variable) from error


def split_quantity(text: str, remedy: str, wanted: str) -> tuple[float, str]:
    """Return the number of a text and its unit, empty where none is written.

    What results print is read too: ``5.8 × 10⁻¹⁰ μ_B``, or ``5.8e-10 mu_b``. The blanks are taken
    off first: an expression that looks for them tries all ways to share them.

    Parameters
    ----------
    text : str
    remedy, wanted : str
        What the error advises, and what it says the text is not.

    Raises
    ------
    MunuError
        If the text does not begin with a number.

    Examples
    --------
    >>> split_quantity("0.1 keVee", "Write it as in '0.1 keVee'", "a threshold")
    (0.1, 'keVee')
    >>> split_quantity("5.8 × 10⁻¹⁰ μ_B", "Write it as in '1e-10 mu_B'", "a moment")
    (5.8e-10, 'μ_B')
    """
    written = text.strip()
    match = _NUMBER.match(written)
    if match is None:
        raise MunuError(f"{shown(text)} is not {wanted}", remedy)
    number, rest = match[0], written[match.end() :]
    power = _POWER.match(rest)
    if power is not None and "e" not in number.lower():
        number, rest = f"{number}e{power[1].translate(_UNRAISED)}", rest[power.end() :]
    unit = rest.lstrip()
    return float(number), _SAME_UNITS.get(unit, unit)


def checked_number(
    name: str, value: object, allowed: Range = BARE_NUMBERS, *, unit: str = ""
) -> float:
    """Return a number that was given as the argument ``name``.

    Raises
    ------
    MunuError
        If it is not a real number, not finite, or out of range.
    """
    remedy = f"Allowed: a number {allowed.text(unit)}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise MunuError(f"{name} = {shown(value)} is not a number", remedy)
    number = _float(value)
    if number not in allowed:
        raise MunuError(f"{name} = {value} {unit}".rstrip() + " is out of range", remedy)
    return number


def _units(dimension: str) -> Mapping[str, float]:
    if dimension not in UNITS:
        raise unknown("dimension", dimension, UNITS)
    return UNITS[dimension]


def _float(value: SupportsFloat | str) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


def _wrong_unit(value: object, unit: str, dimension: str) -> MunuError:
    if not unit:
        bare = f", as in '{shown(value)} {canonical_unit(dimension)}'"
        example = "" if isinstance(value, str) else bare
        return MunuError(f"{shown(value)} has no unit", _examples(dimension) + example)
    if unit.startswith(","):
        remedy = f"Decimals follow a point, as in 1.5. {_examples(dimension)}"
        return MunuError(f"{shown(value)} is not a valid {dimension}", remedy)
    guess = nearest(unit, [name for name in UNITS[dimension] if name])
    hint = f"Did you mean '{guess}'? " if guess else ""
    others = [name for name, units in UNITS.items() if unit in units]
    nature = f"a unit of {' or '.join(others)}" if others else "not a known unit"
    return MunuError(
        f"{shown(value)} is not a valid {dimension}: {shown(unit)} is {nature}",
        hint + _examples(dimension),
    )


def _examples(dimension: str) -> str:
    units = [unit for unit in UNITS[dimension] if unit]
    if "" not in UNITS[dimension]:
        return f"Write a number and one of the units {', '.join(units)}"
    return f"Write a number{', or one with ' + ', '.join(units) if units else ''}"
