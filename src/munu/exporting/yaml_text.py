"""YAML as HEPData reads it: blocks, texts in quotes, numbers that all take for numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from munu.base.errors import MunuError


def yaml_text(value: Any) -> str:
    """Return mappings, lists, texts and finite numbers as YAML, newline-terminated.

    Raises
    ------
    MunuError
        For a number that is not finite.
    """
    return "\n".join(_lines(value, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _item(f"{indent}{key}:", item, indent + "  ")
    else:
        for item in value:
            nested = list(_lines(item, indent + "  ")) if _is_block(item) else []
            yield f"{indent}- {nested[0].lstrip()}" if nested else f"{indent}- {_scalar(item)}"
            yield from nested[1:]


def _item(head: str, item: Any, indent: str) -> Iterator[str]:
    if _is_block(item):
        yield head
        yield from _lines(item, indent)
    else:
        yield f"{head} {_scalar(item)}"


def _is_block(value: Any) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str) and len(value) > 0


def _scalar(value: Any) -> str:
    """Return a text, a number or an empty list; a number has a point before its exponent."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        if not isfinite(value):
            raise MunuError("a number is not finite", "HEPData takes finite numbers alone")
        mantissa, exponent, power = repr(value).partition("e")
        return mantissa + ".0" * (bool(exponent) and "." not in mantissa) + exponent + power
    return json.dumps(value)
