"""Warnings about suspicious physics."""

import re
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from munu.analysis.checks.check import check
from munu.analysis.checks.remark import told_apart, unusual
from munu.analysis.checks.tables import table_remarks
from munu.analysis.show import show
from munu.experiments.load import load, load_setups, loads
from munu.experiments.named import catalogue
from munu.folding.fold import fold
from munu.statistics.specification import Counts, OffBeam

TEXTS = {
    name: files("munu.experiments").joinpath(f"catalogue/{name}.toml").read_text(encoding="utf-8")
    for name in ("conus", "coherent-csi", "red-100")
}


PUBLISHED_CUTS = {("coherent-csi", "current"): ["detector.recoil_threshold"]}
"""What is told of the catalogue: the 5 keV of arXiv:1905.03750 cut recoils that are seen."""


@pytest.mark.parametrize("name", catalogue())
def test_the_catalogue_is_above_suspicion(name):
    for experiment in load_setups(name):
        found = [remark.key for remark in check(experiment)]
        assert found == PUBLISHED_CUTS.get((name, experiment.identity.setup), [])


LINDHARD = '{ model = "lindhard", source = "arXiv:1905.03750, Eq. (26)" }'


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "words"),
    [
        ("conus", '"100 eVee"', '"100 keVee"', "detector", "none is counted"),
        ("conus", '"100 eVee"', '"10 eVee"', "detector.quenching", "arXiv:2202.03754"),
        ("conus", '"17 m"', '"17 km"', "source", "below the usual"),
        ("conus", '"17 m"', '"17 cm"', "source", "above the usual"),
        ("conus", '"3.85 kg"', '"1 mg"', "statistic.kind", "few for a Gaussian"),
        ("conus", '"1 yr"', '"100 yr"', "exposure.live_time", "long"),
        ("conus", "0.2312", "0.2386", "interaction.sin2_theta_w", "above the usual"),
        ("conus", '"typical-pwr"', "{ U235 = 0.2, U238 = 0.3, Pu239 = 0.5, Pu241 = 0 }",
         "source.fission_fractions", "U235"),
        ("conus", LINDHARD, '{ model = "linear", intercept = 0.15, slope_per_kev = 0.01,'
         ' valid_from = "1 keV", source = "x" }', "detector.quenching", "holds from 1"),
        ("conus", 'source = "arXiv:2011.00210", ', "", "source.thermal_power", "no source"),
        ("coherent-csi", "value = 142", "value = 1420", "statistic.observed", "deviations"),
        ("coherent-csi", "value = 0.08", "value = 0.8", "source.neutrinos_per_proton", "above"),
        ("coherent-csi", "plateau = 0.6655", "plateau = 1.2", "detector.efficiency", "to 1.2"),
        ("conus", "captures_per_fission", 'total_flux = "3.2e13 /cm2/s"\ncaptures_per_fission',
         "source.total_flux", "above the usual 0.7 to 1.3"),
        ("conus", '"8 MeV"', '"11 MeV"', "source.endpoint", "fitted up to 8 MeV"),
        ("conus", LINDHARD, '{ model = "linear", intercept = 0.5, slope_per_kev = 1,'
         ' valid_from = "0 keV", source = "x" }', "detector.quenching", "cut at 1"),
        ("coherent-csi", "plateau = 0.6655", "offset = -0.4\nplateau = 0.6655",
         "detector.efficiency", "cut at 0"),
        ("coherent-csi", "[[5, 0.5], [6, 1]]", "[[40, 1], [60, 1]]", "detector.efficiency", "zero"),
        ("conus", LINDHARD, '{ model = "none", source = "x" }', "detector.quenching", "whole"),
        ("conus", 'model = "flat", fraction = "50 %"', 'model = "table", unit = "keVee", points ='
         " [[0.1, 0.1], [0.6, 0.9], [1, 0.9]]", "detector.efficiency", "from 0.1 to 0.6 keVee"),
        ("conus", LINDHARD, '{ model = "table", source = "x", points = [[0.1, 0.05], [5, 0.2],'
         " [9, 0.25]] }", "detector.quenching", "1 pair of neighbouring rows"),
        ("conus", LINDHARD, '{ model = "table", source = "x", points = [[0.1, 0.05], [0.2, 0.11],'
         " [9, 0.25]] }", "detector.quenching", "from 0.1 to 0.2 keV; straight lines lie above"),
        ("conus", 'resolution = { model = "perfect"', 'recoil_threshold = "0.1 keV"\nresolution ='
         ' { model = "table", unit = "keVee", points = [[0.1, 0.05], [0.6, 0.2]]',
         "detector.resolution", "1 pair of neighbouring rows"),
        ("conus", 'model = "flat", fraction = "50 %"', 'model = "table", unit = "keVee", points ='
         " [[0.1, 0.4], [0.2, 0.5]]", "detector.efficiency", "ends at 0.2 keVee"),
    ],
)  # fmt: skip
def test_suspicious_physics_is_remarked_upon(name, old, new, key, words):
    assert old in TEXTS[name]
    remarks = check(loads(TEXTS[name].replace(old, new, 1)))
    assert any(remark.key == key and words in remark.message for remark in remarks), remarks


