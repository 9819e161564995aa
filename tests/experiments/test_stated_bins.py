"""Tables of counts that state their bins: these are those that the rows are counted in."""

from __future__ import annotations

from pathlib import Path

import pytest

import munu
from munu.base.errors import MunuError

HEAD = """
format = 1
id = "mine"
title = "mine"
reference = "me"
source = {{ kind = "tabulated", beam = "prompt", species = "nu_mu", lines = [[30, 1e7]] }}
target = {{ material = "Ge", mass = "1 kg" }}
exposure = {{ live_time = "1 yr" }}
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[detector]
observable = "{observable}"
bins = {{ kind = "edges", edges = {edges}, unit = "{unit}" }}
{more}
recoil_threshold = "0.1 keV"
quenching = "lindhard"
efficiency = {{ model = "flat", fraction = 1 }}
resolution = "{resolution}"
"""
AXIS = """
[axes.time]
kind = "arrival-time"
edges_us = [0, 3, 6]
shape = { model = "gaussian-pulse", mean = "0.5 us", sigma = "0.1 us" }
efficiency = { model = "flat", fraction = 1 }
"""
STATISTIC = """
[statistic]
kind = "{kind}"
observed = {observed}
sigma_signal = 0.1
{more}
"""
COLUMN = '{ file = "counts.csv", column = "n" }'
PE = {"observable": "photoelectrons", "more": 'light_yield = "10 PE/keV"', "resolution": "poisson"}


def read(
    folder: Path,
    table: str,
    edges: str = "[0.1, 0.2, 0.4]",
    unit: str = "keVee",
    *,
    axis: str = "",
    observed: str = COLUMN,
    kind: str = "poisson",
    more: str = "",
    detector: dict[str, str] | None = None,
) -> None:
    own = detector or {"observable": "ionisation", "more": "", "resolution": "perfect"}
    (folder / "counts.csv").write_text(table, encoding="utf-8")
    text = HEAD.format(edges=edges, unit=unit, **own) + axis
    munu.loads(text + STATISTIC.format(kind=kind, observed=observed, more=more), folder=folder)


@pytest.mark.parametrize("names", ["energy_low,energy_high", "low,high", "E_min,E_max"])
def test_bins_of_counts_are_those_of_the_detector(tmp_path: Path, names: str) -> None:
    rows = f"{names},n\n0.1,0.2,30\n0.2,0.4,5\n"
    read(tmp_path, rows)
    with pytest.raises(MunuError, match=r"line 3: \w+ is 0.2, and the bin of 'ionisation' .* 0.3"):
        read(tmp_path, rows, "[0.1, 0.3, 0.4]")


@pytest.mark.parametrize(
    ("names", "rows", "edges", "unit"),
    [
        ("energy_low_ev,energy_high_ev", "100,200,30\n200,400,5", "[0.1, 0.2, 0.4]", "keVee"),
        ("energy_low,energy_high", "100,200,30\n200,400,5", "[100, 200, 400]", "eVee"),
        ("energy_low_kevee,energy_high_kevee", ".1,.2,30\n.2,.4,5", "[100, 200, 400]", "eVee"),
        ("low_pe,high_pe", "5,9,30\n9,12,5", "[0.1, 0.2, 0.4]", "keVee"),
        ("E_low,E_high", "0.167,0.333,30\n0.333,0.5,5", "[0.16667, 0.33333, 0.5]", "keVee"),
        ("n_low,run", "5,1,30\n9,1,31", "[0.1, 0.2, 0.4]", "keVee"),
    ],
)
def test_bins_are_in_the_unit_that_they_are_written_in(
    tmp_path: Path, names: str, rows: str, edges: str, unit: str
) -> None:
    read(tmp_path, f"{names},n\n{rows}\n", edges, unit)


def test_another_unit_is_named_by_the_column(tmp_path: Path) -> None:
    with pytest.raises(MunuError, match=r"energy_low is 100.* 0.1 keVee.*as in energy_low_evee"):
        read(tmp_path, "energy_low,energy_high,n\n100,200,30\n200,400,5\n")
    with pytest.raises(MunuError, match=r"energy_low_ev is 100, .* 300 eVee\. Take the bins"):
        read(
            tmp_path,
            "energy_low_ev,energy_high_ev,n\n100,200,30\n200,400,5\n",
            "[300, 400, 500]",
            "eVee",
        )


