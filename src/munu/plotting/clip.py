"""Polygons cut to a window, so that a region that no experiment bounds can be filled."""

from __future__ import annotations

import numpy as np

from munu.base.typing import FloatArray


def clip_polygon(polygon: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the part of a polygon, shape (n, 2), between the corners of a window, shape (m, 2).

    The edges are cut one after the other (Sutherland and Hodgman); where a polygon that is not
    convex falls apart, its parts stay joined along the window's edge.
    """
    points = np.asarray(polygon, float)
    for axis in (0, 1):
        for sign, bound in ((1.0, low[axis]), (-1.0, high[axis])):
            points = _cut(points, axis, sign, float(bound))
    return points


def _cut(points: FloatArray, axis: int, sign: float, bound: float) -> FloatArray:
    """Keep what lies on the inner side of one edge."""
    if len(points) == 0:
        return points
    following = np.roll(points, -1, axis=0)
    inside = sign * (points[:, axis] - bound) >= 0
    kept = []
    for here, there, is_in, next_in in zip(
        points, following, inside, np.roll(inside, -1), strict=True
    ):
        if is_in:
            kept.append(here)
        if is_in != next_in:
            fraction = (bound - here[axis]) / (there[axis] - here[axis])
            kept.append(here + fraction * (there - here))
    return np.array(kept).reshape(-1, 2)
