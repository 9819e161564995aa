"""What tests of printed numbers share: cells of a table as numbers, and a limit with both ends."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import munu
from munu.results.core.table import Table

UNIT = 1e-10
"""μ_B; what the headings name."""


def column(table: Table, heading: str) -> list[str]:
    """Return the cells under a heading, of which the beginning is enough."""
    names = [name.lstrip("<~").replace("\n", " ") for name in table.columns]
    found = [i for i, name in enumerate(names) if name.startswith(heading)]
    assert len(found) == 1, (heading, names)
    return [row[found[0]] for row in table.rows]


def numbers(table: Table, heading: str) -> list[float]:
    """Return the numbers under a heading."""
    return [float(cell) for cell in column(table, heading)]


def close(values: Any, digits: int = 4) -> Any:
    """Return what is equal to a printed number of so many digits."""
    return pytest.approx(np.asarray(values, float).tolist(), rel=0.51 * 10.0 ** (1 - digits))


@cache
def ring() -> Any:
    """An interval with both ends: data that exclude the Standard Model."""
    experiment = munu.load("conus-plus")
    statistic = replace(experiment.statistic, observed=np.array([900.0]))
    return munu.limit(replace(experiment, statistic=statistic), "Lambda_3")
