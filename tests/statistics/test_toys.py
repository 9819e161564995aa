"""Toy data: means and variances, what nuisances are drawn from, what a seed fixes."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from scipy.stats import truncnorm

from munu.errors import MunuError
from munu.statistics.build import build
from munu.statistics.newton import NewtonLikelihood
from munu.statistics.specification import (
    Background,
    ControlRegion,
    Counts,
    FirstRun,
    OffBeam,
    Projection,
    StatisticSpecification,
)
from munu.statistics.toys import PINNED, toy_data
from munu.typing import FloatArray

SIGNAL = np.array([20.0, 6.0])
STEADY = np.array([8.0, 30.0])


def drawn(
    spec: StatisticSpecification, signal: FloatArray, number: int, seed: int = 4
) -> list[StatisticSpecification]:
    """Return toys of a statistic."""
    rng = np.random.default_rng(seed)
    return list(islice(toy_data(spec, build(spec, "x", signal), signal, rng), number))


def observed(spec: Counts, signal: FloatArray, number: int) -> FloatArray:
    """Return the counts of toys, shape (number, n_bins)."""
    return np.array([toy.observed for toy in drawn(spec, signal, number)])


@pytest.mark.parametrize(
    ("spec", "mean", "variance"),
    [
        (Counts("poisson", SIGNAL, (Background("b", 0.5 * SIGNAL, 0.0),), 0.0), 1.5, 1.5 * SIGNAL),
        (Counts("gaussian", SIGNAL, (), 0.0, variance=np.array([4.0, 9.0])), 1.0, [4.0, 9.0]),
    ],
    ids=["poisson", "gaussian"],
)
def test_toys_have_the_mean_and_variance_of_the_model(
    spec: Counts, mean: float, variance: FloatArray
) -> None:
    counts = observed(spec, SIGNAL, 4000)
    np.testing.assert_allclose(counts.mean(axis=0), mean * SIGNAL, atol=0.35)
    np.testing.assert_allclose(counts.var(axis=0), variance, rtol=0.12)


def test_first_run_counts_on_and_off_beam() -> None:
    """The steady background off beam is drawn by itself: the difference has its variance twice."""
    spec, signal = FirstRun(142, 6, 405, 0.0, 0.0), np.array([120.0])
    toys = drawn(spec, signal, 4000)
    excess, steady = np.array([(one.observed, one.steady_state) for one in toys]).T
    assert excess.mean() == pytest.approx(126, abs=5 * np.sqrt(936 / 4000))
    assert excess.var() == pytest.approx(126 + 2 * 405, rel=0.12)
    assert steady.mean() == pytest.approx(405, abs=5 * np.sqrt(405 / 4000))
    assert steady.var() == pytest.approx(405, rel=0.12)
    assert np.cov(excess, steady)[0, 1] == pytest.approx(-405, rel=0.15)


def test_the_steady_background_is_drawn_on_and_off_beam() -> None:
    spec = Counts("poisson", SIGNAL, (), 0.0, off_beam=OffBeam(STEADY, 2.0))
    toys = drawn(spec, SIGNAL, 4000)
    on = np.array([one.observed for one in toys])
    off = np.array([one.off_beam.counts for one in toys])
    for counts, expected in ((on, SIGNAL + STEADY / 2), (off, STEADY)):
        np.testing.assert_allclose(counts.mean(axis=0), expected, rtol=0.05)
        np.testing.assert_allclose(counts.var(axis=0), expected, rtol=0.12)


def test_nuisances_are_drawn() -> None:
    counts = observed(Counts("poisson", SIGNAL, (), 0.5), SIGNAL, 4000)[:, 0]
    assert counts.var() == pytest.approx(20 + (0.5 * 20) ** 2, rel=0.15)


def test_a_free_normalisation_stays_where_the_data_put_it() -> None:
    """A width of 10 is no distribution: drawn from it, half of the backgrounds were negative."""
    background = np.full(SIGNAL.shape, 300.0)
    at = SIGNAL + 1.1 * background
    counts = observed(
        Counts("poisson", at, (Background("free", background, 10.0),), 0.0), SIGNAL, 2000
    )
    np.testing.assert_allclose(counts.mean(axis=0), at, rtol=0.01)
    np.testing.assert_allclose(counts.var(axis=0), at, rtol=0.1)


@pytest.mark.parametrize(("width", "is_drawn"), [(0.8 * PINNED, False), (1.2 * PINNED, True)])
def test_data_determine_what_they_leave_less_than_a_tenth_of(width: float, is_drawn: bool) -> None:
    """One bin of variance v: the data leave 1/√(1 + (σb)²/v) of a background's own width."""
    b, v = 1e4, 25.0
    sigma = np.sqrt(v * (1 / width**2 - 1)) / b
    spec = Counts(
        "gaussian",
        np.array([b]),
        (Background("b", np.array([b]), float(sigma)),),
        0.0,
        variance=np.array([v]),
    )
    spread = observed(spec, np.zeros(1), 1000).var()
    assert spread == pytest.approx(v + is_drawn * (sigma * b) ** 2, rel=0.2)


def test_no_background_is_negative() -> None:
    """Its Gaussian is cut where it would be, which moves its mean and narrows it."""
    signal, events, sigma = np.array([1000.0]), np.array([100.0]), 0.8
    spec = Counts("poisson", signal + events, (Background("b", events, sigma),), 0.0)
    mean, variance = truncnorm.stats(-1 / sigma, np.inf, moments="mv")
    counts = observed(spec, signal, 4000)
    expected = 1100 + 100 * sigma * mean
    spread = expected + (100 * sigma) ** 2 * variance
    assert counts.mean() == pytest.approx(expected, abs=5 * np.sqrt(spread / 4000))
    assert counts.var() == pytest.approx(spread, rel=0.12)


CONTROL = np.array([40.0, 30.0, 20.0])
BEHIND = np.array([10.0, 5.0])
COUNTS = Counts(
    "poisson",
    SIGNAL + BEHIND,
    (Background("b", BEHIND, 0.2),),
    0.1,
    control_regions=(ControlRegion("side", CONTROL, (Background("b", CONTROL, 0.2),)),),
)


def test_a_seed_draws_nuisances_then_counts_then_control_regions() -> None:
    rng = np.random.default_rng(9)
    for toy in drawn(COUNTS, SIGNAL, 3, seed=9):
        flux, scale = 1 + np.array([0.1, 0.2]) * rng.normal(size=2)
        assert isinstance(toy, Counts)
        np.testing.assert_array_equal(toy.observed, rng.poisson(flux * SIGNAL + scale * BEHIND))
        np.testing.assert_array_equal(toy.control_regions[0].observed, rng.poisson(scale * CONTROL))


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
