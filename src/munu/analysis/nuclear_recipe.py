"""What the recipe of an experiment says of its nuclei and atoms, where the file chooses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from munu.experiments.model import CountingExperiment
from munu.physics.atomic_corrections import atomic_correction
from munu.physics.nuclei import Nucleus
from munu.results.recipe import DERIVED, Ingredient

SECTION: Final = "interaction"


def of_nuclei(experiment: CountingExperiment) -> Iterator[Ingredient]:
    """Yield the neutron radius and the spins of each isotope, as far as the file says any."""
    if "nuclear" not in experiment.recoils:
        return
    model = experiment.nuclear_model
    nuclei = experiment.nuclei()
    if model.neutron_radii_fm or model.neutron_skin_fm is not None:
        for nucleus in nuclei:
            yield _item(f"form of neutrons in {nucleus.name}", _form(experiment, nucleus), DERIVED)
    if model.spin_term == "nuclear-structure":
        for nucleus in nuclei:
            spins = model.spins_of(nucleus)
            if spins is not None and nucleus.spin > 0:
                text = f"⟨S_p⟩ = {spins.protons:g}, ⟨S_n⟩ = {spins.neutrons:g}"
                yield _item(f"spins in {nucleus.name}", text, spins.source)


def of_atoms(experiment: CountingExperiment) -> Iterator[Ingredient]:
    """Yield the atomic correction of each element, if there is one."""
    if "electron" not in experiment.recoils:
        return
    for symbol in dict.fromkeys(nucleus.symbol for nucleus in experiment.nuclei()):
        correction = atomic_correction(experiment.atomic, symbol)
        if correction is not None:
            low, high = correction.reach_kev
            text = f"{low:g} to {high:g} keV, weak part; moments have the stepping function"
            yield _item(f"correction of {symbol} electrons", text, correction.source)


def _form(experiment: CountingExperiment, nucleus: Nucleus) -> str:
    radius = experiment.nuclear_model.neutron_radius_fm(nucleus)
    if radius is None:
        return "that of the protons"
    return f"rms radius {radius:.4g} fm (charge {nucleus.charge_radius_fm:.4g} fm)"


def _item(quantity: str, value: str, source: str) -> Ingredient:
    return Ingredient(section=SECTION, quantity=quantity, value=value, source=source, note="")
