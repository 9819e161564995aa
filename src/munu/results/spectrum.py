"""Recoil spectra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.frozen import FrozenMapping
from munu.base.language import number_of
from munu.base.typing import FloatArray
from munu.results.core.base import Result
from munu.results.core.codec import later
from munu.results.core.couplings import couplings_text, mixing_note
from munu.results.core.species import SpeciesGroup, species_groups
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, significant

SHOWN_MOMENT_MU_B: Final = 1e-10
MOST_BESIDE: Final = 3
"""Species whose Standard Model and dipole stand beside each other in one table."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class ComponentSpectrum(ByContent):
    """Differential rate of one species of one beam, shape (n,) each.

    Parameters
    ----------
    species, beam : str
    sm_per_kg_kev_day : array
        Standard Model events per kg, keV of recoil energy and day.
    dipole_per_mu_b2_kg_kev_day : array
        The same for an effective moment of 1 μ_B.
    per_kg_kev_day : array or None
        The same with the couplings of `SpectrumResult.with_values`, if there are any.
    """

    species: str
    beam: str
    sm_per_kg_kev_day: FloatArray
    dipole_per_mu_b2_kg_kev_day: FloatArray
    per_kg_kev_day: FloatArray | None = later(None)

    @property
    def beside(self) -> FloatArray:
        """What stands beside the Standard Model: all with couplings, or a dipole of 10⁻¹⁰ μ_B."""
        if self.per_kg_kev_day is None:
            return np.asarray(self.dipole_per_mu_b2_kg_kev_day * SHOWN_MOMENT_MU_B**2)
        return self.per_kg_kev_day


@final
@dataclass(frozen=True, kw_only=True)
class SpectrumResult(Result, kind="spectrum"):
    """Differential rate in true recoil energy, before the detector.

    Parameters
    ----------
    experiment, setup : str
    channels : str
        ``all`` that the experiment counts, or ``nuclear`` or ``electron`` recoils alone.
    recoil_energy_kev : array, shape (n,)
    components : tuple of ComponentSpectrum
    with_values : dict of str to float
        Couplings that the components' ``per_kg_kev_day`` have besides the Standard Model's.
    settings : dict of str to str
        The masses and charges that these depend on; of transition moments the mixing and phases, of
        mass states the mixing and δ_CP.
    """

    experiment: str
    setup: str
    channels: str
    recoil_energy_kev: FloatArray
    components: tuple[ComponentSpectrum, ...]
    with_values: dict[str, float] = later(FrozenMapping({}))
    settings: dict[str, str] = later(FrozenMapping({}))

    def recoils(self) -> str:
        """Return what recoils, as a title says it."""
        return "recoils" if self.channels == "all" else f"{self.channels} recoils"

    def couplings(self) -> str:
        """Return what there is besides the Standard Model, with its masses and charges."""
        return couplings_text(self.with_values, self.settings)

    def shown(self) -> dict[str, ComponentSpectrum]:
        """Return what a table and a plot show, by name: the mass states of a beam together."""
        groups = species_groups((c.species, c.beam) for c in self.components)
        return {group.label: self._sum(group) for group in groups}

    def _sum(self, group: SpeciesGroup) -> ComponentSpectrum:
        members = [self.components[i] for i in group.indices]
        return ComponentSpectrum(
            species=group.species,
            beam=group.beam,
            sm_per_kg_kev_day=np.sum([c.sm_per_kg_kev_day for c in members], axis=0),
            dipole_per_mu_b2_kg_kev_day=np.sum(
                [c.dipole_per_mu_b2_kg_kev_day for c in members], axis=0
            ),
            per_kg_kev_day=(
                np.sum([c.beside for c in members], axis=0) if self.with_values else None
            ),
        )

    def summary(self) -> tuple[str, ...]:
        """Return what recoils, and the range of energies."""
        ends = " to ".join(significant(value) for value in self.recoil_energy_kev[[0, -1]])
        return (
            f"Spectrum of {self.experiment} ({self.setup}): {self.recoils()} before the detector, "
            f"{ends} keV ({number_of(self.recoil_energy_kev.size, 'point')})",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return about a dozen recoil energies: one table, or two where there are many species."""
        shown = self.shown()
        sm = {name: one.sm_per_kg_kev_day for name, one in shown.items()}
        beside = {name: one.beside for name, one in shown.items()}
        kind, words = "μ=10⁻¹⁰", "dipole, effective moment 10⁻¹⁰ μ_B"
        if self.with_values:
            kind, words = "new", f"the Standard Model with {self.couplings()}"
        name = f"{self.experiment} ({self.setup})"
        title = f"Spectrum of {name}: {self.recoils()} before the detector"
        step = max(1, (self.recoil_energy_kev.size - 1) // 12)
        note = (
            f"Events per kg, keV and day at recoil energies T; {kind}: {words}. "
            f"{len(self.recoil_energy_kev[::step])} of {self.recoil_energy_kev.size} "
            "energies."
        )
        notes = (note, *(() if self.with_values else mixing_note(self.settings)))
        if len(shown) <= MOST_BESIDE:
            pairs = {
                f"{species}\n{which}": curves[species]
                for species in shown
                for which, curves in (("SM", sm), (kind, beside))
            }
            return (self._table(title, pairs, step, *notes),)
        return (
            self._table(f"{title}. Standard Model", sm, step),
            self._table(f"{words[0].upper()}{words[1:]}, {name}", beside, step, *notes),
        )

    def _table(self, title: str, curves: dict[str, FloatArray], step: int, *notes: str) -> Table:
        columns = [self.recoil_energy_kev, *curves.values()]
        rows = [[significant(value) for value in column[::step]] for column in columns]
        return Table(
            title=title,
            columns=("T (keV)", *curves),
            rows=tuple(zip(*rows, strict=True)),
            notes=notes,
            compact=len(curves) > 2 * MOST_BESIDE,
        )

    def to_csv(self) -> str:
        """Return every recoil energy."""
        columns = [
            f"{c.species}_{c.beam}_{name}" for c in self.components for name in self._curves()
        ]
        curves = [
            curve
            for c in self.components
            for curve in (getattr(c, name) for name in self._curves())
        ]
        return stated_csv(
            self, ["recoil_energy_kev", *columns], zip(self.recoil_energy_kev, *curves, strict=True)
        )

    def _curves(self) -> tuple[str, ...]:
        """Return the names of a component's curves."""
        more = ("per_kg_kev_day",) if self.with_values else ()
        return ("sm_per_kg_kev_day", "dipole_per_mu_b2_kg_kev_day", *more)
