"""Starts that do not lie where χ² is stationary whatever the data."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.dipole_events import ExtraEvents

ROUNDING: Final = 1e-12
"""Of slopes, relative to those one unit away, that are none."""
BESIDE: Final = 0.7
"""Coordinate at which starts are that would be at zero, or near it."""


def off_saddles(extra: ExtraEvents, y: FloatArray, fixed: int) -> FloatArray:
    """Return points of which no coordinate is zero that events know by its square alone.

    So it is with a moment, or the coupling of a flavour change: χ² is stationary at zero of it,
    where a descent would stay, and miss a minimum elsewhere. So it is with the phase of what
    interferes alone, at zero and at half a turn.

    Parameters
    ----------
    extra : ExtraEvents
    y : array, shape (n, p)
        Coordinates of order one.
    fixed : int
        How many of the first coordinates stay.
    """
    found = y.copy()
    for i in range(fixed, y.shape[1]):
        turn = extra.periods[i]
        for centre in (0.0, 0.5 * turn) if np.isfinite(turn) else (0.0,):
            away = found[:, i] - centre
            if np.isfinite(turn):
                away -= turn * np.round(away / turn)
            rows = np.flatnonzero(np.abs(away) < BESIDE)
            at, beside = found[rows].copy(), found[rows].copy()
            at[:, i], beside[:, i] = centre, centre + 1.0
            there, near = (np.abs(extra.slopes(one)[:, i]).max(axis=1) for one in (at, beside))
            found[rows[there < ROUNDING * near], i] = centre + BESIDE
    return found
