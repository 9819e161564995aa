"""Text of a file as it may be printed: nothing in it commands the terminal."""

from __future__ import annotations

import re
from typing import Final

_KEPT: Final = {0x09, 0x0A}
_CONTROLS: Final = {*range(0x20), *range(0x7F, 0xA0)} - _KEPT
_DIRECTIONS: Final = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Embeddings and overrides, which can show a text in another order than it is written in."""
_ESCAPES: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _CONTROLS | _DIRECTIONS
}
_JSON_ESCAPES: Final = {code: f"\\u{code:04x}" for code in _CONTROLS | _DIRECTIONS if code >= 0x20}
_JSON_ESCAPED: Final = re.compile(f"[{''.join(map(chr, _JSON_ESCAPES))}]")


def visible(text: str) -> str:
    r"""Return a text with control characters written out, as in ``\x1b``; lines and tabs stay."""
    return text.translate(_ESCAPES)


def visible_json(document: str) -> str:
    r"""Return a JSON document with those that JSON leaves as they are written as ``\u009b``."""
    return _JSON_ESCAPED.sub(lambda one: _JSON_ESCAPES[ord(one[0])], document)
