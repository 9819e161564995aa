r"""Nuclear form factors F(Q): momentum transfer Q in 1/fm, F(0) = 1.

The cross sections take F², with Q² = 2 m_A T_A (text above Eq. 22 of arXiv:1905.03750).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from math import isfinite, pi
from typing import Final, Literal, final

import numpy as np

from munu.base.arguments import check_name
from munu.base.constants import HBAR_C_MEV_FM
from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.nuclei import Nucleus

HELM_RADII: Final = ("charge-radius", "lewin-smith")

FERMI_DIFFUSENESS_FM: Final = 0.52
"""a of Eq. (23) of arXiv:1905.03750, and of Lewin and Smith's Eq. 4.11."""


def momentum_transfer_per_fm(recoil_energy_kev: ArrayLike, nucleus_mass_mev: float) -> FloatArray:
    r"""Return :math:`Q = \sqrt{2 m_A T_A}/\hbar c` (1/fm).

    Parameters
    ----------
    recoil_energy_kev : array
        Nuclear recoil energies T_A (keV).
    nucleus_mass_mev : float
        Nuclear mass m_A (MeV).
    """
    recoil_energy_mev = 1e-3 * np.asarray(recoil_energy_kev, dtype=float)
    return np.asarray(np.sqrt(2 * nucleus_mass_mev * recoil_energy_mev) / HBAR_C_MEV_FM)


class FormFactor(ABC):
    """A nuclear form factor. Subclasses are frozen dataclasses of its parameters, in fm."""

    @abstractmethod
    def __call__(self, momentum_transfer_per_fm: ArrayLike, nucleus: Nucleus) -> FloatArray:
        """Return F(Q), not squared, of the shape of Q (1/fm, zero or positive)."""


class SizedFormFactor(FormFactor):
    """A form factor that can be that of a given rms radius: of neutrons beside protons."""

    @abstractmethod
    def with_radius(self, radius_fm: float, nucleus: Nucleus) -> FormFactor:
        """Return the form factor of a nucleus with the same surface and this rms radius (fm).

        Raises
        ------
        MunuError
            If the radius is no length, or the surface alone is larger.
        """


@final
@dataclass(frozen=True)
class Unity(FormFactor):
    """A point-like nucleus: F = 1."""

    def __call__(self, momentum_transfer_per_fm: ArrayLike, nucleus: Nucleus) -> FloatArray:
        """Return ones of the shape of Q."""
        return np.ones_like(np.asarray(momentum_transfer_per_fm, dtype=float))


@final
@dataclass(frozen=True)
class SymmetrisedFermi(SizedFormFactor):
    r"""Symmetrised Fermi form factor, Eqs. (22) and (23) of arXiv:1905.03750.

    .. math::

        F = \frac{3}{Qc[(Qc)^2 + (\pi Qa)^2]}\,\frac{\pi Qa}{\sinh\pi Qa}
            \left[\frac{\pi Qa\sin Qc}{\tanh\pi Qa} - Qc\cos Qc\right]

    Its mean square radius is :math:`\tfrac35 c^2 + \tfrac75\pi^2a^2`.

    Parameters
    ----------
    half_density_radius_fm : float, optional
        c (fm); None for :math:`1.23 A^{1/3} - 0.60` fm, Eq. (23).
    diffuseness_fm : float
        a (fm); 0.52 in Eq. (23).

    Raises
    ------
    MunuError
        If a length is not finite, or c is not positive, or a is negative.
    """

    half_density_radius_fm: float | None = None
    diffuseness_fm: float = FERMI_DIFFUSENESS_FM

    def __post_init__(self) -> None:
        if self.half_density_radius_fm is not None:
            _check_length("half_density_radius_fm", self.half_density_radius_fm, zero=False)
        _check_length("diffuseness_fm", self.diffuseness_fm)

    def __call__(self, momentum_transfer_per_fm: ArrayLike, nucleus: Nucleus) -> FloatArray:
        r"""Return F(Q) as a weighted mean, which has no cancellation at small Q.

        With x = Qc and y = πQa, Eq. (22) is
        :math:`\frac{y}{\sinh y}\,\frac{c^2\,s(x) + (\pi a)^2\,h(y)\sin(x)/x}{c^2 + (\pi a)^2}`,
        where s is the uniform sphere's form factor and :math:`h = 3(y\coth y - 1)/y^2`.
        """
        q = np.asarray(momentum_transfer_per_fm, dtype=float)
        c = self.half_density_radius_fm or _fermi_radius_fm(nucleus)
        b = pi * self.diffuseness_fm
        mean = c**2 * _sphere(q * c) + b**2 * _coth_excess(q * b) * np.sinc(q * c / pi)
        return np.asarray(_over_sinh(q * b) * mean / (c**2 + b**2))  # Eq. (22)

    def with_radius(self, radius_fm: float, nucleus: Nucleus) -> SymmetrisedFermi:
        r"""Return that of :math:`c^2 = \tfrac53R^2 - \tfrac73\pi^2a^2`."""
        surface = 7 / 5 * (pi * self.diffuseness_fm) ** 2
        return replace(self, half_density_radius_fm=_sphere_radius_fm(radius_fm, surface))


