"""The catalogue against Table I of the paper, and each value against having a source."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat, Logistic
from munu.experiments.load import load, load_setups, setups
from munu.experiments.model import CountingExperiment, MomentBound
from munu.experiments.named import catalogue
from munu.folding.fold import fold
from munu.physics.mixing import global_fit
from munu.physics.nuclei import parse_material
from munu.sources.solar_conversion import nu_1_probability
from munu.sources.tables import packaged_toml
from munu.statistics.specification import FirstRun, Projection

TABLE_1 = tomllib.loads((Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8"))[
    "table1"
]
ROWS = [name for name in TABLE_1 if name != "source"]


def lowest_kev(detector: Detector) -> float:
    return detector.recoil_threshold_kev or float(detector.bin_edges[0])


def test_the_catalogue_has_the_paper_s_experiments():
    assert {*ROWS, "borexino"} < set(catalogue())


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("column", [0, 1], ids=["current", "future"])
def test_setups_are_those_of_table_1(name, column):
    row = TABLE_1[name]
    experiment = load(name, ("current", "future")[column])
    assert isinstance(experiment, CountingExperiment)
    assert experiment.mass_kg == pytest.approx(row["mass_kg"][column])
    assert experiment.live_time_s / 86400 == pytest.approx(row["live_time_days"][column])
    assert experiment.source.baseline_m == row["baseline_m"]
    assert experiment.target == parse_material(row["material"])
    assert lowest_kev(experiment.detector) == pytest.approx(row["threshold_kev"][column])
    efficiency = row["efficiency"][column]
    if efficiency == -1:
        assert experiment.detector.efficiency == Logistic(
            0.6655, 0.4942, 10.8507, steps=((5, 0.5), (6, 1))
        )
    else:
        assert experiment.detector.efficiency == Flat(efficiency)


@pytest.mark.parametrize("name", catalogue())
def test_every_value_has_a_source_and_every_file_its_own_name(name):
    for experiment in load_setups(name):
        assert experiment.identity.id == name
        assert [entry.key for entry in experiment.identity.provenance if not entry.source] == []


def test_beams_are_those_of_the_text():
    ge = load("coherent-ge").source
    csi = load("coherent-csi").source
    year_s = 365.25 * 86400
    assert ge.protons_per_s * year_s == pytest.approx(2.09e23)
    assert csi.protons_per_s * 308.1 * 86400 == pytest.approx(1.76e23)
    assert csi.neutrinos_per_proton == ge.neutrinos_per_proton == 0.08
    assert load("coherent-csi@future").source.protons_per_s == ge.protons_per_s


def test_statistics_are_those_of_the_text():
    first = load("coherent-csi").statistic
    assert isinstance(first, FirstRun)
    assert (first.observed, first.prompt_neutrons, first.steady_state) == (142, 6, 405)
    assert (first.sigma_signal, first.sigma_background) == (0.28, 0.25)
    parts = [0.25, 0.10, 0.05, 0.05]
    assert np.hypot.reduce(parts) == pytest.approx(0.28, abs=0.005)
    for name in ROWS:
        for setup, sigma in (("current", 0.2), ("future", 0.1)):
            statistic = load(name, setup).statistic
            if isinstance(statistic, Projection):
                assert (statistic.sigma_stat, statistic.sigma_sys) == (sigma, sigma)


def test_all_detectors_at_the_sns_share_its_flux_and_no_reactor_does():
    for name in ROWS:
        for experiment in load_setups(name):
            assert ("flux:sns" in experiment.statistic.shared) == name.startswith("coherent")


@pytest.mark.parametrize(
    ("name", "flux_per_cm2_s"),
    [("conus", 2.33e13), ("connie", 7.37e12), ("texono", 6.4e12)],
)
def test_reactor_fluxes_are_near_those_the_experiments_quote(name, flux_per_cm2_s):
    """Abstracts of arXiv:1906.02200 (7.8e12) and arXiv:0911.1597; CONUS quotes up to 2.3e13."""
    total = load(name).source.components()[0].spectrum.total_flux_per_cm2_s
    assert total == pytest.approx(flux_per_cm2_s, rel=0.1)


def test_borexino_s_survival_is_the_adiabatic_one_at_the_beryllium_line():
    experiment = load("borexino")
    assert isinstance(experiment, MomentBound)
    potential = packaged_toml("solar/solar.toml")["potential_ev"]["7Be"]
    variance = packaged_toml("solar/solar.toml")["potential_relative_variance"]["7Be"]
    expected = nu_1_probability(
        0.862,
        global_fit("desalas2018-no"),
        potential_ev=potential,
        relative_variance=variance,
    )
    assert experiment.source.survival == pytest.approx(float(expected), abs=5e-4)
    assert setups("borexino") == ("current",)


def test_borexino_s_limits_are_those_of_table_2():
    """Eq. (37) with one moment at a time; Table II prints 0.44, 0.36, 0.28."""
    experiment = load("borexino")
    survival, c13_squared = experiment.source.survival, 1 - experiment.mixing.sin2_theta13
    weights = [1 - c13_squared * survival, 1 - c13_squared * (1 - survival), c13_squared]
    limits = experiment.statistic.moment_mu_b / np.sqrt(weights) / 1e-10
    assert limits == pytest.approx([0.44, 0.36, 0.28], rel=0.03)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("setup", ["current", "future"])
def test_the_effect_of_sigma_sys_is_the_one_in_the_note(name, setup):
    """Limits go as the square root of the largest excess that Eq. (34) allows."""
    experiment = load(name, setup)
    if not isinstance(experiment.statistic, Projection):
        return
    sm = float(fold(experiment).sm_total()[0])
    sigma_stat, sigma_sys = experiment.statistic.sigma_stat, experiment.statistic.sigma_sys

    def excess(sigma):
        """Root x of x^2 = 2.706 [(1 + sigma_stat)(N + x) + sigma^2 (N + x)^2]."""
        a, b = 1 - 2.7055 * sigma**2, 2.7055 * (1 + sigma_stat + 2 * sigma**2 * sm)
        c = 2.7055 * ((1 + sigma_stat) * sm + sigma**2 * sm**2)
        return (b + np.sqrt(b**2 + 4 * a * c)) / (2 * a)

    weaker = np.sqrt(excess(sigma_sys) / excess(0.0))
    notes = [entry.note for entry in experiment.identity.provenance]
    stated = [float(m[1]) for note in notes if (m := re.search(r"limits ([\d.]+) times", note))]
    assert stated == [pytest.approx(weaker, rel=0.03)]
