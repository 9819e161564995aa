"""Several sources, several species in one table, units of tables, a beam by its power."""

from __future__ import annotations

import re

import numpy as np
import pytest

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.model import stated_survival
from munu.folding.fold import fold

REACTOR = """kind = "reactor"
thermal_power = "1 GW"
baseline = "20 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "huber2011"
low_energy = "vogel-engel1989"
endpoint = "8 MeV"
captures_per_fission = 0.6
"""
FAR = REACTOR.replace("20 m", "60 m")
SUN = 'kind = "solar"\nfluxes = "b16-gs98"\nsurvival = "adiabatic"\n'
FLUX = 'kind = "tabulated"\nbeam = "beam"\nfile = "flux.csv"\n'
TABLE = "energy,nue,numu\n1,3,1\n10,2,4\n40,1,0\n"
REST = """[target]
material = "Ge"
mass = "1 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.1, 0.5, 2], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.05
"""


def text(*sources: str, several: bool = True) -> str:
    header = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "none"\n'
    name = "[[source]]" if several else "[source]"
    return header + "".join(f"{name}\n{source}" for source in sources) + REST


def test_arrival_times_are_known_by_the_beams_of_each_source():
    """Two halves of the SNS, whose beams are numbered, have the times of the whole."""
    sns = 'kind = "spallation"\nbaseline = "20 m"\nneutrinos_per_proton = 0.08\n'
    axes = """[axes.time]
kind = "arrival-time"
edges_us = [0, 1, 2, 6]
efficiency = { model = "flat", fraction = 1 }
shape = { model = "tabulated-prompt", file = "munu:csi2021/prompt.csv" }
"""
    found = []
    for sources in (["2e23"], ["1e23", "1e23"]):
        made = text(*(f'{sns}proton_rate = "{rate} POT/yr"\n' for rate in sources))
        found.append(fold(loads(made.replace("[interaction]", axes + "[interaction]"))))
    whole, halves = found
    assert set(halves.beams) == {"prompt 1", "delayed 1", "prompt 2", "delayed 2"}
    assert halves.sm_total() == pytest.approx(whole.sm_total(), rel=1e-12)


@pytest.mark.parametrize("convention", ["per-species", "published"])
def test_two_halves_of_a_reactor_see_a_moment_as_the_whole_does(convention):
    """The published sum is one over species: it took two cores for an amplitude of two."""
    half = REACTOR.replace("1 GW", "0.5 GW")
    mixing = munu.global_fit("nufit60-no")
    whole, halves = (fold(loads(text(*sources))) for sources in ((REACTOR,), (half, half)))
    found = halves.w_matrices(mixing, convention=convention)
    expected = whole.w_matrices(mixing, convention=convention)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


def test_two_cores_are_the_sum_of_each():
    both = fold(loads(text(REACTOR, FAR)))
    near = fold(loads(text(REACTOR, several=False))).sm_total()
    assert both.beams == ("reactor 1", "reactor 2")
    assert both.sm_events[0] == pytest.approx(near, rel=1e-9)
    assert both.sm_total() == pytest.approx(near * (1 + 1 / 9), rel=1e-9)  # 1/r²
    assert fold(loads(text(REACTOR))).beams == ("reactor",)


def test_a_reactor_and_the_sun():
    experiment = loads(text(REACTOR, SUN))
    counts = fold(experiment)
    assert counts.beams[0] == "reactor"
    assert {"8B", "pp"} <= set(counts.beams)
    alone = sum(fold(loads(text(one, several=False))).sm_total() for one in (REACTOR, SUN))
    assert counts.sm_total() == pytest.approx(alone, rel=1e-9)
    assert experiment.source.mixing_parameters
    other = munu.limit(experiment, "Lambda_1", mixing="nufit60-io").limit_mu_b
    assert other != munu.limit(experiment, "Lambda_1").limit_mu_b
    stated = text(REACTOR, SUN.replace('"adiabatic"', "0.33"))
    assert stated_survival(loads(stated)) == 0.33


def test_show_and_check_know_each_source():
    experiment = loads(text(REACTOR, FAR.replace('"8 MeV"', '"12 MeV"')))
    shown = str(munu.show(experiment))
    assert "20 m" in shown
    assert "60 m" in shown
    assert any(remark.key == "source[2].endpoint" for remark in check(experiment))


