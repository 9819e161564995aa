r"""The weak interaction: the Standard Model's amplitudes, and sin²θ_W as a parameter.

On nuclei the vector amplitude is :math:`A = g_V^p\,ZF + g_V^n\,NF`, diagonal in flavour, and the
spins add a rate of their own with :math:`Q_A` (Eqs. 19 and 20 of arXiv:1905.03750). On electrons
there are two amplitudes, g_L and g_R, diagonal in flavour and exchanged for antineutrinos
(`munu.physics.electron_couplings`). All are linear in sin²θ_W.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray
from munu.physics import coherent, electrons
from munu.physics.assumptions import Assumptions
from munu.physics.atomic_corrections import atomic_correction
from munu.physics.atoms import effective_electrons
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.couplings import WeakCouplings, weak_couplings
from munu.physics.electron_couplings import ElectronCouplings, kappa
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    Kernel,
    One,
    Profile,
    StandardModel,
    Structure,
    alike,
)
from munu.physics.moments import FLAVOURS
from munu.physics.parameters import PURE_NUMBER, Parameter

UNIT: Final[ComplexArray] = np.eye(3, dtype=complex)
MODELS: Final = 8
"""Standard Models whose amplitudes are remembered."""


def nuclear(centre: ScatteringCentre) -> NuclearCentre:
    """Return a centre that is a nucleus, as the kernels of nuclear recoils have it."""
    assert isinstance(centre, NuclearCentre)
    return centre


def freed(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    """Return the electrons of an atom that a deposit frees, `munu.physics.atoms`."""
    assert isinstance(centre, ElectronCentre)
    return effective_electrons(centre.symbol, recoil_energy_kev)


def weakly_freed(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    """Return `freed` with the atomic correction of the weak interaction, if the centre has one."""
    assert isinstance(centre, ElectronCentre)
    correction = atomic_correction(centre.atomic, centre.symbol)
    number = freed(centre, recoil_energy_kev)
    return number if correction is None else number * correction(recoil_energy_kev)


@final
@dataclass(frozen=True)
class ProtonForm(Profile):
    """h = Z F_p(Q)."""

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return Z F_p at the recoils."""
        own = nuclear(centre)
        form = coherent.form_factor_at(recoil_energy_kev, own.nucleus, own.form_factor)
        return own.nucleus.protons * form


@final
@dataclass(frozen=True)
class NeutronForm(Profile):
    """h = N F_n(Q)."""

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return N F_n at the recoils."""
        own = nuclear(centre)
        form = coherent.form_factor_at(recoil_energy_kev, own.nucleus, own.form_of_neutrons)
        return own.nucleus.neutrons * form


@final
@dataclass(frozen=True)
class SpinForm(Profile):
    """h = Q_A F(Q), with the nucleons whose spins the centre counts (Eq. 20).

    F is the form factor of the protons, as long as the spins have none of their own.

    Parameters
    ----------
    proton_axial, neutron_axial : float
        Couplings.
    """

    proton_axial: float
    neutron_axial: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return Q_A F at the recoils."""
        own = nuclear(centre)
        protons, neutrons = own.axial_factors
        charge = self.proton_axial * protons + self.neutron_axial * neutrons
        if charge == 0.0:
            return np.zeros_like(recoil_energy_kev)
        return charge * coherent.form_factor_at(recoil_energy_kev, own.nucleus, own.form_factor)


