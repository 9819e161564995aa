"""Which files are read: those of this version, of all before it, and of newer ones as far as known.

A result's JSON holds ``format``, which changes where older versions could not read it right, and
the ``version`` of munu that wrote it. A newer version of the same format may add keys; what they
say is more than this version knows, and the rest stays true. munu 0.1.0 wrote no ``format``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from munu._version import __version__
from munu.base.errors import MunuError, shown, unknown

FORMAT: Final = 1
"""The format that is written, and the newest that is read."""

UPGRADE: Final = "Read it with that version of munu, or a newer one"


def check_format(document: Mapping[str, Any]) -> None:
    """Refuse a format that this version cannot read.

    Raises
    ------
    MunuError
        For a format newer than `FORMAT`, or what is not the number of a format.
    """
    number = document.get("format", FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise MunuError(
            f"format = {shown(number)} is not a number of a format", f"Allowed: {FORMAT}"
        )
    if number > FORMAT:
        by = f", written by munu {document['version']}" if "version" in document else ""
        raise MunuError(
            f"this JSON has format {number}{by}, and munu {__version__} reads up to {FORMAT}",
            UPGRADE,
        )


def unknown_keys(document: Mapping[str, Any], known: Collection[str]) -> tuple[str, ...]:
    """Return the keys that a newer version added.

    Raises
    ------
    MunuError
        Naming the first unknown key, and the nearest known one, if no newer version wrote the file.
    """
    found = tuple(key for key in document if key not in known)
    if found and not _is_newer(document.get("version")):
        raise unknown("key", found[0], known, where="this JSON")
    return found


def newer_note(document: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a reader must know of a file with keys that are left out; nothing without any."""
    if not keys:
        return ()
    return (
        f"Written by munu {document['version']}, newer than {__version__}, which does not know "
        f"{', '.join(keys)} and leaves that out.",
    )


def _is_newer(version: object) -> bool:
    """Whether a version is above this one; what cannot be read as one is not."""
    return _numbers(version) > _numbers(__version__)


def _numbers(version: object) -> tuple[int, ...]:
    parts = str(version).split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