def _without_skin(nucleus: Nucleus) -> str:
    """Return what to say of hydrogen, which is smaller than the skin of other nuclei."""
    if nucleus.protons > 1:
        return ""
    return "; beside hydrogen, which has no skin, take another form factor: klein-nystrand or unity"


@final
@dataclass(frozen=True)
class Helm(SizedFormFactor):
    r"""Helm form factor: a uniform sphere of radius R₀ smeared by a Gaussian of width s.

    :math:`F = 3 j_1(QR_0)/(QR_0)\; e^{-Q^2s^2/2}`; R. H. Helm, Phys. Rev. 104 (1956) 1466.

    Parameters
    ----------
    radius : {"charge-radius", "lewin-smith"} or float
        R itself (fm), or where R₀ comes from: the measured rms charge radius R of the nucleus,
        :math:`R_0^2 = \tfrac53 R^2 - 5s^2`; or :math:`R_0^2 = c^2 + \tfrac73\pi^2a^2 - 5s^2`
        with :math:`c = 1.23A^{1/3} - 0.60` fm and a = 0.52 fm (J. D. Lewin and P. F. Smith,
        Astropart. Phys. 6 (1996) 87, Eq. 4.11).
    skin_thickness_fm : float
        s (fm); 0.9 as in Lewin and Smith.

    Raises
    ------
    MunuError
        If ``radius`` is unknown, s is negative or not finite, or (on evaluation) s is too large
        for the radius of the nucleus.
    """

    radius: Literal["charge-radius", "lewin-smith"] | float = "charge-radius"
    skin_thickness_fm: float = 0.9

    def __post_init__(self) -> None:
        if isinstance(self.radius, str):
            check_name("Helm radius", self.radius, HELM_RADII)
        else:
            _check_length("radius", self.radius, zero=False)
        _check_length("skin_thickness_fm", self.skin_thickness_fm)

    def sphere_radius_fm(self, nucleus: Nucleus) -> float:
        """Return R₀ (fm)."""
        if not isinstance(self.radius, str):
            return _sphere_radius_fm(self.radius, 3 * self.skin_thickness_fm**2)
        if self.radius == "charge-radius":
            smeared = 5 / 3 * nucleus.charge_radius_fm**2
        else:
            smeared = _fermi_radius_fm(nucleus) ** 2 + 7 / 3 * (pi * FERMI_DIFFUSENESS_FM) ** 2
        squared = smeared - 5 * self.skin_thickness_fm**2
        if squared <= 0:
            raise MunuError(
                f"skin_thickness_fm = {self.skin_thickness_fm} is too large for {nucleus.name}",
                f"Allowed: below {(smeared / 5) ** 0.5:.3g}{_without_skin(nucleus)}",
            )
        return float(squared**0.5)

    def __call__(self, momentum_transfer_per_fm: ArrayLike, nucleus: Nucleus) -> FloatArray:
        """Return F(Q): the sphere's form factor times the Gaussian of the skin."""
        q = np.asarray(momentum_transfer_per_fm, dtype=float)
        smearing = np.exp(-0.5 * (q * self.skin_thickness_fm) ** 2)
        return np.asarray(_sphere(q * self.sphere_radius_fm(nucleus)) * smearing)

    def with_radius(self, radius_fm: float, nucleus: Nucleus) -> Helm:
        r"""Return that of :math:`R_0^2 = \tfrac53R^2 - 5s^2`."""
        found = replace(self, radius=radius_fm)
        found.sphere_radius_fm(nucleus)
        return found


