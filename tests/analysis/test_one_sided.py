"""One-sided and two-sided limits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import chi2, norm

import munu
from munu.base.errors import MunuError
from munu.base.thresholds import ONE_SIDED, TWO_SIDED, limit_delta_chi2
from munu.results import read_json


@pytest.mark.parametrize("cl", [0.6, 0.9, 0.95, 0.997])
def test_thresholds(cl: float) -> None:
    assert limit_delta_chi2(cl, ONE_SIDED) == pytest.approx(chi2.ppf(2 * cl - 1, 1), rel=1e-9)
    assert limit_delta_chi2(cl, ONE_SIDED) == pytest.approx(norm.ppf(cl) ** 2, rel=1e-9)
    assert limit_delta_chi2(cl, TWO_SIDED) == pytest.approx(chi2.ppf(cl, 1), rel=1e-9)


@pytest.mark.parametrize("cl", [0.5, 0.3, 1e-3])
def test_one_side_needs_more_than_half(cl: float) -> None:
    with pytest.raises(MunuError, match=r"one-sided.*between 0.5 and 1"):
        munu.limit("conus", cl=cl, one_sided=True)
    with pytest.raises(MunuError, match="between 0 and 1"):
        munu.limit("conus", cl=1.5, one_sided=True)
    munu.limit("conus", cl=cl)


def test_one_side_is_a_two_sided_eighty_per_cent() -> None:
    for name in ("coherent-csi-2017", "xenonnt-sr0-er", "borexino-phase-ii"):
        one = munu.limit(name, "Lambda_2", one_sided=True)
        eighty = munu.limit(name, "Lambda_2", cl=0.8)
        assert one.limit_mu_b == pytest.approx(eighty.limit_mu_b, rel=1e-9)
        assert one.limit_mu_b < munu.limit(name, "Lambda_2").limit_mu_b


def test_a_published_bound_is_taken_as_two_sided_and_it_is_said() -> None:
    """Δχ² is quadratic in μ²: (1.64/2.71)^(1/4)."""
    one = munu.limit("borexino-phase-ii", "mu_eff", one_sided=True)
    ratio = (norm.ppf(0.9) / norm.ppf(0.95)) ** 0.5
    assert one.limit_mu_b == pytest.approx(2.8e-11 * ratio, rel=1e-6)
    assert "the published bound is taken as two-sided" in " ".join(str(one).split())
    own = munu.load("gemma", changes={"statistic.sides": "one-sided"})
    text = " ".join(str(munu.limit(own, "mu_nu_e", one_sided=True)).split())
    assert "The bound is one-sided" in text
    assert "the published bound is taken as two-sided" not in text
    assert "published bound is taken" not in str(munu.limit("borexino-phase-ii", "mu_eff"))


def test_every_limit_names_its_sides() -> None:
    for one_sided, word, level in ((False, TWO_SIDED, "2.71"), (True, ONE_SIDED, "1.64")):
        limit = munu.limit("conus", one_sided=one_sided)
        profile = munu.profile("conus", one_sided=one_sided)
        study = munu.coverage("coherent-csi", one_sided=one_sided, toys=25, moment_mu_b=[0.0, 1e-9])
        for result in (limit, profile, study):
            assert result.assumptions.sided == word
            assert word in " ".join(str(result).split())
            assert read_json(result.to_json()).to_json() == result.to_json()
        assert f"{word} limit at 90 % C.L. is where it rises through {level}" in " ".join(
            str(profile).split()
        )
        assert profile.moment_mu_b[-1] == pytest.approx(1.5 * limit.limit_mu_b)
        assert word in limit.to_csv()
        _, axes = munu.plot(profile)
        assert f"{word}, Δχ² = {level}" in axes.get_title()
    assert TWO_SIDED in str(munu.reproduce("table2"))


def test_one_sided_limits_cover_from_above_alone() -> None:
    """A true moment well above zero is passed by 10 %; the threshold alone would exclude 20 %."""
    truth = 3 * munu.limit("coherent-csi", "mu_nu_mu").limit_mu_b
    studies = [
        munu.coverage("coherent-csi", "mu_nu_mu", toys=600, moment_mu_b=[truth], one_sided=x)
        for x in (True, False)
    ]
    for study in studies:
        assert study.coverage[0] == pytest.approx(0.9, abs=4 * study.coverage_error[0])
    one, two = studies
    assert one.delta_chi2 < two.delta_chi2
    assert one.exact_name == "covering"
    assert one.observed_delta_chi2[0] > 0
    for study, one_sided in zip(studies, (True, False), strict=True):
        limit = munu.limit("coherent-csi", "mu_nu_mu", one_sided=one_sided)
        assert study.limit_mu_b == pytest.approx(limit.limit_mu_b, rel=1e-9)
        assert study.expected_limit_mu_b == pytest.approx(limit.expected_limit_mu_b, rel=1e-9)
        assert study.expected_limit_mu_b > 1.1 * study.limit_mu_b


def test_a_truth_below_the_best_fit_is_not_excluded_from_above() -> None:
    """CONUS+ counts more than predicted: its best fit is a moment."""
    best = munu.limit("conus-plus", "mu_nu_e").best_fit_mu_b
    assert best > 0
    for one_sided, excluded in ((True, False), (False, True)):
        study = munu.coverage(
            "conus-plus", "mu_nu_e", toys=25, moment_mu_b=[0.3 * best], one_sided=one_sided
        )
        assert (study.observed_delta_chi2[0] > 0) == excluded


@pytest.mark.parametrize("cl", [Fraction(9, 10), np.float32(0.9)])
def test_a_level_of_any_kind_of_number_is_kept_as_one(cl):
    found = munu.limit("conus", cl=cl)
    assert read_json(found.to_json()) == found
