"""Many normalisations are as few as there are signals: the same χ² at any signal."""

from __future__ import annotations

import numpy as np
import pytest

from munu.statistics.likelihoods import BinnedPart, ShapeVariation, Template, as_newton
from munu.statistics.likelihoods.fused_rows import FEW
from munu.statistics.likelihoods.fusion import fused
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.losses import PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.sparse import DENSE_ENTRIES, RightFactor

SIGNALS = np.array([[8.0, 5.0, 2.0], [20.0, 9.0, 3.0], [4.0, 30.0, 0.5]])


def binned(sigmas: dict[str, float], *, own: str = "own") -> NewtonLikelihood:
    """Three bins with signal normalisations, a background and its shape."""
    events = np.array([4.0, 6.0, 5.0])
    template = Template(own, events, 0.3, (ShapeVariation("tilt", 0.8 * events, events + 1.0),))
    part = BinnedPart(PoissonLoss(np.array([14.0, 9.0, 8.0])), sigmas, (template,), 3)
    return NewtonLikelihood((part,), SIGNALS[0])


def linear(sigmas: dict[str, float]) -> GaussianLikelihood:
    nuisances = [LinearNuisance(name, np.full(2, sigma)) for name, sigma in sigmas.items()]
    background = LinearNuisance("background", np.full(2, 0.2), np.array([3.0, 1.0]))
    return GaussianLikelihood(
        np.array([5.0, 7.0]), np.array([2.0, 3.0]), np.full(2, 1.1), (*nuisances, background)
    )


def many(rng: np.random.Generator, names: range) -> dict[str, float]:
    return {f"shared-{i}": float(rng.uniform(0.01, 0.05)) for i in names}


def test_one_experiment():
    """Proportional normalisations add in quadrature."""
    sigmas = many(np.random.default_rng(1), range(40))
    found = fused(binned(sigmas))
    assert isinstance(found, NewtonLikelihood)
    assert len(found.names) == 1 + 2
    total = float(np.sqrt(sum(sigma**2 for sigma in sigmas.values())))
    one = binned({"total": total})
    np.testing.assert_allclose(found.chi2(SIGNALS), binned(sigmas).chi2(SIGNALS), rtol=1e-9)
    np.testing.assert_allclose(found.chi2(SIGNALS), one.chi2(SIGNALS), rtol=1e-9)


def test_several_experiments_that_share_some():
    """What two have in common, and in what proportion, stays."""
    rng = np.random.default_rng(2)
    first, second = binned(many(rng, range(30))), binned(many(rng, range(20, 60)), own="other")
    third = linear(many(rng, range(10, 50)))
    reference = np.concatenate([SIGNALS[0], SIGNALS[0], [5.0, 6.0]])
    whole = as_newton([first, second, third], reference)
    found = fused(whole)
    assert isinstance(found, NewtonLikelihood)
    assert len(found.names) < len(whole.names) - 40
    signal = np.concatenate([SIGNALS, SIGNALS[::-1], rng.uniform(1.0, 9.0, (3, 2))], axis=1)
    np.testing.assert_allclose(found.chi2(signal), whole.chi2(signal), rtol=1e-9)
    np.testing.assert_allclose(found.gradient(signal), whole.gradient(signal), rtol=1e-6, atol=1e-7)


def test_a_normalisation_that_moves_a_background_too_stays():
    sigmas = many(np.random.default_rng(3), range(30))
    part = binned({**sigmas, "tilt": 0.1, "own": 0.2})
    found = fused(part)
    assert isinstance(found, NewtonLikelihood)
    assert {"tilt", "own"} < set(found.names)
    assert len(found.names) == 3
    np.testing.assert_allclose(found.chi2(SIGNALS), part.chi2(SIGNALS), rtol=1e-9)


def test_gaussian_likelihoods():
    whole = linear(many(np.random.default_rng(4), range(50)))
    found = fused(whole)
    assert isinstance(found, GaussianLikelihood)
    assert len(found.linear) == 2
    signal = np.array([[5.0, 6.0], [30.0, 2.0]])
    np.testing.assert_allclose(found.chi2(signal), whole.chi2(signal), rtol=1e-12)
    np.testing.assert_allclose(found.gradient(signal), whole.gradient(signal), rtol=1e-11)


@pytest.mark.parametrize("make", [binned, linear])
def test_few_are_left_as_they_are(make):
    """With their names, which a message about them tells."""
    whole = make(many(np.random.default_rng(5), range(FEW)))
    signal = SIGNALS[0][: whole.n_signal]
    assert fused(whole).nuisances(signal).keys() == whole.nuisances(signal).keys()


@pytest.mark.parametrize("size", [5, 2 * int(DENSE_ENTRIES**0.5)])
def test_products_with_mostly_zeros(size):
    rng = np.random.default_rng(6)
    matrix = np.where(rng.uniform(size=(size, size + 3)) < 0.02, rng.normal(size=(size, 1)), 0.0)
    matrix[:, 1] = 0.0
    x = rng.normal(size=(2, 3, size))
    np.testing.assert_allclose(RightFactor(matrix).after(x), x @ matrix, rtol=1e-12, atol=1e-13)
