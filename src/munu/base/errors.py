"""Errors that name the thing, the allowed values and the nearest valid one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

LONGEST_SHOWN: Final = 60
"""Characters of a wrong value that its message shows."""


class MunuError(ValueError):
    """A user's mistake, in one line, with what to do about it.

    Parameters
    ----------
    message : str
        What is wrong, naming the offending value and where it stands.
    remedy : str, optional
        What to do: the allowed values, the nearest valid name, a command.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}. {remedy}" if remedy else message)


def shown(value: object) -> str:
    """Return how a value is written, on one line and cut where it is long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to ``name``, or None when none is close."""
    candidates = [str(a) for a in allowed]
    lowered = {c.lower(): c for c in candidates}
    match = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    return lowered[match[0]] if match else None


def unknown(kind: str, name: object, allowed: Iterable[str], *, where: str = "") -> MunuError:
    """Return the error for a name that is not among the allowed ones.

    The message reads ``unknown KIND 'NAME' in WHERE``; the remedy names the nearest allowed
    value, if one is close, and lists them all.
    """
    candidates = [str(a) for a in allowed]
    guess = nearest(name, candidates) if isinstance(name, str) else None
    hint = f"Did you mean '{guess}'? " if guess else ""
    place = f" in {where}" if where else ""
    return MunuError(
        f"unknown {kind} {shown(name)}{place}", f"{hint}Allowed: {', '.join(candidates)}"
    )
