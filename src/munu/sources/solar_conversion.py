"""Adiabatic conversion of solar neutrinos: the mass states that arrive at the Earth."""

from __future__ import annotations

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.mixing import Mixing


def nu_1_probability(
    energy_mev: ArrayLike, mixing: Mixing, *, potential_ev: float, relative_variance: float = 0.0
) -> FloatArray:
    r"""Return :math:`P_{e1}^{2\nu}`, the probability to arrive as ν₁ in the two-neutrino limit.

    :math:`P_{e1}^{2\nu} = \frac12(1 + (1-\delta)\cos 2\theta_m)` with

    .. math::
        \cos 2\theta_m = \frac{\cos 2\theta_{12} - \gamma}
            {\sqrt{(\cos 2\theta_{12} - \gamma)^2 + \sin^2 2\theta_{12}}}, \qquad
        \gamma = \frac{2 E \bar V \cos^2\theta_{13}}{\Delta m^2_{21}},

    and :math:`\delta = \frac32 \sigma_V^2\gamma^2\sin^2 2\theta_{12} /
    ((\cos 2\theta_{12}-\gamma)^2 + \sin^2 2\theta_{12})^2` the second-order effect of the spread of
    the potential over the production region.

    Parameters
    ----------
    energy_mev : array
        Neutrino energy E (MeV).
    mixing : Mixing
        Supplies θ₁₂, θ₁₃ and Δm²₂₁.
    potential_ev : float
        Mean potential :math:`\bar V = \sqrt2 G_F \bar n_e` (eV).
    relative_variance : float
        Variance of the potential over its squared mean, :math:`\sigma_V^2`.

    Raises
    ------
    MunuError
        If Δm²₂₁ is zero, for which nothing is adiabatic.

    References
    ----------
    P. C. de Holanda, W. Liao and A. Yu. Smirnov, hep-ph/0404042.
    """
    if mixing.dm2_21_ev2 == 0:
        raise MunuError(
            f"dm2_21_ev2 = 0 in the mixing '{mixing.name}', which solar neutrinos convert by",
            "Give the splitting of a fit, as in munu.global_fit('nufit60-no').dm2_21_ev2",
        )
    sine_squared = 4 * mixing.sin2_theta12 * (1 - mixing.sin2_theta12)
    gamma = 2e6 * np.asarray(energy_mev, dtype=float) * potential_ev / mixing.dm2_21_ev2
    gamma = gamma * (1 - mixing.sin2_theta13)
    detuning = 1 - 2 * mixing.sin2_theta12 - gamma
    width_squared = detuning**2 + sine_squared
    spread = 1.5 * relative_variance * gamma**2 * sine_squared / width_squared**2
    return np.asarray(0.5 * (1 + (1 - spread) * detuning / np.sqrt(width_squared)))


def mass_probabilities(nu_1_two_flavour: ArrayLike, mixing: Mixing) -> FloatArray:
    r"""Return :math:`P_{e1}, P_{e2}, P_{e3}`, shape (3, ...), from :math:`P_{e1}^{2\nu}`.

    :math:`P_{e1} = c_{13}^2P_{e1}^{2\nu}`, :math:`P_{e2} = c_{13}^2(1-P_{e1}^{2\nu})`,
    :math:`P_{e3} = s_{13}^2` (Eq. 38 of arXiv:1905.03750).
    """
    first = np.asarray(nu_1_two_flavour, dtype=float)
    c13_squared, s13_squared = 1 - mixing.sin2_theta13, mixing.sin2_theta13
    third = np.full_like(first, s13_squared)
    return np.stack([c13_squared * first, c13_squared * (1 - first), third])  # Eq. (38)
