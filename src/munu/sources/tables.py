"""Reading the package's own CSV and TOML tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from munu.base.frozen import frozen
from munu.base.typing import FloatArray


def _text(path: str) -> str:
    return files("munu").joinpath(f"data/{path}").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def packaged_table(path: str) -> MappingProxyType[str, FloatArray]:
    """Return the columns of a packaged CSV table by name; ``#`` starts a comment line."""
    header, *rows = [line for line in _text(path).splitlines() if not line.startswith("#")]
    values = np.array([row.split(",") for row in rows], dtype=float)
    values.setflags(write=False)
    return MappingProxyType(dict(zip(header.split(","), values.T, strict=True)))


@lru_cache(maxsize=32)
def packaged_toml(path: str) -> Mapping[str, Any]:
    """Return the contents of a packaged TOML table."""
    contents: Mapping[str, Any] = frozen(tomllib.loads(_text(path)))
    return contents
