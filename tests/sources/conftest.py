"""Reference values of the source tests."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Contents of ``tests/reference/sources.toml``."""
    path = Path(__file__).parents[1] / "reference" / "sources.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
