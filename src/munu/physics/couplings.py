"""Weak neutral-current couplings of quarks and the weak charges of nuclei."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.constants import SIN2_THETA_W
from munu.base.errors import MunuError
from munu.physics.nuclei import Nucleus

RHO_NU_N: Final = 1.0082
"""Radiative correction ρ, PDG; text below Eq. 21 of arXiv:1905.03750, as the next four."""

KAPPA_NU_N: Final = 0.9972
LAMBDA_UP_LEFT: Final = -0.0031
LAMBDA_DOWN_LEFT: Final = -0.0025
LAMBDA_DOWN_RIGHT: Final = 3.7e-5
LAMBDA_UP_RIGHT: Final = LAMBDA_DOWN_RIGHT / 2


@final
@dataclass(frozen=True)
class WeakCouplings:
    """Couplings of the u and d quarks to the Z boson, Eq. (21) of arXiv:1905.03750.

    Parameters
    ----------
    up_left, up_right, down_left, down_right : float
        The g's of Eq. (21), dimensionless.
    """

    up_left: float
    up_right: float
    down_left: float
    down_right: float

    @property
    def proton_vector(self) -> float:
        """Factor of Z in Q_V, Eq. (20); 1/2 - 2 sin²θ_W at tree level."""
        return 2 * (self.up_left + self.up_right) + self.down_left + self.down_right

    @property
    def neutron_vector(self) -> float:
        """Factor of N in Q_V, Eq. (20); -1/2 at tree level."""
        return self.up_left + self.up_right + 2 * (self.down_left + self.down_right)

    @property
    def proton_axial(self) -> float:
        """Factor of Z₊ - Z₋ in Q_A, Eq. (20); 1/2 at tree level."""
        return 2 * (self.up_left - self.up_right) + self.down_left - self.down_right

    @property
    def neutron_axial(self) -> float:
        """Factor of N₊ - N₋ in Q_A, Eq. (20); -1/2 at tree level."""
        return self.up_left - self.up_right + 2 * (self.down_left - self.down_right)


def weak_couplings(sin2_theta_w: float = SIN2_THETA_W, *, radiative: bool = True) -> WeakCouplings:
    r"""Return the quark couplings of Eq. (21) of arXiv:1905.03750.

    .. math::

        g_u^L = \rho\,(1/2 - \tfrac23 \kappa\hat s_Z^2) + \lambda^{u,L},\quad
        g_d^L = \rho\,(-1/2 + \tfrac13 \kappa\hat s_Z^2) + \lambda^{d,L},\quad
        g_u^R = -\tfrac23\rho\kappa\hat s_Z^2 + \lambda^{u,R},\quad
        g_d^R = \tfrac13\rho\kappa\hat s_Z^2 + \lambda^{d,R}

    Parameters
    ----------
    sin2_theta_w : float
        Weak mixing angle :math:`\hat s_Z^2` (MS-bar at the Z mass), in [0, 1].
    radiative : bool
        False for the tree level: ρ = κ = 1 and every λ = 0.

    Raises
    ------
    MunuError
        If ``sin2_theta_w`` lies outside [0, 1].
    """
    if not 0.0 <= sin2_theta_w <= 1.0:
        raise MunuError(f"sin2_theta_w = {sin2_theta_w} is not a squared sine", "Allowed: 0 to 1")
    rho, kappa, corrected = (RHO_NU_N, KAPPA_NU_N, 1.0) if radiative else (1.0, 1.0, 0.0)
    s2 = kappa * sin2_theta_w
    return WeakCouplings(
        up_left=rho * (1 / 2 - 2 / 3 * s2) + corrected * LAMBDA_UP_LEFT,
        up_right=rho * (-2 / 3 * s2) + corrected * LAMBDA_UP_RIGHT,
        down_left=rho * (-1 / 2 + 1 / 3 * s2) + corrected * LAMBDA_DOWN_LEFT,
        down_right=rho * (1 / 3 * s2) + corrected * LAMBDA_DOWN_RIGHT,
    )


def vector_charge(nucleus: Nucleus, couplings: WeakCouplings) -> float:
    """Return the weak vector charge Q_V of Eq. (20) of arXiv:1905.03750."""
    return couplings.proton_vector * nucleus.protons + couplings.neutron_vector * nucleus.neutrons


def axial_charge(nucleus: Nucleus, couplings: WeakCouplings) -> float:
    """Return the weak axial charge Q_A of Eq. (20) of arXiv:1905.03750.

    Each unpaired nucleon counts once, a shell-model estimate: zero for even-even nuclei. Only its
    square enters a cross section, so the orientation of the unpaired spin does not matter.
    """
    return (
        couplings.proton_axial * nucleus.unpaired_protons
        + couplings.neutron_axial * nucleus.unpaired_neutrons
    )