TABLE = "points = [[1, 1e13], [3, 6e12], [8, 9e10]]"


def with_flux(table):
    """CONUS with a flux of its own."""
    head, _, rest = TEXTS["conus"].partition("[source]")
    source = f'[source]\nkind = "tabulated"\nspecies = "nu_e_bar"\nbeam = "r"\n{table}\n\n'
    return loads(head + source + rest[rest.index("[target]") :])


def test_a_flux_too_coarse_for_straight_lines():
    (remark,) = list(table_remarks(with_flux(TABLE)))
    assert remark.key == "source"
    assert "1 pair of" in remark.message
    assert "3 to 8 MeV" in remark.message
    assert not list(table_remarks(with_flux(f'{TABLE}\ninterpolation = "log"')))


def test_a_flux_that_ends_at_its_largest_value():
    (remark,) = list(table_remarks(with_flux("points = [[1, 6e12], [8, 1e13]]")))
    assert "with 100 % of its largest value" in remark.message


def test_a_species_without_flux_is_no_matter(tmp_path):
    text = "columns = { nu_e_bar = 'a', nu_tau = 'b' }\nfile = 'f.csv'\n"
    source = f'[source]\nkind = "tabulated"\nbeam = "r"\n{text}\n[target]'
    made = re.sub(r"\[source\].*?\[target\]", source, TEXTS["conus"], count=1, flags=re.DOTALL)
    (tmp_path / "f.csv").write_text("E,a,b\n1,9e12,0\n8,5e12,0\n9,1e10,0\n")
    (remark,) = list(table_remarks(loads(made, folder=tmp_path)))
    assert remark.key == "source.columns.nu_e_bar"


@pytest.mark.parametrize(("captures", "remarks"), [(0.6, 0), (1.0, 0), (6, 1), (60, 1)])
def test_more_captures_than_fissions(captures, remarks):
    changes = {"source.low_energy": "vogel-engel1989", "source.captures_per_fission": captures}
    found = check(load("conus", changes=changes))
    keys = [one.key for one in found if "captures per fission" in one.message]
    assert keys == ["source.captures_per_fission"] * remarks


@pytest.mark.parametrize(
    ("u235", "plutonium", "high", "remarks"),
    [
        (1.0, 0.0, "kopeikin2012", 1),
        (0.75, 0.18, "kopeikin2012", 0),
        (1.0, 0.0, "huber2011", 0),
        (1.0, 0.0, "estienne2019", 0),
    ],
)
def test_a_total_spectrum_does_not_follow_the_fuel(u235, plutonium, high, remarks):
    rest = 1 - u235 - plutonium
    fuel = {"U235": u235, "U238": rest, "Pu239": plutonium, "Pu241": 0.0}
    changes = {"source.fission_fractions": fuel, "source.high_energy": high}
    found = check(load("conus", changes=changes))
    keys = [one.key for one in found if "does not follow the fuel, U235 1" in one.message]
    assert keys == ["source.high_energy"] * remarks


SENSITIVE = {"detector.threshold": "1 eVee", "detector.quenching": {"model": "none"}}


