"""JSON as a person reads it: numbers of a list are on one line, and lists of a list on one each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from munu.base.visible import visible_json

INDENT = "  "


def json_text(document: object) -> str:
    """Return a JSON document, in which nothing commands a terminal.

    Raises
    ------
    ValueError
        For a number that is not finite.

    Examples
    --------
    >>> print(json_text({"cl": 0.9, "polygons": [[[0.0, 1.5], [2.0, 0.0]]]}))
    {
      "cl": 0.9,
      "polygons": [
        [
          [0.0, 1.5],
          [2.0, 0.0]
        ]
      ]
    }
    """
    return visible_json(_laid_out(document, "\n"))


def _laid_out(value: Any, line: str) -> str:
    """Return a value on lines that begin as ``line``, a new line and its indentation, says."""
    deeper = line + INDENT
    if isinstance(value, Mapping) and value:
        items = (f"{_encoded(str(key))}: {_laid_out(one, deeper)}" for key, one in value.items())
        return "{" + deeper + f",{deeper}".join(items) + line + "}"
    if not isinstance(value, list | tuple) or not value:
        return _encoded(value)
    if _begins_with_number(value):
        text = _encoded(value)
        if not any(mark in text for mark in ('"', "{", "[[[")):
            return _rows(text, line, deeper) if "[[" in text else text
    return "[" + deeper + f",{deeper}".join(_laid_out(one, deeper) for one in value) + line + "]"


def _begins_with_number(value: Any) -> bool:
    """Whether the first entry of a list, or that of the list which it is, is no text or table."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return not isinstance(value, str | Mapping)


def _rows(text: str, line: str, deeper: str) -> str:
    """Return the text of a list of lists of numbers with a line for each."""
    return "[" + deeper + text[1:-1].replace("], [", f"],{deeper}[") + line + "]"


def _encoded(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
