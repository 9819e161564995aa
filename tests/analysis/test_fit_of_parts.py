"""A combination against its parts: one strength of the signal, or one for each experiment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import munu
from munu.results import read_json

PARTS = ("coherent-csi-2017", "coherent-lar-2020")


@pytest.fixture(scope="module")
def found():
    return munu.fit(PARTS, toys=300)


def test_toys_agree_with_the_distribution_where_counts_are_many(found):
    parts = found.parts
    assert parts.degrees_of_freedom == 1
    assert parts.p_value == pytest.approx(stats.chi2.sf(parts.chi2, 1))
    error = np.sqrt(parts.p_value * (1 - parts.p_value) / 300)
    assert parts.p_value_toys == pytest.approx(parts.p_value, abs=4 * error)
    assert parts.failed_toys == 0


def test_it_is_said_and_comes_back_from_json(found):
    assert "χ² of one strength over one of each" in str(found)
    assert "p-value, 300 toys" in str(found)
    assert read_json(found.to_json()).to_json() == found.to_json()


def test_one_experiment_has_no_parts():
    assert munu.fit("coherent-csi-2017", toys=0).parts is None


def test_counts_that_disagree_are_found():
    """Of two Gaussian counts it is the square of their difference over its variance."""
    csi = munu.load("coherent-csi")
    low, high = (
        replace(
            csi,
            identity=replace(csi.identity, id=name, same_events=()),
            statistic=replace(
                csi.statistic, observed=n, sigma_signal=0.0, sigma_background=0.0, shared={}
            ),
        )
        for name, n in (("low", 100.0), ("high", 300.0))
    )
    parts = munu.fit([low, high], toys=0).parts
    variances = [one.statistic.statistical_variance for one in (low, high)]
    assert parts.chi2 == pytest.approx(200**2 / sum(variances), rel=1e-3)
    assert parts.p_value < 1e-3
    assert parts.p_value_toys is None


def test_workers_draw_the_same_toys(found):
    assert munu.fit(PARTS, toys=300, workers=2) == found


def test_single_counts_together_have_toys():
    """They are joined in closed form, and drawn count by count."""
    csi = munu.load("coherent-csi")
    two = [
        replace(
            csi,
            identity=replace(csi.identity, id=name, same_events=()),
            statistic=replace(csi.statistic, observed=observed),
        )
        for name, observed in (("one", 130.0), ("other", 140.0))
    ]
    found = munu.coverage(two, "Lambda_3", toys=200, moment_mu_b=[0.0, 3e-9])
    assert found.failed.tolist() == [0, 0]
    assert found.coverage == pytest.approx(0.93, abs=0.08)
