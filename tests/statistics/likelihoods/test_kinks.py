"""Minima on both sides of where a background runs out: from one of them the other is found."""

from __future__ import annotations

import numpy as np
import pytest

from munu.statistics.build import build
from munu.statistics.likelihoods import DataSets, PoissonLoss, SummedLikelihood
from munu.statistics.likelihoods.kinks import are_near
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import Background, BackgroundShape, Counts

SM = np.array([3.0, 20.0])
"""Bin 0 has an excess that the background explains where it has events; bin 1 pulls it away."""
NOMINAL, UP, DOWN = np.array([2.0, 100.0]), np.array([4.0, 87.0]), np.array([0.0, 113.0])
SPEC = Counts(
    "poisson",
    SM + NOMINAL,
    (Background("b", NOMINAL, 0.0, (BackgroundShape("s", DOWN, UP),)),),
    0.0,
)
W = np.array([0.0, 1.0])


def fits_of(counts: np.ndarray) -> SetFits:
    likelihood = build(SPEC, "x", SM).newton
    assert likelihood is not None
    assert likelihood.names == ("s",)
    events = QuadraticEvents.of(W[:, None, None] * np.eye(1, dtype=complex), np.eye(1) + 0j)
    return SetFits(
        DataSets(likelihood, (PoissonLoss(counts),), np.zeros((len(counts), 1))), SM, events
    )


COUNTS = np.column_stack([np.array([5.0, 5.5, 6.0, 6.5]), np.full(4, 151.0)])


def valleys(fits: SetFits):
    """Return the minima on the side without background in bin 0, and with it; no moment."""
    start = np.zeros((len(fits), 2))
    sides = []
    for theta in (-1.6, 0.3):
        start[:, 1] = theta
        sides.append(fits.minimise(start, 1))
    return sides