def test_setups_and_limits_take_several_sources():
    setups = text(REACTOR, FAR) + "[setup.current]\n[setup.near.source]\n" + REACTOR
    near, both = (munu.limit(loads(setups, setup=s), "Lambda_3") for s in ("near", "current"))
    assert both.limit_mu_b != near.limit_mu_b
    assert fold(loads(setups, setup="near")).beams == ("reactor",)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (text(REACTOR, FAR.replace("60 m", "60 pc")), r"line 18: source\[2\].baseline"),
        (text(REACTOR, FAR.replace("baseline", "basline")), r"line 18: unknown key 'basline' in"),
        (text(REACTOR, FAR.replace('"reactor"', '"rector"')), "Did you mean 'reactor'"),
        (text(REACTOR, FAR.replace("huber2011", "hubr2011")), r"line 15: source\[2\]: .*huber2011"),
    ],
)
def test_a_mistake_is_named_with_its_source(wrong, message):
    with pytest.raises(MunuError, match=message):
        loads(wrong)


def write(tmp_path, source: str, table: str = TABLE):
    (tmp_path / "flux.csv").write_text(table, encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text(source, several=False), encoding="utf-8")
    return path


def test_a_column_for_each_species(tmp_path):
    columns = 'columns = { nu_e = "nue", nu_mu = "numu" }\n'
    both = fold(load(write(tmp_path, FLUX + columns)))
    assert both.species == ("nu_e", "nu_mu")
    assert both.beams == ("beam", "beam")
    for row, (species, column) in zip(
        both.sm_events, (("nu_e", "nue"), ("nu_mu", "numu")), strict=True
    ):
        one = FLUX + f'species = "{species}"\ncolumn = "{column}"\n'
        assert row == pytest.approx(fold(load(write(tmp_path, one))).sm_total(), rel=1e-9)


def test_energies_and_fluxes_have_units(tmp_path):
    plain = fold(load(write(tmp_path, FLUX + 'species = "nu_e"\ncolumn = "nue"\n'))).sm_total()
    units = 'energy_unit = "GeV"\nflux_unit = "/m2/s/GeV"\n'
    table = "flux,e\n3e7,1e-3\n2e7,1e-2\n1e7,4e-2\n"
    named = FLUX + units + 'species = "nu_e"\nx = "e"\ncolumn = "flux"\n'
    assert fold(load(write(tmp_path, named, table))).sm_total() == pytest.approx(plain, rel=1e-9)


def test_a_flux_may_be_as_large_in_any_unit(tmp_path):
    """10¹⁸ /cm2/s/MeV are 10²⁵ /m2/s/GeV; 10²⁰ of the former are more than anything has."""
    keys = 'species = "nu_e"\ncolumn = "nue"\n'
    head, *rows = TABLE.splitlines()
    large = [[float(x) for x in row.split(",")] for row in rows]
    table = "\n".join([head, *(f"{e},{nue * 1e25 / 3e3},{numu}" for e, nue, numu in large)])
    own = load(write(tmp_path, f'{FLUX}{keys}flux_unit = "/m2/s/GeV"\n', table))
    plain = fold(load(write(tmp_path, FLUX + keys))).sm_total()
    assert fold(own).sm_total() == pytest.approx(plain * 1e18 / 3e3, rel=1e-9)
    with pytest.raises(MunuError, match=r"line 2: column 'nue': .*out of range.*up to 1e\+20"):
        load(write(tmp_path, FLUX + keys, table))
    points = "\n".join(f"[{e}, {nue * 1e25 / 3e3}]," for e, nue, _ in large)
    inline = FLUX.replace('file = "flux.csv"\n', f"points = [\n{points}\n]\n")
    units = 'species = "nu_e"\nflux_unit = "/m2/s/GeV"\n'
    found = fold(load(write(tmp_path, inline + units))).sm_total()
    assert found == pytest.approx(fold(own).sm_total(), rel=1e-12)


BARE = "\n".join(line for line in TABLE.splitlines()[1:]) + "\n"


def test_columns_without_names_have_numbers(tmp_path):
    """Tables as SNOwGLoBES writes them have a species in each column and no line of names."""
    named = load(write(tmp_path, FLUX + 'columns = { nu_e = "nue", nu_mu = "numu" }\n'))
    bare = load(write(tmp_path, FLUX + 'columns = { nu_e = "2", nu_mu = "3" }\n', BARE))
    assert fold(bare).sm_events == pytest.approx(fold(named).sm_events, rel=1e-12)
    reverse = "\n".join(",".join(line.split(",")[::-1]) for line in BARE.splitlines())
    turned = FLUX + 'x = "3"\ncolumns = { nu_e = "2", nu_mu = "1" }\n'
    assert fold(load(write(tmp_path, turned, reverse))).sm_events == pytest.approx(
        fold(named).sm_events, rel=1e-12
    )


