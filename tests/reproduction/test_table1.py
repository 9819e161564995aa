"""Table I: the setups in use are the printed ones."""

from dataclasses import replace

from munu.reproduction import published
from munu.reproduction.table1 import compute


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
