"""Starts beside where χ² is stationary whatever the data."""

from __future__ import annotations

import numpy as np

from munu.statistics.models import Chart, FormEvents, Polar, Straight
from munu.statistics.models.saddles import BESIDE, off_saddles

X = np.eye(3)
TURN = np.pi / 30
FORMS = np.zeros((2, 4, 4))
FORMS[:, 0, 0], FORMS[:, 1, 1], FORMS[:, 2, 2], FORMS[:, 3, 3] = 10.0, 1.0, 2.0, 2.0
FORMS[:, 1, 2] = FORMS[:, 2, 1] = [0.5, 0.8]


def test_a_moment_alone_leaves_zero():
    events = FormEvents.of(FORMS, Chart(np.zeros(3), (Straight(0, X[0]),), 1))
    assert off_saddles(events, np.array([[0.0], [0.1], [2.0]]), 0).ravel().tolist() == [
        BESIDE,
        BESIDE,
        2.0,
    ]


def test_a_phase_leaves_zero_and_half_a_turn():
    """cos φ is stationary at both, and a full turn is zero."""
    chart = Chart(np.zeros(3), (Straight(0, X[0]), Polar(1, 2, X[1], X[2], TURN)), 3)
    events = FormEvents.of(FORMS, chart)
    phases = np.array([0.0, 60.0, 30.0, -30.0, 29.9, 12.0])
    y = np.column_stack([np.full(6, 2.0), np.full(6, 1.5), phases])
    found = off_saddles(events, y, 2)
    wanted = [BESIDE, BESIDE, 30 + BESIDE, 30 + BESIDE, 30 + BESIDE, 12.0]
    np.testing.assert_allclose(found[:, 2], wanted)
    assert np.array_equal(found[:, :2], y[:, :2])


def test_a_phase_that_is_nowhere_stationary_in_all_bins_stays():
    forms = FORMS.copy()
    forms[1, 1, 3] = forms[1, 3, 1] = 0.7
    chart = Chart(np.zeros(3), (Straight(0, X[0]), Polar(1, 2, X[1], X[2], TURN)), 3)
    y = np.array([[2.0, 1.5, 0.0], [2.0, 1.5, 30.0]])
    assert np.array_equal(off_saddles(FormEvents.of(forms, chart), y, 2), y)
