"""Likelihoods of counts: how uncertainties divide, and what a projection takes as its data."""

from __future__ import annotations

import numpy as np
import pytest

from munu.statistics.build import build
from munu.statistics.specification import Background, Counts, OffBeam

SIGNAL = np.array([40.0, 10.0])


@pytest.mark.parametrize("shared", [{}, {"flux": 0.3}, {"flux": 0.3, "quenching": 0.4}])
def test_shared_parts_leave_the_whole_uncertainty_what_it_is(shared: dict[str, float]) -> None:
    """χ² = (n - S)²/(v + σ²S²) of one bin, however much of σ other experiments share."""
    spec = Counts("gaussian", np.array([50.0]), (), 0.5, shared=shared, variance=np.array([25.0]))
    likelihood = build(spec, "x", np.array([40.0]))
    for signal in (20.0, 40.0, 90.0):
        expected = (50 - signal) ** 2 / (25 + (0.5 * signal) ** 2)
        assert likelihood.chi2(np.array([signal])) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("off_beam", [None, OffBeam(np.array([60.0, 20.0]), 2.0)])
def test_a_projection_fits_itself(off_beam: OffBeam | None) -> None:
    """Its data are all that is expected: signal, backgrounds and the steady one."""
    spec = Counts("poisson", None, (Background("b", 0.2 * SIGNAL, 0.3),), 0.1, off_beam=off_beam)
    likelihood = build(spec, "x", SIGNAL)
    assert likelihood.chi2(SIGNAL) == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(likelihood.gradient(SIGNAL), 0.0, atol=1e-7)
