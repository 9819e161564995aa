"""What each data set of a combination adds to χ², at a fit, at the Standard Model, at any point."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.results.fit_shares import SHARED

BEAM = ("coherent-csi-2021", "coherent-lar-2020")
"""Two data sets that share the uncertainty of one flux."""
APART = ("coherent-csi-2021", "dresden-ii", "conus-plus")
"""Three that share nothing, one of them with a control region and one a single number."""


@pytest.fixture(scope="module")
def coupled():
    return munu.fit(BEAM, "epsilon_u_ee", toys=0)


def test_data_sets_that_share_nothing_have_the_shares_that_they_have_alone() -> None:
    found = munu.fit(APART, toys=0)
    alone = [munu.fit(name, toys=0) for name in APART]
    assert [one.data for one in found.shares] == [one.experiment for one in found.data]
    assert [one.n_bins for one in found.shares] == [one.n_bins for one in alone]
    assert [one.chi2 for one in found.shares] == pytest.approx([one.chi2 for one in alone])
    assert [one.delta_chi2 for one in found.shares] == [0.0, 0.0, 0.0]


def test_shares_add_up_at_the_best_fit_and_at_the_standard_model(coupled) -> None:
    assert [one.data for one in coupled.shares][2:] == [SHARED]
    assert sum(one.chi2 for one in coupled.shares) == pytest.approx(coupled.chi2, rel=1e-12)
    usual = munu.fit(BEAM, toys=0)
    assert [one.standard_model_chi2 for one in coupled.shares] == [one.chi2 for one in usual.shares]
    (flux,) = [one.value for one in coupled.pulls if one.name == "flux:sns"]
    assert coupled.shares[-1].chi2 == pytest.approx(flux**2)


def test_shares_at_a_given_point_are_those_of_the_likelihood(coupled) -> None:
    likelihood = munu.likelihood(BEAM, "epsilon_u_ee")
    points = np.array([[0.0], [0.1], [coupled.fitted[0].best_fit]])
    shares = likelihood.shares(points)
    assert shares.sum(axis=-1) == pytest.approx(likelihood.chi2(points))
    assert likelihood.shares(points[0]) == pytest.approx(shares[0])
    at_point = munu.fit(BEAM, values={"epsilon_u_ee": 0.1}, toys=0).shares
    for found, expected in ((at_point, shares[1]), (coupled.shares, shares[2])):
        assert [one.chi2 for one in found] == pytest.approx(expected, abs=1e-4)
    assert [one.standard_model_chi2 for one in at_point] == pytest.approx(shares[0], abs=1e-4)


@pytest.mark.parametrize("names", [("coherent-csi", "conus", "texono"), ("borexino", "conus")])
def test_single_counts_and_bounds_have_shares_too(names: tuple[str, ...]) -> None:
    points = [[0.0], [1e-9]]
    shares = munu.likelihood(names, "Lambda_1").shares(points)
    alone = [munu.likelihood(name, "Lambda_1").chi2(points) for name in names]
    assert shares[:, :-1] == pytest.approx(np.stack(alone, axis=-1), rel=1e-9, abs=1e-12)
    assert shares[:, -1].tolist() == [0.0, 0.0]


def test_a_table_says_them_and_they_come_back_from_json(coupled) -> None:
    assert munu.read_json(coupled.to_json()).shares == coupled.shares
    text = str(coupled)
    assert "χ² of the Standard Model with couplings by data set" in text
    (line,) = [line for line in text.splitlines() if line.startswith(SHARED)]
    assert line.split()[-3:] == ["0.04", "0.35", "-0.31"]
    (line,) = [line for line in text.splitlines() if line.startswith("all  ")]
    assert line.split()[1:3] == ["1059", f"{coupled.chi2:.2f}"]


def test_one_experiment_has_no_shares() -> None:
    found = munu.fit("conus-plus", toys=0)
    assert found.shares == ()
    assert "by data set" not in str(found)
