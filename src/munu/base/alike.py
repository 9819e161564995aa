"""Objects that are equal where their content is, arrays included, and can be keys."""

from __future__ import annotations

from typing import final

from munu.base.digests import digest


class ByContent:
    """A data class that is equal to one of its class with the same content, words included.

    The equality that a data class is given compares its fields, of which arrays are neither true
    nor false, and cannot be hashed. Data classes of arrays have this one instead, or are equal to
    themselves alone; both are declared with ``eq=False``.

    Examples
    --------
    >>> munu.load("conus") == munu.load("conus"), munu.load("conus") == munu.load("conus@future")
    (True, False)
    """

    __slots__ = ()

    @final
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByContent) or type(other) is not type(self):
            return NotImplemented
        return self is other or digest(self, words=True) == digest(other, words=True)

    @final
    def __hash__(self) -> int:
        return hash(digest(self, words=True))
