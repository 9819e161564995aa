"""Quenching: the fraction of a nuclear recoil's energy that becomes ionisation or light."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import freeze, read_only
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray
from munu.physics.nuclei import Nucleus

SMOOTH: Final = read_only(np.empty(0))
"""The kinks of a model without any."""

EVERYWHERE: Final = (0.0, np.inf)
"""The range (keV) of a model that holds at every recoil energy."""


class Quenching(ABC):
    """The quenching factor Q(T) of a nuclear recoil."""

    @abstractmethod
    def __call__(self, recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
        """Return Q(T), dimensionless, for recoil energies T (keV), shape (n,)."""

    @abstractmethod
    def kinks_kev(self) -> FloatArray:
        """Return recoil energies (keV) at which Q is not smooth: `SMOOTH` for none."""

    @abstractmethod
    def validity_kev(self) -> tuple[float, float]:
        """Return the recoil energies (keV) between which the model holds: `EVERYWHERE` for all."""

    @abstractmethod
    def describe(self) -> str:
        """Return a one-line description for ``munu show``."""


@final
@dataclass(frozen=True)
class Lindhard(Quenching):
    r"""Lindhard theory, Eq. (26) of arXiv:1905.03750.

    :math:`Q = \kappa g/(1+\kappa g)`, :math:`g = 3\gamma^{0.15}+0.7\gamma^{0.6}+\gamma`,
    :math:`\gamma = 11.5\,T({\rm keV})\,Z^{-7/3}`, :math:`\kappa = 0.133\,Z^{2/3}A^{-1/2}` unless a
    measured ``kappa`` is given.

    Raises
    ------
    MunuError
        If κ is not positive.
    """

    kappa: float | None = None

    def __post_init__(self) -> None:
        if self.kappa is not None and not 0 < self.kappa < np.inf:
            raise MunuError(f"kappa = {self.kappa} of Lindhard's theory", "Allowed: above 0")

    def __call__(self, recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
        """Return Q(T) of a nucleus, between 0 and 1."""
        z, a = nucleus.protons, nucleus.mass_number
        kappa = 0.133 * z ** (2 / 3) / a**0.5 if self.kappa is None else self.kappa
        gamma = 11.5 * np.asarray(recoil_energy_kev, float) * z ** (-7 / 3)
        kappa_g = kappa * (3 * gamma**0.15 + 0.7 * gamma**0.6 + gamma)
        return np.asarray(kappa_g / (1 + kappa_g))  # Eq. (26)

    def kinks_kev(self) -> FloatArray:
        """Return none: the theory is smooth above zero."""
        return SMOOTH

    def validity_kev(self) -> tuple[float, float]:
        """Return every energy: Eq. (26) names no range."""
        return EVERYWHERE

    def describe(self) -> str:
        """Name the model and κ."""
        return f"Lindhard, kappa = {'0.133 Z^(2/3) A^(-1/2)' if self.kappa is None else self.kappa}"


@final
@dataclass(frozen=True)
class Polynomial(Quenching):
    """Q(T) = c₀ + c₁T + c₂T² + ... with T in keV, clipped to [0, 1].

    Parameters
    ----------
    coefficients : tuple of float
        c_n in keV⁻ⁿ. One coefficient is a constant, two a linear model.
    valid_kev : tuple of float
        Recoil energies (keV) the fit covers.

    Raises
    ------
    MunuError
        If there is no coefficient, or one is not finite.
    """

    coefficients: tuple[float, ...]
    valid_kev: tuple[float, float] = (0.0, np.inf)

    def __post_init__(self) -> None:
        if not self.coefficients or not np.all(np.isfinite(self.coefficients)):
            raise MunuError(
                f"the coefficients of the quenching are {self.coefficients}",
                "Give one finite number or more",
            )
        freeze(self)

    def __call__(self, recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
        """Return the polynomial, the same for every nucleus."""
        return np.asarray(np.clip(self.unclipped(recoil_energy_kev), 0.0, 1.0))

    def unclipped(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the polynomial as it is, which may leave [0, 1]."""
        value = np.polynomial.polynomial.polyval(recoil_energy_kev, np.array(self.coefficients))
        return np.asarray(value)

    def kinks_kev(self) -> FloatArray:
        """Return none: of where it is clipped the integration is not told."""
        return SMOOTH

    def validity_kev(self) -> tuple[float, float]:
        """Return the fitted range (keV)."""
        return self.valid_kev

    def describe(self) -> str:
        """Show the polynomial."""
        terms = [f"{c:g} T^{n}" if n else f"{c:g}" for n, c in enumerate(self.coefficients)]
        return "Q(T) = " + " + ".join(terms) + " (T in keV)"


@final
@dataclass(frozen=True)
class TabulatedQuenching(Quenching):
    """Interpolation of a measured table, constant beyond its ends.

    Parameters
    ----------
    recoil_energy_kev, factor : tuple of float
    interpolation : str
        ``linear``, or ``log`` for the factor's logarithm (`munu.base.interpolation`).

    Raises
    ------
    MunuError
        If the energies do not increase or a factor lies outside [0, 1].
    """

    recoil_energy_kev: tuple[float, ...]
    factor: tuple[float, ...]
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        check_between(self.interpolation)
        energies, factors = np.array(self.recoil_energy_kev), np.array(self.factor)
        increase = energies.size >= 2 and bool(np.all(np.diff(energies) > 0))
        if not increase or energies.shape != factors.shape:
            raise MunuError(
                "the quenching table is not a function of increasing recoil energy",
                "Give two columns of equal length >= 2, the energies (keV) increasing",
            )
        if not np.all((factors >= 0) & (factors <= 1)):
            raise MunuError("a quenching factor lies outside its range", "Allowed: 0 to 1")
        freeze(self)

    def __call__(self, recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
        """Return the interpolated factor, the same for every nucleus."""
        energies = np.asarray(recoil_energy_kev, float)
        return between_rows(energies, self.recoil_energy_kev, self.factor, self.interpolation)

    def kinks_kev(self) -> FloatArray:
        """Return the energies (keV) of the rows: the curve bends at each."""
        return np.array(self.recoil_energy_kev)

    def validity_kev(self) -> tuple[float, float]:
        """Return the table's first and last energy (keV)."""
        return (self.recoil_energy_kev[0], self.recoil_energy_kev[-1])

    def describe(self) -> str:
        """Give the range of the table."""
        return "table from {:g} to {:g} keV".format(*self.validity_kev())


@final
@dataclass(frozen=True)
class Unquenched(Quenching):
    """Q = 1: the recoil energy itself is the measured energy."""

    def __call__(self, recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
        """Return 1 at every energy and for every nucleus."""
        return np.ones_like(np.asarray(recoil_energy_kev, float))

    def kinks_kev(self) -> FloatArray:
        """Return none: a constant is smooth."""
        return SMOOTH

    def validity_kev(self) -> tuple[float, float]:
        """Return every energy: nothing is modelled."""
        return EVERYWHERE

    def describe(self) -> str:
        """Say that there is none."""
        return "none (recoil energy is measured)"
