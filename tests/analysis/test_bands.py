"""Bands of limits and curves from toys."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.results import read_json


def test_the_median_limit_is_about_the_expected_one():
    found = munu.limit("xenonnt-sr0-er", "mu_eff", bands=200)
    assert found.bands is not None
    assert found.bands.values[2] == pytest.approx(found.expected_limit_mu_b, rel=0.08)
    assert np.all(np.diff(found.bands.values) > 0)
    assert read_json(found.to_json()).to_json() == found.to_json()
    assert "median" in str(found)
    again = munu.limit("xenonnt-sr0-er", "mu_eff", bands=200)
    np.testing.assert_array_equal(again.bands.values, found.bands.values)
    assert munu.limit("xenonnt-sr0-er", "mu_eff").bands is None


def test_bands_of_a_curve_cross_the_level_at_those_of_the_limit():
    """Δχ² is large where the limit is small: quantiles change their order."""
    curve = munu.profile("xenonnt-sr0-er", "mu_eff", bands=100)
    limit = munu.limit("xenonnt-sr0-er", "mu_eff", bands=100)
    median = curve.bands.values[2]
    crossing = np.interp(2.706, median, curve.moment_mu_b)
    assert crossing == pytest.approx(limit.bands.values[2], rel=0.05)
    assert curve.bands.values.shape == (5, curve.moment_mu_b.size)
    assert read_json(curve.to_json()).to_json() == curve.to_json()
    assert curve.to_csv().splitlines()[0].split(",")[6] == "quantile_0.975"
    (row,) = csv.DictReader(io.StringIO(limit.to_csv()))
    names = [f"quantile_{one:g}_mu_b" for one in (0.025, 0.16, 0.5, 0.84, 0.975)]
    assert [float(row[name]) for name in names] == limit.bands.values.tolist()


def test_few_toys_are_remarked_upon():
    few = munu.limit("coherent-csi", bands=40)
    said = "Few toys: 1 of them lie beyond each end of the 95 % band"
    assert said in " ".join(str(few).split())
    assert said in " ".join(str(munu.profile("coherent-csi", bands=40)).split())
    assert "Few toys" not in str(munu.limit("coherent-csi", bands=400))


def test_a_projection_of_counts_has_bands():
    """Toys of the counts that it expects; Eq. (34) says of none how they are distributed."""
    found = munu.limit("lz-sr1-er", "mu_eff", bands=400)
    assert found.bands.failed == 0
    assert found.bands.values[2] == pytest.approx(found.limit_mu_b, rel=0.06)
    with pytest.raises(MunuError, match="no data that could fluctuate"):
        munu.limit("conus", bands=10)


def test_bands_are_drawn():
    picture = munu.plot(munu.profile("xenonnt-sr0-er", "mu_eff", bands=20))
    labels = picture.axes.get_legend_handles_labels()[1]
    assert {"median", "68 %", "95 % of toys without moments"} <= set(labels)
