"""The region that a solver returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray
from munu.statistics.regions.solved_rays import Failure


@final
@dataclass(frozen=True, eq=False)
class Region:
    """The allowed region of a plane.

    Parameters
    ----------
    polygons : tuple of arrays, shape (n, 2)
        Vertices, every one on the contour; moments in μ_B, phases in rad.
    corners : tuple of arrays, shape (m, 2)
        For each polygon the points of the edge of the parameter space (a modulus of zero) that
        close it: append them to fill it. They are not on the contour.
    unbounded : bool
    blind_ranges : array, shape (k, 2)
        First and last angle from the x axis (rad), or phase, of the directions along which it
        extends to infinity; equal for an isolated direction.
    chi2_min : float
        Global minimum over the plane and the profiled parameters.
    best_fit : array, shape (2,)
        Where it is.
    outlines : tuple of arrays, shape (n, 2)
        Closed outlines ready to fill, where the polygons are solved on a grid: they go on along the
        edge of the plane. Empty where polygons and corners are enough.
    failures : tuple of (float, str)
        Angle (rad) or phase of the rays whose fit does not converge, and why; the boundary goes
        straight past them.
    """

    polygons: tuple[FloatArray, ...]
    corners: tuple[FloatArray, ...]
    unbounded: bool
    blind_ranges: FloatArray
    chi2_min: float
    best_fit: FloatArray
    outlines: tuple[FloatArray, ...] = ()
    failures: tuple[Failure, ...] = ()
