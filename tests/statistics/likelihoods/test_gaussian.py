"""χ² with linear nuisances against explicit minimisation over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iminuit import Minuit
from scipy.optimize import brentq, minimize_scalar

from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance, join
from munu.statistics.specification import FirstRun, Projection

SEEDS = st.integers(0, 2**32 - 1)


def random_likelihood(
    seed: int, n_bins: int | None = None
) -> tuple[GaussianLikelihood, FloatArray]:
    """A likelihood with two signal and two background nuisances, and a signal."""
    rng = np.random.default_rng(seed)
    n = n_bins or int(rng.integers(1, 6))
    signal = 10 ** rng.uniform(0, 4, n)
    background = 10 ** rng.uniform(0, 4, n)
    nuisances = (
        LinearNuisance("efficiency", np.full(n, rng.uniform(0, 0.5))),
        LinearNuisance("quenching", rng.uniform(-0.3, 0.3, n)),
        LinearNuisance("neutrons", np.full(n, rng.uniform(0, 0.5)), background),
        LinearNuisance("gammas", rng.uniform(0, 0.5, n), background[::-1].copy()),
    )
    likelihood = GaussianLikelihood(
        data=signal * rng.uniform(0.5, 1.5, n),
        variance=(signal + background) * rng.uniform(0.5, 2, n),
        variance_per_event=rng.uniform(0, 1.5, n),
        linear=nuisances,
    )
    return likelihood, signal


def explicit_chi2(likelihood: GaussianLikelihood, signal: FloatArray, theta: FloatArray) -> float:
    """The χ² of the module's docstring before the minimisation."""
    prediction = signal.copy()
    for value, nuisance in zip(theta, likelihood.linear, strict=True):
        events = signal if nuisance.events is None else nuisance.events
        prediction = prediction + value * nuisance.sigma * events
    variance = likelihood.variance + likelihood.variance_per_event * signal
    return float(((likelihood.data - prediction) ** 2 / variance).sum() + (theta**2).sum())


@given(SEEDS)
def test_chi2_is_the_minimum_over_the_nuisances(seed: int) -> None:
    likelihood, signal = random_likelihood(seed)
    start = np.zeros(len(likelihood.linear))
    fit = Minuit(lambda theta: explicit_chi2(likelihood, signal, np.array(theta)), start)
    fit.tol = 1e-6
    fit.strategy = 0
    fit.migrad()
    value = float(likelihood.chi2(signal))
    assert value == pytest.approx(fit.fval, rel=1e-4, abs=1e-4)
    assert value <= fit.fval * (1 + 1e-9) + 1e-9
    pulls = likelihood.nuisances(signal)
    theta = np.array([pulls[nuisance.name] for nuisance in likelihood.linear])
    assert explicit_chi2(likelihood, signal, theta) == pytest.approx(value, rel=1e-9)


@given(SEEDS)
def test_gradient(seed: int) -> None:
    likelihood, signal = random_likelihood(seed)
    step = 1e-5 * signal
    numerical = [
        (likelihood.chi2(signal + e) - likelihood.chi2(signal - e)) / (2 * e.sum())
        for e in np.diag(step)
    ]
    scale = np.abs(likelihood.chi2(signal)) / signal
    np.testing.assert_allclose(
        likelihood.gradient(signal), numerical, rtol=1e-5, atol=1e-6 * (1e-6 + scale.max())
    )


@given(SEEDS)
def test_many_signals_at_once(seed: int) -> None:
    likelihood, signal = random_likelihood(seed)
    signals = signal * np.array([[[0.5], [1.0]], [[1.5], [2.0]]])
    for function in (likelihood.chi2, likelihood.gradient):
        together = function(signals)
        for index in np.ndindex(2, 2):
            np.testing.assert_allclose(together[index], function(signals[index]), rtol=1e-12)


def test_a_bin_without_signal_or_variance_counts_nothing() -> None:
    """A projection in bins above the endpoint: zero events, predicted and measured."""
    spec = Projection(sigma_stat=0.2, sigma_sys=0.2)
    full = build(spec, "ge", np.array([10.0, 4.0, 0.0]))
    short = build(spec, "ge", np.array([10.0, 4.0]))
    signal = np.array([12.0, 5.0, 0.0])
    assert full.chi2(signal) == pytest.approx(float(short.chi2(signal[:2])))
    assert np.all(np.isfinite(full.gradient(signal)))


@given(st.floats(1.0, 400.0))
def test_eq_33(theory: float) -> None:
    """COHERENT's first run, with the numbers below Eq. (33), minimised over a₁ and a₂."""
    spec = FirstRun(
        observed=142, prompt_neutrons=6, steady_state=405, sigma_signal=0.28, sigma_background=0.25
    )
    likelihood = build(spec, "csi", np.array([theory]))

    def chi2(a1: float, a2: float) -> float:
        residual = 142 - theory * (1 + a1) - 6 * (1 + a2)
        return residual**2 / (142 + 6 + 2 * 405) + (a1 / 0.28) ** 2 + (a2 / 0.25) ** 2

    fit = Minuit(chi2, 0.0, 0.0)
    fit.tol = 1e-6
    fit.migrad()
    assert likelihood.chi2(np.array([theory])) == pytest.approx(fit.fval, rel=1e-5, abs=1e-7)


