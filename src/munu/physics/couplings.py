"""Weak neutral-current couplings of quarks and the weak charges of nuclei."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, final

from munu.base.constants import SIN2_THETA_W
from munu.base.errors import MunuError
from munu.physics.charge_radii import SHIFT_PER_CM2, standard_radius_cm2
from munu.physics.electroweak_boxes import KAPPA_AT_ZERO, RHO, boxes
from munu.physics.nuclei import Nucleus

ChargeRadii: TypeAlias = Literal["none", "nu_mu", "flavours"]

RHO_NU_N: Final = 1.0082
"""Radiative correction ρ, PDG; text below Eq. 21 of arXiv:1905.03750, as the next four."""

KAPPA_NU_N: Final = 0.9972
LAMBDA_UP_LEFT: Final = -0.0031
LAMBDA_DOWN_LEFT: Final = -0.0025
LAMBDA_DOWN_RIGHT: Final = 3.7e-5
LAMBDA_UP_RIGHT: Final = LAMBDA_DOWN_RIGHT / 2
LAMBDAS_NU_N: Final = {
    "up_left": LAMBDA_UP_LEFT,
    "up_right": LAMBDA_UP_RIGHT,
    "down_left": LAMBDA_DOWN_LEFT,
    "down_right": LAMBDA_DOWN_RIGHT,
}


@final
@dataclass(frozen=True)
class WeakCouplings:
    """Couplings of the u and d quarks to the Z boson, Eq. (21) of arXiv:1905.03750.

    Parameters
    ----------
    up_left, up_right, down_left, down_right : float
        The g's of Eq. (21), dimensionless.
    charge_radii : {"none", "nu_mu", "flavours"}
        The Standard Model's charge radii in them: none, as at tree level; that of ν_μ, whatever the
        flavour; or that of each flavour, which then comes to the g's.
    """

    up_left: float
    up_right: float
    down_left: float
    down_right: float
    charge_radii: ChargeRadii = "none"

    @property
    def proton_vector(self) -> float:
        """Factor of Z in Q_V, Eq. (20); 1/2 - 2 sin²θ_W at tree level.

        Raises
        ------
        MunuError
            If it depends on the flavour.
        """
        if self.charge_radii == "flavours":
            raise MunuError(
                "the coupling to protons depends on the flavour",
                "Ask for that of one, as in proton_vector_of('e')",
            )
        return self._proton()

    def proton_vector_of(self, flavour: str) -> float:
        r"""Return the factor of Z in Q_V of ν_α, ``e``, ``mu`` or ``tau``.

        Where the couplings depend on the flavour it is what the g's make, less
        :math:`\tilde Q = \sqrt2\pi\alpha\langle r^2\rangle_\alpha/3G_F`.
        """
        own = self.charge_radii == "flavours"
        return self._proton() - own * SHIFT_PER_CM2 * standard_radius_cm2(flavour)

    def standard_radius_cm2(self, flavour: str) -> float:
        """Return the charge radius (cm²) that is in the couplings of ν_α."""
        if self.charge_radii == "none":
            return 0.0
        return standard_radius_cm2(flavour if self.charge_radii == "flavours" else "mu")

    def _proton(self) -> float:
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


def weak_couplings(
    sin2_theta_w: float = SIN2_THETA_W, *, radiative: bool = True, flavour_dependent: bool = False
) -> WeakCouplings:
    r"""Return the quark couplings of Eq. (21) of arXiv:1905.03750, or those of each flavour.

    .. math::

        g_u^L = \rho\,(1/2 - \tfrac23 \kappa\hat s_Z^2) + \lambda^{u,L},\quad
        g_d^L = \rho\,(-1/2 + \tfrac13 \kappa\hat s_Z^2) + \lambda^{d,L},\quad
        g_u^R = -\tfrac23\rho\kappa\hat s_Z^2 + \lambda^{u,R},\quad
        g_d^R = \tfrac13\rho\kappa\hat s_Z^2 + \lambda^{d,R}

    These are the couplings of ν_μ, used for every flavour: ρ and κ of ν_μ scattering on nucleons.
    Those that depend on the flavour have the same form with the ρ, κ and λ of
    `munu.physics.electroweak_boxes`, which are of low energies, and the Standard Model's charge
    radius of each flavour. They make 2.3 to 2.7 % fewer events of ν_e.

    Parameters
    ----------
    sin2_theta_w : float
        Weak mixing angle :math:`\hat s_Z^2` (MS-bar at the Z mass), in [0, 1].
    radiative : bool
        False for the tree level: ρ = κ = 1 and every λ = 0.
    flavour_dependent : bool
        True for the couplings that depend on the flavour.

    Raises
    ------
    MunuError
        If ``sin2_theta_w`` lies outside [0, 1], or couplings at tree level shall depend on the
        flavour.
    """
    if not 0.0 <= sin2_theta_w <= 1.0:
        raise MunuError(f"sin2_theta_w = {sin2_theta_w} is not a squared sine", "Allowed: 0 to 1")
    if flavour_dependent and not radiative:
        raise MunuError(
            "couplings at tree level do not depend on the flavour",
            "Make them radiative too, or leave flavour_dependent out",
        )
    if flavour_dependent:
        return _corrected(RHO, KAPPA_AT_ZERO * sin2_theta_w, boxes(), "flavours")
    if radiative:
        return _corrected(RHO_NU_N, KAPPA_NU_N * sin2_theta_w, LAMBDAS_NU_N, "nu_mu")
    return _corrected(1.0, sin2_theta_w, dict.fromkeys(LAMBDAS_NU_N, 0.0), "none")


def _corrected(
    rho: float, s2: float, added: Mapping[str, float], radii: ChargeRadii
) -> WeakCouplings:
    return WeakCouplings(
        up_left=rho * (1 / 2 - 2 / 3 * s2) + added["up_left"],
        up_right=rho * (-2 / 3 * s2) + added["up_right"],
        down_left=rho * (-1 / 2 + 1 / 3 * s2) + added["down_left"],
        down_right=rho * (1 / 3 * s2) + added["down_right"],
        charge_radii=radii,
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
