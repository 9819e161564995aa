"""Projections of the catalogue against what their public texts state."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.folding.fold import fold
from munu.statistics.specification import Counts


def test_nucleus_has_as_much_signal_as_background() -> None:
    """From 10 to 100 eV it is 1 or more (arXiv:2509.03559, abstract); 1.51 here."""
    experiment = munu.load("nucleus")
    assert isinstance(experiment.statistic, Counts)
    (background,) = experiment.statistic.backgrounds
    per_day_kg_kev = background.events.sum() / (365.25 * 0.007 * 0.09)
    assert per_day_kg_kev == pytest.approx(250, rel=1e-4)
    signal = fold(experiment).sm_total()
    assert signal.sum() / background.events.sum() == pytest.approx(1.51, abs=0.01)
    weight = signal**2 / (signal + background.events)
    assert 4.7 < np.sqrt(weight.sum()) < 8  # 4.7 standard deviations, with what is left out here


def test_its_cores_are_at_their_distances() -> None:
    """72 and 102 m at equal power: the nearer one gives two of three neutrinos."""
    near, far = fold(munu.load("nucleus")).sm_events.sum(axis=1)
    assert near / far == pytest.approx((102 / 72) ** 2, rel=1e-9)
