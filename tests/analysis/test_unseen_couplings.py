"""Couplings that no bin of an experiment sees: free or not, they change nothing."""

from __future__ import annotations

import numpy as np
import pytest

import munu

UNSEEN = pytest.mark.parametrize(
    ("experiment", "seen", "unseen"),
    [
        ("dresden-ii", "millicharge_ee", "millicharge_mumu"),
        ("conus-plus", "charge_radius_ee", "charge_radius_mutau"),
        ("xenonnt-sr0-er", "epsilon_eL_mumu", "epsilon_u_ee"),
        ("coherent-lar-2020", "charge_radius_etau", "epsilon_d_tautau"),
        ("dresden-ii", "epsilon_u_ee", "epsilon_d_mutau"),
    ],
)


@UNSEEN
def test_free_they_change_no_limit(experiment: str, seen: str, unseen: str) -> None:
    alone = munu.limit(experiment, seen).intervals
    beside = munu.limit(experiment, seen, profile=unseen).intervals
    np.testing.assert_allclose(beside, alone, rtol=1e-8)


@UNSEEN
def test_they_have_no_limit_themselves(experiment: str, seen: str, unseen: str) -> None:
    found = munu.limit(experiment, unseen, profile=seen)
    assert found.unbounded_because == "blind direction"


def test_free_they_change_no_limit_beside_an_angle_between_borders() -> None:
    alone = munu.limit("dresden-ii", "millicharge_ee", profile="sin2_theta_w")
    free = ("sin2_theta_w", "millicharge_mumu")
    beside = munu.limit("dresden-ii", "millicharge_ee", profile=free)
    np.testing.assert_allclose(beside.intervals, alone.intervals, rtol=1e-6)


def test_free_they_change_no_region() -> None:
    plane = ("charge_radius_ee", "charge_radius_mumu")
    alone = munu.region("coherent-csi-2021", plane)
    beside = munu.region("coherent-csi-2021", plane, profile="charge_radius_tautau")
    assert beside.chi2_min == pytest.approx(alone.chi2_min, abs=1e-6)
    spans = [np.ptp(np.concatenate(one.polygons), axis=0) for one in (alone, beside)]
    np.testing.assert_allclose(spans[1], spans[0], rtol=1e-3)
