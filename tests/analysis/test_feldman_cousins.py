"""Feldman-Cousins limits of experiments: what the result says, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

import munu
from munu.base.errors import MunuError
from munu.results import FeldmanCousinsResult, read_json
from munu.statistics.studies import BareSet


def test_a_limit_of_one_count_and_its_record():
    shown: list[tuple[int, int]] = []
    found = munu.limit(
        "coherent-csi",
        method="feldman-cousins",
        precision=0.05,
        progress=lambda *now: shown.append(now),
    )
    assert isinstance(found, FeldmanCousinsResult)
    assert found.method == "feldman-cousins"
    assert found.intervals.shape == found.edge_error.shape == (1, 2)
    assert found.intervals[0, 0] == found.edge_error[0, 0] == 0
    assert found.edge_error[0, 1] <= 0.05 * found.limit_mu_b
    assert found.limit_mu_b == pytest.approx(39.8e-10, abs=4 * found.edge_error[0, 1])
    assert found.reached
    assert found.limit_mu_b < found.asymptotic_intervals[0, 1]
    assert found.asymptotic_intervals[0, 1] == munu.limit("coherent-csi").limit_mu_b
    assert found.toys == found.toys_per_value.sum()
    assert shown[-1][0] == found.toys
    assert read_json(found.to_json()).to_json() == found.to_json()
    assert "Feldman-Cousins" in str(found)
    assert "feldman-cousins" in found.to_csv()


def test_the_seed_fixes_all_and_another_one_little():
    first, again, other = (
        munu.limit("coherent-csi", method="feldman-cousins", precision=0.05, seed=seed)
        for seed in (1, 1, 2)
    )
    assert first.to_json() == again.to_json()
    assert first.limit_mu_b != other.limit_mu_b
    error = float(np.hypot(first.edge_error[0, 1], other.edge_error[0, 1]))
    assert first.limit_mu_b == pytest.approx(other.limit_mu_b, abs=4 * error)


def test_processes_draw_the_same():
    options = {"method": "feldman-cousins", "precision": 0.2}
    one, two = (munu.limit("coherent-csi", workers=n, **options) for n in (1, 2))
    assert one == two
    assert (one.workers, two.workers) == (1, 2)


def test_the_published_limit_of_xenonnt():
    """XENON Collaboration, arXiv:2207.11330: 6.4e-12 μ_B at 90 %, by this construction."""
    found = munu.limit("xenonnt-sr0-er", "mu_eff", method="feldman-cousins", precision=0.03)
    assert found.limit_mu_b == pytest.approx(6.4e-12, rel=0.08)


def test_the_edge_is_where_independent_toys_cover():
    """The fraction of toys with a smaller Δχ² than the data, at the edge, is the level."""
    found = munu.limit("coherent-csi", method="feldman-cousins", precision=0.02)
    tested = munu.coverage("coherent-csi", moment_mu_b=[found.limit_mu_b], toys=4000, seed=77)
    assert tested.feldman_cousins_delta_chi2[0] == pytest.approx(
        tested.observed_delta_chi2[0], rel=0.1
    )


@pytest.fixture(scope="module")
def charge() -> FeldmanCousinsResult:
    """Return the intervals of a millicharge, which interferes: two of them."""
    found = munu.limit("conus-plus", "millicharge_ee", method="feldman-cousins", precision=0.05)
    assert isinstance(found, FeldmanCousinsResult)
    return found


def test_every_interval_of_a_coupling(charge):
    asymptotic = munu.limit("conus-plus", "millicharge_ee").intervals
    assert charge.intervals.shape == (2, 2)
    assert charge.asymptotic_intervals == pytest.approx(asymptotic)
    widths = 0.5 * np.diff(asymptotic, axis=1)
    assert np.all(np.abs(charge.intervals - asymptotic) < 0.2 * widths)
    assert np.all((charge.edge_error > 0) & (charge.edge_error <= 0.05 * widths))
    assert charge.limit_mu_b is None
    assert charge.unit == "e"
    assert "Feldman-Cousins" in str(charge)
    assert "or" in charge.summary()[0]
    assert charge.to_csv().count("feldman-cousins") == 2
    assert charge.to_csv().startswith("parameter,unit,low,low_error,high,high_error,experiment,cl,")
    assert read_json(charge.to_json()).to_json() == charge.to_json()


def test_the_ends_of_a_coupling_are_where_independent_toys_cover(charge):
    ends = charge.intervals.ravel()
    tested = munu.coverage("conus-plus", "millicharge_ee", at=ends, toys=400, seed=77)
    errors = (
        0.2
        + 4
        * charge.edge_error.ravel()
        * np.abs(np.gradient(charge.observed_delta_chi2, charge.values))[
            np.searchsorted(charge.values, ends)
        ]
    )
    difference = tested.observed_delta_chi2 - tested.feldman_cousins_delta_chi2
    assert np.all(np.abs(difference) < 2 * errors)


def test_a_combination_with_a_profiled_coupling():
    both, options = ["conus-plus", "coherent-csi"], {"profile": ["epsilon_u_mumu"]}
    found = munu.limit(both, "mu_nu_e", method="feldman-cousins", precision=0.5, **options)
    assert found.profiled == ("epsilon_u_mumu",)
    assert found.origin.experiments == ("conus-plus@current", "coherent-csi@current")
    asymptotic = munu.limit(both, "mu_nu_e", **options).intervals
    assert found.limit_mu_b == pytest.approx(asymptotic[0, 1], rel=0.1)


def test_processes_draw_the_same_of_a_coupling():
    options = {"method": "feldman-cousins", "precision": 0.2}
    one, two = (munu.limit("conus-plus", "millicharge_ee", workers=n, **options) for n in (1, 2))
    assert one == two


def test_a_mediator_is_told_in_its_coupling_and_begins_at_zero():
    found = munu.limit(
        "conus-plus",
        "g_b-l",
        mediator_mass="30 MeV",
        method="feldman-cousins",
        precision=0.1,
    )
    asymptotic = munu.limit("conus-plus", "g_b-l", mediator_mass="30 MeV").intervals
    assert found.intervals[0, 0] == found.edge_error[0, 0] == 0
    assert found.intervals[0, 1] == pytest.approx(asymptotic[0, 1], rel=0.2)


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        (("conus",), {}, "no data that could fluctuate"),
        ((["coherent-csi", "conus"],), {}, "conus: this statistic has no data"),
        (("coherent-csi",), {"one_sided": True}, "one side"),
        (("coherent-csi", "sin2_theta_w"), {"one_sided": True}, "one side"),
        (("conus", "sin2_theta_w"), {}, "no data that could fluctuate"),
        (("conus-plus", "sin2_theta_w"), {"bands": 10}, "bands are of asymptotic"),
        (("conus-plus", "charge_radius_tautau"), {}, "sets no limit"),
        (("coherent-csi",), {"precision": 0.0}, "precision"),
        (("coherent-csi",), {"workers": 0}, "workers"),
        (("coherent-csi",), {"seed": -1}, "seed"),
        (("coherent-csi",), {"bands": 10}, "bands are of asymptotic"),
        (("dresden-ii",), {"others": "profiled"}, "blind direction"),
    ],
)
def test_what_is_refused(arguments, options, match):
    with pytest.raises(MunuError, match=match):
        munu.limit(*arguments, method="feldman-cousins", **options)


def test_an_unknown_method_is_answered_with_the_nearest():
    with pytest.raises(MunuError, match="feldman-cousins"):
        munu.limit("coherent-csi", method="feldman")


COUNT = """
format = 1
id = "count"
title = "two events beside three of background"
reference = "G. J. Feldman and R. D. Cousins, physics/9711021"
source = {{ kind = "tabulated", beam = "b", species = "nu_mu", lines = [[30, 1e7]] }}
target = {{ material = "Ge", mass = "1 kg" }}
exposure = {{ live_time = "1 yr" }}
[detector]
observable = "recoil"
threshold = "1 keV"
efficiency = {{ model = "flat", fraction = 1e-6 }}
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = [2]
sigma_signal = {sigma}
backgrounds = [{{ name = "b", events = [3], sigma = 0 }}]
"""


def test_one_count_without_nuisances_is_exact():
    """p is 0.105 up to 3.036 events of signal, by the bare sum over counts, and 0.081 beyond."""
    experiment = munu.loads(COUNT.format(sigma=0))
    per_square = sum(one.dipole_events_per_mu_b2 for one in munu.rate(experiment).components)
    found = munu.limit(experiment, "mu_nu_mu", method="feldman-cousins")
    sm = munu.likelihood(experiment, "mu_nu_mu").sm_events[0]
    assert per_square * found.limit_mu_b**2 == pytest.approx(3.036, abs=0.002 + sm)
    assert (found.toys, found.edge_error.max(), found.reached) == (0, 0, True)
    assert "Exact: of one count without nuisances" in str(found)
    assert "Feldman-Cousins, exact)" in found.summary()[0]
    assert "steps" not in str(found)
    (legend,) = munu.plot(found).figure.legends
    assert "ends (vertical)" in [text.get_text() for text in legend.get_texts()]
    assert read_json(found.to_json()).to_json() == found.to_json()
    inside = found.values < found.limit_mu_b
    held = found.observed_delta_chi2 <= found.critical_delta_chi2 + 1e-9
    assert np.all(held[inside])
    assert np.all(found.p_value[inside] > 0.1)
    assert found.p_value[0] == 1
    with pytest.raises(MunuError, match="is exact"):
        munu.limit(experiment, "mu_nu_mu", method="feldman-cousins", state="toys.jsonl")
    other = munu.limit(
        munu.loads(COUNT.format(sigma=0.2)), "mu_nu_mu", method="feldman-cousins", precision=0.1
    )
    assert other.toys > 0
    assert "Exact" not in str(other)


@pytest.mark.parametrize("name", ["mu_nu_mu", "epsilon_u_mumu"])
def test_a_set_that_is_one_point_has_no_width(name):
    made = munu.loads(COUNT.format(sigma=0).replace("observed = [2]", "observed = [0]"))
    found = munu.limit(made, name, cl=0.3, method="feldman-cousins")
    ((low, high),) = found.intervals
    assert low == high
    assert found.p_value[found.values == low] == 1
    assert read_json(found.to_json()) == found
    assert "exact" in str(found.summary())


def test_steps_of_a_count_beside_which_a_coupling_is_free_are_said():
    options = {"profile": ["sin2_theta_w"], "method": "feldman-cousins", "precision": 0.5}
    found = munu.limit(munu.loads(COUNT.format(sigma=0)), "mu_nu_mu", **options)
    assert found.toys > 0
    assert any("p goes in steps" in note for note in found.origin.notes)


@pytest.mark.parametrize("name", ["epsilon_u_mumu", "mu_nu_mu"])
def test_toys_of_one_count_agree_with_its_exact_set(name, monkeypatch):
    made = munu.loads(ONE_COUNT_OF_MANY)
    options = {"method": "feldman-cousins", "precision": 0.02}
    exact = munu.limit(made, name, **options)
    monkeypatch.setattr(BareSet, "of", lambda *arguments: None)
    toys = munu.limit(made, name, **options)
    assert exact.toys == 0
    assert toys.toys > 1000
    assert exact.intervals.shape == toys.intervals.shape
    off = np.abs(exact.intervals - toys.intervals)
    half = 0.5 * np.diff(exact.asymptotic_intervals, axis=1).max()
    assert np.all(off <= 4 * toys.edge_error + 0.02 * half)


ONE_COUNT_OF_MANY = (
    COUNT.format(sigma=0)
    .replace('"poisson"', '"gaussian"')
    .replace("observed = [2]", "observed = [130]\nerror = [12]")
    .replace("events = [3]", "events = [100]")
    .replace("1e7", "1e13")
)


ONE_BIN = """
format = 1
id = "one-bin"
title = "One bin without nuisances"
reference = "made up"

