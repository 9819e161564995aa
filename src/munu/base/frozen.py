"""Inputs that nothing can change: arrays are read-only, mappings take no assignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, final

import numpy as np

Key = TypeVar("Key")
Value = TypeVar("Value")

PLAIN: Final = frozenset({str, int, float, bool, type(None)})
"""Types of what cannot be changed anyway, and is most of what a data class holds."""


@final
class FrozenMapping(Mapping[Key, Value]):
    """A mapping without assignment, in the order of the one it copies.

    Parameters
    ----------
    items : mapping
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Key, Value]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: Key) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


def freeze(instance: object) -> None:
    """Make what the fields of a data class hold read-only, as `frozen`, in all data classes below.

    Parameters
    ----------
    instance : data class
        Usually a frozen one, at the end of its own ``__post_init__``.
    """
    assert is_dataclass(instance)
    for field in fields(instance):
        value = getattr(instance, field.name)
        kept = frozen(value)
        if kept is not value:
            object.__setattr__(instance, field.name, kept)


def frozen(value: Any) -> Any:
    """Return a value that cannot be changed: itself, or a copy that the caller has no hand on.

    Arrays become read-only copies, lists tuples, and mappings take no assignment; data classes keep
    their identity and have their fields treated alike.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, np.ndarray):
        return read_only(value)
    if isinstance(value, FrozenMapping):
        return value
    if isinstance(value, Mapping):
        return FrozenMapping({key: frozen(item) for key, item in value.items()})
    if type(value) in (tuple, list):
        items = tuple(frozen(item) for item in value)
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same and isinstance(value, tuple) else items
    if is_dataclass(value) and not isinstance(value, type):
        freeze(value)
    return value


def read_only(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array that cannot be written to: itself if it is its own and so, else a copy."""
    if not array.flags.writeable and array.base is None:
        return array
    copied = array.copy()
    copied.setflags(write=False)
    return copied
