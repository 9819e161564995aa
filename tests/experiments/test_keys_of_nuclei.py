"""Keys that only nuclear recoils need, and what a missing key may be."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

import munu
from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.experiments.load import loads

CATALOGUE = files("munu.experiments").joinpath("catalogue")
ELECTRONS = CATALOGUE.joinpath("xenonnt-sr0-er.toml").read_text(encoding="utf-8")


def without(text: str, *keys: str) -> str:
    """Return the text of a file without some of its keys."""
    for key in keys:
        assert re.search(rf"^{key} = ", text, re.MULTILINE)
        text = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
    return text


def test_electrons_alone_need_no_quenching_and_no_form_factor() -> None:
    found = munu.rate(loads(without(ELECTRONS, "quenching", "form_factor")))
    assert found.sm_events == munu.rate("xenonnt-sr0-er").sm_events


def test_nuclei_need_both_and_are_told_all_at_once(tmp_path: Path) -> None:
    text = without(ELECTRONS, "quenching", "form_factor")
    text = re.sub(r"\nchannels = .*", '\nchannels = ["nuclear", "electron"]', text)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    told = " ".join(map(str, mistakes(path)))
    assert "[detector] lacks 'quenching'" in told
    assert "[interaction] lacks 'form_factor'" in told


def test_mistakes_beside_a_missing_key_of_nuclei_are_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = without(ELECTRONS, "quenching", "form_factor")
    path.write_text(re.sub(r"unit = \"keV(ee)?\"", 'unit = "PE"', text), encoding="utf-8")
    assert "PE" in " ".join(map(str, mistakes(path)))


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("conus", "quenching", "Allowed: none, lindhard, constant, linear, polynomial, table"),
        ("conus", "form_factor", "Allowed: symmetrised-fermi, helm, klein-nystrand, unity"),
        ("conus", "channels", "Allowed: nuclear, electron"),
        ("conus", "mixing", "Allowed: desalas2018-no, "),
        ("conus", "radiative", "Write true or false"),
        ("conus", "mass", "one of the units kg, g, "),
        ("conus", "low_energy", "Allowed: kopeikin2012, vogel-engel1989, "),
        ("conus", "energies_per_fission", "Allowed: kopeikin2004, ma2013"),
        ("borexino", "fluxes", "Allowed: b16-gs98, "),
        ("coherent-csi-2021", "light_yield", "one of the units PE/keV, PE/keVee"),
        ("conus", "material", "`munu init` writes an example"),
    ],
)
def test_a_missing_key_says_what_it_takes(name: str, key: str, said: str) -> None:
    text = CATALOGUE.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    with pytest.raises(MunuError, match=re.escape(said)) as raised:
        loads(without(text, key), setup="current")
    assert f"lacks '{key}'" in str(raised.value)


def test_a_table_in_an_array_and_one_of_an_axis_say_so_too() -> None:
    text = CATALOGUE.joinpath("coherent-lar-2020.toml").read_text(encoding="utf-8")
    with pytest.raises(MunuError, match=r"\[axes\.F90\] lacks 'kind'\. Allowed: arrival-time"):
        loads(re.sub(r"(\[axes\.F90\]\n)kind = .*\n", r"\1", text))
    conus = CATALOGUE.joinpath("conus-plus.toml").read_text(encoding="utf-8")
    with pytest.raises(MunuError, match=r"backgrounds\[1\]\] lacks 'sigma'.* Write a number"):
        loads(conus.replace("\nsigma = 0\n", "\n", 1), setup="current")


def test_a_new_file_of_electrons_has_none_of_them_and_lacks_nothing(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", source="solar", material="Xe")
    lines = path.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith(("quenching =", "form_factor ="))]
    assert not [one for one in mistakes(path) if "lacks" in str(one)]
