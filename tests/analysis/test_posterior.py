"""Posteriors against integrals on grids, and against profiled intervals where they must agree."""

import csv
import io
import sys

import numpy as np
import pytest
from scipy import stats

import munu
from munu.analysis.posterior_priors import read_priors, text_of
from munu.base.errors import MunuError

PRECISE = """
format = 1
id = "precise"
title = "Five tons of germanium, a year"
reference = "this test"

[source]
kind = "reactor"
thermal_power = "3 GW"
baseline = "25 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "mueller2011"
low_energy = "kopeikin2012"
endpoint = "8 MeV"
captures_per_fission = 0

[target]
material = "Ge"
mass = "5 t"

[exposure]
live_time = "365 d"

[detector]
observable = "ionisation"
threshold = "0.25 keVee"
quenching = "lindhard"
efficiency = { model = "flat", fraction = "80 %" }
resolution = "perfect"

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"

[statistic]
kind = "poisson"
observed = [0]
sigma_signal = 0.0
backgrounds = [{ name = "flat", events = 50000.0, sigma = "1 %" }]
"""
SQUARE = {"Lambda_3": "square(0, 2e-9)"}


@pytest.fixture(scope="module", autouse=True)
def _sampler():
    pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")


@pytest.fixture(scope="module")
def precise():
    return munu.loads(PRECISE, name="precise")


@pytest.fixture(scope="module")
def conus():
    return munu.posterior("conus", "Lambda_3", prior=SQUARE, live_points=300, seed=3)


@pytest.mark.parametrize("nuisances", ["marginalised", "profiled"])
def test_in_the_gaussian_limit_credible_and_profiled_intervals_are_equal(precise, nuisances):
    found = munu.posterior(
        precise,
        "sin2_theta_w",
        prior="sin2_theta_w=flat(0.2, 0.26)",
        nuisances=nuisances,
        live_points=400,
        expected=True,
    )
    (one,) = found.parameters
    low, high = one.profiled[np.argmin(np.abs(one.profiled.mean(axis=1) - 0.2312))]
    sigma = (high - low) / (2 * 1.645)
    np.testing.assert_allclose(one.equal_tailed, [low, high], atol=0.12 * sigma)
    np.testing.assert_allclose(one.highest_density[0], [low, high], atol=0.15 * sigma)
    assert one.sigma == pytest.approx(sigma, rel=0.06)


def test_at_a_boundary_the_upper_end_is_that_of_the_profiled_limit(precise):
    """Counts are linear in μ²: with a prior flat in it the posterior is half a Gaussian."""
    found = munu.posterior(
        precise, "mu_nu_e", prior={"mu_nu_e": "square(0, 1.5e-10)"}, live_points=400, expected=True
    )
    (one,) = found.parameters
    np.testing.assert_allclose(one.highest_density, one.profiled, rtol=0.03)
    assert one.equal_tailed[0] > 0
    assert one.upper == pytest.approx(one.profiled[0, 1], rel=0.03)


def test_marginalised_is_the_integral_over_the_nuisance(conus):
    found = munu.likelihood("conus", "Lambda_3")
    square = (np.arange(6000) + 0.5) / 6000 * (2e-9) ** 2
    theta = np.linspace(-6, 6, 61)
    x, t = np.meshgrid(np.sqrt(square), theta, indexing="ij")
    chi2 = found.chi2(x[..., None], nuisances=t[..., None])
    density = np.exp(-0.5 * chi2).sum(axis=1) * (theta[1] - theta[0]) / np.sqrt(2 * np.pi)
    assert abs(conus.log_evidence - np.log(density.mean())) < 3.5 * conus.log_evidence_error
    below = np.cumsum(density) / density.sum()
    median, upper = np.sqrt(np.interp([0.5, 0.9], below, square))
    (one,) = conus.parameters
    assert one.median == pytest.approx(median, rel=0.06)
    assert one.upper == pytest.approx(upper, rel=0.06)


def test_a_plane_against_a_grid():
    names = ("Lambda_1", "Lambda_2")
    prior = {"Lambda_1": "flat(0, 4e-9)", "Lambda_2": "log(1e-11, 4e-9)"}
    found = munu.posterior("conus", names, prior=prior, nuisances="profiled", live_points=300)
    part = (np.arange(150) + 0.5) / 150
    x, y = np.meshgrid(part * 4e-9, 1e-11 * 400**part, indexing="ij")
    density = np.exp(-0.5 * munu.likelihood("conus", names).chi2(np.stack([x, y], axis=-1)))
    assert abs(found.log_evidence - np.log(density.mean())) < 3.5 * found.log_evidence_error
    for axis, (one, values) in enumerate(zip(found.parameters, (x[:, 0], y[0]), strict=True)):
        marginal = density.sum(axis=1 - axis)
        known = np.average(np.log(values), weights=marginal)
        sampled = np.average(np.log(found.samples[:, axis]), weights=found.weights)
        assert sampled == pytest.approx(known, abs=0.12), one.parameter
    ordered = np.sort(density.ravel())[::-1]
    share = (
        np.interp(0.9, np.cumsum(ordered) / ordered.sum(), np.arange(ordered.size)) / ordered.size
    )
    polygons = [
        np.column_stack([p[:, 0] / 4e-9, np.log(p[:, 1] / 1e-11) / np.log(400)])
        for p in found.regions[0].polygons
    ]
    areas = [
        0.5 * abs(np.dot(a, np.roll(b, 1)) - np.dot(b, np.roll(a, 1)))
        for a, b in (p.T for p in polygons)
    ]
    assert max(areas) == pytest.approx(share, rel=0.12)
    assert found.regions[0].profiled


