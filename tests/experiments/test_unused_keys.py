"""Keys that another key replaces: a change of them is refused, and a file is told of its own."""

from __future__ import annotations

from typing import Any

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.load import load, load_setups, loads
from munu.experiments.named import catalogue

HEADER = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "me"\n'
FAR = '[source]\nbaseline = "100 m"\n'
PLANT = """thermal_power = "3 GW"
baseline = "20 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "huber2011"
low_energy = "kopeikin2012"
endpoint = "8 MeV"
captures_per_fission = 0
"""
REST = """[exposure]
live_time = "100 d"
[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.05, 0.1, 0.3], unit = "keVee" }
quenching = { model = "lindhard", kappa = 0.16 }
efficiency = { model = "flat", fraction = 0.9 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
"""
TARGET = '[target]\nmaterial = "Ge"\nmass = "1 kg"\n'
SPALLATION = '[source]\nkind = "spallation"\nbaseline = "20 m"\nneutrinos_per_proton = 0.08\n'
PROTONS = 'protons = "1e23 POT"\n'
FLUENCE = """[source]
kind = "tabulated"
beam = "b"
species = "nu_e_bar"
points = [[0, 1e18], [8, 1e18]]
flux_unit = "/cm2/MeV"
"""
REACTOR = f'[[source]]\nkind = "reactor"\n{PLANT}'


def refused(text: str, key: str, value: object, by: str) -> None:
    """Check that a change is refused with the name of the key that replaces it."""
    with pytest.raises(MunuError, match="changes nothing") as raised:
        loads(text, changes={key: value})
    written = key.replace(".2.", "[2].")
    assert f"{written}: to change it changes nothing, as {by} is " in str(raised.value)
    assert by in raised.value.remedy


def events(text: str, **changes: object) -> float:
    given = {key.replace("__", "."): value for key, value in changes.items()}
    return munu.rate(loads(text, changes=given)).sm_events


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("source.baseline", "100 m"),
        ("source.thermal_power", "1 GW"),
        ("source.energies_per_fission", "ma2013"),
    ],
)
def test_a_total_flux_makes_its_power_and_distance_unused(key: str, value: str) -> None:
    with pytest.raises(MunuError, match=r"as source\.total_flux is stated") as raised:
        load("dresden-ii@quoted-flux", changes={key: value})
    assert "Change source.total_flux, or take a setup" in raised.value.remedy


def test_what_is_used_beside_a_total_flux_may_be_changed() -> None:
    flux = load("dresden-ii@quoted-flux", changes={"source.total_flux": "2.4e13 /cm2/s"})
    half = munu.rate(flux).sm_events
    assert half == pytest.approx(munu.rate("dresden-ii@quoted-flux").sm_events / 2, rel=1e-12)
    shape = {"source.fission_fractions": "typical-pwr", "source.captures_per_fission": 0}
    assert load("dresden-ii@quoted-flux", changes=shape)
    assert load("dresden-ii", changes={"source.baseline": "20 m"})


def test_a_scan_over_an_unused_key_fails_with_its_reason() -> None:
    ends = {"start": "10 m", "end": "100 m", "points": 3}
    with pytest.raises(MunuError, match=r"source\.total_flux is stated"):
        munu.scan("dresden-ii@quoted-flux", "Lambda_3", over="source.baseline", **ends)


def test_a_file_is_told_of_its_own_key_that_the_other_s_replaces() -> None:
    said = "Not used: source.baseline, as source.total_flux is stated."
    mine = loads(f'{HEADER}like = "dresden-ii@quoted-flux"\n{FAR}')
    assert said in mine.identity.notes
    assert said in munu.rate(mine).origin.notes
    own = loads(f'{HEADER}like = "dresden-ii@quoted-flux"\n[target]\nmass = "1 kg"\n')
    near = loads(f'{HEADER}like = "dresden-ii"\n{FAR}')
    assert not any("Not used" in note for one in (own, near) for note in one.identity.notes)


def test_a_setup_and_a_table_are_told_as_well() -> None:
    plant = f'[source]\nkind = "reactor"\n{PLANT}total_flux = "1e13 /cm2/s"\n'
    text = (
        HEADER + plant + TARGET + REST + "[setup.current]\n[setup.far.source]\nbaseline = '1 km'\n"
    )
    (note,) = loads(text, setup="current").identity.notes
    names = "source.thermal_power, source.baseline, source.energies_per_fission"
    assert note == f"Not used: {names}, as source.total_flux is stated."
    assert [note] == [*loads(text, setup="far").identity.notes]


@pytest.mark.parametrize("name", catalogue())
def test_the_catalogue_says_it_in_its_own_words(name: str) -> None:
    notes = [note for one in load_setups(name) for note in one.identity.notes]
    assert not any(note.startswith("Not used:") for note in notes)