@pytest.mark.parametrize("before", ["", "run,"])
def test_bins_in_time_are_those_of_the_axis(tmp_path: Path, before: str) -> None:
    number = before.replace("run", "1")
    head = f"{before}time_low_us,time_high_us,n\n"
    rows = "".join(f"{number}{t},1\n" for t in ("0,3", "3,6", "0,3", "3,6"))
    observed = COLUMN if before else "[1, 2, 3, 4]"
    with pytest.raises(MunuError, match="line 3: time_low_us is 1, and the bin of 'time'"):
        read(tmp_path, f"{head}{number}0,1,30\n{number}1,6,5\n", "[0.1, 0.4]", axis=AXIS)
    read(tmp_path, head + rows, axis=AXIS, observed=observed)


def test_both_axes_are_compared(tmp_path: Path) -> None:
    names = "energy_low,energy_high,time_low_ns,time_high_ns,n\n"
    rows = "0.1,0.2,0,3000,1\n0.1,0.2,3000,6000,1\n0.2,0.4,0,3000,1\n0.2,0.4,3000,6000,1\n"
    read(tmp_path, names + rows, axis=AXIS)
    with pytest.raises(MunuError, match=r"line 3: time_low_us is 3000, .* has 3 us"):
        read(tmp_path, names.replace("_ns", "_us") + rows, axis=AXIS)
    with pytest.raises(MunuError, match=r"line 5: energy_high is 0.5"):
        read(tmp_path, names + rows.replace("0.4,3", "0.5,3"), axis=AXIS)


def test_photoelectrons_are_compared_with_photoelectrons(tmp_path: Path) -> None:
    table = "photoelectrons_low,photoelectrons_high,n\n5,9,30\n9,12,5\n"
    read(tmp_path, table, "[5, 9, 12]", "PE", detector=PE)
    with pytest.raises(MunuError, match=r"line 3: photoelectrons_low is 9, .* 8 PE"):
        read(tmp_path, table, "[5, 8, 12]", "PE", detector=PE)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("poisson", f'[[statistic.backgrounds]]\nname = "b"\nsigma = 0.1\nevents = {COLUMN}'),
        ("poisson", f"off_beam = {{ counts = {COLUMN}, ratio = 2 }}"),
        ("gaussian", f"error = {COLUMN}"),
        (
            "poisson",
            "[statistic.control_regions.side]\n"
            'bins = { kind = "edges", edges = [0.1, 0.3, 0.4], unit = "keVee" }\n'
            f'observed = {COLUMN}\nbackgrounds = [{{ name = "b", sigma = 1, events = 3 }}]',
        ),
    ],
)
def test_other_tables_per_bin_are_compared_too(tmp_path: Path, kind: str, more: str) -> None:
    table = "energy_low,energy_high,n\n0.1,0.2,30\n0.2,0.4,5\n"
    edges = "[0.1, 0.2, 0.4]" if "control" in more else "[0.1, 0.3, 0.4]"
    with pytest.raises(MunuError, match=r"line 3: energy_low is 0.2, and the bin of"):
        read(tmp_path, table, edges, observed="[3, 4]", kind=kind, more=more)


@pytest.mark.parametrize(
    ("names", "columns", "words"),
    [
        ("E_ev,t", 'ionisation = "E_ev", time = "t"', "'E_ev' .* taken in keVee, .* says ev"),
        ("E,t_ns", 'ionisation = "E", time = "t_ns"', "'t_ns' .* taken in us, .* says ns"),
    ],
)
def test_events_in_a_unit_that_their_column_denies(
    tmp_path: Path, names: str, columns: str, words: str
) -> None:
    events = f'{{ events = "counts.csv", columns = {{ {columns} }} }}'
    with pytest.raises(MunuError, match=words):
        read(tmp_path, f"{names}\n0.15,2\n", axis=AXIS, observed=events)
    good = f"{names}\n0.15,2\n".replace("_ev", "_kevee").replace("_ns", "_us")
    kept = events.replace("_ev", "_kevee").replace("_ns", "_us")
    read(tmp_path, good, axis=AXIS, observed=kept)


def test_bins_of_a_table_in_a_unit_that_their_columns_deny(tmp_path: Path) -> None:
    text = HEAD.format(
        edges="[]", unit="keVee", observable="ionisation", more="", resolution="perfect"
    ).replace('"edges", edges = []', '"table", file = "counts.csv", low = "a_ev", high = "b_ev"')
    (tmp_path / "counts.csv").write_text("a_ev,b_ev,n\n100,200,3\n", encoding="utf-8")
    statistic = STATISTIC.format(kind="poisson", observed=COLUMN, more="")
    with pytest.raises(MunuError, match=r"'a_ev' of counts.csv is taken in keVee, .* says ev"):
        munu.loads(text + statistic, folder=tmp_path)
    munu.loads(text.replace('"keVee" }', '"eVee" }') + statistic, folder=tmp_path)
