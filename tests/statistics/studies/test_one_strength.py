"""Planes of which all bins see one combination: toys of it are those of the plane."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.models import CouplingModel, Parametrisation
from munu.statistics.specification import Counts
from munu.statistics.studies import FormStudy, OneStrength, Outcome, seeds_of

PATTERN = np.array([[0.0, 3.0, -1.0], [3.0, 2.0, 0.4], [-1.0, 0.4, 1.0]])
"""Of t over (1, x, y)."""
FREE = np.array([[-np.inf, np.inf]] * 2)


def plane_of(weights: FloatArray, domain: FloatArray = FREE, pattern: FloatArray = PATTERN):
    """Return the study of a plane whose bins see the pattern with weights."""
    sm = 100.0 * np.abs(weights)
    forms = weights[:, None, None] * pattern
    forms[:, 0, 0] += sm
    spec = Counts("gaussian", sm + 3.0, (), 0.0, variance=sm)
    likelihood = as_newton([build(spec, "x", sm)], sm)
    plain = Parametrisation.plain(np.eye(2), np.empty((2, 0)))
    return FormStudy((spec,), CouplingModel(("x",), likelihood, forms), plain, domain)


def numbers(found: list[Outcome]) -> FloatArray:
    assert not [one for one in found if isinstance(one, str)]
    return np.array(found, float)


def test_events_are_those_of_the_plane():
    plane = plane_of(np.array([2.0, 5.0]))
    one = OneStrength.of(plane)
    assert one is not None
    points = np.random.default_rng(1).normal(size=(20, 2)) * plane.units
    events = plane.joint.signal(points / plane.units)
    modulus = np.sqrt(one.strength(points) - one.least)
    y = (modulus / one.line.unit_mu_b)[:, None]
    assert one.line.joint.signal(y) == pytest.approx(events, rel=1e-9)


def test_the_least_is_that_of_the_domain():
    for domain in (FREE, np.array([[0.0, np.inf], [-np.inf, np.inf]]), np.array([[0.0, 2.0]] * 2)):
        plane = plane_of(np.array([2.0, 5.0]), domain)
        one = OneStrength.of(plane)
        assert one is not None
        low, high = np.clip(domain, -8.0, 8.0).T
        grid = np.stack(np.meshgrid(*np.linspace(low, high, 801).T), axis=-1).reshape(-1, 2)
        assert one.least == pytest.approx(one.strength(grid).min(), rel=1e-3)


def test_toys_are_those_of_the_plane():
    """The same counts; the slow way finds one of the best fits, all of which are as good."""
    plane = plane_of(np.array([4.0]), np.array([[0.0, np.inf], [-np.inf, np.inf]]))
    one = OneStrength.of(plane)
    assert one is not None
    value = (float(plane.units[0]), float(plane.units[1]))
    seeds = seeds_of((3,), 0)[:1]
    slow = numbers(plane.outcomes(plane.prepared(value), seeds))
    fast = numbers(one.outcomes(one.prepared(value), seeds))
    assert fast == pytest.approx(slow, abs=1e-5)


def test_slopes_of_what_is_seen():
    one = OneStrength.of(plane_of(np.array([2.0, 5.0])))
    assert one is not None
    point, step = np.array([[0.7, -0.4]]), 1e-6
    _, slopes = one.seen(point)
    for axis in (0, 1):
        ends = [one.seen(point + side * step * np.eye(2)[axis])[0][0, 0] for side in (1, -1)]
        assert slopes[0, 0, axis] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5)


def test_bins_that_see_two_combinations_are_left_as_they_are():
    plane = plane_of(np.array([2.0, 5.0]))
    other = plane.model.forms.copy()
    other[0, 1, 1] *= 1.001
    model = CouplingModel(plane.model.names, plane.model.likelihood, other)
    changed = FormStudy(plane.specifications, model, plane.parametrisation, plane.domain)
    assert OneStrength.of(changed) is None