@final
@dataclass(frozen=True)
class Kappa(Profile):
    """h = κ(T), the running of sin²θ_W that ν_α sees on electrons.

    Parameters
    ----------
    flavour : str
    """

    flavour: str

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return κ at the recoils."""
        return kappa(self.flavour, recoil_energy_kev)


def _vector(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return coherent.vector_coefficients(recoil_energy_kev, nuclear(centre).nucleus)


def _axial(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return coherent.axial_coefficients(recoil_energy_kev, nuclear(centre).nucleus)


def _flat(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return electrons.chiral_coefficients(recoil_energy_kev)[0] * weakly_freed(
        centre, recoil_energy_kev
    )


def _falling(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return electrons.chiral_coefficients(recoil_energy_kev)[1] * weakly_freed(
        centre, recoil_energy_kev
    )


def _mixed(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return electrons.chiral_coefficients(recoil_energy_kev)[2] * weakly_freed(
        centre, recoil_energy_kev
    )


FLAT: Final = Kernel("electron", _flat)
FALLING: Final = Kernel("electron", _falling)
MIXED: Final = Kernel("electron", _mixed)

VECTOR: Final = Structure("vector", {"vector": alike(Kernel("nuclear", _vector))})
"""V-A on the neutrino, V on the nucleus."""
SPIN: Final = Structure("spin", {"spin": alike(Kernel("nuclear", _axial))})
"""V-A on the neutrino, A on the nucleus, whose spin is not polarised."""
LEFT: Final = Structure(
    "left",
    {"left": {"neutrino": (FLAT,), "antineutrino": (FALLING,)}, "right": alike(MIXED)},
)
"""V-A on the neutrino, left-handed electron."""
RIGHT: Final = Structure(
    "right",
    {"right": {"neutrino": (FALLING,), "antineutrino": (FLAT,)}, "left": alike(MIXED)},
)
"""V-A on the neutrino, right-handed electron."""

SIN2_THETA_W: Final = Parameter(
    name="sin2_theta_w",
    symbol="sin²θ_W",
    unit=PURE_NUMBER,
    family="weak mixing angle",
    about="weak mixing angle of the couplings, MS-bar at the Z mass where they are radiative",
    low=0.0,
    high=1.0,
)


@lru_cache(maxsize=MODELS)
def standard_amplitude(model: StandardModel) -> Amplitude:
    """Return the amplitudes without any new interaction."""
    q = model.quarks
    return (
        AmplitudeTerm(VECTOR, ProtonForm(), _of_flavours(q)),
        AmplitudeTerm(VECTOR, NeutronForm(), q.neutron_vector * UNIT),
        AmplitudeTerm(SPIN, SpinForm(q.proton_axial, q.neutron_axial), UNIT),
        AmplitudeTerm(LEFT, One(), _electron_only() - 0.5 * model.electron.rho * UNIT),
        *_running(model.electron, model.electron.sin2_theta_w),
    )


@final
@dataclass(frozen=True)
class WeakAngle(Interaction):
    """sin²θ_W as a parameter."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """sin²θ_W."""
        return (SIN2_THETA_W,)

    @property
    def settings(self) -> tuple[str, ...]:
        """None."""
        return ()

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return that of the experiment's file."""
        return standard_model.electron.sin2_theta_w

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what a change of sin²θ_W adds.

        Raises
        ------
        MunuError
            If quarks and electrons do not have the same sin²θ_W or corrections.
        """
        own, quarks = standard_model.electron, standard_model.quarks
        kind = partial(
            weak_couplings,
            radiative=own.radiative,
            flavour_dependent=own.radiative and quarks.charge_radii == "flavours",
        )
        if quarks != kind(own.sin2_theta_w):
            raise MunuError(
                "quarks and electrons differ in sin2_theta_w or in radiative corrections",
                "Make both from one value, with weak_couplings and ElectronCouplings",
            )
        proton = _of_flavours(kind(1.0)) - _of_flavours(kind(0.0))
        neutron = kind(1.0).neutron_vector - kind(0.0).neutron_vector
        return (
            (
                AmplitudeTerm(VECTOR, ProtonForm(), proton),
                AmplitudeTerm(VECTOR, NeutronForm(), neutron * UNIT),
                *_running(own, 1.0),
            ),
        )


def _of_flavours(couplings: WeakCouplings) -> ComplexArray:
    """Return the couplings to protons of the flavours, a diagonal matrix."""
    row = [couplings.proton_vector_of(flavour) for flavour in FLAVOURS]
    return np.diag(row).astype(complex)


def _electron_only() -> ComplexArray:
    """Return the charged current's matrix: ν_e alone."""
    return np.diag([1.0, 0.0, 0.0]).astype(complex)


def _running(couplings: ElectronCouplings, sin2_theta_w: float) -> Amplitude:
    """Return ρ κ_α(T) sin²θ_W of g_L and of g_R."""
    size = couplings.rho * sin2_theta_w
    if not couplings.radiative:
        return tuple(AmplitudeTerm(structure, One(), size * UNIT) for structure in (LEFT, RIGHT))
    return tuple(
        AmplitudeTerm(structure, Kappa(flavour), np.diag(size * row).astype(complex))
        for structure in (LEFT, RIGHT)
        for flavour, row in zip(FLAVOURS, np.eye(3), strict=True)
    )
