"""Couplings that fit data best: in any order, and with phases that are named."""

from __future__ import annotations

import pytest

import munu

COMPLEX_PAIR = ("epsilon_eL_ee", "epsilon_eL_emu")


def test_what_fits_best_does_not_depend_on_which_coupling_is_named_first() -> None:
    first = munu.fit("xenonnt-sr0-er", COMPLEX_PAIR, toys=0)
    second = munu.fit("xenonnt-sr0-er", COMPLEX_PAIR[::-1], toys=0)
    assert second.chi2 == pytest.approx(first.chi2, abs=1e-6)
    assert first.with_values["phase_epsilon_eL_emu"] == 0.0
    for name in COMPLEX_PAIR:
        best = {one.name: one.best_fit for one in first.fitted}[name]
        assert second.with_values[name] == pytest.approx(best, rel=1e-3)


def test_a_phase_that_is_named_is_fitted() -> None:
    pair = ("epsilon_u_emu", "epsilon_d_emu")
    real = munu.fit("xenonnt-8b", pair, toys=0)
    free = munu.fit("xenonnt-8b", (*pair, "phase_epsilon_d_emu"), toys=0)
    assert free.chi2 < real.chi2 - 0.05
    assert free.degrees_of_freedom == real.degrees_of_freedom - 1
