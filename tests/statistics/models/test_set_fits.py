"""Minima of many sets of data at once, with more than one each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from munu.statistics.build import build
from munu.statistics.likelihoods import DataSets, PoissonLoss
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import Background, BackgroundShape, Counts

FLAT = np.array([100.0, 80.0, 60.0])
SM = np.array([10.0, 5.0, 2.0])
UP = BackgroundShape("width", 1.5 * FLAT, 1.5 * FLAT)
"""Both variants have more events: χ² of an excess has a minimum on each side."""
SPEC = Counts("poisson", SM + FLAT, (Background("b", FLAT, 0.02, (UP,)),), 0.1)
W = np.array([1.0, 2.0, 4.0])


def fits_of(auxiliary: float, n: int = 30) -> SetFits:
    """Return sets with an excess, and what was measured of the shape."""
    likelihood = build(SPEC, "x", SM).newton
    assert likelihood is not None
    rng = np.random.default_rng(3)
    counts = rng.poisson(SM + 1.4 * FLAT, (n, 3)).astype(float)
    measured = np.zeros((n, len(likelihood.names)))
    measured[:, likelihood.names.index("width")] = auxiliary
    events = QuadraticEvents.of(W[:, None, None] * np.eye(1, dtype=complex), np.eye(1) + 0j)
    return SetFits(DataSets(likelihood, (PoissonLoss(counts),), measured), SM, events)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_the_other_side_of_a_shape_is_looked_at(side):
    """What was measured chooses one of two minima; the search begins at the other."""
    fits = fits_of(0.5 * side)
    names, n = fits.sets.likelihood.names, len(fits.sets)
    column = names.index("width")
    theta = np.zeros((1, n, len(names)))
    theta[..., column] = -0.9 * side
    found = fits.lowest(np.zeros((1, n, 1)), theta, fixed=1)
    assert np.all(side * found.x[:, column] > 0.5)
    stuck = fits.minimise(np.zeros((n, 1)), theta[0], fixed=1)
    assert np.all(stuck.chi2 > found.chi2 + 0.5)


def test_minima_are_those_of_scipy():
    """χ² at given nuisances, minimised by another method from many starts."""
    fits, rng = fits_of(0.4, n=3), np.random.default_rng(8)
    k = len(fits.sets.likelihood.names)
    start = np.zeros((1, 3, 1)), np.zeros((1, 3, k))
    found = fits.lowest(start[0] + 0.5, start[1] + 0.3, fixed=0)
    for row in range(3):
        one = fits.chosen(np.array([row]))

        def chi2(x, one=one):
            return float(one.value(x[None, :1], x[None, 1:])[0])

        tried = [
            minimize(chi2, rng.normal(size=1 + k), method="Nelder-Mead", options={"maxiter": 6000})
            for _ in range(8)
        ]
        lowest = min(result.fun for result in tried)
        assert found.chi2[row] == pytest.approx(lowest, abs=1e-3)
