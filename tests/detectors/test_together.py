"""Detectors that see the same recoils: one by one, and all at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.matrix import MatrixResponse, ResponseMatrix
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.detectors.together import counted_by_all

ENERGIES = np.array([0.2, 0.5, 1.0, 3.0])
EDGES = np.array([0.0, 1.0, 2.0, 3.0])


def detector(seed: int, energies=ENERGIES, interpolation="linear", threshold=0.0) -> Detector:
    rows = np.random.default_rng(seed).uniform(0.01, 0.3, (energies.size, 3))
    plain = Detector("recoil", EDGES, Unquenched(), Flat(0.7), Perfect())
    matrix = MatrixResponse(ResponseMatrix(energies, rows, interpolation))
    return replace(plain, matrix=matrix, recoil_threshold_kev=threshold)


DETECTORS = (
    detector(1),
    detector(2),
    detector(3, threshold=0.7),
    detector(4, interpolation="log"),
    detector(5, energies=np.array([0.1, 0.4, 2.0])),
    Detector("recoil", EDGES, Unquenched(), Flat(0.7), Perfect()),
)


@pytest.mark.parametrize("recoil", [np.linspace(0.05, 3.5, 200), np.array([0.3]), np.array([5.0])])
def test_what_all_count_is_what_each_counts(recoil):
    rates = np.random.default_rng(7).uniform(size=(2, 3, recoil.size))
    found = counted_by_all(DETECTORS, rates, recoil, None)
    expected = [rates @ one.acceptance(recoil, None) for one in DETECTORS]
    np.testing.assert_allclose(found, np.concatenate(expected, axis=-1), rtol=1e-13, atol=1e-14)


def test_recoils_need_no_order():
    recoil = np.array([2.5, 0.3, 0.9, 0.25, 0.7])
    rates = np.arange(1.0, 6.0)
    found = counted_by_all(DETECTORS[:1], rates, recoil, None)
    assert found == pytest.approx(rates @ DETECTORS[0].acceptance(recoil, None), rel=1e-13)
