"""Scattering centres: what recoils, within which kinematics, and how its size shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, final

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.physics import coherent, electrons
from munu.physics.atomic_corrections import STEPPING, AtomicModel, atomic_correction
from munu.physics.atoms import steps
from munu.physics.form_factors import FormFactor
from munu.physics.nuclei import Nucleus

RecoilKind: TypeAlias = Literal["nuclear", "electron"]


class ScatteringCentre(ABC):
    """One kind of scattering centre in the target."""

    nucleus: Nucleus | None
    """The recoiling nucleus, None for electrons: quenching applies to nuclei only."""

    @property
    @abstractmethod
    def recoil(self) -> RecoilKind:
        """What recoils."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name of the isotope, or of the element whose electrons recoil."""

    @abstractmethod
    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the least neutrino energy (MeV) that gives the recoil energy (keV)."""

    @abstractmethod
    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return the largest recoil energy (keV) a neutrino energy (MeV) gives."""

    @abstractmethod
    def steps_kev(self) -> FloatArray | None:
        """Return recoil energies (keV) at which the cross section jumps, if any."""


@final
@dataclass(frozen=True)
class NuclearCentre(ScatteringCentre):
    """One isotope, on which a neutrino scatters coherently.

    Parameters
    ----------
    nucleus : Nucleus
    form_factor : FormFactor
        That of its protons, and of all that has none of its own.
    neutron_form_factor : FormFactor, optional
        That of its neutrons; ``form_factor`` without it.
    axial_nucleons : tuple of float, optional
        Factors of the proton's and the neutron's axial coupling in Q_A; without it the unpaired
        nucleons, Eq. (20) of arXiv:1905.03750.
    scalar_moment_term : bool
        Whether a magnetic moment scatters on a nucleus without spin as on a particle without one.
    """

    nucleus: Nucleus
    form_factor: FormFactor
    neutron_form_factor: FormFactor | None = None
    axial_nucleons: tuple[float, float] | None = None
    scalar_moment_term: bool = False

    @property
    def form_of_neutrons(self) -> FormFactor:
        """The form factor of the neutrons."""
        return self.neutron_form_factor or self.form_factor

    @property
    def axial_factors(self) -> tuple[float, float]:
        """Factors of the proton's and the neutron's axial coupling in Q_A."""
        if self.axial_nucleons is not None:
            return self.axial_nucleons
        return float(self.nucleus.unpaired_protons), float(self.nucleus.unpaired_neutrons)

    @property
    def recoil(self) -> RecoilKind:
        """Nuclear."""
        return "nuclear"

    @property
    def name(self) -> str:
        """Name of the isotope."""
        return self.nucleus.name

    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.coherent.cevns_minimum_energy_mev` of the isotope."""
        return coherent.cevns_minimum_energy_mev(recoil_energy_kev, self.nucleus)

    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.coherent.cevns_maximum_recoil_kev` of the isotope."""
        return coherent.cevns_maximum_recoil_kev(neutrino_energy_mev, self.nucleus)

    def steps_kev(self) -> None:
        """Return none: the cross section is smooth."""


@final
@dataclass(frozen=True)
class ElectronCentre(ScatteringCentre):
    """The electrons of one atom, freed as :func:`munu.physics.atoms.effective_electrons` says.

    Parameters
    ----------
    symbol : str
        Element.
    atomic : {"stepping", "rrpa"}
        Correction of the weak scattering, `munu.physics.atomic_corrections`.

    Raises
    ------
    MunuError
        If there are no numbers of the element.
    """

    symbol: str
    nucleus: None = field(default=None, init=False)
    atomic: AtomicModel = STEPPING

    def __post_init__(self) -> None:
        atomic_correction(self.atomic, self.symbol)

    @property
    def recoil(self) -> RecoilKind:
        """Electron."""
        return "electron"

    @property
    def name(self) -> str:
        """Name of the element."""
        return f"{self.symbol} electrons"

    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.electrons.minimum_energy_mev`."""
        return electrons.minimum_energy_mev(recoil_energy_kev)

    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.electrons.maximum_recoil_kev`."""
        return electrons.maximum_recoil_kev(neutrino_energy_mev)

    def steps_kev(self) -> FloatArray:
        """Return the binding energies, and where a correction has kinks."""
        correction = atomic_correction(self.atomic, self.symbol)
        if correction is None:
            return steps(self.symbol)
        return distinct(steps(self.symbol), correction.energies_kev)
