"""The ``[interaction]`` section: channels, couplings, form factor and mixing."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

from pydantic import Field

from munu.base.errors import MunuError
from munu.base.units import Range
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.fields import (
    NuclearLength,
    Pair,
    Probability,
    Section,
    quantity,
)
from munu.physics import form_factors
from munu.physics.atomic_corrections import STEPPING, AtomicModel
from munu.physics.centres import RecoilKind
from munu.physics.couplings import WeakCouplings, weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.mixing import Mixing, global_fit
from munu.physics.nuclear_model import SpinTerm


@final
class SymmetrisedFermiSection(Section):
    """Eq. (22) of arXiv:1905.03750, and the lengths of Eq. (23) unless given.

    They are c = 1.23 A^(1/3) - 0.60 fm, half_density_radius, and a = 0.52 fm, diffuseness.
    """

    model: Literal["symmetrised-fermi"]
    half_density_radius: NuclearLength | None = None
    diffuseness: NuclearLength = form_factors.FERMI_DIFFUSENESS_FM

    def build(self) -> form_factors.FormFactor:
        """Return the form factor, its lengths in fm."""
        return form_factors.SymmetrisedFermi(self.half_density_radius, self.diffuseness)


@final
class HelmSection(Section):
    """Helm's form factor, by measured charge radius or by Lewin and Smith's formula."""

    model: Literal["helm"]
    radius: Literal["charge-radius", "lewin-smith"]
    skin_thickness: NuclearLength

    def build(self) -> form_factors.FormFactor:
        """Return the form factor, its skin thickness in fm."""
        return form_factors.Helm(self.radius, self.skin_thickness)


@final
class KleinNystrandSection(Section):
    """Klein and Nystrand's form factor."""

    model: Literal["klein-nystrand"]
    radius_parameter: NuclearLength
    yukawa_range: NuclearLength

    def build(self) -> form_factors.FormFactor:
        """Return the form factor, its lengths in fm."""
        return form_factors.KleinNystrand(self.radius_parameter, self.yukawa_range)


@final
class UnitySection(Section):
    """A point-like nucleus."""

    model: Literal["unity"]

    def build(self) -> form_factors.FormFactor:
        """Return F = 1."""
        return form_factors.Unity()


FormFactorSection: TypeAlias = Annotated[
    SymmetrisedFermiSection | HelmSection | KleinNystrandSection | UnitySection,
    Choice("model"),
]
"""The form factors; a new one is a class above and its name here."""


NeutronRadius: TypeAlias = Annotated[float, quantity("nuclear length", Range(1, 10))]
NeutronSkin: TypeAlias = Annotated[float, quantity("nuclear length", Range(-1, 1))]

Channels: TypeAlias = Annotated[list[RecoilKind], Field(min_length=1)]


def build_channels(key: str, channels: list[RecoilKind]) -> tuple[RecoilKind, ...]:
    """Return channels, each named once.

    Raises
    ------
    MunuError
        If a key of the file names one twice.
    """
    if len(set(channels)) < len(channels):
        raise MunuError(f"{key} names a channel twice", "Name each once")
    return tuple(channels)


@final
class InteractionSection(Section):
    """How neutrinos scatter."""

    channels: Channels
    form_factor: FormFactorSection
    sin2_theta_w: Probability
    radiative: bool
    flavour_dependent: bool = False
    mixing: str
    neutron_radius: Annotated[dict[str, NeutronRadius], Field(min_length=1)] | None = None
    neutron_skin: NeutronSkin | None = None
    spin_term: SpinTerm = "unpaired"
    nucleon_spins: Annotated[dict[str, Pair], Field(min_length=1)] | None = None
    moment_on_spin0: bool | None = None
    atomic: AtomicModel = STEPPING

    def build_channels(self) -> tuple[RecoilKind, ...]:
        """Return the channels, each named once."""
        return build_channels("interaction.channels", self.channels)

    def build_couplings(self) -> WeakCouplings:
        """Return the quarks' couplings, at tree level if not radiative."""
        return weak_couplings(
            self.sin2_theta_w,
            radiative=self.radiative,
            flavour_dependent=self.flavour_dependent,
        )

    def build_electron_couplings(self) -> ElectronCouplings:
        """Return the electron's couplings, at tree level if not radiative."""
        return ElectronCouplings(self.sin2_theta_w, radiative=self.radiative)

    def build_mixing(self) -> Mixing:
        """Return the named global fit."""
        return global_fit(self.mixing)


@final
class MixingSection(Section):
    """The ``[interaction]`` section of a bound: the mixing alone."""

    mixing: str

    def build_mixing(self) -> Mixing:
        """Return the named global fit."""
        return global_fit(self.mixing)
