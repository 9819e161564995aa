"""Toy data: means and variances, what nuisances are drawn from, what a seed fixes."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.specification import (
    Background,
    ControlRegion,
    Counts,
    FirstRun,
    OffBeam,
    Projection,
    StatisticSpecification,
)
from munu.statistics.toys import Toy, toy_data

SIGNAL = np.array([20.0, 6.0])
STEADY = np.array([8.0, 30.0])


def toys(spec: StatisticSpecification, signal: FloatArray, number: int, seed: int = 4) -> list[Toy]:
    """Return toys of a statistic."""
    rng = np.random.default_rng(seed)
    return list(islice(toy_data(spec, build(spec, "x", signal), signal, rng), number))


def drawn(
    spec: StatisticSpecification, signal: FloatArray, number: int
) -> list[StatisticSpecification]:
    """Return the data of toys."""
    return [toy.specification for toy in toys(spec, signal, number)]


def observed(spec: Counts, signal: FloatArray, number: int) -> FloatArray:
    """Return the counts of toys, shape (number, n_bins)."""
    return np.array([one.observed for one in drawn(spec, signal, number)])


@pytest.mark.parametrize(
    ("spec", "mean", "variance"),
    [
        (Counts("poisson", SIGNAL, (Background("b", 0.5 * SIGNAL, 0.0),), 0.0), 1.5, 1.5 * SIGNAL),
        (Counts("gaussian", SIGNAL, (), 0.0, variance=np.array([4.0, 9.0])), 1.0, [4.0, 9.0]),
        (Counts("gaussian", 2 * SIGNAL, (), 0.0), 1.0, 2 * SIGNAL),
        (Counts("gaussian", None, (), 0.0), 1.0, SIGNAL),
    ],
    ids=["poisson", "gaussian", "variance of the counts", "projection"],
)
def test_toys_have_the_mean_and_variance_of_the_model(
    spec: Counts, mean: float, variance: FloatArray
) -> None:
    counts = observed(spec, SIGNAL, 3000)
    np.testing.assert_allclose(counts.mean(axis=0), mean * SIGNAL, atol=0.5)
    np.testing.assert_allclose(counts.var(axis=0), variance, rtol=0.12)


def test_first_run_counts_on_and_off_beam() -> None:
    """The steady background off beam is drawn by itself: the difference has its variance twice."""
    spec, signal = FirstRun(142, 6, 405, 0.0, 0.0), np.array([120.0])
    found = drawn(spec, signal, 4000)
    excess, steady = np.array([(one.observed, one.steady_state) for one in found]).T
    assert excess.mean() == pytest.approx(126, abs=5 * np.sqrt(936 / 4000))
    assert excess.var() == pytest.approx(126 + 2 * 405, rel=0.12)
    assert steady.mean() == pytest.approx(405, abs=5 * np.sqrt(405 / 4000))
    assert steady.var() == pytest.approx(405, rel=0.12)
    assert np.cov(excess, steady)[0, 1] == pytest.approx(-405, rel=0.15)


def test_the_steady_background_is_drawn_on_and_off_beam() -> None:
    spec = Counts("poisson", SIGNAL, (), 0.0, off_beam=OffBeam(STEADY, 2.0))
    found = drawn(spec, SIGNAL, 4000)
    on = np.array([one.observed for one in found])
    off = np.array([one.off_beam.counts for one in found])
    for counts, expected in ((on, SIGNAL + STEADY / 2), (off, STEADY)):
        np.testing.assert_allclose(counts.mean(axis=0), expected, rtol=0.05)
        np.testing.assert_allclose(counts.var(axis=0), expected, rtol=0.12)


def test_what_constrains_the_nuisances_is_drawn_about_what_the_data_say() -> None:
    """One bin, Gaussian: the data pull the nuisance to (n - S) σS / (v + σ²S²)."""
    n, signal, v, sigma = 26.0, np.array([20.0]), 9.0, 0.3
    spec = Counts("gaussian", np.array([n]), (), sigma, variance=np.array([v]))
    pulled = (n - 20) * 6 / (v + 36)
    found = toys(spec, signal, 4000)
    centres = np.array([toy.auxiliary[0] for toy in found])
    assert centres.mean() == pytest.approx(pulled, abs=5 / np.sqrt(4000))
    assert centres.var() == pytest.approx(1, rel=0.1)
    counts = np.array([toy.specification.observed[0] for toy in found])
    assert counts.mean() == pytest.approx(20 + 6 * pulled, abs=5 * 3 / np.sqrt(4000))
    assert counts.var() == pytest.approx(v, rel=0.1)
    assert abs(np.corrcoef(centres, counts)[0, 1]) < 0.06


def test_a_toys_likelihood_is_centred_on_its_measurements() -> None:
    """χ² = (n - S(1 + σθ))²/v + (θ - c)², lowest (n - S(1 + σc))²/(v + σ²S²)."""
    spec = Counts("gaussian", np.array([23.0]), (), 0.3, variance=np.array([9.0]))
    likelihood = Toy(spec, np.array([0.7])).likelihood("x", np.array([20.0]), ())
    expected = (23 - 20 * (1 + 0.3 * 0.7)) ** 2 / (9 + 36)
    assert likelihood.chi2(np.array([20.0])) == pytest.approx(expected, rel=1e-9)
    assert likelihood.gradient(np.array([20.0]))[0] == pytest.approx(
        (likelihood.chi2(np.array([20.001])) - likelihood.chi2(np.array([19.999]))) / 0.002,
        rel=1e-5,
    )


def test_the_thresholds_cover_in_the_mean() -> None:
    """A likelihood that is Gaussian throughout: χ² at the truth has one degree of freedom."""
    spec = Counts("gaussian", np.array([26.0]), (), 0.3, variance=np.array([9.0]))
    signal = np.array([20.0])
    values = [toy.likelihood("x", signal, ()).chi2(signal) for toy in toys(spec, signal, 3000)]
    assert np.mean(values) == pytest.approx(1.0, abs=5 * np.sqrt(2 / 3000))


def test_a_free_normalisation_stays_where_the_data_put_it() -> None:
    """A width of 10 is not a distribution: drawn from it, half of the backgrounds were negative."""
    background = np.full(SIGNAL.shape, 300.0)
    at = SIGNAL + 1.1 * background
    counts = observed(
        Counts("poisson", at, (Background("free", background, 10.0),), 0.0), SIGNAL, 2000
    )
    np.testing.assert_allclose(counts.mean(axis=0), at, rtol=0.01)
    np.testing.assert_allclose(counts.var(axis=0), at, rtol=0.1)


CONTROL = np.array([40.0, 30.0, 20.0])
BEHIND = np.array([10.0, 5.0])
COUNTS = Counts(
    "poisson",
    SIGNAL + BEHIND,
    (Background("b", BEHIND, 0.2),),
    0.1,
    control_regions=(ControlRegion("side", CONTROL, (Background("b", CONTROL, 0.2),)),),
)


def test_a_seed_draws_measurements_then_counts_then_control_regions() -> None:
    likelihood = build(COUNTS, "x", SIGNAL)
    nuisances = likelihood.nuisances(SIGNAL)
    theta = np.array(list(nuisances.values()))
    flux, scale = 1 + 0.1 * theta[0], 1 + 0.2 * theta[1]
    rng = np.random.default_rng(9)
    for toy in toys(COUNTS, SIGNAL, 3, seed=9):
        np.testing.assert_array_equal(toy.auxiliary, rng.normal(theta))
        data = toy.specification
        assert isinstance(data, Counts)
        np.testing.assert_array_equal(data.observed, rng.poisson(flux * SIGNAL + scale * BEHIND))
        np.testing.assert_array_equal(
            data.control_regions[0].observed, rng.poisson(scale * CONTROL)
        )


def test_toys_of_one_truth_share_a_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, original = [], NewtonLikelihood.profile

    def counting(likelihood, signal):
        fitted.append(signal)
        return original(likelihood, signal)

    monkeypatch.setattr(NewtonLikelihood, "profile", counting)
    drawn(COUNTS, SIGNAL, 5)
    assert len(fitted) == 1


def test_projection_toys_are_refused() -> None:
    spec = Projection(0.2, 0.2)
    with pytest.raises(MunuError):
        toy_data(spec, build(spec, "x", SIGNAL), SIGNAL, np.random.default_rng(1))
