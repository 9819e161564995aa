"""What is not a number, or too large for one, is refused by every part of a detector."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import numpy as np
import pytest
from scipy.stats import poisson

from munu.base.errors import MunuError
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat, Logistic, TabulatedEfficiency
from munu.detectors.matrix import ResponseMatrix
from munu.detectors.quenching import Lindhard, Polynomial, TabulatedQuenching, Unquenched
from munu.detectors.resolution import Gaussian, Perfect, PoissonPhotoelectrons
from munu.detectors.tabulated_resolution import TabulatedWidth

ROWS = np.array([[0.1, 0.0], [0.1, 0.2]])


@pytest.mark.parametrize(
    "part",
    [
        lambda: Lindhard(nan),
        lambda: Lindhard(-0.1),
        lambda: Polynomial(()),
        lambda: Polynomial((0.2, nan)),
        lambda: TabulatedQuenching((0.1, 1.0), (nan, 0.2)),
        lambda: TabulatedQuenching((0.1, nan), (0.1, 0.2)),
        lambda: TabulatedEfficiency((0.1, 1.0), (nan, 0.2)),
        lambda: TabulatedEfficiency((0.1, nan), (0.1, 0.2)),
        lambda: Logistic(0.5, 0.0, 1.0),
        lambda: Logistic(0.5, 1.0, nan),
        lambda: Gaussian(noise=nan),
        lambda: Gaussian(noise=0.1, stochastic=inf),
        lambda: TabulatedWidth((1.0, nan), (0.1, 0.2)),
        lambda: TabulatedWidth((1.0, 2.0), (0.1, nan)),
        lambda: ResponseMatrix(np.array([1.0, 2.0]), ROWS + np.array([[nan, 0], [0, 0]])),
        lambda: ResponseMatrix(np.array([1.0, nan]), ROWS),
        lambda: ResponseMatrix(np.array([nan, 1.0]), ROWS),
        lambda: Detector("recoil", np.array([1.0, nan, 3.0]), Unquenched(), Flat(1.0), Perfect()),
    ],
)
def test_what_is_no_number_is_refused(part: Callable[[], object]) -> None:
    with pytest.raises(MunuError):
        part()


def test_no_number_of_photoelectrons_is_negative() -> None:
    """A bin from -3 to 4 holds 0 to 3 of them."""
    mean = np.array([0.5, 2.0])
    edges = np.array([-3.0, 4.0, 10.0])
    found = PoissonPhotoelectrons().accept(mean, edges, Flat(1.0))
    below, above = poisson.cdf(3, mean), poisson.cdf(9, mean)
    assert found == pytest.approx(np.stack([below, above - below], axis=1), rel=1e-12)