[source]
kind = "tabulated"
beam = "beam"
species = "nu_e"
points = [[1, 4e6], [50, 4e6]]
energy_unit = "MeV"
flux_unit = "/cm2/s/MeV"

[target]
material = "Ge"
mass = "0.4 kg"

[exposure]
live_time = "1 yr"

[detector]
observable = "recoil"
bins = {{ kind = "edges", edges = [1, 10], unit = "keV" }}
efficiency = {{ model = "flat", fraction = 1 }}
resolution = "perfect"

[interaction]
channels = ["nuclear"]
form_factor = {{ model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }}
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"

[statistic]
kind = "poisson"
observed = [{observed}]
sigma_signal = 0
"""


def bare_ends(observed, sm, per_square, cl=0.9):
    """Return the ends of the bare construction of one count, ordered by the likelihood ratio."""
    n = np.arange(2000)
    best = poisson.logpmf(n, np.maximum(n, sm))
    moduli = np.linspace(0.0, 2.0, 4001) * np.sqrt(observed / per_square)
    mean = sm + per_square * moduli[:, None] ** 2
    q = 2 * (best - poisson.logpmf(n, mean))
    below = np.where(q < q[:, [observed]] - 1e-9, poisson.pmf(n, mean), 0.0).sum(axis=1)
    allowed = moduli[below < cl]
    return np.array([allowed[0], allowed[-1]])


@pytest.mark.parametrize("factor", [1.8, 4.0, 10.0])
def test_both_ends_of_a_moment_that_is_measured(factor):
    sm = munu.likelihood(munu.loads(ONE_BIN.format(observed=100)), "mu_nu_e").sm_events[0]
    observed = round(factor * sm)
    made = munu.loads(ONE_BIN.format(observed=observed))
    found = munu.limit(made, "mu_nu_e", method="feldman-cousins")
    per_square = munu.rate(made).components[0].dipole_events_per_mu_b2
    ends = bare_ends(observed, sm, per_square)
    assert found.intervals.shape == (1, 2)
    assert found.reached
    assert found.toys == 0
    step = 5e-4 * np.sqrt(observed / per_square)
    np.testing.assert_allclose(found.intervals[0], ends, atol=1.01 * step)


def test_zero_is_allowed_where_a_moment_stands_beside_a_coupling():
    found = munu.limit(
        "coherent-csi-2021",
        "mu_nu_mu",
        profile=["sin2_theta_w"],
        method="feldman-cousins",
        precision=0.1,
    )
    assert found.intervals[0, 0] == 0
    assert found.values[0] == 0
    assert found.critical_delta_chi2[0] > 1
