"""Reference values of the source tests."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Return the table ``sources`` of ``tests/reference.toml``."""
    path = Path(__file__).parents[1] / "reference.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    return table
