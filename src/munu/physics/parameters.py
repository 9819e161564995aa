"""The moments a limit can be asked for."""

from __future__ import annotations

from typing import Literal

from munu.base.arguments import check_name

MASS_PARAMETERS = ("Lambda_1", "Lambda_2", "Lambda_3")
FLAVOUR_PARAMETERS = ("Lambda_e", "Lambda_mu", "Lambda_tau")
EFFECTIVE_PARAMETERS = ("mu_nu_e", "mu_nu_mu", "mu_nu_tau")
"""Effective moments of the flavours at the detector, taken as independent."""
COMMON_PARAMETER = "mu_eff"
"""One effective moment of all species of the beam."""
PARAMETERS = (
    *MASS_PARAMETERS,
    *FLAVOUR_PARAMETERS,
    *EFFECTIVE_PARAMETERS,
    COMMON_PARAMETER,
)


def is_effective(parameter: str) -> bool:
    """Whether a parameter is an effective moment instead of a transition moment.

    Raises
    ------
    MunuError
        For an unknown parameter.
    """
    check_name("parameter", parameter, PARAMETERS)
    return parameter in EFFECTIVE_PARAMETERS or parameter == COMMON_PARAMETER


SYMBOLS = {
    "Lambda_1": "|Λ₁|",
    "Lambda_2": "|Λ₂|",
    "Lambda_3": "|Λ₃|",
    "Lambda_e": "|Λ_e|",
    "Lambda_mu": "|Λ_μ|",
    "Lambda_tau": "|Λ_τ|",
    "mu_nu_e": "μ_νe",
    "mu_nu_mu": "μ_νμ",
    "mu_nu_tau": "μ_ντ",
    "mu_eff": "μ_eff",
}

PHASE_SYMBOLS = {"delta_cp": "δ_CP", "xi_1": "ξ₁", "xi_2": "ξ₂"}

Others = Literal["zero", "profiled"]
OTHERS: tuple[Others, ...] = ("zero", "profiled")
"""Treatments of the other two moments: a slice, or minimised over."""
