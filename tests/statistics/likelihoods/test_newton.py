"""Binned likelihoods with numerical nuisances, against iminuit and finite differences."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from iminuit import Minuit
from scipy.optimize import minimize

from munu.analysis.model import moment_model
from munu.base.descent import MAXIMUM_STEPS
from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.build import build
from munu.statistics.likelihoods import BinnedPart, ShapeVariation, Template, as_newton
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.losses import GaussianLoss, Loss, OnOffLoss, PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.limits.free_phases import FreePhases
from munu.statistics.limits.profiled import profiled_interval
from munu.statistics.limits.search import profile_curve
from munu.statistics.limits.slices import delta_chi2_profile, slice_interval
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel, combine_models
from munu.statistics.specification import Background, Counts
from munu.statistics.toys import toy_data

RNG = np.random.default_rng(11)
N = 8
SIGNAL = np.linspace(30.0, 5.0, N)
BACKGROUND = np.linspace(4.0, 12.0, N)
OBSERVED = RNG.poisson(SIGNAL + BACKGROUND).astype(float)


def part(loss: Loss) -> BinnedPart:
    return BinnedPart(
        loss=loss,
        normalisations={"flux": 0.1, "own": 0.05},
        templates=(
            Template(
                "neutrons",
                BACKGROUND,
                0.25,
                (
                    ShapeVariation(
                        "neutron-energy", 0.9 * BACKGROUND, BACKGROUND * np.linspace(1, 1.3, N)
                    ),
                ),
            ),
        ),
        n_bins=N,
        variants=("quenching",),
    )


def with_variants(signal: np.ndarray) -> np.ndarray:
    tilt = np.linspace(-0.1, 0.2, N)
    return np.concatenate([signal, signal * (1 - tilt), signal * (1 + tilt + 0.02)])


LOSSES = [
    PoissonLoss(OBSERVED),
    GaussianLoss(OBSERVED, OBSERVED + 1),
    OnOffLoss(OBSERVED + RNG.poisson(3.0, N), RNG.poisson(6.0, N).astype(float), 2.0),
]


def explicit_chi2(loss: Loss, theta: np.ndarray, names: tuple[str, ...]) -> float:
    """The formula of the module, written out for this model."""
    t = dict(zip(names, theta, strict=True))
    nominal, minus, plus = np.split(with_variants(SIGNAL), 3)
    q = t["quenching"]
    signal = nominal + q * (plus - minus) / 2 + q**2 * ((plus + minus) / 2 - nominal)
    e = t["neutron-energy"]
    low, high = 0.9 * BACKGROUND, BACKGROUND * np.linspace(1, 1.3, N)
    neutrons = BACKGROUND + e * (high - low) / 2 + e**2 * ((high + low) / 2 - BACKGROUND)
    prediction = (1 + 0.1 * t["flux"] + 0.05 * t["own"]) * signal
    prediction = prediction + (1 + 0.25 * t["neutrons"]) * neutrons
    if isinstance(loss, PoissonLoss):
        n = loss.observed
        terms = 2 * (prediction - n + n * np.log(n / prediction))
    elif isinstance(loss, GaussianLoss):
        terms = (prediction - loss.observed) ** 2 / loss.variance
    else:
        assert isinstance(loss, OnOffLoss)
        terms = on_off_brute(loss, prediction)
    return float(np.sum(terms) + np.sum(theta**2))


def on_off_brute(loss: OnOffLoss, prediction: np.ndarray) -> np.ndarray:
    """Minimise over each bin's background by a fine scan and a parabola."""
    terms = []
    for mu, n, m in zip(prediction, loss.observed, loss.off, strict=True):
        b = np.linspace(1e-9, 40, 400_001)
        off = m * np.log(m / (loss.ratio * b)) if m > 0 else 0.0
        chi2 = 2 * (mu + b - n + n * np.log(n / (mu + b)) + loss.ratio * b - m + off)
        terms.append(chi2.min())
    return np.array(terms)


