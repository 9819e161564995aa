"""Isotopes of one's own: ``[target.isotopes.Ge-68]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Final, TypeAlias, final

from munu.base.errors import MunuError
from munu.base.units import Range
from munu.experiments.identity import Provenance
from munu.experiments.locate import PlacedError
from munu.experiments.schema.fields import (
    AtomicMass,
    Number,
    PositiveFraction,
    Section,
    quantity,
)
from munu.physics.own_isotopes import OwnIsotope

RadiusOfNucleus: TypeAlias = Annotated[float, quantity("nuclear length", Range(0.5, 10))]
"""0.84 fm of hydrogen and 5.9 fm of curium are the extremes that are measured."""

_TABLE: Final = re.compile(r"target(?:\[(\d+)\])?\.isotopes\.(.*)")


def check_sources(provenance: Iterable[Provenance]) -> None:
    """Raise `PlacedError` for a number of an own isotope that has no source."""
    for entry in provenance:
        found = _TABLE.fullmatch(entry.key)
        if found and not entry.source:
            number, below = found.groups()
            index = () if number is None else (str(int(number) - 1),)
            raise PlacedError(
                ("target", *index, "isotopes", *below.split(".")),
                MunuError("it has no source", 'Write source = "..." in the table of the isotope'),
            )


@final
class IsotopeSection(Section):
    """An isotope of one's own, by symbol and mass number: `munu.physics.own_isotopes.OwnIsotope`.

    Electrons of its atoms have the binding energies of the element.
    """

    protons: int
    atomic_mass: AtomicMass
    spin: Number
    charge_radius: RadiusOfNucleus
    abundance: PositiveFraction | None = None

    def build(self, name: str, target: tuple[str, ...]) -> OwnIsotope:
        """Return the isotope of this name, which stands in the table of a target."""
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
            raise PlacedError((*target, "isotopes", name), error) from error
