"""Errors that name the thing, the allowed values and the nearest valid one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from numbers import Number
from types import MappingProxyType
from typing import Final

LONGEST_SHOWN: Final = 60
"""Characters of a wrong value that its message shows."""
MOST_LISTED: Final = 40
"""Names that a message lists, if `LISTS` says where they stand as well."""
NO_OTHERS: Final[Mapping[str, str]] = MappingProxyType({})
LISTS: Final = {
    "parameter": "munu.parameters() in Python, `munu limit --help`, or the page Parameters of the "
    "documentation",
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


def close(
    name: str, allowed: Iterable[str], *, most: int, also: Mapping[str, str] = NO_OTHERS
) -> list[str]:
    """Return up to ``most`` allowed names that are close to ``name``, the closest first.

    What is ``also`` written for one of them, as a symbol or a label, is what is meant.
    """
    import difflib  # Only mistakes need it.

    others = {_bare(other): meant for other, meant in also.items()}
    if _bare(name) in others:
        return [others[_bare(name)]]
    lowered = {_bare(str(a)): str(a) for a in allowed}
    found = difflib.get_close_matches(_bare(name), lowered, n=most, cutoff=0.5)
    return [lowered[match] for match in found]


def _bare(name: str) -> str:
    """Return a name in small letters, indices as digits, and without the bars of a modulus."""
    return unicodedata.normalize("NFKC", name).casefold().strip().strip("|")


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to ``name``, or None when none is close."""
    return next(iter(close(name, allowed, most=1)), None)


def unknown(
    kind: str,
    name: object,
    allowed: Iterable[str],
    *,
    where: str = "",
    also: Mapping[str, str] = NO_OTHERS,
) -> MunuError:
    """Return the error for a name that is not among the allowed ones.

    The message reads ``unknown KIND 'NAME' in WHERE``; the remedy names the nearest allowed
    value, if one is close, and lists them all. Of a kind in `LISTS` with more than `MOST_LISTED`
    names it gives the three nearest and where the list is. Of what they are ``also`` called, as by
    a symbol that is printed, it gives the allowed name.

    Examples
    --------
    >>> print(unknown("beam", "promt", ("prompt", "delayed")))
    unknown beam 'promt'. Did you mean 'prompt'? Allowed: prompt, delayed
    """
    candidates = [str(a) for a in allowed]
    many = kind in LISTS and len(candidates) > MOST_LISTED
    most = 3 if many else 1
    guesses = close(name, candidates, most=most, also=also) if isinstance(name, str) else []
    hint = f"Did you mean {' or '.join(map(repr, guesses))}? " if guesses else ""
    place = f" in {where}" if where else ""
    listed = (
        f"For all {len(candidates)} see {LISTS[kind]}"
        if many
        else f"Allowed: {', '.join(candidates)}"
    )
    return MunuError(f"unknown {kind} {shown(name)}{place}", f"{hint}{listed}")
