"""Names of columns that state a unit, in every table of pairs: the unit is that it is taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.model import Experiment

FLUX = {"kind": "tabulated", "species": "nu_e_bar", "beam": "reactor", "file": "t.csv"}
MATRIX = {"model": "matrix", "file": "t.csv"}
BINS = {"kind": "edges", "edges": [0.1, 1.0], "unit": "keVee"}
STATISTIC = {"kind": "poisson", "observed": "sm", "sigma_signal": 0.1}
OWN = dict.fromkeys(("U235", "U238", "Pu239", "Pu241"), "t.csv")
KINDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "flux": ({"source": FLUX}, "e_mev", "e_kev"),
    "flux, the unit alone": ({"source": FLUX}, "MeV", "GeV"),
    "flux in GeV": ({"source": {**FLUX, "energy_unit": "GeV"}}, "E [GeV]", "E [MeV]"),
    "fission": ({"source.high_energy": OWN}, "energy (MeV)", "energy (keV)"),
    "quenching": ({"detector.quenching": {"model": "table", "file": "t.csv"}}, "t_keVnr", "t_eVnr"),
    "efficiency": (
        {"detector.efficiency": {"model": "table", "file": "t.csv", "unit": "keVee"}},
        "x_keV",
        "x_eVee",
    ),
    "efficiency in eVee": (
        {"detector.efficiency": {"model": "table", "file": "t.csv", "unit": "eVee"}},
        "x_ev",
        "x_pe",
    ),
    "resolution": (
        {
            "detector.resolution": {"model": "table", "file": "t.csv", "unit": "keVee"},
            "detector.recoil_threshold": "0.1 keV",
        },
        "x_keVee",
        "x_eVee",
    ),
    "response": ({"detector.bins": BINS, "detector.response": MATRIX}, "energy_kev", "energy_ev"),
}


def loaded(folder: Path, kind: str, header: str) -> Experiment:
    """Return CONUS with a table whose first column has a name."""
    path = folder / "mine.toml"
    if not path.exists():
        munu.init(path, like="conus")
    (folder / "t.csv").write_text(f"{header},y\n0.5,0.5\n2,0.3\n9,0.1\n", encoding="utf-8")
    return munu.load(path, changes=KINDS[kind][0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_in_another_unit_is_refused(kind: str, tmp_path: Path) -> None:
    _, good, bad = KINDS[kind]
    assert loaded(tmp_path, kind, "x").inputs_hash == loaded(tmp_path, kind, "energy").inputs_hash
    loaded(tmp_path, kind, good)
    with pytest.raises(MunuError, match=r"is taken in .*, and its name says") as raised:
        loaded(tmp_path, kind, bad)
    assert f"column '{bad}' of t.csv" in str(raised.value)


def test_a_width_has_the_unit_of_what_is_measured_unless_it_is_relative(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="conus")
    (tmp_path / "t.csv").write_text("x,sigma_ev\n0.05,0.05\n9,0.1\n", encoding="utf-8")
    table = {"model": "table", "file": "t.csv", "unit": "keVee"}
    changes = {"detector.recoil_threshold": "0.1 keV", "detector.resolution": table}
    with pytest.raises(MunuError, match=r"column 'sigma_ev' of t\.csv is taken in keVee"):
        munu.load(path, changes=changes)
    munu.load(path, changes={**changes, "detector.resolution": {**table, "relative": True}})


def test_the_column_of_x_is_the_one_that_is_meant(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="conus")
    (tmp_path / "t.csv").write_text("a_ev,b_kev,q\n500,0.5,0.1\n9000,9,0.2\n", encoding="utf-8")
    table = {"model": "table", "file": "t.csv", "column": "q"}
    munu.load(path, changes={"detector.quenching": {**table, "x": "b_kev"}})
    with pytest.raises(MunuError, match=r"'a_ev' .* Write its numbers in keV"):
        munu.load(path, changes={"detector.quenching": {**table, "x": "a_ev"}})


def test_energies_of_pulse_shapes_are_in_the_unit_of_what_is_measured(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="conus")
    axis = {"kind": "pulse-shape", "edges": [0, 1, 2], "file": "t.csv", "prefix": "p"}
    for name in ("energy", "energy_kevee", "energy_ev"):
        (tmp_path / "t.csv").write_text(f"{name},p_0,p_1\n0.1,0.5,0.5\n", encoding="utf-8")
        changes = {"axes.psd": {**axis, "energies": name}, "statistic": STATISTIC}
        changes |= {"detector.upper": "0.2 keVee"}
        if name != "energy_ev":
            munu.load(path, changes=changes)
            continue
        with pytest.raises(MunuError, match=r"'energy_ev' of t\.csv is taken in keVee"):
            munu.load(path, changes=changes)
