"""A remark about an experiment, and the comparison with usual values that makes most of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final


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


def unusual(
    key: str, quantity: str, value: float, usual: tuple[float, float], unit: str = ""
) -> Iterator[Remark]:
    """Yield a remark if a value lies outside its usual range."""
    low, high = usual
    if not low <= value <= high:
        side = "below" if value < low else "above"
        number, ends = f"{value:.3g} {unit}".rstrip(), f"{low:g} to {high:g} {unit}".rstrip()
        yield Remark(key, f"the {quantity}, {number}, is {side} the usual {ends}")