def test_a_profiled_interval_of_several_is_the_extent_of_a_region():
    names = ("mu_nu_e", "mu_nu_mu")
    prior = dict.fromkeys(names, "flat(0, 1e-8)")
    found = munu.posterior("coherent-csi", names, prior=prior, live_points=60)
    direct = munu.limit("coherent-csi", "mu_nu_e", others="profiled")
    assert found.parameters[0].profiled[0, 1] == pytest.approx(direct.limit_mu_b, rel=2e-3)


def test_a_seed_reproduces_to_the_byte(conus):
    options = {"prior": SQUARE, "live_points": 60, "profiled": False}
    texts = [munu.posterior("conus", "Lambda_3", seed=n, **options).to_json() for n in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_an_interrupted_posterior_goes_on_to_the_same_samples(conus, tmp_path):
    path = tmp_path / "rounds.jsonl"
    asked = {"prior": SQUARE, "live_points": 60, "profiled": False}
    whole = munu.posterior("conus", "Lambda_3", **asked, state=path).to_json()
    assert whole == munu.posterior("conus", "Lambda_3", **asked).to_json()
    lines = path.read_text().splitlines(keepends=True)
    assert len(lines) > 10
    path.write_text("".join(lines[: len(lines) // 2]) + lines[-1][:40])
    assert munu.posterior("conus", "Lambda_3", **asked, state=path).to_json() == whole
    assert path.read_text() == "".join(lines)
    with pytest.raises(MunuError, match="belongs to another study: seed: 1 there, 2 here"):
        munu.posterior("conus", "Lambda_3", **asked, seed=2, state=path)
    other = {**asked, "prior": {"Lambda_3": "flat(0, 3e-9)"}}
    with pytest.raises(
        MunuError, match=r"another study: priors: .*SquarePrior.* there, .*FlatPrior.* here"
    ):
        munu.posterior("conus", "Lambda_3", **other, state=path)
    path.write_text("".join(lines).replace('"block": 3', '"block": 4', 1))
    with pytest.raises(MunuError, match="line is damaged"):
        munu.posterior("conus", "Lambda_3", **asked, state=path)


def test_what_a_state_keeps_is_not_done_again(tmp_path, monkeypatch):
    path = tmp_path / "rounds.jsonl"
    asked = {"prior": SQUARE, "live_points": 60, "profiled": False, "state": path}
    whole = munu.posterior("conus", "Lambda_3", **asked).to_json()

    def never(*arguments):
        raise AssertionError("a round is made again")

    monkeypatch.setattr("munu.statistics.nested_walk.WalksInStep._walked", never)
    assert munu.posterior("conus", "Lambda_3", **asked).to_json() == whole


def test_an_interruption_while_kept_rounds_are_read_says_what_is_kept(tmp_path):
    path = tmp_path / "rounds.jsonl"
    asked = {"prior": SQUARE, "live_points": 60, "profiled": False, "state": path}
    munu.posterior("conus", "Lambda_3", **asked)
    kept = path.read_text().count("\n") - 1

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        munu.posterior("conus", "Lambda_3", **asked, progress=interrupt)
    (note,) = stopped.value.__notes__
    assert f"keeps {kept} finished pieces. Give the same command again to go on" in note


def test_json_and_back(conus):
    again = munu.read_json(conus.to_json())
    assert again.to_json() == conus.to_json()
    document = conus.to_dict()
    assert document["log_evidence_error"] > 0
    assert document["method"].startswith("nested sampling, dynesty")
    assert str(conus)
    assert len(conus.summary()) <= 3


def test_samples_are_csv_with_weight_and_minus_two_ln_l(conus):
    rows = list(csv.DictReader(io.StringIO(conus.to_csv())))
    assert list(rows[0]) == ["weight", "-2lnL", "Lambda_3_mu_b", "normalisation:conus"]
    numbers = np.array([[float(value) for value in row.values()] for row in rows])
    assert numbers[:, 0].sum() == pytest.approx(1)
    theta = numbers[:, 3:]
    chi2 = munu.likelihood("conus", "Lambda_3").chi2(numbers[:, 2:3], nuisances=theta)
    np.testing.assert_allclose(numbers[:, 1], chi2 - theta[:, 0] ** 2, rtol=1e-8, atol=1e-8)


def test_getdist_reads_the_samples(conus, tmp_path):
    getdist = pytest.importorskip("getdist", reason="getdist is not installed")
    table = np.genfromtxt(io.StringIO(conus.to_csv()), delimiter=",", skip_header=1)
    samples = getdist.MCSamples(
        samples=table[:, 2:], weights=table[:, 0], loglikes=0.5 * table[:, 1], names=["L3", "n"]
    )
    assert samples.mean("L3") == pytest.approx(conus.parameters[0].mean, rel=1e-6)


def test_phases_are_flat_over_the_turn_unless_said_otherwise():
    flat, given = read_priors(["xi_1", "Lambda_1"], {"Lambda_1": "log(1e-12 mu_B, 1e-9)"})
    assert (flat.low, flat.high) == (-np.pi, np.pi)
    assert text_of(given) == "log(1e-12, 1e-09)"
    (other,) = read_priors(["xi_1"], ["xi_1 = gaussian(0, 90 deg)"])
    assert other.sigma == pytest.approx(np.pi / 2)
    normal = stats.truncnorm(-2, 2, 0, np.pi / 2)
    np.testing.assert_allclose(other.at(np.array([0.2])), normal.ppf(0.2), rtol=1e-9)


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        ({}, r"Lambda_1 has no prior.*flat\(0, 1e-9\)"),
        ({"Lambda_1": "flt(0, 1)"}, "unknown prior 'flt' in Lambda_1.*Did you mean 'flat'"),
        ({"Lambda_1": "flat"}, "takes two ends, without which it is improper"),
        ({"Lambda_1": "gaussian(1e-9)"}, "takes a mean and a sigma"),
        ({"Lambda_1": "flat(0, inf)"}, "has no end at inf"),
        ({"Lambda_1": "flat(2e-9, 1e-9)"}, "before it begins"),
        ({"Lambda_1": "flat(-1e-9, 1e-9)"}, "is not within 0 to 1e-06"),
        ({"Lambda_1": "log(0, 1e-9)"}, "begins above zero"),
        ({"Lambda_1": "gaussian(-1e-9, 1e-10)"}, "Lambda_1: a Gaussian about -1e-09"),
        ({"Lambda_1": "gaussian(1e-9, 0)"}, "is not positive"),
        ({"Lambda_1": "flat(0, 1 keV)"}, "unit of"),
        ({"Lambda_1": "flat[0, 1]"}, "is not a prior"),
        ({"Lambda_1": "flat(0, 1e-9)", "Lambda_2": "flat(0, 1)"}, "unknown parameter 'Lambda_2'"),
        (["Lambda_1"], "is not NAME=PRIOR"),
        (["Lambda_1=flat(0, 1)", "Lambda_1=flat(0, 1)"], "has two priors"),
    ],
)
def test_priors_that_are_none_are_refused(prior, message):
    with pytest.raises(MunuError, match=message):
        munu.posterior("conus", "Lambda_1", prior=prior)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"live_points": 3}, "live_points = 3 is out of range"),
        ({"nuisances": "fixed"}, "unknown treatment of the nuisances 'fixed'"),
        ({"cl": 90}, "confidence level 90"),
        ({"one_sided": True}, "is not an assumption of a posterior"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_options_that_are_none_are_refused(options, message):
    with pytest.raises(MunuError, match=message):
        munu.posterior("conus", "Lambda_3", prior=SQUARE, **options)


def test_without_dynesty_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "dynesty", None)
    with pytest.raises(MunuError, match=r"dynesty.*pip install 'munu\[posterior\]'"):
        munu.posterior("conus", "Lambda_3", prior=SQUARE)


def test_the_change_of_variables_of_the_nuisances_makes_chi2_a_parabola():
    found = munu.likelihood("coherent-csi-2021", "Lambda_1")
    x = np.array([[0.0], [1e-9], [3e-9]])
    centre, width = found.nuisance_shape(x)
    z = np.random.default_rng(1).standard_normal(centre.shape)
    theta = centre + np.einsum("mij,mj->mi", width, z)
    rise = found.chi2(x, nuisances=theta) - found.chi2(x)
    np.testing.assert_allclose(rise, np.sum(z**2, axis=1), rtol=0.3)
    assert np.all(found.chi2(x, nuisances=centre) - found.chi2(x) < 0.05)


def test_seeds_scatter_as_the_samples_say():
    """A sampler whose walks are too short is far off its own error: thin and bent places."""
    found = [
        munu.posterior(
            "conus", "Lambda_3", prior=SQUARE, live_points=100, seed=seed, profiled=False
        )
        for seed in range(4)
    ]
    below = 4.2687e-10  # 90 % of the integral over the nuisance, on a fine grid
    content = [np.sum(one.weights[one.samples[:, 0] < below]) for one in found]
    assert np.mean(content) == pytest.approx(0.9, abs=0.035)
    assert np.std(content) < 0.04
