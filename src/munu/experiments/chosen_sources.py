"""Sources of what a file chooses of nuclei and atoms, beside those that it cites itself."""

from __future__ import annotations

from typing import Final

from munu.experiments.model import CountingExperiment
from munu.physics.atomic_corrections import atomic_correction

AXIAL_CHARGE: Final = "arXiv:2007.08529, Phys. Rev. D 75 (2007) 012007"
"""Of the axial charge with spins, and of the quarks' part in them."""


def sources_of_nuclei_and_atoms(counting: CountingExperiment | None) -> list[str]:
    """Return the sources of the spins and the atomic corrections that an experiment takes."""
    if counting is None:
        return []
    nuclei = counting.nuclei()
    spins = [counting.nuclear_model.spins_of(nucleus) for nucleus in nuclei]
    found = [one.source for one in spins if one is not None]
    if counting.nuclear_model.spin_term == "nuclear-structure":
        found.append(AXIAL_CHARGE)
    if "electron" in counting.recoils:
        symbols = dict.fromkeys(nucleus.symbol for nucleus in nuclei)
        atoms = [atomic_correction(counting.atomic, symbol) for symbol in symbols]
        found += [one.source for one in atoms if one is not None]
    return found
