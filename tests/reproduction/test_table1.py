"""Table I: the setups in use are the printed ones."""

from dataclasses import replace

import numpy as np
import pytest

from munu.detectors.efficiency import Flat
from munu.experiments.load import load
from munu.reproduction import published
from munu.reproduction.table1 import _rows, compute


def test_every_setup_is_as_printed():
    table = compute()
    assert len(table.rows) == 9 * 2 * 5
    assert [row for row in table.rows if not row.agrees] == []


def test_a_difference_shows():
    table = compute()
    changed = replace(table.rows[0], agrees=False, value="15 kg")
    text = str(replace(table, rows=(changed, *table.rows[1:])))
    assert "15 kg ≠ 14.57 kg" in text
    assert "89 of 90" in text


def test_the_printed_values_are_those_of_the_paper():
    rows = {row["experiment"]: row for row in published.setups()}
    assert rows["coherent-csi"]["live_time"]["current"] == "308.1 days"
    assert rows["miner"]["baseline"] == "2 m"
    assert rows["red-100"]["threshold"]["future"] == "500 eV"


CHANGES = {
    "mass": lambda e: replace(e, mass_kg=1.001 * e.mass_kg),
    "live time": lambda e: replace(e, live_time_s=1.001 * e.live_time_s),
    "baseline": lambda e: replace(e, source=replace(e.source, baseline_m=17.01)),
    "threshold": lambda e: replace(
        e, detector=replace(e.detector, bin_edges=e.detector.bin_edges * np.array([1.001, 1.0]))
    ),
    "efficiency": lambda e: replace(e, detector=replace(e.detector, efficiency=Flat(0.501))),
}


@pytest.mark.parametrize("quantity", CHANGES)
def test_each_quantity_is_compared_with_the_printed_one(quantity):
    (printed,) = [row for row in published.setups() if row["experiment"] == "conus"]
    rows = list(_rows(printed, CHANGES[quantity](load("conus"))))
    assert [row.quantity for row in rows if not row.agrees] == [quantity]
    assert {row.quantity for row in rows} == set(CHANGES)