@given(st.floats(1.0, 1e6), st.floats(1.0, 3.0), st.sampled_from([0.1, 0.2]))
def test_eq_34(measured: float, ratio: float, sigma: float) -> None:
    likelihood = build(Projection(sigma_stat=sigma, sigma_sys=sigma), "ge", np.array([measured]))
    theory = measured * ratio

    def chi2(a: float) -> float:
        return (measured - theory * (1 + a)) ** 2 / ((1 + sigma) * theory) + (a / sigma) ** 2

    found = minimize_scalar(chi2, bounds=(-1, 1), method="bounded", options={"xatol": 1e-10})
    value = float(likelihood.chi2(np.array([theory])))
    assert value == pytest.approx(found.fun, rel=1e-6, abs=1e-9)


@given(SEEDS, SEEDS)
def test_shared_names_are_one_nuisance(first_seed: int, second_seed: int) -> None:
    """Joined: explicit minimum with common efficiency; other names stay apart."""
    first, signal = random_likelihood(first_seed)
    second, other_signal = random_likelihood(second_seed)
    second = GaussianLikelihood(
        second.data,
        second.variance,
        second.variance_per_event,
        tuple(
            LinearNuisance(n.name if n.name == "efficiency" else f"own {n.name}", n.sigma, n.events)
            for n in second.linear
        ),
    )
    joint = join([first, second])
    names = [n.name for n in first.linear]
    names += [n.name for n in second.linear if n.name not in names]
    assert sorted(n.name for n in joint.linear) == sorted(names)

    def chi2(theta: FloatArray) -> float:
        pulls = dict(zip(names, np.asarray(theta), strict=True))
        total = float((np.asarray(theta) ** 2).sum())
        for likelihood, s in ((first, signal), (second, other_signal)):
            own = np.array([pulls[n.name] for n in likelihood.linear])
            total += explicit_chi2(likelihood, s, own) - float((own**2).sum())
        return total

    both = np.concatenate([signal, other_signal])
    value = float(joint.chi2(both))
    pulls = joint.nuisances(both)
    at_minimum = np.array([pulls[name] for name in names])
    assert chi2(at_minimum) == pytest.approx(value, rel=1e-9)
    for step in np.vstack([0.01 * np.eye(len(names)), -0.01 * np.eye(len(names))]):
        assert chi2(at_minimum + step) > value


@given(SEEDS)
def test_joining_independent_experiments_adds(seed: int) -> None:
    first, signal = random_likelihood(seed)
    second = GaussianLikelihood(
        first.data,
        first.variance,
        first.variance_per_event,
        tuple(LinearNuisance(f"own {n.name}", n.sigma, n.events) for n in first.linear),
    )
    value = join([first, second]).chi2(np.concatenate([signal, signal]))
    assert value == pytest.approx(2 * float(first.chi2(signal)), rel=1e-9)


@given(
    data=st.floats(-50.0, 1e5),
    fixed=st.floats(1.0, 1e5),
    per_event=st.floats(0.0, 2.0),
    relative=st.floats(0.0, 0.5),
    background=st.floats(0.0, 100.0),
    above=st.floats(0.01, 30.0),
)
def test_one_bin_interval(
    data: float, fixed: float, per_event: float, relative: float, background: float, above: float
) -> None:
    """The quadratic's ends against root finding on χ²."""
    likelihood = GaussianLikelihood(
        np.array([data]),
        np.array([fixed]),
        np.array([per_event]),
        (
            LinearNuisance("signal", np.array([relative])),
            LinearNuisance("background", np.array([0.3]), np.array([background])),
        ),
    )

    def chi2(signal: float) -> float:
        return float(likelihood.chi2(np.array([signal])))

    start = max(data, 0.0)
    assert likelihood.closed_form.chi2(start + 1.0) == pytest.approx(chi2(start + 1.0), rel=1e-9)
    level = chi2(start) + above
    low, high = likelihood.closed_form.interval(level)
    farthest = 1e9 * (start + fixed)
    if chi2(farthest) > level:
        expected = brentq(lambda s: chi2(s) - level, start, farthest, rtol=1e-12)
        assert high == pytest.approx(expected, rel=1e-6)
    elif chi2(1e3 * farthest) < level * (1 - 1e-6):
        assert high == np.inf
    if chi2(0.0) > level:
        expected = brentq(lambda s: chi2(s) - level, 0.0, start, xtol=1e-12, rtol=1e-12)
        assert low == pytest.approx(expected, rel=1e-6, abs=1e-6)
    else:
        assert low <= 1e-9 * (1 + start)


def test_no_interval_below_the_minimum() -> None:
    likelihood = GaussianLikelihood(np.array([5.0]), np.array([4.0]), np.array([0.0]))
    assert np.isnan(likelihood.closed_form.interval(-1.0)).all()
