r"""What every interaction is: flavour matrices times functions of the recoil energy.

Amplitudes of one structure add before they are squared, as matrices in flavour space,

.. math:: A(T) = \sum_j c_j\,h_j(T)\,C_j,\qquad c = (1, x),

the Standard Model at :math:`c_0 = 1`, the real coordinates x of the parameters after it. Counts are
then one form over (1, x): its coefficients are the folds of shapes, products :math:`h_jh_k` with a
`Kernel`, times :math:`{\rm Re\,Tr}[\rho\,C_j^\dagger C_k]` of the source's state.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, final

import numpy as np

from munu.base.frozen import read_only
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.centres import RecoilKind, ScatteringCentre
from munu.physics.couplings import WeakCouplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.parameters import Parameter

Helicity: TypeAlias = Literal["neutrino", "antineutrino"]
HELICITIES: Final[tuple[Helicity, ...]] = ("neutrino", "antineutrino")


@final
@dataclass(frozen=True)
class Kernel:
    """A cross section but for its profiles, in powers of 1/E_ν.

    Parameters
    ----------
    recoil : {"nuclear", "electron"}
        What recoils.
    coefficients : callable
        (centre, T in keV) -> (k₀, k₁, k₂), shape (3, n), in cm²/keV × MeVⁿ.
    minimum_energy_mev : callable, optional
        (centre, T in keV) -> E_min (MeV), shape (n,), where the final neutrino has a mass; by
        default that of the centre.
    recoil_limits_kev : callable, optional
        Its inverse, (centre, E in MeV) -> the recoil energies (keV), in any order, at which
        neutrinos of the energies set in or end; by default the largest recoils of the centre.
    """

    recoil: RecoilKind
    coefficients: Callable[[ScatteringCentre, FloatArray], FloatArray]
    minimum_energy_mev: Callable[[ScatteringCentre, FloatArray], FloatArray] | None = None
    recoil_limits_kev: Callable[[ScatteringCentre, FloatArray], FloatArray] | None = None

    def lowest_energy_mev(
        self, centre: ScatteringCentre, recoil_energy_kev: FloatArray
    ) -> FloatArray:
        """Return the least neutrino energy (MeV) that gives the recoil energy (keV)."""
        if self.minimum_energy_mev is None:
            return centre.minimum_energy_mev(recoil_energy_kev)
        return self.minimum_energy_mev(centre, recoil_energy_kev)


class Profile(ABC):
    """How an amplitude depends on the recoil energy. Subclasses are frozen dataclasses."""

    @abstractmethod
    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return h(T), shape (n,)."""


@final
@dataclass(frozen=True)
class One(Profile):
    """h = 1."""

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return ones."""
        return np.ones_like(recoil_energy_kev)


@final
@dataclass(frozen=True)
class Shape:
    """What a fold integrates: a kernel times two profiles.

    Parameters
    ----------
    kernel : Kernel
    left, right : Profile
        `Shape.of` puts them in an order of its own.
    """

    kernel: Kernel
    left: Profile
    right: Profile

    @classmethod
    def of(cls, kernel: Kernel, one: Profile, other: Profile) -> Shape:
        """Return the shape of two profiles, whichever comes first."""
        left, right = sorted((one, other), key=repr)
        return cls(kernel, left, right)

    def profiles(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the product of both, shape (n,)."""
        return self.left(centre, recoil_energy_kev) * self.right(centre, recoil_energy_kev)


Products: TypeAlias = Mapping[Helicity, tuple[Kernel, ...]]
"""Kernels of a product of two amplitudes, for neutrinos and for antineutrinos."""
NOTHING: Final[Products] = MappingProxyType(dict.fromkeys(HELICITIES, ()))
"""Of amplitudes that do not interfere."""


def alike(kernel: Kernel) -> Products:
    """Return products that are the same for neutrinos and antineutrinos."""
    return MappingProxyType(dict.fromkeys(HELICITIES, (kernel,)))


@final
@dataclass(frozen=True)
class Structure:
    """Which amplitudes add, and how a product of two of them scatters.

    Parameters
    ----------
    name : str
    interferes : mapping of str to Products
        What it makes with another structure, itself included, by name. A product of two different
        structures counts both orders together, as the square of a sum does.
    """

    name: str
    interferes: Mapping[str, Products]

    def __hash__(self) -> int:
        return hash(self.name)

    def times(self, other: Structure) -> Products:
        """Return the kernels of a product; `NOTHING` where the two do not interfere."""
        return self.interferes.get(other.name, NOTHING)


@final
@dataclass(frozen=True, eq=False)
class AmplitudeTerm:
    """One piece of an amplitude.

    Parameters
    ----------
    structure : Structure
    profile : Profile
    matrix : array, shape (m, 3)
        C_ba, from the flavour a of the source to the final state b.
    """

    structure: Structure
    profile: Profile
    matrix: ComplexArray

    def __post_init__(self) -> None:
        """Make the matrix read-only: amplitudes are shared."""
        object.__setattr__(self, "matrix", read_only(np.asarray(self.matrix, complex)))


Amplitude: TypeAlias = tuple[AmplitudeTerm, ...]
"""The terms that one coordinate multiplies."""


@final
@dataclass(frozen=True)
class StandardModel:
    """The weak couplings of quarks and of the electron.

    Parameters
    ----------
    quarks : WeakCouplings
    electron : ElectronCouplings
    recoils : tuple
        What is seen of ``nuclear`` and ``electron``: which of the two matter.
    """

    quarks: WeakCouplings
    electron: ElectronCouplings
    recoils: tuple[RecoilKind, ...] = ("nuclear", "electron")


class Interaction(ABC):
    """Amplitudes of the real coordinates of parameters. Subclasses are frozen dataclasses."""

    @property
    @abstractmethod
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters."""

    @property
    @abstractmethod
    def settings(self) -> tuple[str, ...]:
        """The assumptions about interactions that it depends on, such as ``mediator_mass``."""

    @abstractmethod
    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return the value of a parameter in the Standard Model; arguments as of `amplitudes`."""

    @abstractmethod
    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what a change of each real coordinate of a parameter adds to the amplitude.

        One amplitude of a real parameter; two, of the real and the imaginary part, of a complex
        one.

        Parameters
        ----------
        parameter : Parameter
        standard_model : StandardModel
            The couplings of an experiment's file.
        assumptions : Assumptions
            With a mixing; masses and charges too, where `settings` names them.

        Raises
        ------
        MunuError
            If a mass or charge that it needs is not stated or not allowed.
        """
