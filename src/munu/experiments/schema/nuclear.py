"""Nuclei and atoms beyond one form factor and the stepping function, of ``[interaction]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import numpy as np

from munu.base.errors import MunuError, nearest
from munu.detectors.detector import Detector
from munu.experiments.locate import PlacedError
from munu.experiments.schema.interaction import InteractionSection
from munu.physics.atomic_corrections import STEPPING, AtomicModel, atomic_correction
from munu.physics.form_factors import FormFactor
from munu.physics.nuclear_model import NuclearModel
from munu.physics.nuclei import Nucleus, Target, elements, nucleus
from munu.physics.nucleon_spins import NucleonSpins

_OF_NUCLEI: Final = ("neutron_radius", "neutron_skin", "nucleon_spins", "moment_on_spin0")
OF_THE_FILE: Final = "the file"
Stated = TypeVar("Stated")


def build_nuclear_model(
    section: InteractionSection, target: Target, form_factor: FormFactor
) -> NuclearModel:
    """Return what the file says of nuclei, checked with every isotope of the target.

    Raises
    ------
    PlacedError
        For an isotope that is unknown, not in the target, or for which a value means nothing; and
        for keys that change nothing.
    """
    _check_used(section)
    radii = _by_isotope("neutron_radius", section.neutron_radius or {}, target)
    spins = _by_isotope("nucleon_spins", section.nucleon_spins or {}, target)
    model = NuclearModel(
        neutron_radii_fm={isotope.name: radius for isotope, radius in radii.items()},
        neutron_skin_fm=section.neutron_skin,
        spin_term=section.spin_term,
        spins={
            isotope.name: NucleonSpins(protons, neutrons, OF_THE_FILE)
            for isotope, (protons, neutrons) in spins.items()
        },
        moment_on_spin0=bool(section.moment_on_spin0),
    )
    nuclei = [isotope for isotope, _ in target.fractions]
    _check_meaning(section, radii, spins, nuclei)
    _check_centres(model, nuclei, form_factor)
    return model


def _check_centres(model: NuclearModel, nuclei: list[Nucleus], form_factor: FormFactor) -> None:
    """Raise `PlacedError` where spins are not known, or a form factor cannot have a radius."""
    for isotope in nuclei:
        try:
            model.spins_of(isotope)
        except MunuError as error:
            raise _at("spin_term", error) from error
        try:
            model.centre(isotope, form_factor)
        except MunuError as error:
            named = isotope.name in model.neutron_radii_fm
            raise _at("neutron_radius" if named else "neutron_skin", error) from error


def _check_used(section: InteractionSection) -> None:
    """Raise `PlacedError` for a key about nuclei that no channel uses."""
    stated = [key for key in _OF_NUCLEI if getattr(section, key) is not None]
    stated += ["spin_term"] if section.spin_term != "unpaired" else []
    stated += ["flavour_dependent"] if section.flavour_dependent else []
    if stated and "nuclear" not in section.channels:
        raise _at(stated[0], MunuError("nuclear recoils are not counted", f"Leave {stated[0]} out"))
    if section.nucleon_spins is not None and section.spin_term != "nuclear-structure":
        text = f'spin_term = "{section.spin_term}" takes no spins'
        remedy = 'Write spin_term = "nuclear-structure", or leave nucleon_spins out'
        raise _at("nucleon_spins", MunuError(text, remedy))


def _check_meaning(
    section: InteractionSection,
    radii: Mapping[Nucleus, float],
    spins: Mapping[Nucleus, object],
    nuclei: list[Nucleus],
) -> None:
    """Raise `PlacedError` for a value of an isotope that has no such thing."""
    for isotope in radii:
        if isotope.neutrons == 0:
            error = MunuError(f"{isotope.name} has no neutrons", "Leave it out")
            raise _at("neutron_radius", error)
    if section.neutron_skin is not None and all(one in radii for one in nuclei if one.neutrons):
        text = "it is of no isotope, as neutron_radius states each one's"
        raise _at("neutron_skin", MunuError(text, "Leave one of the two out"))
    for isotope in spins:
        if isotope.spin == 0:
            error = MunuError(f"the spin of {isotope.name} is zero", "Leave it out")
            raise _at("nucleon_spins", error)
    if section.moment_on_spin0 and all(isotope.spin > 0 for isotope in nuclei):
        error = MunuError("the target has no nucleus without spin", "Leave moment_on_spin0 out")
        raise _at("moment_on_spin0", error)


def _by_isotope(key: str, stated: Mapping[str, Stated], target: Target) -> dict[Nucleus, Stated]:
    """Return what a key states of isotopes by those of the target, in any notation."""
    own = {isotope.name: isotope for isotope, _ in target.fractions}
    symbols = {isotope.symbol for isotope in own.values()}
    table = {**elements()}
    for symbol in symbols:
        held = tuple(isotope for isotope in own.values() if isotope.symbol == symbol)
        rest = tuple(one for one in table.get(symbol, ()) if one.name not in own)
        table[symbol] = (*held, *rest)
    found: dict[Nucleus, Stated] = {}
    for name, value in stated.items():
        try:
            isotope = nucleus(name, table)
        except MunuError as error:
            raise _at(key, error, name) from error
        if isotope.name not in own:
            raise _at(key, _missing(isotope, own), name)
        if isotope in found:
            raise _at(key, MunuError(f"it names {isotope.name} twice", "Name it once"), name)
        found[isotope] = value
    return found


def _missing(isotope: Nucleus, own: Mapping[str, Nucleus]) -> MunuError:
    guess = nearest(isotope.name, own)
    hint = f"Did you mean '{guess}'? " if guess else ""
    return MunuError(f"the target has no {isotope.name}", f"{hint}Allowed: {', '.join(own)}")


def build_atomic(section: InteractionSection, target: Target, detector: Detector) -> AtomicModel:
    """Return the atomic correction of the file, checked with the target and the detector's bins.

    Raises
    ------
    PlacedError
        If electrons are not counted, an element has no numbers, or bins reach beyond them.
    """
    if section.atomic == STEPPING:
        return section.atomic
    if "electron" not in section.channels:
        raise _at("atomic", MunuError("electrons are not counted", "Leave atomic out"))
    for symbol in dict.fromkeys(isotope.symbol for isotope, _ in target.fractions):
        try:
            correction = atomic_correction(section.atomic, symbol)
        except MunuError as error:
            raise _at("atomic", error) from error
        assert correction is not None
        low, high = correction.reach_kev
        reach = detector.mean_observable(np.array([low, high]), None)
        if detector.bin_edges[0] < reach[0] or detector.bin_edges[-1] > reach[1]:
            raise _at(
                "atomic",
                MunuError(
                    f"'{section.atomic}' has numbers of {symbol} from {low:g} to {high:g} keV, and "
                    f"the bins reach from {detector.bin_edges[0]:g} to {detector.bin_edges[-1]:g} "
                    f"{detector.unit}",
                    f"Take bins from {reach[0]:g} to {reach[1]:g} {detector.unit}, or atomic = "
                    f'"{STEPPING}"',
                ),
            )
    return section.atomic


def atomic_notes(model: AtomicModel, target: Target) -> tuple[str, ...]:
    """Return what every result must say of an atomic correction."""
    if model == STEPPING:
        return ()
    symbols = ", ".join(dict.fromkeys(isotope.symbol for isotope, _ in target.fractions))
    return (
        f"Weak scattering on electrons of {symbols}, and what interferes with it, is that of the "
        f"stepping function times numbers of '{model}' for solar neutrinos (1 to 3 % of noise); "
        "moments have the stepping function alone.",
    )


def _at(key: str, error: MunuError, *inner: str) -> PlacedError:
    return PlacedError(("interaction", key, *inner), error)
