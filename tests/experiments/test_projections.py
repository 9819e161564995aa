"""Projections of the catalogue against what their public texts state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold
from munu.statistics.specification import Counts


def test_nucleus_has_as_much_signal_as_background() -> None:
    """From 10 to 100 eV it is 1 or more (arXiv:2509.03559, abstract); 1.51 here."""
    experiment = munu.load("nucleus")
    assert isinstance(experiment.statistic, Counts)
    (background,) = experiment.statistic.backgrounds
    per_day_kg_kev = background.events.sum() / (365.25 * 0.007 * 0.09)
    assert per_day_kg_kev == pytest.approx(250, rel=1e-4)
    signal = fold(experiment).sm_total()
    assert signal.sum() / background.events.sum() == pytest.approx(1.51, abs=0.01)
    weight = signal**2 / (signal + background.events)
    assert 4.7 < np.sqrt(weight.sum()) < 8  # 4.7 standard deviations, with what is left out here


def test_its_cores_are_at_their_distances() -> None:
    """72 and 102 m at equal power: the nearer one gives two of three neutrinos."""
    near, far = fold(munu.load("nucleus")).sm_events.sum(axis=1)
    assert near / far == pytest.approx((102 / 72) ** 2, rel=1e-9)


# Recoils in a year at 20 m above each threshold: arXiv:1911.00762, second-hand.
ESS = {"current": 8405, "xenon": 7770, "germanium": 1610, "silicon": 80, "argon": 1380}


@pytest.mark.parametrize(("setup", "published"), ESS.items())
def test_events_at_the_spallation_source_are_those_published(setup: str, published: float) -> None:
    events = fold(munu.load("ess", setup)).sm_total().sum()
    assert published / events == pytest.approx(0.97, abs=0.012)


def test_the_beam_of_the_spallation_source_is_five_megawatts() -> None:
    protons_of_2_gev = 5e6 / (2e9 * 1.602176634e-19) * 5000 * 3600
    per_year = munu.load("ess").source.protons_per_s * 365.25 * 86400
    assert per_year == pytest.approx(protons_of_2_gev, rel=0.01)


def test_ricochet_counts_as_many_recoils_as_the_better_veto_leaves_neutrons() -> None:
    experiment = munu.load("ricochet")
    assert isinstance(experiment.statistic, Counts)
    (background,) = experiment.statistic.backgrounds
    kg_days = 27 * 0.038 * 50
    assert background.events.sum() / kg_days == pytest.approx(9, rel=1e-4)
    per_kg_day = {
        setup: fold(munu.load("ricochet", setup)).sm_total().sum() / kg_days
        for setup in ("current", "zinc")
    }
    assert per_kg_day == pytest.approx({"current": 11.65, "zinc": 10.14}, abs=0.01)
    signal, neutrons = per_kg_day["current"] * kg_days, np.array([44.0, 9.0]) * kg_days
    # 4.6 to 13.6 standard deviations in the abstract, with efficiencies that are left out here.
    assert signal / np.sqrt(signal + neutrons) == pytest.approx([11.2, 18.4], abs=0.1)


def test_xenon_counts_as_many_solar_neutrinos_as_darwin_expected() -> None:
    """5900 of pp from 2 to 30 keV in 14 t and 5 years (arXiv:1309.7024, abstract).

    Deeply bound electrons, 5 % here, and a survival of the fluxes of 2013 are between the two.
    """
    counts = fold(munu.load("xlzd"))
    pp = sum(
        events
        for beam, events in zip(counts.beams, counts.sm_events.sum(axis=1), strict=True)
        if beam == "pp"
    )
    assert pp * 14 * 5 / 60 / 5900 == pytest.approx(0.88, abs=0.01)


def test_ten_kilograms_of_cold_csi_and_texono() -> None:
    """Two ways to the same: the reference paper's projections, scaled to mass, place and time."""
    cold = fold(munu.load("coherent-cryocsi")).sm_total().sum()
    changes = {
        "target.mass": "10 kg",
        "exposure.live_time": "3 yr",
        "source.baseline": "20 m",
        "detector.threshold": "0.5 keV",
    }
    paper = fold(munu.load("coherent-csi@future", changes=changes)).sm_total().sum()
    assert cold == pytest.approx(paper, rel=0.02)  # another form factor
    low = fold(munu.load("texono-low-threshold")).sm_total().sum()
    changes = {
        "exposure.live_time": "242 d",
        "detector.threshold": "200 eVee",
        "detector.quenching.kappa": 0.162,
    }
    paper = fold(munu.load("texono", changes=changes)).sm_total().sum()
    assert low == pytest.approx(2 * paper, rel=0.02)  # its efficiency is a half


