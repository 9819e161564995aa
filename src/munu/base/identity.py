"""Objects as keys of what is remembered about them: what they are, not what they hold."""

from __future__ import annotations

from typing import Generic, TypeVar, final

Held = TypeVar("Held")


@final
class Same(Generic[Held]):
    """Objects that are equal only to themselves, so that those of arrays can be keys.

    It holds them: none can take the place of another while a key is remembered.

    Parameters
    ----------
    *objects : object

    Examples
    --------
    >>> one, alike = [1.0], [1.0]
    >>> Same(one) == Same(one), Same(one) == Same(alike)
    (True, False)
    """

    __slots__ = ("objects",)

    def __init__(self, *objects: Held) -> None:
        self.objects = objects

    def __hash__(self) -> int:
        return hash(tuple(id(one) for one in self.objects))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Same) or len(other.objects) != len(self.objects):
            return False
        pairs = zip(self.objects, other.objects, strict=True)
        return all(one is another for one, another in pairs)
