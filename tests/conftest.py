"""Settings that every test shares."""

import os
import sys

import pytest
from hypothesis import settings

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
