"""The nearest boundary as phases vary, against nested searches and fixed phases."""

from __future__ import annotations

import numpy as np
import pytest

from munu.analysis.region import family_of
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.models.family import MomentFamily
from munu.statistics.models.plane import Plane
from munu.statistics.regions import inner_rays
from munu.statistics.regions.envelopes import envelope

DELTA = 4.61
PLANE = Plane("Lambda_2", "Lambda_3", ("xi_1",), delta_cp=0.4)
SETS = {
    "one flavour": ("dresden-ii",),
    "two flavours": ("coherent-csi-2017",),
    "both": ("conus-plus", "coherent-csi-2017"),
}


def family(names: tuple[str, ...], plane: Plane = PLANE) -> MomentFamily:
    return family_of(
        [fold_experiment(name) for name in names], Assumptions(mixing="desalas2018-no"), plane
    )


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_saddles_are_what_a_nested_search_finds(names, monkeypatch):
    found = envelope(family(names), PLANE, DELTA)
    monkeypatch.setattr(inner_rays, "STEPS", 1)
    nested = envelope(family(names), PLANE, DELTA)
    np.testing.assert_allclose(found.inner, nested.inner, rtol=1e-9, atol=1e-20)


def test_the_inner_boundary_is_the_largest_chi2_of_any_phase():
    plane = Plane("Lambda_1", "Lambda_2", ("xi_1", "xi_2", "delta_cp"))
    own = family(("coherent-csi-2017",), plane)
    found = envelope(own, plane, DELTA)
    phases = np.random.default_rng(2).uniform(-np.pi, np.pi, (400, 3))
    for ray in (20, 90, 150):
        x, y = found.inner[ray]
        delta_cp, xi_1, xi_2 = phases.T
        moments = np.column_stack(
            [x * np.exp(-1j * xi_2), y * np.exp(-1j * xi_1), np.zeros(len(phases))]
        )
        chi2 = own.chi2(moments, delta_cp) - found.chi2_min
        assert chi2.max() <= DELTA + 1e-8
        assert chi2.max() > DELTA - 0.2


def test_more_starts_find_nothing_nearer(monkeypatch):
    """Saddles change places along the boundary; neighbours tell of those that samples miss."""
    plane = Plane("Lambda_1", "Lambda_2", ("xi_1", "xi_2", "delta_cp"))
    own = family(("coherent-csi-2017",), plane)
    found = envelope(own, plane, 2.3)
    monkeypatch.setattr(inner_rays, "STARTS", 24)
    thorough = envelope(own, plane, 2.3)
    np.testing.assert_allclose(found.inner, thorough.inner, rtol=1e-8, atol=1e-20)
