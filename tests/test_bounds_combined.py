"""A bound among other experiments, and a signal uncertainty that is theirs alone."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.errors import MunuError
from munu.typing import FloatArray


@pytest.mark.parametrize("other", ["conus-plus", "conus@future"])
def test_sigma_sys_is_that_of_the_others(other: str) -> None:
    """Moments of both: Δχ² of the combination is the sum, at each one's own σ_sys."""
    moduli = np.linspace(0.0, 1e-10, 5)

    def curve(names: str | list[str], sigma_sys: float | None) -> FloatArray:
        found = munu.profile(names, "mu_nu_e", moment_mu_b=moduli, sigma_sys=sigma_sys)
        return found.delta_chi2

    both = curve([other, "borexino"], 0.3)
    alone = curve(other, 0.3) + curve("borexino", None)
    assert both - both[0] == pytest.approx(alone - alone[0], abs=1e-9)
    assert both[-1] != pytest.approx(curve([other, "borexino"], None)[-1], rel=1e-6)


def test_the_output_says_what_sigma_sys_does_not_change() -> None:
    notes = munu.limit(["conus", "borexino"], sigma_sys=0.1).origin.notes
    assert "borexino: a bound, which sigma_sys does not change." in notes


def test_a_signal_uncertainty_of_bounds_alone_is_refused() -> None:
    for statement in (munu.limit, munu.profile, munu.region, munu.envelope, munu.coverage):
        with pytest.raises(MunuError, match="no signal uncertainty"):
            statement("borexino", sigma_sys=0.1)
