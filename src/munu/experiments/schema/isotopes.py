"""Isotopes of one's own: ``[target.isotopes.Ge-68]``."""

from __future__ import annotations

from typing import final

from munu.base.errors import MunuError
from munu.experiments.locate import PlacedError
from munu.experiments.schema.fields import (
    AtomicMass,
    NuclearLength,
    Number,
    PositiveFraction,
    Section,
)
from munu.physics.own_isotopes import OwnIsotope


@final
class IsotopeSection(Section):
    """An isotope of one's own, by symbol and mass number: `munu.physics.own_isotopes.OwnIsotope`.

    Electrons of its atoms have the binding energies of the element.
    """

    protons: int
    atomic_mass: AtomicMass
    spin: Number
    charge_radius: NuclearLength
    abundance: PositiveFraction | None = None

    def build(self, name: str) -> OwnIsotope:
        """Return the isotope of this name."""
        try:
            return OwnIsotope(
                name=name,
                protons=self.protons,
                atomic_mass_u=self.atomic_mass,
                spin=self.spin,
                charge_radius_fm=self.charge_radius,
                abundance=self.abundance,
            )
        except MunuError as error:
            raise PlacedError(("target", "isotopes", name), error) from error
