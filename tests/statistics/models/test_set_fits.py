"""Minima of many sets of data at once, with more than one each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from munu.statistics.build import build
from munu.statistics.likelihoods import DataSets, PoissonLoss
from munu.statistics.models import pilot
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.pilot import learned
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
    names, n = fits.sets.likelihood.names, len(fits)
    x = np.zeros((n, 1 + len(names)))
    column = 1 + names.index("width")
    jumps = learned(fits_of(0.1), x[0])
    assert column in jumps.mirrors
    x[:, column] = -0.9 * side
    found = fits.lowest(x[None], 1, jumps)
    assert np.all(side * found.x[:, column] > 0.5)
    stuck = fits.lowest(x[None], 1, Jumps.none(x.shape[1]))
    assert np.all(stuck.chi2 > found.chi2 + 0.5)


def test_jumps_lead_from_one_minimum_to_another():
    """Learned of toys that are tilted to neither side, they join the two minima of each."""
    jumps = learned(fits_of(0.0), np.zeros(4))
    column = 1 + fits_of(0.0).sets.likelihood.names.index("width")
    assert np.any(jumps.moves[:, column] > 1.0)
    assert np.any(jumps.moves[:, column] < -1.0)
    np.testing.assert_array_equal(jumps.moves[:, 0], 0.0)


def test_hops_of_one_shape_where_there_are_more_jumps_than_are_kept(monkeypatch):
    """All else follows, and coordinates stay: each is the lowest point of its hyperplane."""
    usual = learned(fits_of(0.0), np.zeros(4))
    monkeypatch.setattr(pilot, "MOST", len(usual.moves))
    found = learned(fits_of(0.0), np.zeros(4))
    column = 1 + fits_of(0.0).sets.likelihood.names.index("width")
    hops = found.moves[len(usual.moves) :]
    np.testing.assert_allclose(hops[:, column], [pilot.HOP, -pilot.HOP])
    np.testing.assert_array_equal(hops[:, 0], 0.0)
    slope = np.delete(found.bend @ hops[0], [0, column])
    assert np.abs(slope).max() < 1e-9 * (found.bend @ hops[0])[column]


def test_nothing_is_learned_where_there_is_one_minimum():
    likelihood = build(Counts("poisson", SM + FLAT, (Background("b", FLAT, 0.2),), 0.1), "x", SM)
    assert likelihood.newton is not None
    counts = np.random.default_rng(3).poisson(SM + FLAT, (20, 3)).astype(float)
    auxiliary = np.zeros((20, len(likelihood.newton.names)))
    sets = DataSets(likelihood.newton, (PoissonLoss(counts),), auxiliary)
    jumps = learned(replace(fits_of(0.0), sets=sets), np.zeros(3))
    assert len(jumps.moves) == 0
    assert jumps.mirrors.size == 0


def test_fits_with_and_without_a_coordinate_are_those_of_each_alone():
    """In one descent, as in two; a coordinate that is held stays where it is."""
    fits, x = fits_of(0.3, n=8), np.full((8, 4), 0.4)
    both = fits.chosen(np.tile(np.arange(8), 2))
    found = both.minimise(np.tile(x, (2, 1)), np.repeat([1, 0], 8))
    for fixed, rows in ((1, slice(0, 8)), (0, slice(8, 16))):
        alone = fits.minimise(x, fixed)
        assert found.chi2[rows] == pytest.approx(alone.chi2, abs=1e-8)
    np.testing.assert_array_equal(found.x[:8, 0], 0.4)
    assert np.all(found.chi2[8:] < found.chi2[:8] + 1e-9)


def test_responses_are_minima_to_first_order():
    """A tenth of the fluctuations leave about a hundredth of the distance."""
    fits, point = fits_of(0.0, n=4), np.array([0.8, 0.1, 0.1, 0.3])
    expected = fits.sets.likelihood.parts[0].predict((SM + 0.8**2 * W)[None], point[None, 1:])[0]
    ends = []
    for size in (1e-3, 1e-4):
        counts = expected + size * np.random.default_rng(2).normal(size=(4, 3)) * expected
        sets = DataSets(fits.sets.likelihood, (PoissonLoss(counts),), np.tile(point[1:], (4, 1)))
        own = replace(fits, sets=sets)
        minima = own.minimise(np.tile(point, (4, 1)), 0).x
        ends.append(np.abs(own.responses(point, 0) - minima).max())
        assert ends[-1] < 0.1 * np.abs(point - minima).max()
    assert ends[1] < 0.03 * ends[0]


def test_minima_are_those_of_scipy():
    """χ² at given nuisances, minimised by another method from many starts."""
    fits, rng = fits_of(0.4, n=3), np.random.default_rng(8)
    d = 1 + len(fits.sets.likelihood.names)
    start = np.full((1, 3, d), 0.3)
    found = fits.lowest(start, 0, learned(fits_of(0.1), np.zeros(d)))
    for row in range(3):
        one = fits.chosen(np.array([row]))

        def chi2(x, one=one):
            return float(one.value(x[None])[0])

        tried = [
            minimize(chi2, rng.normal(size=d), method="Nelder-Mead", options={"maxiter": 6000})
            for _ in range(8)
        ]
        lowest = min(result.fun for result in tried)
        assert found.chi2[row] == pytest.approx(lowest, abs=1e-3)


def test_starts_are_as_near_as_the_data_leave_nuisances(monkeypatch):
    """A normalisation that is free, and measured to 1 %, does not start at twice its events."""
    flat = 10_000 * FLAT
    likelihood = build(Counts("poisson", SM + flat, (Background("b", flat, 5.0),), 0.1), "x", SM)
    assert likelihood.newton is not None
    counts = np.random.default_rng(3).poisson(SM + flat, (20, 3)).astype(float)
    auxiliary = np.zeros((20, len(likelihood.newton.names)))
    sets = DataSets(likelihood.newton, (PoissonLoss(counts),), auxiliary)
    fits, begun = replace(fits_of(0.0), sets=sets), []
    original = SetFits.minimise

    def minimise(self, x, *options, **more):
        begun.append(x)
        return original(self, x, *options, **more)

    monkeypatch.setattr(SetFits, "minimise", minimise)
    learned(fits, np.zeros(3))
    column = 1 + likelihood.newton.names.index("b:x")
    known = 1 / (5.0 * np.sqrt(flat.sum()))
    assert 5 * known < begun[0][:, column].std() < 15 * known


@pytest.mark.parametrize(
    ("axes", "excess"),
    [
        # One moment is missing, then the sum of two, their difference having a deficit.
        ([[1.0], [1.0]], [30.0, 30.0]),
        ([[1.0, 1.0], [1.0, -1.0]], [30.0, -40.0]),
    ],
)
def test_fits_do_not_stay_where_moments_are_zero(axes, excess):
    """There no slope leads away, as χ² knows moments by their squares."""
    sm, v = np.array([100.0, 100.0]), np.array(axes)
    likelihood = build(Counts("poisson", sm, (Background("b", sm, 0.01),), 0.01), "x", sm).newton
    assert likelihood is not None
    counts = PoissonLoss((2 * sm + excess)[None])
    sets = DataSets(likelihood, (counts,), np.zeros((1, len(likelihood.names))))
    w = v[:, :, None] * v[:, None, :] + 0j
    fits = SetFits(sets, sm, QuadraticEvents.of(w, np.eye(v.shape[1]) + 0j))
    start = np.zeros((1, v.shape[1] + len(likelihood.names)))
    found = fits.minimise(start, 0)
    assert not found.failed[0]
    held = fits.minimise(start, v.shape[1])
    # The counts of the first bin are met, those of the second as before.
    own = PoissonLoss(counts.observed)(2 * sm[None])[0][0]
    assert held.chi2[0] - found.chi2[0] > 0.8 * own[0]