def by_hand(counts: np.ndarray, theta: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Return χ² for values of the shape and of the background in bin 0, shape (n, theta)."""
    mu = np.stack([3 + background, 120 - 13 * theta])
    n = counts[:, :, None]
    return 2 * (mu - n + n * np.log(n / mu)).sum(axis=1) + theta**2


def test_there_are_two_valleys():
    without, having = valleys(fits_of(COUNTS))
    assert np.all(without.x[:, 1] < -1)
    assert np.all(having.x[:, 1] > -1)
    theta = np.linspace(-3, 2, 50_001)
    lowest = by_hand(COUNTS, theta, np.maximum(2 + 2 * theta, 0)).min(axis=1)
    np.testing.assert_allclose(np.minimum(without.chi2, having.chi2), lowest, atol=1e-6)
    assert np.ptp(np.sign(without.chi2 - having.chi2)) == 2, "each side is the lower one of some"


@pytest.mark.parametrize("side", [0, 1])
def test_chi2_beyond_is_that_of_a_background_that_goes_on_or_is_not_there(side):
    """Its rise, slope and bend at a minimum, without those of χ² there, by differences."""
    fits = fits_of(COUNTS)
    here, step = valleys(fits)[side], 1e-4
    at, own = here.x[:, 1], fits.extra.at(here.x[:, :1])
    found = SummedLikelihood.of(fits.sets.likelihood, SM, fits.extra.basis).other_sides(
        fits.sets, own.coefficients, here.x[:, 1:], own.slopes, np.linalg.inv(here.hessian)
    )
    first = np.abs(found.events) < 10
    np.testing.assert_array_equal(found.rows[first], np.arange(4))
    np.testing.assert_allclose(found.events[first], 2 + 2 * at)
    np.testing.assert_allclose(found.slope[first], [[0.0, 2.0]] * 4)

    def rise(theta: np.ndarray) -> np.ndarray:
        goes_on, none = 2 + 2 * theta, np.zeros(4)
        there, here = (goes_on, none) if side == 0 else (none, goes_on)
        return np.diagonal(by_hand(COUNTS, theta, there) - by_hand(COUNTS, theta, here))

    ahead, middle, behind = (rise(at + d) for d in (step, 0.0, -step))
    own, other = found.here, found.there
    np.testing.assert_allclose((other.value - own.value)[first], middle, rtol=1e-9)
    slopes = [one.pull * one.along[:, 1] for one in (own, other)]
    expected = (ahead - behind) / (2 * step)
    np.testing.assert_allclose((slopes[1] - slopes[0])[first], expected, rtol=1e-5)
    bends = [one.bend * one.along[:, 1] ** 2 for one in (own, other)]
    expected = (ahead - 2 * middle + behind) / step**2
    np.testing.assert_allclose((bends[1] - bends[0])[first], expected, rtol=1e-4)


@pytest.mark.parametrize("side", [0, 1])
def test_the_other_one_is_found_where_it_is_lower(side):
    fits = fits_of(COUNTS)
    here, there = (valleys(fits)[i] for i in (side, 1 - side))
    rows, starts = fits.beyond_kinks(here, np.ones(len(COUNTS), int))
    assert set(rows) >= set(np.flatnonzero(there.chi2 < here.chi2))
    assert not np.any(there.chi2[rows] > here.chi2[rows] + 0.5)
    np.testing.assert_allclose(starts[:, 1], there.x[rows, 1], atol=0.2)
    np.testing.assert_array_equal(starts[:, 0], 0.0)


@pytest.mark.parametrize("side", [0, 1])
def test_the_way_to_it_is_that_of_a_bin_of_counts_and_a_parabola(side):
    """Of a way of 0.5 to 1: what differs is that the other bin has counts as well."""
    fits = fits_of(COUNTS)
    here, there = (valleys(fits)[i] for i in (side, 1 - side))
    own, response = fits.extra.at(here.x[:, :1]), np.linalg.inv(here.hessian)
    found = SummedLikelihood.of(fits.sets.likelihood, SM, fits.extra.basis).other_sides(
        fits.sets, own.coefficients, here.x[:, 1:], 0 * own.slopes, response
    )
    rows, steps = found.beyond(response)
    assert rows.size
    np.testing.assert_allclose(here.x[rows, 1] + steps[:, 1], there.x[rows, 1], atol=0.03)


@pytest.mark.parametrize(
    ("events", "pull", "near"),
    [
        (0.25, -0.2, True),  # Where the pull alone leads.
        (-0.25, -0.2, True),
        (0.5, -0.2, True),  # Farther, and within a standard deviation.
        (2.0, -0.5, False),  # Farther than one.
        (2.0, -1.5, True),
        (0.9, -0.1, False),  # Far farther than the pull leads.
        (0.01, 0.2, False),  # Fewer events are wanted: χ² has no bump.
    ],
)
def test_which_kinks_are_near(events, pull, near):
    assert are_near(np.array([events]), np.ones(1), np.array([pull]))[0] == near


def test_a_background_that_runs_out_in_two_bins_at_once():
    """One bin alone would not be left; beyond both χ² is lower."""
    sm, nominal = np.array([3.0, 3.0, 20.0]), np.array([2.0, 2.0, 100.0])
    shape = BackgroundShape("s", np.array([0.0, 0.0, 113.0]), np.array([4.0, 4.0, 87.0]))
    spec = Counts("poisson", sm + nominal, (Background("b", nominal, 0.0, (shape,)),), 0.0)
    likelihood = build(spec, "x", sm).newton
    assert likelihood is not None
    w = np.array([0.0, 0.0, 1.0])
    events = QuadraticEvents.of(w[:, None, None] * np.eye(1, dtype=complex), np.eye(1) + 0j)
    counts = np.array([[7.0, 7.0, 170.0]])
    fits = SetFits(DataSets(likelihood, (PoissonLoss(counts),), np.zeros((1, 1))), sm, events)
    here, there = (fits.minimise(np.array([[0.0, at]]), 1) for at in (0.3, -1.6))
    assert there.chi2[0] < here.chi2[0] - 1
    response = np.linalg.inv(here.hessian)
    own = events.at(here.x[:, :1])
    sides = SummedLikelihood.of(likelihood, sm, events.basis).other_sides(
        fits.sets, own.coefficients, here.x[:, 1:], 0 * own.slopes, response
    )
    assert sides.beyond(response)[0].size == 0
    rows, steps, rise = sides.across(response)
    assert rows.size >= 2
    np.testing.assert_allclose(
        sides.events + sides.slope[:, 1] * steps[:, 1], -sides.events, rtol=1e-9
    )
    np.testing.assert_allclose(rise, 0.5 * here.hessian[0, 1, 1] * steps[:, 1] ** 2)
    jumps = Jumps(np.zeros((0, 2)), np.zeros(0, int), np.eye(2), kinks=True)
    found = fits.lowest(np.array([[[0.0, 0.3]]]), 1, jumps)
    np.testing.assert_allclose(found.chi2, there.chi2, rtol=1e-10)


@pytest.mark.parametrize("start", [-1.6, 0.3])
def test_a_search_goes_on_there(start):
    fits, x = fits_of(COUNTS), np.array([[0.0, start]] * len(COUNTS))
    jumps = Jumps(np.zeros((0, 2)), np.zeros(0, int), np.eye(2), kinks=True)
    found = fits.lowest(x[None], 1, jumps)
    lowest = np.minimum(*(one.chi2 for one in valleys(fits)))
    np.testing.assert_allclose(found.chi2, lowest, rtol=1e-10)
    stuck = fits.lowest(x[None], 1, Jumps.none(2))
    assert np.any(stuck.chi2 > lowest + 1e-3)


def test_a_coordinate_that_nothing_tells_is_no_obstacle():
    """Of events that no bin sees: χ² does not bend along it."""
    fits = fits_of(COUNTS)
    blind = QuadraticEvents.of(np.zeros((2, 1, 1), complex), np.eye(1) + 0j)
    fits = SetFits(fits.sets, SM, blind)
    here = fits.minimise(np.array([[0.0, -1.6]] * len(COUNTS)), 0)
    rows, starts = fits.beyond_kinks(here, np.zeros(len(COUNTS), int))
    assert rows.size
    np.testing.assert_array_equal(starts[:, 0], 0.0)
