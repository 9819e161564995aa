"""Shapes far from their nominal events: straight lines that never reach below zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.statistics.build import build
from munu.statistics.likelihoods import BinnedPart, ShapeVariation, Template
from munu.statistics.likelihoods.interpolation import STRAIGHT_FROM, Interpolation, even_part
from munu.statistics.likelihoods.losses import PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.positive import SMALL, kept, margin
from munu.statistics.specification import Counts, ShapeInterpolation

HOWS = ("quadratic", "polynomial", "saturating")
INTERPOLATIONS = pytest.mark.parametrize("how", HOWS)
STRAIGHT = pytest.mark.parametrize("how", HOWS[:2])
NO_SIGNAL = np.zeros((1, 1))


def events_at(theta: float, nominal: float, minus: float, plus: float, how: str) -> float:
    """Return the events of one bin, the blocks weighted by the interpolation."""
    found = Interpolation.of([np.zeros(1)], [np.array([0])], 1, how)
    return float(found.weights(np.array([[theta]])).value[0] @ [nominal, minus, plus])


@INTERPOLATIONS
@pytest.mark.parametrize(("theta", "right"), [(-1, 7.0), (0, 10.0), (1, 16.0)])
def test_the_variants_themselves_are_exact(theta, right, how):
    assert events_at(theta, 10.0, 7.0, 16.0, how) == pytest.approx(right, rel=1e-14)


@INTERPOLATIONS
@pytest.mark.parametrize("theta", [-4.0, -2.0, -STRAIGHT_FROM])
def test_a_one_sided_variation_stays_nominal_on_its_other_side(theta, how):
    assert events_at(theta, 10.0, 10.0, 25.0, how) == pytest.approx(10.0, rel=1e-14)


@STRAIGHT
@pytest.mark.parametrize(("theta", "right"), [(-2.5, 10 - 2.5 * 3), (3.0, 10 + 3 * 6)])
def test_far_out_events_follow_the_line_from_nominal_through_the_variant(theta, right, how):
    assert events_at(theta, 10.0, 7.0, 16.0, how) == pytest.approx(right, rel=1e-14)


@pytest.mark.parametrize("theta", [3.0, 10.0])
def test_saturating_events_stay_those_of_two_deviations(theta):
    assert events_at(-theta, 10.0, 7.0, 16.0, "saturating") == pytest.approx(10 - 2 * 3, rel=1e-14)
    assert events_at(theta, 10.0, 7.0, 16.0, "saturating") == pytest.approx(10 + 2 * 6, rel=1e-14)


@given(st.floats(-3.0, 3.0))
def test_the_polynomial_is_that_of_histfactory(theta):
    """Code 4p as ROOT and pyhf write it: S = (up - down)/2, A = (up + down - 2 nominal)/16."""
    nominal, minus, plus = 10.0, 7.0, 16.0
    half, bent = 0.5 * (plus - minus), 0.0625 * (plus + minus - 2 * nominal)
    inside = nominal + theta * (half + theta * bent * (15 + theta**2 * (-10 + 3 * theta**2)))
    outside = nominal + (theta * (plus - nominal) if theta > 0 else theta * (nominal - minus))
    right = inside if abs(theta) < 1 else outside
    assert events_at(theta, nominal, minus, plus, "polynomial") == pytest.approx(right, rel=1e-12)


@given(st.floats(-5.0, 5.0), st.sampled_from(HOWS))
def test_the_even_part_has_the_slopes_that_it_states(theta, how):
    step = 1e-6
    near = min(abs(abs(theta) - edge) for edge in (1.0, STRAIGHT_FROM)) < 2 * step
    value, slope, bend = even_part(np.array([theta]), how)
    (behind, ahead), slopes, _ = even_part(np.array([theta - step, theta + step]), how)
    np.testing.assert_allclose(slope[0], (ahead - behind) / (2 * step), atol=1e-4 if near else 1e-8)
    assert near or bend[0] == pytest.approx((slopes[1] - slopes[0]) / (2 * step), abs=1e-7)
    assert value[0] >= 0


@given(st.floats(-3.0, 3.0))
def test_no_events_are_kept_negative_and_none_are_changed_far_from_zero(fraction):
    events, least = np.array([[10 * fraction]]), margin([np.array([10.0]), np.array([0.0])])
    correction = kept(events, least)
    total = events if correction is None else correction.corrected(events)
    assert total[0, 0] >= 0
    if events[0, 0] >= least[0] or events[0, 0] == 0:
        assert total[0, 0] == events[0, 0]


def test_the_slopes_of_what_is_kept():
    least, step, one = np.array([0.5]), 1e-6, np.ones((41, 1))
    at = np.linspace(-0.3, 0.7, 41)[:, None] + 1e-3
    found, ahead, behind = (kept(at + side * step, least) for side in (0, 1, -1))
    assert found is not None
    assert ahead is not None
    assert behind is not None
    change = ahead.corrected(at + step) - behind.corrected(at - step)
    np.testing.assert_allclose(found.along(one), change / (2 * step), atol=1e-8)
    bend = np.zeros((41, 1))
    bend[found.rows, found.bins] = found.bent(one)
    np.testing.assert_allclose(bend, (ahead.along(one) - behind.along(one)) / (2 * step), atol=1e-6)


def near_zero(how: ShapeInterpolation) -> BinnedPart:
    """Three bins, a signal and a background that shapes push below zero."""
    shape = ShapeVariation("s", np.array([2.0, 9.0, 0.0]), np.array([12.0, 1.0, 3.0]))
    tilt = ShapeVariation("t", np.array([9.0, 8.0, 1.0]), np.array([11.0, 2.0, 2.0]))
    background = Template("b", np.array([8.0, 5.0, 0.0]), 0.3, (shape, tilt))
    plain = Template("c", np.array([1.0, 1.0, 1.0]), 0.1)
    return BinnedPart(
        loss=PoissonLoss(np.array([9.0, 4.0, 2.0])),
        normalisations={"n": 0.1},
        templates=(background, plain),
        n_bins=3,
        variants=("v",),
        signal_margin=np.array([3.0, 3.0, 3.0]),
        interpolation=how,
    )


@pytest.mark.parametrize("how", ["quadratic", "saturating"])
@pytest.mark.parametrize("seed", range(6))
def test_exact_derivatives_where_components_are_kept_positive(seed, how):
    """In the signal's coordinates and the nuisances, against finite differences."""
    part, rng = near_zero(how), np.random.default_rng(seed)
    signal = rng.uniform(1.0, 6.0, 9)
    signal[3:6] *= 0.05
    slopes = rng.normal(size=(2, 9))
    theta = rng.uniform(-3.5, 3.5, len(part.names))
    theta[part.names.index("v")] = -1.3
    z = np.concatenate([np.zeros(2), theta])

    def terms(points):
        signals = signal + points[:, :2] @ slopes
        return part.terms(signals, points[:, 2:], np.broadcast_to(slopes, (len(points), 2, 9)))

    step = 1e-6
    ahead, behind, here = (terms(z + side * step * np.eye(z.size)) for side in (1, -1, 0))
    assert part._kept(part.block_weights.weights(theta[None]).value, part._blocks(signal[None]))
    size = np.abs(here.gradient[0]).max()
    np.testing.assert_allclose(
        here.gradient[0], (ahead.chi2 - behind.chi2) / (2 * step), atol=1e-5 * size
    )
    if here.chi2[0] < 1e4:  # at a prediction below zero the loss's curvature is a bound
        numerical = (ahead.gradient - behind.gradient) / (2 * step)
        np.testing.assert_allclose(here.hessian[0], numerical, atol=1e-4 * np.abs(numerical).max())
    mixed, own = part.mixed(signal[None], theta[None]), here.hessian[0, 2:, :2]
    rounding = 1e-9 * np.abs(own).max() + 1e-14 * np.abs(here.hessian).max()
    np.testing.assert_allclose(mixed @ slopes.T, own, rtol=1e-9, atol=rounding)
    by_signal = part.signal_gradient(signal[None], theta[None])[0]
    np.testing.assert_allclose(slopes @ by_signal, here.gradient[0, :2], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("nominal", "minus", "plus", "observed"),
    [(20, 8, 23, 3), (10, 0, 10.5, 30), (40, 36, 90, 5), (12, 12, 30, 25), (6, 4, 9, 0)],
)
def test_the_minimum_is_that_of_a_scan(nominal, minus, plus, observed):
    """χ² of one bin, the curve written out: a parabola, a straight line, and nothing below zero."""
    signals = np.array([[4.0], [9.0], [25.0]])
    template = Template("b", np.array([float(nominal)]), 0.0, (shape_of(minus, plus),))
    part = BinnedPart(PoissonLoss(np.array([float(observed)])), {}, (template,), 1)
    found = NewtonLikelihood((part,), np.array([4.0])).chi2(signals)
    theta = np.linspace(-6, 6, 120_001)
    odd, even = (plus - minus) / 2, (plus + minus) / 2 - nominal
    inside = nominal + odd * theta + even * theta**2
    outside = nominal + np.where(theta > 0, plus - nominal, nominal - minus) * theta
    clear = (np.abs(theta) <= 1) | (np.abs(theta) >= STRAIGHT_FROM)
    background = np.where(np.abs(theta) <= 1, inside, outside)[clear]
    mu = signals + np.maximum(background, 0)
    n = max(observed, 1e-300)
    scanned = 2 * (mu - observed + observed * np.log(n / mu)) + theta[clear] ** 2
    np.testing.assert_allclose(found, scanned.min(axis=1), rtol=2e-3)


def shape_of(minus: float, plus: float) -> ShapeVariation:
    return ShapeVariation("w", np.array([float(minus)]), np.array([float(plus)]))


def test_a_signal_that_a_variant_empties_is_kept_above_zero_on_the_way():
    """Events of 8 with 2 at -1 sigma are none at -4/3, and nothing observed is their minimum."""
    sm = np.array([8.0, 2.0, 9.0])
    likelihood = build(Counts("poisson", np.zeros(1), (), 0.0), "x", sm, ("v",))
    found = likelihood.nuisances(sm)["v"]
    part = likelihood.parts[0]
    np.testing.assert_allclose(part.signal_margin, SMALL * sm[:1])
    events = part.predict(sm[None], np.array([[found]]))[0, 0]
    assert 0 <= events < 2
    assert part.predict(sm[None], np.array([[-3.0]]))[0, 0] == 0
