"""A remark about an experiment, and the comparison with usual values that makes most of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

MOST_DIGITS: Final = 17
"""With as many, two numbers that differ are written differently."""


@final
@dataclass(frozen=True)
class Remark:
    """One suspicious fact.

    Parameters
    ----------
    key : str
        Dotted key of the experiment file that it is about.
    message : str
        What is suspicious, with the numbers.
    """

    key: str
    message: str


def told_apart(value: float, other: float, digits: int = 3) -> str:
    """Return a number with a few digits, or with as many as tell on which side of another it is.

    Examples
    --------
    >>> print(told_apart(0.0512, 0.1), told_apart(0.09996, 0.1))
    0.0512 0.09996
    """
    texts = (f"{value:.{n}g}" for n in range(digits, MOST_DIGITS))
    return next((text for text in texts if _side(float(text), other) == _side(value, other)), "")


def _side(value: float, other: float) -> tuple[bool, bool]:
    return bool(value < other), bool(value > other)


def unusual(
    key: str, quantity: str, value: float, usual: tuple[float, float], unit: str = ""
) -> Iterator[Remark]:
    """Yield a remark if a value lies outside its usual range."""
    low, high = usual
    if not low <= value <= high:
        side = "below" if value < low else "above"
        number = f"{told_apart(value, low if value < low else high)} {unit}".rstrip()
        ends = f"{low:g} to {high:g} {unit}".rstrip()
        yield Remark(key, f"the {quantity}, {number}, is {side} the usual {ends}")