@pytest.mark.parametrize(
    ("unit", "per_second"),
    [("/cm2/MeV", 1.0), ("/cm2/0.2MeV", 5.0), ("/cm2/200 keV", 5.0), ("/m2/GeV", 1e-7)],
)
def test_a_fluence_is_spread_over_the_live_time(tmp_path, unit, per_second):
    keys = 'species = "nu_e"\ncolumn = "nue"\n'
    flux = load(write(tmp_path, FLUX + keys))
    fluence = load(write(tmp_path, f'{FLUX}{keys}flux_unit = "{unit}"\n'))
    found = fold(fluence).sm_total() * flux.live_time_s
    assert found == pytest.approx(per_second * fold(flux).sm_total(), rel=1e-9)


@pytest.mark.parametrize("name", ["0", "4", "nue"])
def test_a_number_beyond_the_columns_is_refused(tmp_path, name):
    with pytest.raises(MunuError, match=r'no line with the names.*"1" to "3"'):
        load(write(tmp_path, f'{FLUX}species = "nu_e"\ncolumn = "{name}"\n', BARE))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('species = "nu_e"\ncolumn = "nue"\nflux_unit = "/cm2/0 MeV"\n', "not the unit of a flux"),
        ('species = "nu_e"\ncolumn = "nue"\nflux_unit = "/cm2"\n', "flux_unit: '/cm2' is not"),
        ("", 'no species is named. Write species = "nu_e_bar"'),
        ('species = "nu_e"\n', r"3 columns where a table has two, x and y \(energy, nue, numu\)"),
        ('columns = { nu_e = "nuee" }\n', "Did you mean 'nue'"),
        ('columns = { nu_x = "nue" }\n', "nu_x"),
        ('columns = { nu_e = "nue" }\nspecies = "nu_e"\n', "'columns' stands beside"),
        ('species = ["nu_e", "nu_mu"]\n', 'Write columns = { nu_e = "NAME"'),
        ('species = "nu_e"\ncolumn = "nue"\nflux_unit = "/ft2/s/MeV"\n', "also /m2 and eV"),
        ('species = "nu_e"\ncolumn = "nue"\nx = "enrgy"\n', "Did you mean 'energy'"),
    ],
)
def test_bad_tables_are_refused(tmp_path, keys, message):
    with pytest.raises(MunuError, match=re.escape(message) if "\\" not in message else message):
        load(write(tmp_path, FLUX + keys))


PIONS = 'kind = "spallation"\nbaseline = "20 m"\nneutrinos_per_proton = 0.09\n'


def test_a_beam_by_its_power():
    by_power = PIONS + 'beam_power = "1.7 MW"\nbeam_energy = "1 GeV"\n'
    rate = 1.7e6 / (1e9 * 1.602176634e-19)  # W over J per proton
    by_rate = PIONS + f'proton_rate = "{rate} POT/s"\n'
    one, two = (fold(loads(text(s, several=False))).sm_total() for s in (by_power, by_rate))
    assert one == pytest.approx(two, rel=1e-9)
    with pytest.raises(MunuError, match="one of 'beam_power' and 'beam_energy' is given"):
        loads(text(PIONS + 'beam_power = "1.7 MW"\n'))
    with pytest.raises(MunuError, match="state either 'protons'"):
        loads(text(by_rate + 'beam_power = "1.7 MW"\nbeam_energy = "1 GeV"\n'))


def test_a_resolution_as_a_table(tmp_path):
    gaussian = (
        'resolution = { model = "gaussian", noise = 0.05, stochastic = 0, proportional = 0,'
        ' unit = "keV" }\nrecoil_threshold = "0.05 keV"'
    )
    table = gaussian.replace(
        gaussian.split("\n")[0],
        'resolution = { model = "table", points = [[0.01, 0.05], [3, 0.05]], unit = "keV" }',
    )
    plain = text(REACTOR).replace('resolution = "perfect"', gaussian)
    own = text(REACTOR).replace('resolution = "perfect"', table)
    assert fold(loads(own)).sm_total() == pytest.approx(fold(loads(plain)).sm_total(), rel=1e-9)
    linear = own.replace("[[0.01, 0.05], [3, 0.05]]", "[[0, 0.02], [3, 0.32]]")
    both = plain.replace("proportional = 0", "proportional = 0.1").replace("0.05, st", "0.02, st")
    both = both.replace('unit = "keV" }\nrec', 'combination = "linear", unit = "keV" }\nrec')
    assert fold(loads(linear)).sm_total() == pytest.approx(fold(loads(both)).sm_total(), rel=1e-6)
    relative = linear.replace(
        "points = [[0, 0.02], [3, 0.32]]", "relative = true, points = [[1, 0.1], [2, 0.1]]"
    )
    assert np.all(fold(loads(relative)).sm_total() > 0)
    with pytest.raises(MunuError, match="a width of the resolution is 0"):
        loads(linear.replace("[0, 0.02]", "[0, 0]"))
    with pytest.raises(MunuError, match="numbers of the resolution are in keVee"):
        loads(linear.replace('unit = "keV" }\nrec', 'unit = "keVee" }\nrec'))


