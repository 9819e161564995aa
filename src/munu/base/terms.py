"""χ² and its derivatives at many points, as minimisers take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray


@final
@dataclass(frozen=True)
class Terms:
    """χ² without the nuisances' own terms, and its derivatives in coordinates x and nuisances θ.

    Parameters
    ----------
    chi2 : array, shape (m,)
    gradient, hessian : arrays, shape (m, p + k) and (m, p + k, p + k)
        First and second derivatives, those in x first. The Hessian lacks what the second
        derivatives of the signal in x add.
    signal_gradient : array, shape (m, n_signal), or None
        ∂χ²/∂S at fixed nuisances, where there are coordinates x.
    """

    chi2: FloatArray
    gradient: FloatArray
    hessian: FloatArray
    signal_gradient: FloatArray | None = None
