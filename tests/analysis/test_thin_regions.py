"""Regions thinner than the steps of a first lattice are one piece, and all of it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path

import munu
from munu.base.typing import FloatArray
from munu.statistics.regions.finer import mesh

PLANE = ("charge_radius_ee", "charge_radius_mumu")


def area_of(loop: FloatArray) -> float:
    x, y = loop.T
    return 0.5 * abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1]))


def test_a_crescent_is_one_piece_with_all_its_points() -> None:
    """Solar neutrinos in XLZD: mirror solutions of several flavours are joined by a thin arc."""
    found = munu.region("xlzd", PLANE)
    (outline,) = found.polygons
    over = munu.likelihood("xlzd", PLANE)
    low, high = outline.min(axis=0), outline.max(axis=0)
    points = mesh(*(np.linspace(*ends, 400) for ends in zip(low, high, strict=True)))
    inside = over.chi2(points) - found.chi2_min <= found.delta_chi2
    expected = inside.mean() * np.prod(high - low)
    assert area_of(outline) == pytest.approx(expected, rel=0.02)
    held = Path(outline).contains_points(points)
    assert np.mean(held != inside) < 2e-4