@final
@dataclass(frozen=True)
class KleinNystrand(SizedFormFactor):
    r"""Klein-Nystrand form factor: a uniform sphere of radius R_A folded with a Yukawa range.

    :math:`F = \frac{3 j_1(QR_A)}{QR_A}\,\frac{1}{1 + Q^2a^2}`, :math:`R_A = r_0A^{1/3}`;
    S. R. Klein and J. Nystrand, Phys. Rev. C 60 (1999) 014903. Its mean square radius is
    :math:`\tfrac35 R_A^2 + 6a^2`.

    Parameters
    ----------
    radius_parameter_fm : float
        r₀ (fm); 1.23 as in D. K. Papoulias and T. S. Kosmas, Phys. Rev. D 97 (2018) 033003.
    yukawa_range_fm : float
        a (fm).

    Raises
    ------
    MunuError
        If a length is not finite, or r₀ is not positive, or a is negative.
    """

    radius_parameter_fm: float = 1.23
    yukawa_range_fm: float = 0.7

    def __post_init__(self) -> None:
        _check_length("radius_parameter_fm", self.radius_parameter_fm, zero=False)
        _check_length("yukawa_range_fm", self.yukawa_range_fm)

    def __call__(self, momentum_transfer_per_fm: ArrayLike, nucleus: Nucleus) -> FloatArray:
        """Return F(Q): the sphere's form factor times that of the Yukawa potential."""
        q = np.asarray(momentum_transfer_per_fm, dtype=float)
        radius_fm = self.radius_parameter_fm * nucleus.mass_number ** (1 / 3)
        return np.asarray(_sphere(q * radius_fm) / (1 + (q * self.yukawa_range_fm) ** 2))

    def with_radius(self, radius_fm: float, nucleus: Nucleus) -> KleinNystrand:
        r"""Return that of :math:`R_A^2 = \tfrac53R^2 - 10a^2`."""
        sphere = _sphere_radius_fm(radius_fm, 6 * self.yukawa_range_fm**2)
        return replace(self, radius_parameter_fm=sphere / nucleus.mass_number ** (1 / 3))


def _sphere_radius_fm(radius_fm: float, surface_fm2: float) -> float:
    """Return the sharp radius for which ⟨r²⟩ = R²: 3/5 of its square and the surface's part."""
    _check_length("radius", radius_fm, zero=False)
    squared = 5 / 3 * (radius_fm**2 - surface_fm2)
    if squared <= 0:
        raise MunuError(
            f"a radius of {radius_fm:g} fm is too small for the surface of the form factor",
            f"Allowed: above {surface_fm2**0.5:.3g} fm",
        )
    return float(squared**0.5)


def _fermi_radius_fm(nucleus: Nucleus) -> float:
    """Half-density radius c of Eq. (23), fm."""
    return float(1.23 * nucleus.mass_number ** (1 / 3) - 0.60)  # Eq. (23)


def _sphere(x: FloatArray) -> FloatArray:
    """Form factor of a uniform sphere, 3 j₁(x)/x; below 0.3 its series, exact to rounding."""
    z = x * x
    series = 1 + z * (-1 / 10 + z * (1 / 280 + z * (-1 / 15120 + z / 1330560)))
    safe = np.where(x < 0.3, 1.0, x)
    return np.where(x < 0.3, series, 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3)


def _coth_excess(y: FloatArray) -> FloatArray:
    """3 (y coth y - 1)/y²; below 0.2 its series, exact to rounding."""
    z = y * y
    series = 1 + z * (
        -1 / 15 + z * (2 / 315 + z * (-1 / 1575 + z * (2 / 31185 - z * 1382 / 212837625)))
    )
    safe = np.where(y < 0.2, 1.0, y)
    return np.where(y < 0.2, series, 3 * (safe / np.tanh(safe) - 1) / safe**2)


def _over_sinh(y: FloatArray) -> FloatArray:
    """Return y / sinh y by decaying exponentials, which cannot overflow."""
    safe = np.where(y == 0, 1.0, y)
    return np.where(y == 0, 1.0, 2 * safe * np.exp(-safe) / -np.expm1(-2 * safe))


def _check_length(name: str, value: object, *, zero: bool = True) -> None:
    if (
        not isinstance(value, float | int)
        or not isfinite(value)
        or value < 0
        or (value == 0 and not zero)
    ):
        allowed = "positive or zero" if zero else "positive"
        raise MunuError(f"{name} = {value} is not a length", f"Allowed: {allowed}, in fm")
