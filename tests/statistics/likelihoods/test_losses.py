"""χ² per bin: each derivative against differences of what it derives."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.typing import FloatArray
from munu.statistics.likelihoods.losses import (
    SMALLEST_FRACTION,
    GaussianLoss,
    Loss,
    OnOffLoss,
    PoissonLoss,
)

OBSERVED = np.array([0.0, 1.0, 12.0, 400.0])
OFF = np.array([5.0, 0.0, 20.0, 300.0])
LOSSES: dict[str, Loss] = {
    "poisson": PoissonLoss(OBSERVED),
    "gaussian": GaussianLoss(OBSERVED, OBSERVED + 2.0),
    "on-off": OnOffLoss(OBSERVED, OFF, 2.5),
}


def check_derivatives(loss: Loss, prediction: FloatArray, step: FloatArray) -> None:
    """Compare slope and curvature with central differences."""
    below, above = loss(prediction - step), loss(prediction + step)
    _, slope, curvature = loss(prediction)
    np.testing.assert_allclose((above[0] - below[0]) / (2 * step), slope, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose((above[1] - below[1]) / (2 * step), curvature, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", LOSSES)
def test_derivatives(name: str) -> None:
    prediction = np.geomspace(0.11, 900.0, 23)[:, None] * np.ones(OBSERVED.size)
    check_derivatives(LOSSES[name], prediction, 1e-4 * prediction)


@pytest.mark.parametrize("loss", [*LOSSES.values(), PoissonLoss(OBSERVED, OBSERVED + 0.5)])
def test_values_alone_are_those_with_slopes(loss: Loss) -> None:
    """Also below zero, and with what bins that are one have beside it."""
    prediction = np.array([-3.0, 1e-9, 0.2, 30.0])[:, None] * (1 + OBSERVED)
    np.testing.assert_allclose(loss.value(prediction), loss(prediction)[0], rtol=1e-13)


@pytest.mark.parametrize("size", [1.0, 100.0], ids=["few", "many"])
@pytest.mark.parametrize("lowest", [-3.0, 1e-9, 0.2], ids=["negative", "tiny", "positive"])
def test_chi2_of_all_bins_is_the_sum_of_the_bins(size: float, lowest: float) -> None:
    """Of chosen sets, with empty bins, where few counts are summed in another order.

    Data without fluctuations are no whole numbers.
    """
    counts = size * np.array([OBSERVED, 0.003 * OBSERVED[::-1], 0 * OBSERVED])
    sets, rows = PoissonLoss(counts, 0.1 * counts + 0.5), np.array([1, 1, 0, 2])
    prediction = np.linspace(lowest, 30.0, 4)[:, None] * (1 + 0.01 * counts[rows])
    every = PoissonLoss(counts[rows], 0.1 * counts[rows] + 0.5)(prediction)
    chi2, *derivatives = sets.chosen(rows).summed(prediction)
    np.testing.assert_allclose(chi2, every[0].sum(axis=1), rtol=1e-13)
    np.testing.assert_allclose(sets.chosen(rows).total(prediction), chi2, rtol=1e-13)
    np.testing.assert_allclose(derivatives, every[1:], rtol=1e-13)
    assert sets.chosen(rows[:0]).total(prediction[:0]).shape == (0,)
    one = PoissonLoss(counts[0])
    np.testing.assert_allclose(one.total(prediction), one.value(prediction).sum(axis=1), rtol=1e-13)


def test_derivatives_below_the_smallest_prediction() -> None:
    """The parabola that takes over there, and that of bins without counts below zero."""
    size = np.maximum(OBSERVED, 1.0) * SMALLEST_FRACTION
    prediction = np.array([-1e3, -2.0, 0.5])[:, None] * size
    check_derivatives(LOSSES["poisson"], prediction, np.broadcast_to(0.1 * size, prediction.shape))


COUNTS = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 7.0, 7.0, 300.0])
COUNTS_OFF = np.array([0.0, 1.0, 90.0, 0.0, 40.0, 0.0, 5.0, 200.0])


@pytest.mark.parametrize("ratio", [0.3, 2.0])
def test_on_off_terms_below_zero(ratio: float) -> None:
    """They continue with value and slope, and rise where the formula would fall."""
    loss = OnOffLoss(COUNTS, COUNTS_OFF, ratio)
    prediction = np.array([-30.0, -2.0, -1e-3])[:, None] * np.ones(COUNTS.size)
    check_derivatives(loss, prediction, -1e-3 * prediction)
    assert np.all(loss(prediction)[0] > loss(np.zeros(COUNTS.size))[0])
    for below, above in zip(
        loss(0 * COUNTS - 1e-12)[:2], loss(0 * COUNTS + 1e-12)[:2], strict=True
    ):
        np.testing.assert_allclose(below, above, rtol=1e-5, atol=1e-5)


def test_the_parabola_meets_the_formula() -> None:
    at = SMALLEST_FRACTION * OBSERVED[1:]
    loss = PoissonLoss(OBSERVED[1:])
    for below, above in zip(loss((1 - 1e-9) * at), loss((1 + 1e-9) * at), strict=True):
        np.testing.assert_allclose(below, above, rtol=1e-7)


def test_the_background_off_beam_is_the_one_that_fits_best() -> None:
    """χ² of both counts at any other background is larger, at any signal."""
    n, m, tau = OBSERVED[:, None], OFF[:, None], 2.5
    prediction = np.array([0.3, 4.0, 60.0])
    lowest = LOSSES["on-off"](prediction[:, None] * np.ones(OBSERVED.size))[0]
    background = np.geomspace(1e-6, 1e3, 20001)
    off = PoissonLoss(m)(tau * background)[0]
    for mu, chi2 in zip(prediction, lowest, strict=True):
        total = PoissonLoss(n)(mu + background)[0] + off
        np.testing.assert_allclose(total.min(axis=1), chi2, rtol=1e-5, atol=1e-5)
        assert np.all(total.min(axis=1) >= chi2 - 1e-9)
