"""What is said of nuclei besides one form factor: neutron radii, spins, the moment's exact term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, final

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.physics.centres import NuclearCentre
from munu.physics.form_factors import FormFactor, SizedFormFactor
from munu.physics.nuclei import Nucleus
from munu.physics.nucleon_spins import NucleonSpins, nucleon_spins

SpinTerm: TypeAlias = Literal["unpaired", "nuclear-structure", "none"]
SPIN_TERMS: Final[tuple[SpinTerm, ...]] = ("unpaired", "nuclear-structure", "none")
"""Eq. (20) of arXiv:1905.03750; ⟨S_p⟩ and ⟨S_n⟩ of `munu.physics.nucleon_spins`; no spins."""
NO_SPIN: Final = NucleonSpins(0.0, 0.0)


@final
@dataclass(frozen=True)
class NuclearModel:
    """How nuclei differ from the reference paper's, which have one form factor each.

    Parameters
    ----------
    neutron_radii_fm : mapping of str to float
        Root mean square radius R_n (fm) of F_n, by isotope: the surface is that of the form factor.
    neutron_skin_fm : float, optional
        R_n less the charge radius (fm) of the isotopes that ``neutron_radii_fm`` does not name;
        without it they have F_n = F_p.
    spin_term : {"unpaired", "nuclear-structure", "none"}
        What Q_A counts.
    spins : mapping of str to NucleonSpins
        Spins of isotopes of one's own, beside the tabulated ones.
    moment_on_spin0 : bool
        Whether a magnetic moment scatters on nuclei without spin with T/4E² added to 1/T - 1/E.

    Raises
    ------
    MunuError
        For an unknown spin term.
    """

    neutron_radii_fm: Mapping[str, float] = field(default_factory=dict)
    neutron_skin_fm: float | None = None
    spin_term: SpinTerm = "unpaired"
    spins: Mapping[str, NucleonSpins] = field(default_factory=dict)
    moment_on_spin0: bool = False

    def __post_init__(self) -> None:
        check_name("spin term", self.spin_term, SPIN_TERMS)
        freeze(self)

    def centre(self, nucleus: Nucleus, form_factor: FormFactor) -> NuclearCentre:
        """Return an isotope as a scattering centre.

        Raises
        ------
        MunuError
            If the form factor cannot have the neutrons' radius, or the spins are not known.
        """
        radius = self.neutron_radius_fm(nucleus)
        spins = self.spins_of(nucleus)
        return NuclearCentre(
            nucleus,
            form_factor,
            None if radius is None else _of_radius(form_factor, radius, nucleus),
            None if spins is None else spins.axial_nucleons(nucleus.spin),
            self.moment_on_spin0,
        )

    def neutron_radius_fm(self, nucleus: Nucleus) -> float | None:
        """Return R_n (fm), None where F_n = F_p."""
        if nucleus.name in self.neutron_radii_fm:
            return self.neutron_radii_fm[nucleus.name]
        if self.neutron_skin_fm is None or nucleus.neutrons == 0:
            return None
        return nucleus.charge_radius_fm + self.neutron_skin_fm

    def spins_of(self, nucleus: Nucleus) -> NucleonSpins | None:
        """Return the spins of the nucleons, None where unpaired ones count.

        Raises
        ------
        MunuError
            If they are asked for and not known.
        """
        if self.spin_term == "unpaired":
            return None
        if self.spin_term == "none" or nucleus.spin == 0:
            return NO_SPIN
        known = {**nucleon_spins(), **self.spins}
        if nucleus.name not in known:
            raise MunuError(
                f"no spins of the nucleons of {nucleus.name} are tabulated",
                f"Write nucleon_spins = {{ {nucleus.name} = [<S_p>, <S_n>] }}, [0, 0] to leave it "
                f"out; tabulated: {', '.join(nucleon_spins())}",
            )
        return known[nucleus.name]


def _of_radius(form_factor: FormFactor, radius_fm: float, nucleus: Nucleus) -> FormFactor:
    if not isinstance(form_factor, SizedFormFactor):
        name = type(form_factor).__name__
        raise MunuError(
            f"the form factor {name} has no radius that neutrons could differ in",
            'Take "helm", "symmetrised-fermi" or "klein-nystrand"',
        )
    return form_factor.with_radius(radius_fm, nucleus)