@pytest.mark.parametrize("loss", LOSSES[:2], ids=["poisson", "gaussian"])
def test_profile_against_iminuit(loss):
    likelihood = NewtonLikelihood((part(loss),), with_variants(SIGNAL))
    minuit = Minuit(
        lambda theta: explicit_chi2(loss, np.asarray(theta), likelihood.names),
        np.zeros(len(likelihood.names)),
    )
    minuit.tol = 1e-6
    minuit.strategy = 2
    minuit.migrad()
    signal = with_variants(SIGNAL)
    assert likelihood.chi2(signal) == pytest.approx(minuit.fval, abs=1e-6)
    found = list(likelihood.nuisances(signal).values())
    np.testing.assert_allclose(found, np.array(minuit.values), atol=2e-3)


@pytest.fixture(scope="module")
def argon_toys() -> list[NewtonLikelihood]:
    """Toys of the LAr data: extrapolated neutron shapes leave bins without events at zero."""
    folded = fold_experiment("coherent-lar-2020")
    model, spec = (
        moment_model(folded, Assumptions(mixing="desalas2018-no")),
        folded.experiment.statistic,
    )
    variants = tuple(variant.name for variant in folded.counts.variants)
    rng = np.random.default_rng(1)
    drawn = list(islice(toy_data(spec, model.likelihood, model.sm, rng), 80))
    return [drawn[i].likelihood(model.names[0], model.sm, variants) for i in (8, 38, 79)]


@pytest.mark.parametrize("index", [0, 1, 2])
def test_minima_on_the_edge_of_empty_bins_against_iminuit(argon_toys, index):
    likelihood = argon_toys[index]
    signal = likelihood.reference
    minuit = Minuit(
        lambda theta: likelihood.terms(signal[None], theta[None]).chi2[0],
        np.zeros(len(likelihood.names)),
        grad=lambda theta: likelihood.terms(signal[None], theta[None]).gradient[0],
    )
    minuit.tol, minuit.strategy = 1e-6, 2
    minuit.migrad(ncall=20_000)
    assert minuit.valid
    assert likelihood.chi2(signal) == pytest.approx(minuit.fval, abs=1e-4)


def test_one_signal_on_an_edge_leaves_the_others_as_they_are(argon_toys):
    likelihood = argon_toys[0]
    signals = likelihood.reference * np.array([0.5, 1.0, 1.5, 3.0])[:, None]
    alone = [float(likelihood.chi2(signal)) for signal in signals]
    np.testing.assert_allclose(likelihood.chi2(signals), alone, atol=1e-6)


@pytest.mark.parametrize("prediction", [0.5, 3.0, 20.0])
@pytest.mark.parametrize(("observed", "off"), [(12.0, 7.0), (3.0, 0.0), (0.5, 9.0)])
def test_off_beam_background_is_minimised(prediction, observed, off):
    loss = OnOffLoss(np.array([observed]), np.array([off]), 2.0)
    chi2, _, _ = loss(np.array([[prediction]]))
    expected = on_off_brute(loss, np.array([prediction]))
    assert chi2[0, 0] == pytest.approx(expected[0], abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES, ids=["poisson", "gaussian", "on-off"])
def test_gradient_against_finite_differences(loss):
    likelihood = NewtonLikelihood((part(loss),), with_variants(SIGNAL))
    signal = with_variants(SIGNAL * 1.1)
    gradient = likelihood.gradient(signal)
    steps = 1e-4 * np.eye(signal.size)
    numerical = (likelihood.chi2(signal + steps) - likelihood.chi2(signal - steps)) / 2e-4
    np.testing.assert_allclose(gradient, numerical, atol=2e-5)


def test_gaussian_parts_agree_with_the_analytic_minimum():
    nuisances = (
        LinearNuisance("flux", np.full(2, 0.1)),
        LinearNuisance("background", np.full(2, 0.3), np.array([4.0, 9.0])),
    )
    gaussian = GaussianLikelihood(
        np.array([30.0, 50.0]), np.full(2, 30.0), np.full(2, 1.2), nuisances
    )
    numerical = as_newton([gaussian], np.array([30.0, 50.0]))
    signal = RNG.uniform(10, 80, (20, 2))
    np.testing.assert_allclose(numerical.chi2(signal), gaussian.chi2(signal), rtol=1e-9)
    np.testing.assert_allclose(numerical.gradient(signal), gaussian.gradient(signal), rtol=1e-6)


