"""Contours of functions that are known by a formula, on lattices that are made finer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.regions.finer import mesh
from munu.statistics.regions.lattice import Lattice
from munu.statistics.regions.resolved import resolved
from munu.statistics.regions.surface import Surface, Values

Formula = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Plain(Surface):
    """A function of two coordinates and nothing else, by differences; counts its points."""

    formula: Formula
    raised: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    points: list[int] = field(default_factory=list)

    def at(self, points: FloatArray) -> Values:
        """Return values; those of points that are raised are too high."""
        self.points.append(len(points))
        value, slope = self.formula(*points.T), self.slope(points)
        for one in self.raised:
            value = value + np.where(np.all(points == one, axis=1), 0.5, 0.0)
        n = len(points)
        return Values(value, slope, np.empty((n, 0)), np.empty((n, 2, 0)))

    def slope(self, points: FloatArray) -> FloatArray:
        step = 1e-5
        found = [
            self.formula(*(points + move).T) - self.formula(*(points - move).T)
            for move in step * np.eye(2)
        ]
        return np.stack(found, axis=1) / (2 * step)

    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        return self.at(points)

    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        return self.at(points)

    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        return np.empty(0, int), np.empty((0, 0))

    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        step, n = 1e-4, len(points)
        hessian = np.empty((n, 2, 2))
        for i, move in enumerate(step * np.eye(2)):
            hessian[:, i] = (self.slope(points + move) - self.slope(points - move)) / (2 * step)
        return Terms(self.formula(*points.T), self.slope(points), hessian)

    def linear_start(self, points: FloatArray) -> FloatArray:
        return np.empty((len(points), 0))


def bowl(x: FloatArray, y: FloatArray) -> FloatArray:
    return x**2 + 2 * y**2 + 0.3 * x * y


def crescent(x: FloatArray, y: FloatArray) -> FloatArray:
    """A ring about the origin that is open to one side, a hundredth wide."""
    return ((np.hypot(x, y) - 1) / 0.01) ** 2 + 2 * np.exp(2 * (x - 0.9))


AXIS = np.linspace(-1.5, 1.5, 11)


def test_a_lattice_made_finer_is_that_of_all_lines_and_evaluates_new_points_alone():
    x, y = np.union1d(AXIS, [0.05, 0.7]), np.union1d(AXIS, -0.33)
    surface = Plain(bowl)
    finer = Lattice.of(surface, AXIS, AXIS, 1.0).finer(surface, x, y)
    assert surface.points == [AXIS.size**2, x.size * y.size - AXIS.size**2]
    whole = Lattice.of(Plain(bowl), x, y, 1.0)
    np.testing.assert_allclose(finer.value, whole.value, rtol=1e-12)
    np.testing.assert_array_equal(finer.known, whole.known)
    np.testing.assert_allclose(finer.coarse.value, bowl(*mesh(x, y).T), rtol=1e-12)
    np.testing.assert_array_equal(finer.axes[0], x)


def test_vertices_are_on_the_contour():
    (outline,) = Lattice.of(Plain(bowl), AXIS, AXIS, 1.0).contour(Plain(bowl)).outlines
    np.testing.assert_allclose(bowl(*outline.T), 1.0, atol=1e-9)


def test_a_thin_region_is_one_piece_after_few_more_points_than_it_needs():
    surface = Plain(crescent)
    lattice = Lattice.of(surface, AXIS, AXIS, 2.0)
    assert len(lattice.contour(surface).outlines) > 1
    found = resolved(surface, lattice, np.empty((0, 2)))
    (outline,) = found.outlines
    np.testing.assert_allclose(crescent(*outline.T), 2.0, atol=1e-7)
    assert outline[:, 0].min() == pytest.approx(-1 - 0.01 * np.sqrt(2), abs=3e-4)
    assert sum(surface.points) < 40_000


@pytest.mark.parametrize("inside", [AXIS[[5, 5]], AXIS[[6, 4]]])
def test_a_point_that_is_too_high_makes_no_hole(inside):
    """On the lattice; what is right beside it is not above the level."""
    surface = Plain(lambda x, y: 0.7 + 0.0 * x + 0.01 * bowl(x, y), inside[None])
    lattice = Lattice.of(surface, AXIS, AXIS, 0.705)
    assert not lattice.drawn().holds(inside[None])[0]
    found = lattice.contour(surface)
    assert found.holds(inside[None] + 1e-3)[0]
    assert len(found.loops) == 1
