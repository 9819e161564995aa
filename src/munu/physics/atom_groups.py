"""Groups of atoms in formulas: ``Ca(OH)2`` is CaO2H2."""

from __future__ import annotations

import re
from typing import Final

from munu.base.errors import MunuError

_GROUP: Final = re.compile(r"\(((?:[A-Z][a-z]?(?:\d+(?:\.\d+)?)?)+)\)(\d+(?:\.\d+)?)?")
_ATOMS: Final = re.compile(r"([A-Z][a-z]?)(\d+(?:\.\d+)?)?")


def without_groups(formula: str) -> str:
    """Return a formula with its groups multiplied out, inner ones first.

    What they are multiplied to is written with a decimal point: it is no mass number.

    Parameters
    ----------
    formula : str

    Raises
    ------
    MunuError
        For a group without a number, such as the dopant of NaI(Tl).

    Examples
    --------
    >>> without_groups("Ca(OH)2")
    'CaO2.0H2.0'
    """
    text = formula
    while (group := _GROUP.search(text)) is not None:
        if group[2] is None:
            raise MunuError(
                f"'{formula}' has ({group[1]}) without a number",
                "Leave a dopant out, it is too little to count; a group has a number, as (OH)2",
            )
        terms = [
            (symbol, float(n or 1) * float(group[2])) for symbol, n in _ATOMS.findall(group[1])
        ]
        inner = "".join(f"{symbol}{number}" for symbol, number in terms)
        text = text[: group.start()] + inner + text[group.end() :]
    return text