@pytest.mark.parametrize("source", [SPALLATION + PROTONS, FLUENCE])
def test_a_live_time_that_cancels_is_not_changed(source: str) -> None:
    text = HEADER + source + TARGET + REST
    by = "source.protons" if "protons" in source else "source.flux_unit"
    refused(text, "exposure.live_time", "10 yr", by)
    refused(text, "source.live_time", "10 d", by)
    assert events(text.replace('"100 d"', '"50 d"')) == pytest.approx(events(text), rel=1e-12)


def test_a_rate_of_protons_follows_the_live_time() -> None:
    text = HEADER + SPALLATION + PROTONS + TARGET + REST
    rated = events(text, source__proton_rate="1e16 POT/s")
    twice = events(text, source__proton_rate="1e16 POT/s", exposure__live_time="200 d")
    assert twice == pytest.approx(2 * rated, rel=1e-12)
    like = f'{HEADER}like = "coherent-csi"\n[exposure]\nlive_time = "2 yr"\n'
    assert "Not used: exposure.live_time, as source.protons is of the whole live time." in (
        loads(like).identity.notes
    )


def test_of_several_sources_those_that_do_not_follow_are_named() -> None:
    fluence = FLUENCE.replace("[source]", "[[source]]")
    text = HEADER + REACTOR + fluence + TARGET + REST
    found = loads(text, changes={"exposure.live_time": "200 d"})
    said = "Events of source[2] do not follow exposure.live_time, as source[2].flux_unit is of"
    (note,) = (note for note in found.identity.notes if note.startswith("Events of"))
    assert note == f"{said} the whole live time."
    refused(text, "source.2.live_time", "10 d", "source[2].flux_unit")
    own = HEADER + REACTOR + 'live_time = "20 d"\n' + TARGET + REST
    refused(own, "exposure.live_time", "200 d", "source[1].live_time")
    assert events(own.replace('"100 d"', '"50 d"')) == pytest.approx(events(own), rel=1e-12)


def test_a_response_that_each_target_has_of_its_own_replaces_the_detector_s() -> None:
    own = (
        TARGET.replace("[target]", "[[target]]")
        + "quenching = { model = 'constant', factor = 0.2 }\n"
    )
    text = HEADER + REACTOR + own + own.replace("Ge", "Si") + REST
    refused(text, "detector.quenching.kappa", 0.2, "target[1].quenching")
    refused(text, "detector.quenching", {"model": "constant", "factor": 1}, "target[1].quenching")
    assert events(text, target__2__quenching__factor=0.1) < events(text)
    one = HEADER + REACTOR + own + TARGET.replace("[target]", "[[target]]") + REST
    assert events(one, detector__quenching__kappa=0.1) < events(one)


def test_a_published_bound_does_not_follow_its_detector() -> None:
    found = load("borexino-phase-ii", changes={"exposure.live_time": "3 yr"})
    assert "The bound is as published and does not follow exposure.live_time." in (
        found.identity.notes
    )
    mixing = load("borexino-phase-ii", changes={"interaction.mixing": "nufit60-no"})
    assert not any("as published and" in note for note in mixing.identity.notes)


def test_a_scan_says_what_does_not_follow() -> None:
    found = munu.scan("coherent-csi-2021", "Lambda_3", over="target.mass", at=["10 kg", "20 kg"])
    said = [note for note in found.origin.notes if "rescaled" in note or "Changed" in note]
    assert said == ["The counts in observed, backgrounds were not rescaled."]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("detector.quenching", "lindhard"),
        ("detector.quenching.kappa", 0.1),
        ("target.quenching", "lindhard"),
        ("interaction.form_factor", "unity"),
        ("interaction.neutron_skin", "0.2 fm"),
    ],
)
def test_keys_of_nuclei_are_not_changed_where_electrons_alone_recoil(key: str, value: Any) -> None:
    changes = {key: value}
    if key.endswith("kappa"):
        changes = {"detector.quenching.model": "lindhard", **changes}
    with pytest.raises(MunuError, match=r"changes nothing, as electrons alone recoil"):
        munu.load("xenonnt-sr0-er", changes=changes)
    nuclear = {"interaction.channels": ["nuclear", "electron"]}
    munu.load("xenonnt-sr0-er", changes={**nuclear, **changes})


def test_the_reason_comes_before_what_is_wrong_below_a_key_of_nuclei() -> None:
    for key in ("detector.quenching.kappa", "target.quenching.kappa"):
        with pytest.raises(MunuError, match=r"changes nothing, as electrons alone recoil"):
            munu.load("xenonnt-sr0-er", changes={key: 0.1})


def test_quenching_of_each_target_is_not_changed_where_electrons_alone_recoil() -> None:
    several = "".join(
        TARGET.replace("[target]", "[[target]]").replace("Ge", material)
        for material in ("Ge", "Si")
    )
    text = HEADER + REACTOR + several + REST
    changes = {"target.2.quenching": "lindhard"}
    loads(text, changes=changes)
    electrons = text.replace('channels = ["nuclear"]', 'channels = ["electron"]')
    loads(electrons, changes={"target.2.mass": "2 kg"})
    with pytest.raises(MunuError, match=r"target\[2\]\.quenching: .*as electrons alone recoil"):
        loads(electrons, changes=changes)
