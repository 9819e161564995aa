"""Units that the names of columns state, as ``energy_low_ev`` does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from munu.base.errors import MunuError
from munu.experiments.csv_table import CsvTable

_ENERGY: Final = {"ev": 1e-3, "kev": 1.0, "mev": 1e3, "gev": 1e6}
_RECOIL: Final = _ENERGY | {f"{unit}nr": kev for unit, kev in _ENERGY.items()}
_IONISATION: Final = _ENERGY | {f"{unit}ee": kev for unit, kev in _ENERGY.items()}
_ALIKE: Final[Mapping[str, Mapping[str, float]]] = {
    **dict.fromkeys(("eV", "keV", "MeV", "GeV"), _RECOIL),
    **dict.fromkeys(("eVee", "keVee"), _IONISATION),
    "PE": {"pe": 1.0},
    "us": {"ns": 1e-3, "us": 1.0, "μs": 1.0, "ms": 1e3, "s": 1e6},
}
"""What columns may be in, and its size, by the unit of what they are compared with."""
_KNOWN: Final = frozenset(unit for units in _ALIKE.values() for unit in units)


def stated_unit(name: str) -> str | None:
    """Return the unit that the name of a column ends in or is, in small letters; None for none.

    The letter s alone is a name, as of a share.
    """
    *before, last = re.split(r"[^\w]|_", name.rstrip(")]").lower())
    return last if last in _KNOWN and (before or last != "s") else None


def is_alike(stated: str, unit: str) -> bool:
    """Tell whether numbers in a stated unit can be converted to a unit."""
    return stated in _ALIKE.get(unit, {})


def in_unit(stated: str, unit: str) -> float:
    """Return what numbers in a stated unit are multiplied by to be in one that is alike."""
    return _ALIKE[unit][stated] / _ALIKE[unit][unit.lower()]


def check_unit(table: CsvTable, column: int, unit: str, remedy: str) -> None:
    """Raise `MunuError` for a column whose name states another unit than that it is taken in."""
    name = table.names[column] if table.names else ""
    stated = stated_unit(name)
    if stated is None or unit not in _ALIKE:
        return
    if not is_alike(stated, unit) or in_unit(stated, unit) != 1:
        message = f"column '{name}' of {table.file} is taken in {unit}, and its name says {stated}"
        raise MunuError(message, remedy)
