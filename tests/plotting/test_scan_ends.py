"""How intervals along a scan begin, split and meet."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.plotting.scan_ends import columns
from munu.results.scan import ScanResult

ONE, ISLAND = [0.0, 4.0], [9.0, 16.0]
SPLIT = [[0.0, 1.0], [2.0, 4.0]]


@pytest.fixture(scope="module")
def scanned() -> ScanResult:
    return munu.scan("conus-plus", "g_b-l", over="mediator_mass", at=["1 MeV", "4 MeV"])


def between(scanned: ScanResult, first: object, second: object) -> list[tuple[float, object]]:
    from dataclasses import replace

    made = replace(scanned, intervals=(np.array(first), np.array(second)))
    found = columns(made, 0.0, 1.0)
    assert [found[0].value, found[-1].value] == [1.0, 4.0]
    return [(one.value, one.ends.tolist()) for one in found[1:-1]]


def test_an_island_begins_in_a_point(scanned: ScanResult) -> None:
    (begun,) = between(scanned, [ONE], [ONE, ISLAND])
    assert begun == (2.0, [ONE, [12.0, 12.0]])
    assert between(scanned, [ONE, ISLAND], [ONE]) == [begun]


def test_an_interval_that_splits_is_cut_from_its_border(scanned: ScanResult) -> None:
    """What is excluded between begins in a point, and the island goes on at the upper end."""
    whole, gap, split = between(scanned, [ONE], SPLIT)
    assert whole == (2.0, [ONE])
    assert np.isnan(gap[1]).all()
    meets = pytest.approx(np.sqrt(2.0))
    assert split == (2.0, [[0.0, meets], [meets, 4.0]])
    assert between(scanned, SPLIT, [ONE])[::2] == [split, whole]


def test_what_does_not_change_has_nothing_between(scanned: ScanResult) -> None:
    assert between(scanned, [ONE], [ONE]) == []
    assert between(scanned, SPLIT, SPLIT) == []
    assert between(scanned, [ONE], np.empty((0, 2))) == []
