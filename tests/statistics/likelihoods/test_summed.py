"""χ² of many sets as products of matrices, against that of each set by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.statistics.build import build
from munu.statistics.likelihoods import DataSets, SummedLikelihood
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.paired_part import PairedPart
from munu.statistics.likelihoods.summed_part import SummedSignal
from munu.statistics.specification import (
    Background,
    BackgroundShape,
    ControlRegion,
    Counts,
    OffBeam,
)

SM = np.array([20.0, 6.0, 3.0, 0.5])
FLAT = np.array([8.0, 8.0, 8.0, 2.0])
VARIANTS = ("quenching", "threshold")
STEEP = BackgroundShape("tilt", FLAT * [0.1, 1.0, 1.2, 0.0], FLAT * [1.9, 1.0, 0.8, 3.0])
SIDED = BackgroundShape("width", FLAT * [1.3, 1.1, 0.9, 1.0], FLAT * [1.4, 0.8, 1.0, 0.2])
BACKGROUNDS = (Background("b", FLAT, 0.2, (STEEP, SIDED)), Background("steady", 3 * FLAT, 0.05))
SIDE = ControlRegion("side", 5 * FLAT, (Background("b", 5 * FLAT, 0.2, (STEEP,)),))
PLAIN = Counts("poisson", SM + 4 * FLAT, BACKGROUNDS, 0.1)

CASES = {
    "poisson": PLAIN,
    "control region": replace(PLAIN, control_regions=(SIDE,)),
    "gaussian": Counts("gaussian", SM + 4 * FLAT, BACKGROUNDS, 0.1, variance=SM + 4 * FLAT),
    "on-off": replace(PLAIN, off_beam=OffBeam(4 * FLAT, 4.0)),
    "correlated": Counts(
        "gaussian", SM + 4 * FLAT, BACKGROUNDS, 0.1, covariance=np.diag(SM + 4 * FLAT) + 2.0
    ),
}


def distributions(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return n distributions with two variants: some lose all events at one of them."""
    nominal = rng.uniform(0.2, 3.0, (n, 4))
    sides = [nominal * rng.uniform(0.0, 2.0, (n, 4)) for _ in range(2 * len(VARIANTS))]
    return np.concatenate([nominal, *sides], axis=1)


def sets_of(spec: Counts, rng: np.random.Generator, n: int) -> tuple[DataSets, np.ndarray]:
    """Return sets of data of a statistic, and the Standard Model with its variants."""
    sm = np.concatenate([SM, *(SM * rng.uniform(0.2, 1.8, 4) for _ in range(2 * len(VARIANTS)))])
    likelihood = build(spec, "x", sm, VARIANTS).newton
    assert isinstance(likelihood, NewtonLikelihood)
    one = [part.loss for part in likelihood.binned_parts]
    data = tuple(
        replace(loss, **{name: np.repeat(getattr(loss, name)[None], n, axis=0) for name in names})
        for loss, names in zip(one, map(measured, one), strict=True)
    )
    data = tuple(
        replace(one, observed=one.observed + rng.integers(0, 9, one.observed.shape)) for one in data
    )
    return DataSets(likelihood, data, rng.normal(size=(n, len(likelihood.names)))), sm


def measured(loss: object) -> list[str]:
    """Return the names of what differs between sets."""
    return [name for name in ("observed", "variance", "off") if hasattr(loss, name)]


@pytest.mark.parametrize("spec", CASES.values(), ids=CASES)
@pytest.mark.parametrize("n_basis", [1, 3])
@pytest.mark.parametrize("spread", [0.3, 2.0])
def test_values_and_derivatives_are_those_of_each_set(spec, n_basis, spread):
    """Near the nominal events, and where shapes would make them negative."""
    rng, n = np.random.default_rng(4), 12
    sets, sm = sets_of(spec, rng, n)
    basis = distributions(rng, n_basis)
    summed = SummedLikelihood.of(sets.likelihood, sm, basis)
    a = rng.uniform(-0.2, 2.0, (n, n_basis))
    slopes = rng.normal(size=(n, 2, n_basis))
    theta = spread * rng.normal(size=(n, len(sets.likelihood.names)))
    found = summed.terms(sets, a, theta, slopes)
    without = summed.terms(sets, a, theta)
    value = summed.value(sets, a, theta)
    assert found.signal_gradient is not None
    for row in range(n):
        own, at = sets.alone(row), slice(row, row + 1)
        expected = own.terms((sm + a @ basis)[at], theta[at], slopes[at] @ basis)
        assert expected.signal_gradient is not None
        for one, other in (
            (found.chi2[row], expected.chi2[0]),
            (value[row], expected.chi2[0]),
            (found.gradient[row], expected.gradient[0]),
            (found.hessian[row], expected.hessian[0]),
            (found.signal_gradient[row], expected.signal_gradient[0] @ basis.T),
            (without.gradient[row], expected.gradient[0, 2:]),
            (without.hessian[row], expected.hessian[0, 2:, 2:]),
        ):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * np.abs(other).max())


@pytest.mark.parametrize("spec", CASES.values(), ids=CASES)
@pytest.mark.parametrize("spread", [0.3, 2.0])
def test_slopes_of_all_sets_at_one_point_are_those_of_each(spec, spread):
    rng, n = np.random.default_rng(4), 12
    sets, sm = sets_of(spec, rng, n)
    basis = distributions(rng, 3)
    summed = SummedLikelihood.of(sets.likelihood, sm, basis)
    a, slopes = rng.uniform(-0.2, 2.0, (1, 3)), rng.normal(size=(1, 2, 3))
    theta = spread * rng.normal(size=(1, len(sets.likelihood.names)))
    found = summed.slopes(sets, a, theta, slopes)
    each = (np.repeat(one, n, axis=0) for one in (a, theta, slopes))
    np.testing.assert_allclose(found, summed.terms(sets, *each).gradient, rtol=1e-12, atol=1e-10)


def test_a_shape_reaches_zero_in_these_cases():
    """Else what keeps components positive would not be tested: 8 - 1.5 x 7.2 events are none."""
    sets, sm = sets_of(PLAIN, np.random.default_rng(4), 1)
    theta = np.zeros((1, len(sets.likelihood.names)))
    theta[0, sets.likelihood.names.index("tilt")] = -1.5
    found = sets.likelihood.binned_parts[0].predict(sm[None], theta)[0]
    assert found[0] == pytest.approx(SM[0] + 3 * FLAT[0])


def test_which_parts_are_products():
    """Few distributions of bins that are independent; not many, nor bins that are correlated."""
    rng = np.random.default_rng(1)
    for spec, n_basis, kind in (
        (PLAIN, 2, PairedPart),
        (PLAIN, 12, SummedSignal),
        (CASES["correlated"], 2, SummedSignal),
    ):
        sets, sm = sets_of(spec, rng, 1)
        summed = SummedLikelihood.of(sets.likelihood, sm, distributions(rng, n_basis))
        assert isinstance(summed.parts[0][0], kind)