def test_a_source_on_for_part_of_the_time(tmp_path):
    """Half of the time is half of the events; a number of protons is that of its own time."""
    whole = loads(text(REACTOR, several=False))
    half = f"{whole.live_time_s / 2 / 86400} d"
    part = loads(text(REACTOR + f'live_time = "{half}"\n', several=False))
    assert fold(part).sm_total() == pytest.approx(fold(whole).sm_total() / 2, rel=1e-9)
    both = fold(loads(text(REACTOR, FAR + f'live_time = "{half}"\n'))).sm_events
    near, far = fold(loads(text(REACTOR, FAR))).sm_events
    assert both == pytest.approx(np.array([near, far / 2]), rel=1e-9)
    protons = PIONS + 'protons = "1e22 POT"\n'
    one, two = (
        fold(loads(text(keys, several=False))).sm_total()
        for keys in (protons, protons + f'live_time = "{half}"\n')
    )
    assert two == pytest.approx(one, rel=1e-9)


def test_a_source_on_for_longer_than_the_detector_is_refused():
    with pytest.raises(MunuError, match=r"line \d+: source\[2\]: a source is on for 3652.5 days"):
        loads(text(REACTOR, FAR + 'live_time = "10 yr"\n'))


def test_the_recipe_says_when_a_source_is_on():
    whole = loads(text(REACTOR, several=False))
    part = loads(text(REACTOR + f'live_time = "{whole.live_time_s / 4} s"\n', several=False))
    assert ("on for", "25 % of the live time") in part.source.describe()


@pytest.mark.parametrize("several", [False, True])
def test_a_remark_on_a_column_names_its_species(tmp_path, several):
    """Also where the table is one of several sources."""
    keys = 'columns = { nu_e = "nue", nu_mu = "numu" }\n'
    (tmp_path / "flux.csv").write_text("energy,nue,numu\n1,1,1\n10,1,5\n40,0,0\n", "utf-8")
    own = text(FLUX + keys, *([REACTOR] if several else []), several=several)
    keys = [one.key for one in check(loads(own, folder=tmp_path)) if "factor of two" in one.message]
    assert keys == [f"source{'[1]' if several else ''}.columns.nu_mu"]


def test_a_unit_of_one_of_several_has_the_line_of_its_key(tmp_path):
    (tmp_path / "flux.csv").write_text(TABLE, "utf-8")
    own = text(REACTOR, FLUX + 'columns = { nu_e = "nue" }\nflux_unit = "/furlong2/s/MeV"\n')
    line = next(i for i, one in enumerate(own.splitlines(), 1) if one.startswith("flux_unit"))
    with pytest.raises(MunuError, match=rf"line {line}: source\[2\]\.flux_unit"):
        loads(own, folder=tmp_path, name="mine.toml")


BEAM = 'kind = "tabulated"\nbeam = "{}"\nspecies = "nu_e_bar"\npoints = [[1, 1e10], [8, 1e10]]\n'


def test_a_beam_with_the_name_that_a_numbered_one_gets_is_refused():
    with pytest.raises(MunuError, match="two beams are called 'reactor 1'") as caught:
        loads(text(REACTOR, FAR, BEAM.format("reactor 1")))
    assert "Give the former another name" in caught.value.remedy
    for others in ([REACTOR, BEAM.format("reactor 1")], [REACTOR, FAR, BEAM.format("reactor 3")]):
        found = loads(text(*others))
        beams = [one.beam for one in found.source.components(found.mixing)]
        assert len(set(beams)) == len(others)


@pytest.mark.parametrize("name", ["full", "", " "])
def test_a_beam_that_cannot_be_asked_for_is_refused(name):
    with pytest.raises(MunuError, match="could not be asked for by its name"):
        loads(text(BEAM.format(name), several=False))


@pytest.mark.parametrize("value", ["1.5", '"150 %"', "-0.1"])
def test_what_stands_beside_a_name_is_allowed_too(value):
    sun = SUN.replace('"adiabatic"', value)
    with pytest.raises(MunuError, match=r"source\.survival = ") as caught:
        loads(text(sun, several=False))
    assert caught.value.remedy == "Allowed: 'adiabatic', or from 0 up to 1"


def refusal(sun):
    with pytest.raises(MunuError) as caught:
        loads(text(sun, several=False))
    return str(caught.value)


def test_a_name_with_a_slip_has_its_guess_and_the_numbers():
    said = refusal(SUN.replace("adiabatic", "adiabtic"))
    assert "Did you mean 'adiabatic'? Allowed: 'adiabatic', or a number, or one with %" in said