def test_a_flux_that_starts_above_energies_that_are_counted():
    head, _, rest = TEXTS["conus"].partition("[source]")
    starts = {1.8: "1e13", 0.1: "1e13", 1.9: "1e10"}
    for start, flux in starts.items():
        table = f"points = [[{start}, {flux}], [2, 1.1e13], [4, 6e12], [6, 3e12], [8, 1e10]]"
        source = f'[source]\nkind = "tabulated"\nspecies = "nu_e_bar"\nbeam = "r"\n{table}\n\n'
        text = head + source + rest[rest.index("[target]") :]
        for changes in ({}, SENSITIVE):
            found = [one.message for one in table_remarks(loads(text, changes=changes))]
            said = [one for one in found if "neutrinos from 0.18 MeV on" in one]
            assert len(said) == (start == 1.8 and changes == SENSITIVE), found
            assert not said or said[0].startswith("the flux starts at 1.8 MeV with 91 %")


@pytest.mark.parametrize(("low", "remarks"), [("continued", 4), ("none", 0), ("constant", 0)])
def test_own_spectra_that_start_above_energies_that_are_counted(low, remarks, tmp_path):
    rows = "".join(f"{energy}, {8.1 - energy}\n" for energy in (1.8, 3, 4.5, 6, 7, 7.6, 8))
    (tmp_path / "own.csv").write_text(rows)
    names = ("U235", "U238", "Pu239", "Pu241")
    own = ", ".join(f'{name} = "own.csv"' for name in names)
    text = TEXTS["conus"].replace('value = "mueller2011"', f"value = {{ {own} }}")
    changes = {**SENSITIVE, "source.low_energy": low}
    found = table_remarks(loads(text, folder=tmp_path, changes=changes))
    keys = [one.key for one in found if "the spectrum starts at 1.8 MeV" in one.message]
    assert keys == [f"source.high_energy.{name}" for name in names[:remarks]]


def test_a_single_event_is_one():
    counts = Counts("poisson", np.array([1.0]), (), sigma_signal=0.01)
    remarks = check(replace(load("conus"), statistic=counts))
    assert any(one.message.startswith("1 event is observed") for one in remarks), remarks


def test_spectra_of_fissile_isotopes_too_coarse_for_straight_lines(tmp_path):
    (tmp_path / "own.csv").write_text("# MeV, 1/MeV\n1, 1\n3, 0.4\n8, 0.3\n")
    tables = ", ".join(f'{name} = "own.csv"' for name in ("U235", "U238", "Pu239", "Pu241"))
    text = TEXTS["conus"].replace('value = "mueller2011"', f"value = {{ {tables} }}")
    assert text != TEXTS["conus"]
    remarks = list(table_remarks(loads(text, folder=tmp_path)))
    assert [remark.key for remark in remarks] == [
        f"source.high_energy.{name}" for name in ("U235", "U238", "Pu239", "Pu241")
    ]


def test_energies_in_gev():
    remarks = table_remarks(with_flux("points = [[1e-3, 1e15], [4e-3, 9e14], [9e-3, 6e14]]"))
    assert any("GeV" in remark.message for remark in remarks)


def test_a_flux_that_ends_early():
    remarks = table_remarks(with_flux("points = [[1, 1e13], [3, 6e12], [5, 4e12]]"))
    assert any("ends at 5 MeV with 40 %" in remark.message for remark in remarks)


def test_the_total_of_a_background_is_shown():
    background = 'backgrounds = [{ name = "flat", events = 3, sigma = 0 }]\n'
    text = 'kind = "poisson"\nobserved = "sm"\nsigma_signal = 0.1\n' + background
    head = TEXTS["conus"].partition("[statistic]")[0]
    binned = 'bins = { kind = "edges", edges = [0.1, 0.2, 0.4, 1], unit = "keVee" }'
    line = next(row for row in head.splitlines() if row.startswith("threshold"))
    found = show(loads(head.replace(line, binned) + "[statistic]\n" + text))
    values = {i.quantity: i.value for i in found.ingredients}
    assert values["events of flat"] == "9 in 3 bins"


