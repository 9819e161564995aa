"""Errors that name the thing, the allowed values and the nearest valid one."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Number
from typing import Final

LONGEST_SHOWN: Final = 60
"""Characters of a wrong value that its message shows."""
MOST_LISTED: Final = 40
"""Names that a message lists, if `LISTS` says where they stand as well."""
LISTS: Final = {
    "parameter": "`munu limit --help`, or the page Parameters of the documentation",
}
"""Where the names of a kind stand that may be too many for one line."""


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
    """Return how a value is written, on one line and cut where it is long; NumPy's as Python's."""
    plain = value.item() if isinstance(value, Number) and hasattr(value, "item") else value
    text = " ".join(repr(plain).split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def close(name: str, allowed: Iterable[str], *, most: int) -> list[str]:
    """Return up to ``most`` allowed names that are close to ``name``, the closest first."""
    import difflib  # Only mistakes need it.

    lowered = {str(a).lower(): str(a) for a in allowed}
    found = difflib.get_close_matches(name.lower(), lowered, n=most, cutoff=0.5)
    return [lowered[match] for match in found]


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to ``name``, or None when none is close."""
    return next(iter(close(name, allowed, most=1)), None)


def unknown(kind: str, name: object, allowed: Iterable[str], *, where: str = "") -> MunuError:
    """Return the error for a name that is not among the allowed ones.

    The message reads ``unknown KIND 'NAME' in WHERE``; the remedy names the nearest allowed
    value, if one is close, and lists them all. Of a kind in `LISTS` with more than `MOST_LISTED`
    names it gives the three nearest and where the list is.

    Examples
    --------
    >>> print(unknown("beam", "promt", ("prompt", "delayed")))
    unknown beam 'promt'. Did you mean 'prompt'? Allowed: prompt, delayed
    """
    candidates = [str(a) for a in allowed]
    many = kind in LISTS and len(candidates) > MOST_LISTED
    guesses = close(name, candidates, most=3 if many else 1) if isinstance(name, str) else []
    hint = f"Did you mean {' or '.join(map(repr, guesses))}? " if guesses else ""
    place = f" in {where}" if where else ""
    listed = (
        f"For all {len(candidates)} see {LISTS[kind]}"
        if many
        else f"Allowed: {', '.join(candidates)}"
    )
    return MunuError(f"unknown {kind} {shown(name)}{place}", f"{hint}{listed}")
