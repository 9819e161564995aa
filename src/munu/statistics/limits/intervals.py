"""The allowed interval of one modulus, and Δχ² along it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray

BLIND_TOLERANCE = 1e-9
"""Events of a direction, relative to those of all, that are the rounding of zero."""

MISSED, ROUNDING = 1e-3, 1e-9
"""Δχ² below zero that tells of a missed minimum, and its rounding relative to χ²."""


def rise(chi2: FloatArray, chi2_min: float) -> FloatArray:
    """Return Δχ²: χ² above its minimum.

    Raises
    ------
    MunuError
        If the minimum is none.
    """
    delta = np.asarray(chi2 - chi2_min)
    missed = float(-np.min(delta, initial=0.0))
    if missed > MISSED + ROUNDING * abs(chi2_min):
        raise MunuError(
            f"the search has missed the minimum of χ²: it is lower by {missed:.3g}",
            "This is an error in munu: please report it with the experiment's file",
        )
    return np.maximum(delta, 0.0)


@final
@dataclass(frozen=True, eq=False)
class Interval(ByContent):
    """The allowed interval of one modulus.

    Parameters
    ----------
    lower_mu_b, upper_mu_b : float
        Ends (μ_B); the upper is inf if unbounded, both nan if nothing is allowed.
    best_fit_mu_b : float
        Where χ² is smallest; one such place if there are several.
    chi2_min : float
    unbounded_because : str
        ``blind direction``, ``systematic uncertainty`` or empty.
    blind_direction : array, shape (3,), or None
        The unit Λ no bin sees.
    """

    lower_mu_b: float
    upper_mu_b: float
    best_fit_mu_b: float
    chi2_min: float
    unbounded_because: str = ""
    blind_direction: ComplexArray | None = None


@final
@dataclass(frozen=True, eq=False)
class Curve:
    """Δχ² along one modulus.

    Parameters
    ----------
    delta_chi2 : array, shape (n,)
        Infinite at a point whose nuisances do not converge.
    failures : mapping of int to str
        Why, by the index of each such point.
    """

    delta_chi2: FloatArray
    failures: Mapping[int, str]
