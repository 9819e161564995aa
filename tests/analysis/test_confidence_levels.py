"""Confidence levels in per cent."""

from __future__ import annotations

import pytest

import munu
from munu.base.errors import MunuError

QUESTIONS = {
    "limit": lambda cl: munu.limit("conus-plus", "mu_nu_e", cl=cl),
    "coupling": lambda cl: munu.limit("conus-plus", "epsilon_u_ee", cl=cl),
    "region": lambda cl: munu.region("conus", cl=cl),
    "envelope": lambda cl: munu.envelope("connie", vary="xi_1", cl=cl),
    "scan": lambda cl: munu.scan("conus", "mu_eff", over="target.mass", at=["1 kg"], cl=cl),
    "coverage": lambda cl: munu.coverage("conus-plus", "mu_nu_e", at=[1e-10], toys=200, cl=cl),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_they_are_the_same_as_numbers(ask):
    found = ask("95 %")
    assert found.cl == 0.95
    assert found.to_json() == ask(0.95).to_json()


@pytest.mark.parametrize("cl", ["95", "100 %", "0 %", "90 keV", "ninety", "", True, None])
def test_others_are_refused(cl):
    with pytest.raises(MunuError, match="between 0 and 1"):
        munu.limit("conus", cl=cl)
