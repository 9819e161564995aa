"""Searches that meet kinks narrower than their steps: they end, and say that they did not reach it.

A prediction that a shape has emptied is such a kink, where χ² changes its slope by a millionfold.
"""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.descent import minimise
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray

KINK, STEEP = -1 / 3, 1e6


class Counted:
    """(x + 2)² + (y - 1)² and a steep slope where x - y²/2 is below -1/3, with calls counted.

    y pulls along the kink, which a Hessian without the slope's bend knows nothing of. The slope is
    reached within `width`.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self.evaluations = 0

    def __call__(self, at: FloatArray, _: IntArray) -> Terms:
        self.evaluations += len(at)
        x, y = at.T
        beyond = KINK - x + 0.5 * y**2
        part = np.clip(beyond / self.width, 0, 1) if self.width else (beyond > 0).astype(float)
        wall = STEEP * part * (beyond - 0.5 * self.width * part)
        gradient = np.stack([2 * (x + 2) - STEEP * part, 2 * (y - 1) + STEEP * part * y], axis=1)
        hessian = np.broadcast_to(2 * np.eye(2), (len(at), 2, 2)).copy()
        return Terms((x + 2) ** 2 + (y - 1) ** 2 + wall, gradient, hessian)


@pytest.mark.parametrize("width", [0.0, 0.01])
@pytest.mark.parametrize("start", [(2.0, -1.0), (-2.0, 2.0), (0.5, 0.5)])
def test_a_search_ends_at_a_kink_much_narrower_than_its_steps(start, width):
    function, first = Counted(width), np.array([start])
    began = function(first, np.arange(1)).chi2
    found = minimise(function, first)
    assert function.evaluations < 2000
    assert found.failed.all()
    assert (found.chi2 < began).all()


def test_the_slope_is_that_of_the_function():
    step, at = 1e-6, np.array([[-1 / 3 + 0.5 * 0.7**2 - 0.004, 0.7], [1.0, 0.2], [-3.0, 0.4]])
    function, rows = Counted(0.01), np.arange(3)
    slopes = function(at, rows).gradient
    for k, shift in enumerate(step * np.eye(2)):
        ahead, behind = (function(at + side * shift, rows).chi2 for side in (1, -1))
        np.testing.assert_allclose(slopes[:, k], (ahead - behind) / (2 * step), rtol=1e-4)