def test_a_year_of_750_kg_is_the_first_argon_times_mass_and_beam() -> None:
    """Signal and every background of CENNS-10 (arXiv:2006.12659), 50.2 times, in every bin."""
    year, first = munu.load("coherent-lar-750"), munu.load("coherent-lar-2020")
    factor = 750 / 24.4 * 10 / 6.12
    assert fold(year).sm_total() == pytest.approx(factor * fold(first).sm_total(), rel=1e-3)
    assert isinstance(year.statistic, Counts)
    assert isinstance(first.statistic, Counts)
    assert year.statistic.observed is None
    for mine, other in zip(year.statistic.backgrounds, first.statistic.backgrounds, strict=True):
        assert mine.name == other.name
        assert mine.events == pytest.approx(factor * other.events, rel=1e-3)
        assert mine.sigma == other.sigma
        assert [shape.name for shape in mine.shapes] == [shape.name for shape in other.shapes]


def test_argon_of_the_public_simulation_has_its_recoils_and_most_of_its_events() -> None:
    """4431.67 events a year of 9136.78 recoils, and 476 decays of 39Ar a second.

    https://github.com/bojohnson5/lar_analysis, cohar750_signalpred.ipynb and cohar750_cevns.ipynb;
    39Ar decays 1.01 times a second and kg (astro-ph/0603131, abstract).
    """
    changes: dict[str, object] = {"target.mass": f"{476 / 1.01} kg"}
    events = fold(munu.load("coherent-lar-750", changes=changes)).sm_total().sum()
    assert events / 4431.67 == pytest.approx(0.887, abs=0.002)
    changes |= {
        "source.baseline": "27.5 m",
        "source.neutrinos_per_proton": 0.09,
        "source.proton_rate": "2.255e23 POT/yr",
        "detector.threshold": "1 eV",
        "detector.efficiency.fraction": 1.0,
    }
    recoils = fold(munu.load("coherent-lar@current", changes=changes)).sm_total().sum()
    assert recoils / 9136.78 == pytest.approx(0.932, abs=0.002)


def test_a_year_of_germanium_is_the_first_data_times_mass_and_beam() -> None:
    """10.66 kg and 10 GWh to 10.22 GWh kg (arXiv:2406.13806, abstract), with beam on and off."""
    year, first = munu.load("coherent-ge-mini-full"), munu.load("coherent-ge-mini")
    factor = 10.66 * 10 / 10.22
    assert fold(year).sm_total() == pytest.approx(factor * fold(first).sm_total(), rel=1e-3)
    assert isinstance(year.statistic, Counts)
    assert isinstance(first.statistic, Counts)
    (off,), (off_first,) = year.statistic.control_regions, first.statistic.control_regions
    assert year.statistic.observed is None
    assert off.observed is None
    for mine, other in (
        (year.statistic.backgrounds, first.statistic.backgrounds),
        (off.backgrounds, off_first.backgrounds),
    ):
        scaled = [factor * background.events for background in other]
        assert [one.events for one in mine] == [pytest.approx(s, rel=1e-3) for s in scaled]


def test_germanium_predicts_as_many_events_as_its_paper() -> None:
    """35.1 +- 3.6 events; the window leaves out the lines of germanium."""
    experiment = munu.load("coherent-ge-mini")
    assert isinstance(experiment, CountingExperiment)
    detector = replace(experiment.detector, bin_edges=np.array([1.5, 8.5, 10.6, 20]))
    events = fold(replace(experiment, detector=detector)).sm_total()
    low, _, high = events.reshape(3, -1).sum(axis=1)
    assert low + high == pytest.approx(35.1, abs=0.3)


# Recoils per MeV, kg and GWh of point-like germanium at 19.1 m, 0.09627 neutrinos of each flavour
# per proton of 1.05 GeV, at a few recoil energies (keV): the public prediction of Ge-Mini's second
# run, https://github.com/emmaeline/Ge_paper_signalExpectation (dukecevns).
GERMANIUM = {2.0: 456.672, 7.5: 352.18, 15.0: 236.132, 30.0: 77.7507, 40.0: 43.8213}


@pytest.mark.parametrize(("recoil_kev", "published"), GERMANIUM.items())
def test_recoils_of_germanium_are_those_of_another_program(
    recoil_kev: float, published: float
) -> None:
    protons = 3.6e12 / (1.05e9 * 1.602176634e-19)
    changes = {
        "source.baseline": "19.1 m",
        "source.neutrinos_per_proton": 0.09627,
        "source.proton_rate": f"{protons} POT/yr",
        "target.mass": "1 kg",
        "exposure.live_time": "1 yr",
        "interaction.form_factor": "unity",
        "detector.efficiency.fraction": 1.0,
        "detector.bins": {
            "kind": "edges",
            "edges": [recoil_kev - 0.05, recoil_kev + 0.05],
            "unit": "keV",
        },
    }
    events = fold(munu.load("coherent-ge@current", changes=changes)).sm_total().sum()
    assert events / 1e-4 == pytest.approx(published, rel=0.01)