def binned_model(observed: np.ndarray | None, name: str = "mine") -> MomentModel:
    spec = Counts(
        "poisson",
        observed,
        (Background("neutrons", BACKGROUND, 0.25),),
        sigma_signal=0.12,
        shared={"flux": 0.1},
    )
    shape = np.linspace(3.0, 0.3, N)
    u = np.array([0.8, 0.5, 0.33])
    w = 1e20 * shape[:, None, None] * (np.eye(3) - np.outer(u, u) / (u @ u))
    return MomentModel((name,), build(spec, name, SIGNAL), SIGNAL, w.astype(complex))


def second_model() -> MomentModel:
    likelihood = GaussianLikelihood(
        np.array([70.0]), np.array([90.0]), np.zeros(1), (LinearNuisance("flux", np.array([0.1])),)
    )
    v = np.array([0.4, 0.6, 0.7]) * np.exp(1j * np.array([0.0, 0.4, 0.0]))
    v /= np.linalg.norm(v)
    w = 3e19 * (np.eye(3) - np.outer(v, v.conj()))[None]
    return MomentModel(("second",), likelihood, np.array([70.0]), w)


def test_slice_of_a_projection_against_a_scan():
    model = binned_model(None)
    found = slice_interval(model, 1, 2.706)
    moments = np.zeros((2001, 3))
    moments[:, 1] = np.linspace(0, 1.5 * found.upper_mu_b, 2001)
    chi2 = model.chi2(moments)
    crossing = np.interp(2.706, chi2 - chi2[0], moments[:, 1])
    assert found.upper_mu_b == pytest.approx(crossing, rel=1e-3)
    assert found.lower_mu_b == 0


def test_one_flavour_is_blind_and_two_close_it():
    alone = profiled_interval(binned_model(None), 0, 2.706)
    assert alone.unbounded_because == "blind direction"
    np.testing.assert_allclose(
        np.abs(alone.blind_direction),
        np.array([0.8, 0.5, 0.33]) / np.hypot(0.8, np.hypot(0.5, 0.33)),
    )
    joint = combine_models([binned_model(None), second_model()])
    closed = profiled_interval(joint, 0, 2.706)
    assert np.isfinite(closed.upper_mu_b)
    assert closed.upper_mu_b > slice_interval(joint, 0, 2.706).upper_mu_b


@pytest.mark.parametrize("phases_free", [True, False])
def test_profiled_limit_against_a_simplex(phases_free):
    joint = combine_models([binned_model(None), second_model()])
    limit = profiled_interval(joint, 2, 2.706, phases_free=phases_free).upper_mu_b
    model = joint if phases_free else replace(joint, w=joint.w.real.astype(complex))
    floor = float(model.chi2(np.zeros(3)))

    def lowest(modulus: float) -> float:
        def chi2(x: np.ndarray) -> float:
            others = x[:2] + 1j * x[2:] if phases_free else np.abs(x)
            return float(model.chi2(modulus * np.array([*others, 1.0])))

        starts = RNG.normal(size=(2, 4 if phases_free else 2))
        found = [minimize(chi2, x, method="Nelder-Mead", options={"xatol": 1e-4}) for x in starts]
        return min(float(result.fun) for result in found) - floor

    assert lowest(1.002 * limit) > 2.706
    assert lowest(0.998 * limit) < 2.706


def test_a_measured_excess_is_found():
    model = binned_model(None)
    truth = np.array([0.0, 6e-10, 0.0])
    observed = SIGNAL + BACKGROUND + model.dipole_events(truth)
    found = slice_interval(binned_model(observed), 1, 1.0)
    assert found.best_fit_mu_b == pytest.approx(6e-10, rel=1e-3)
    assert found.chi2_min == pytest.approx(0.0, abs=1e-8)
    assert 0 < found.lower_mu_b < 6e-10 < found.upper_mu_b