@pytest.mark.parametrize("off", [4.0, 40.0, 4000.0])
def test_the_background_off_beam_is_expected_on_beam(off):
    """With half the exposure off beam, 2 m events are expected of it, with a variance of 4 m."""
    experiment = load("coherent-csi")
    sm = float(fold(experiment).sm_total().sum())
    off_beam = OffBeam(np.array([off]), 0.5)
    spread = np.sqrt(sm + off / 0.5 + off / 0.5**2)
    for pull, remarks in ((-3.9, 0), (0, 0), (3.9, 0), (4.1, 1), (-4.1, 1)):
        observed = np.array([sm + off / 0.5 + pull * spread])
        counts = Counts("poisson", observed, (), 0.0, off_beam=off_beam)
        found = check(replace(experiment, statistic=counts))
        assert sum(remark.key.startswith("statistic") for remark in found) == remarks


def test_an_element_is_remarked_upon_once():
    """Germanium has five isotopes, and their recoils differ little."""
    remarks = check(loads(TEXTS["conus"].replace('"100 eVee"', '"100 keVee"', 1)))
    assert sum("none is counted" in remark.message for remark in remarks) == 1
    remarks = check(loads(TEXTS["conus"].replace('"100 eVee"', '"10 eVee"', 1)))
    (quenching,) = [remark for remark in remarks if remark.key == "detector.quenching"]
    assert "recoils of Ge from" in quenching.message


def test_a_warning_of_many_keys_is_folded(capsys, monkeypatch, tmp_path):
    from munu.cli import main as entry

    path = tmp_path / "my.toml"
    path.write_text(re.sub(r', source = "[^"]*"', "", TEXTS["conus"]), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", ["munu", "check", str(path)])
    with pytest.raises(SystemExit):
        entry.main()
    warning = capsys.readouterr().out.partition("Warning: ")[2].splitlines()
    assert "no source is given for source.kind" in warning[0]
    assert len(warning) > 3
    assert max(map(len, warning)) <= 80
    assert all(line.startswith("  ") for line in warning[1:3])


@pytest.mark.parametrize("points", ["[[1e-4, 0.5], [6e-3, 1], [7e-3, 1]]", "[[90, 1], [99, 1]]"])
def test_an_efficiency_in_another_unit_is_told_whatever_its_last_rows(points):
    flat = re.search(r"^efficiency = .*$", TEXTS["conus"], re.MULTILINE).group()
    table = f'efficiency = {{ model = "table", points = {points}, unit = "keVee", source = "me" }}'
    found = check(loads(TEXTS["conus"].replace(flat, table)))
    assert any("lies outside of what is counted" in remark.message for remark in found)


def test_values_without_a_source_are_told_last():
    text = re.sub(r', source = "[^"]*"', "", TEXTS["conus"]).replace('"100 eVee"', '"10 eVee"')
    messages = [remark.message for remark in check(loads(text))]
    assert len(messages) > 1
    assert messages[-1].startswith("no source is given for source.kind")


def test_a_number_that_passes_a_limit_by_little_is_told_from_it():
    """To three digits the least recoil would be that from which on the quenching holds."""
    pattern = r"from (\S+) to \S+ keV are counted; the model holds from (\S+) to"
    first = float(re.search(pattern, warned(9, 9.1))[1])
    low, holds_from = map(float, re.search(pattern, warned(1.0001 * first, 9)).groups())
    assert low < holds_from == pytest.approx(first, rel=1e-3)
    assert told_apart(1.0004, 1.0) == "1.0004"
    assert told_apart(0.5, np.inf) == "0.5"


def warned(start, end):
    """Return what is said of CONUS with a quenching that holds in a range (keV)."""
    linear = {"model": "linear", "intercept": 0.17, "slope_per_kev": 0}
    linear |= {"valid_from": f"{start!r} keV", "valid_to": f"{end!r} keV"}
    found = check(load("conus", changes={"detector.quenching": linear}))
    (message,) = [one.message for one in found if one.key == "detector.quenching"]
    return message


@pytest.mark.parametrize(
    ("value", "usual", "said"),
    [(0.02999, (0.03, 0.3), "0.02999, is below"), (0.3001, (0.03, 0.3), "0.3001, is above")],
)
def test_an_unusual_number_is_told_from_the_usual_one(value, usual, said):
    (remark,) = unusual("key", "number", value, usual)
    assert said in remark.message


def test_the_recipe_says_where_a_poisson_resolution_takes_the_efficiency():
    values = {i.quantity: i.value for i in show(load("coherent-csi-2017")).ingredients}
    assert values["resolution used"] == "Poisson photoelectrons n, efficiency at n + 1/2"
