"""The page put together: its parts, which lie beside this file, and the numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

SCRIPTS: Final = (
    "algebra.js",
    "likelihood.js",
    "descent.js",
    "roots.js",
    "quartic.js",
    "valleys.js",
    "model.js",
    "statements.js",
    "region.js",
    "drawing.js",
    "pictures.js",
    "state.js",
    "controls.js",
    "numbers.js",
    "main.js",
)
"""Plain JavaScript, in the order in which a browser reads it."""


def assembled(payload: Mapping[str, Any]) -> str:
    """Return the page as one HTML text that needs nothing else.

    Parameters
    ----------
    payload : mapping
        What the scripts read: numbers and names, as JSON.
    """
    parts = files("munu").joinpath("explorer/page")
    page = parts.joinpath("page.html").read_text(encoding="utf-8")
    style = parts.joinpath("page.css").read_text(encoding="utf-8")
    scripts = "\n".join(parts.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    # A closing tag inside of a text would end the element that holds the numbers.
    numbers = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    numbers = numbers.replace("<", "\\u003c")
    for mark, text in (("/*STYLE*/", style), ("/*SCRIPTS*/", scripts), ("/*NUMBERS*/", numbers)):
        page = page.replace(mark, text, 1)
    return page