def test_wrong_number_of_bins_is_named():
    spec = Counts("poisson", np.ones(3), (), sigma_signal=0.1)
    with pytest.raises(MunuError, match="'observed' of 'mine' has 3 bins, the signal 8"):
        build(spec, "mine", SIGNAL)


def test_empty_bins_have_no_gaussian_variance():
    with pytest.raises(MunuError, match="Gaussian variance"):
        Counts("gaussian", np.zeros(N), (), sigma_signal=0.1)
    projected = Counts("gaussian", None, (), sigma_signal=0.1)
    with pytest.raises(MunuError, match="Gaussian variance"):
        build(projected, "mine", 0 * SIGNAL)


def test_a_slice_goes_on_past_points_that_fail(monkeypatch):
    model = binned_model(None)
    moduli = np.linspace(0.0, 2e-9, 4)
    whole = delta_chi2_profile(model, 1, moduli)
    assert whole.failures == {}
    original = NewtonLikelihood.profile
    wrong = (model.sm + moduli[2:, None] ** 2 * model.w[:, 1, 1].real)[:, 0]

    def failing(likelihood, signal):
        if np.isin(signal[:, 0], wrong).any():
            raise MunuError("the nuisance 'x' does not converge", "Widen it")
        return original(likelihood, signal)

    monkeypatch.setattr(NewtonLikelihood, "profile", failing)
    found = delta_chi2_profile(model, 1, moduli)
    np.testing.assert_allclose(found.delta_chi2[:2], whole.delta_chi2[:2], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(found.delta_chi2[2:], np.inf)
    assert found.failures == dict.fromkeys((2, 3), "the nuisance 'x' does not converge")
    with pytest.raises(MunuError, match="does not converge"):
        delta_chi2_profile(model, 1, moduli[2:])


def test_a_profile_goes_on_past_a_point_that_fails(monkeypatch):
    joint = combine_models([binned_model(None), second_model()])
    moduli, problem = np.linspace(0.0, 2e-9, 4), FreePhases.of(joint, 0, 1.0)
    whole = profile_curve(problem, moduli).delta_chi2
    original = JointChi2.minimise

    def failing(joint, y, fixed, *, theta=None, steps=MAXIMUM_STEPS, above=None):
        found = original(joint, y, fixed, theta=theta, steps=steps)
        if fixed == 1:
            found.step[np.isclose(y[:, 0], moduli[2] / problem.unit_mu_b, rtol=1e-12)] = 1.0
        return found

    monkeypatch.setattr(JointChi2, "minimise", failing)
    found = profile_curve(problem, moduli)
    np.testing.assert_allclose(found.delta_chi2[[0, 1, 3]], whole[[0, 1, 3]], atol=1e-9)
    assert found.delta_chi2[2] == np.inf
    assert list(found.failures) == [2]
    assert "does not converge" in found.failures[2]
    with pytest.raises(MunuError, match="does not converge"):
        profile_curve(problem, moduli[2:3])


@pytest.mark.parametrize("name", ["coherent-csi-2017", "coherent-lar-2020", "dresden-ii"])
def test_nuisances_converge_at_any_signal(name):
    model = moment_model(fold_experiment(name), Assumptions(mixing="desalas2018-no"))
    dipole = model.w[:, 0, 0].real
    events = np.geomspace(1e-2, 1e8, 21)[:, None]
    chi2 = model.likelihood.chi2(0.5 * model.sm + events * dipole / dipole.sum())
    lowest = int(np.argmin(chi2))
    assert np.all(np.isfinite(chi2))
    near = chi2[lowest:] < chi2[lowest] + 25
    assert np.all(np.diff(chi2[lowest:][near]) > 0)
    assert np.all(chi2[lowest + int(near.sum()) :] > chi2[lowest] + 25)
