"""Every class of statistics is abstract or final, and only what is abstract is overridden."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import munu.base
import munu.statistics
from munu.base.alike import ByContent


def classes(package) -> Iterator[type]:
    """Every class that a package defines."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(value) and value.__module__ == module.name:
                yield value


EVERY = [*classes(munu.statistics), *classes(munu.base)]


def overridden(cls: type) -> Iterator[str]:
    """The names that a class defines anew and that are not abstract where they come from."""
    for base in cls.__mro__[1:]:
        if base.__module__.startswith("munu."):
            yield from (
                f"{base.__name__}.{name}"
                for name in set(vars(cls)) & set(vars(base))
                if not name.startswith("_") and is_settled(vars(base)[name])
            )


def is_settled(member: object) -> bool:
    """Whether a member of a class is code that is not abstract."""
    is_code = callable(member) or isinstance(member, property)
    return is_code and not getattr(member, "__isabstractmethod__", False)


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
def test_a_class_is_abstract_or_final(cls):
    # What is equal by content has nothing abstract to fill in, and nothing else to override.
    is_open = inspect.isabstract(cls) or issubclass(cls, Exception | tuple) or cls is ByContent
    assert is_open or getattr(cls, "__final__", False)
    assert not list(overridden(cls))


def test_what_is_overridden_is_found():
    class Base:
        __module__ = "munu.statistics.somewhere"

        def value(self) -> int:
            return 1

    class Other(Base):
        def value(self) -> int:
            return 2

    assert list(overridden(Other)) == ["Base.value"]
