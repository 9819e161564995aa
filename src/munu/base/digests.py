"""Digests of an object's content: two objects that are alike have the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import CellType, CodeType, FunctionType, MappingProxyType
from typing import Any, Final, final

import numpy as np

WORDS: Final[Mapping[str, bool]] = MappingProxyType({"words": True})
"""Metadata of a data class's field that no number depends on, such as a title."""

_PACKAGE: Final = "munu"


def digest(value: object, *, words: bool = False) -> str:
    """Return the SHA-256 of a value's content, the same in every process.

    Content are numbers, texts, arrays, sequences, mappings (in their order) and data classes, by
    the name of the class and its fields but for those of `WORDS`, unless ``words`` asks for them
    too. A class that is not of this package counts with the code of its methods, and a function
    with its code: not with what else they read.
    """
    found = _Content(words)
    found.add(value)
    return found.sha.hexdigest()


def own_digest(value: object) -> str | None:
    """Return the digest of a value in which all classes are this package's, None for others.

    What a foreign class or function computes may change and keep its name and its fields.
    """
    found = _Content()
    found.add(value)
    return None if found.foreign else found.sha.hexdigest()


@final
class _Content:
    """The bytes of a value, and whether some of it is foreign to the package."""

    def __init__(self, words: bool = False) -> None:
        self.words = words
        self.sha = hashlib.sha256()
        self.foreign = False
        self._entered: set[int] = set()

    def _tag(self, *words: str) -> None:
        self.sha.update("\0".join((*words, "\1")).encode())

    def add(self, value: Any) -> None:
        """Add a value."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float | complex | str | bytes):
            self._tag(type(value).__name__, repr(value))
        elif isinstance(value, np.ndarray) and value.dtype.kind in "biufcUS":
            self._tag("array", value.dtype.str, repr(value.shape))
            self.sha.update(value.tobytes())
        elif isinstance(value, Mapping):
            self._sequence("mapping", [part for item in value.items() for part in item])
        elif isinstance(value, list | tuple):
            self._sequence("sequence", value)
        elif is_dataclass(value) and not isinstance(value, type):
            self._data_class(value)
        else:
            self._foreign(value)

    def _sequence(self, kind: str, items: Any) -> None:
        self._tag(kind, str(len(items)))
        for item in items:
            self.add(item)

    def _data_class(self, value: Any) -> None:
        self._type(type(value))
        for field in fields(value):
            if self.words or not field.metadata.get("words", False):
                self._tag(field.name)
                self.add(getattr(value, field.name))

    def _type(self, kind: type) -> None:
        self._tag("class", kind.__module__, kind.__qualname__)
        if kind.__module__.partition(".")[0] != _PACKAGE:
            self.foreign = True
            for name, member in vars(kind).items():
                if isinstance(member, FunctionType) and not name.startswith("__"):
                    self._function(member)
            call = vars(kind).get("__call__")
            if isinstance(call, FunctionType):
                self._function(call)

    def _function(self, function: FunctionType) -> None:
        self._tag("function", function.__module__, function.__qualname__)
        self._code(function.__code__)
        cells = [_content(cell) for cell in function.__closure__ or ()]
        self._sequence("defaults", (function.__defaults__, function.__kwdefaults__, cells))

    def _code(self, code: CodeType) -> None:
        self._tag("code", code.co_code.hex(), *code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._code(constant)
            elif isinstance(constant, frozenset):
                self._tag(*sorted(map(repr, constant)))
            else:
                self._tag(repr(constant))

    def _foreign(self, value: Any) -> None:
        """Add what is not plain data: a function by its code, another object by its attributes."""
        self.foreign = True
        if id(value) in self._entered:
            return
        self._entered.add(id(value))
        if isinstance(value, FunctionType):
            self._function(value)
        elif isinstance(value, type):
            self._type(value)
        else:
            self._type(type(value))
            state = getattr(value, "__dict__", None)
            self._sequence("state", sorted(state.items()) if state else [repr(value)])


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return None
