"""Settings that every test shares."""

import os
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings

from munu.analysis.couplings import form_of
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.weak import SIN2_THETA_W

# Set before Matplotlib is imported, and inherited by the commands that the tests start.
os.environ["MPLBACKEND"] = "Agg"

# A slow example on a loaded machine is not a failure; in CI every run tries the same examples.
settings.register_profile("local", deadline=None)
settings.register_profile("continuous-integration", deadline=None, derandomize=True)
settings.load_profile("continuous-integration" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _no_open_figures():
    """Close what a test leaves open: where pyplot is imported, pictures are figures of it."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def parabolas() -> Callable[[Folded], FloatArray]:
    """Return what gives a, b, c of events a + b s² + c s⁴, shape (3, n_signal), s² = sin²θ_W."""

    def coefficients(folded: Folded) -> FloatArray:
        own = Assumptions(mixing=folded.mixing, delta_cp=folded.mixing.delta_cp)
        _, form = form_of(folded, [SIN2_THETA_W], own)
        return np.stack([form[:, 0, 0], 2 * form[:, 0, 1], form[:, 1, 1]])

    return coefficients
