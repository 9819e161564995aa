"""The moments a limit can be asked for."""

from __future__ import annotations

from typing import Literal

MASS_PARAMETERS = ("Lambda_1", "Lambda_2", "Lambda_3")
FLAVOUR_PARAMETERS = ("Lambda_e", "Lambda_mu", "Lambda_tau")
PARAMETERS = (*MASS_PARAMETERS, *FLAVOUR_PARAMETERS)

SYMBOLS = {
    "Lambda_1": "|Λ₁|",
    "Lambda_2": "|Λ₂|",
    "Lambda_3": "|Λ₃|",
    "Lambda_e": "|Λ_e|",
    "Lambda_mu": "|Λ_μ|",
    "Lambda_tau": "|Λ_τ|",
}

Others = Literal["zero", "profiled"]
OTHERS: tuple[Others, ...] = ("zero", "profiled")
"""Treatments of the other two moments: a slice, or minimised over."""
