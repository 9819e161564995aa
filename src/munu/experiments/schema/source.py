"""The ``[source]`` section: one class per kind of neutrino source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, TypeAlias, final

import numpy as np
from pydantic import Discriminator, Field, Tag

from munu import sources
from munu.base.constants import ELEMENTARY_CHARGE_J_PER_EV, SECONDS_PER_DAY
from munu.base.errors import MunuError
from munu.base.units import BARE_NUMBERS, Range
from munu.experiments.locate import PlacedError
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import (
    Activity,
    Count,
    Duration,
    Flux,
    Length,
    NeutrinoEnergy,
    Pair,
    PositiveNumber,
    Power,
    Probability,
    ProtonNumber,
    ProtonRate,
    Section,
)
from munu.experiments.schema.flux_unit import MEV, FluxUnit, per_cm2_s_mev
from munu.experiments.schema.table import TableSection
from munu.sources.base import Source
from munu.sources.own_fission_spectra import IsotopeTable, OwnFissionSpectra
from munu.sources.part_time import PartTimeSource
from munu.sources.several import SeveralSources

if TYPE_CHECKING:
    from munu.sources import TabulatedSource


class _PartTimeSection(Section):
    """What every kind of source has in common."""

    live_time: Duration | None = None


@final
class SpallationSection(_PartTimeSection):
    """Pions and muons decaying at rest: `munu.sources.spallation.SpallationSource`."""

    kind: Literal["spallation"]
    baseline: Length
    neutrinos_per_proton: PositiveNumber
    protons: ProtonNumber | None = None
    proton_rate: ProtonRate | None = None
    beam_power: Power | None = None
    beam_energy: NeutrinoEnergy | None = None

    def build(self, context: Context) -> Source:
        """Return the source; the protons of the exposure are spread over its live time."""
        stated = [self.protons, self.proton_rate, self.beam_power]
        if sum(one is not None for one in stated) != 1:
            raise MunuError(
                "state either 'protons' of the whole exposure, 'proton_rate' or 'beam_power'",
                'Write protons = "1.76e23 POT", proton_rate = "2.09e23 POT/yr", or'
                ' beam_power = "1.4 MW" with beam_energy = "1 GeV" of a proton',
            )
        if (self.beam_power is None) != (self.beam_energy is None):
            raise MunuError(
                "one of 'beam_power' and 'beam_energy' is given",
                "Give both: their ratio is the rate of protons",
            )
        return sources.SpallationSource(
            baseline_m=self.baseline,
            neutrinos_per_proton=self.neutrinos_per_proton,
            protons_per_s=self._rate(context),
        )

    def _rate(self, context: Context) -> float:
        """Return the protons per second: stated, of the live time, or P/E of the beam."""
        if self.beam_power is not None and self.beam_energy is not None:
            joule_per_proton = 1e6 * self.beam_energy * ELEMENTARY_CHARGE_J_PER_EV
            return 1e9 * self.beam_power / joule_per_proton
        if self.proton_rate is not None:
            return self.proton_rate
        return float(self.protons or 0.0) / context.live_time("protons")


@final
class SpectrumTableSection(TableSection):
    """A spectrum per fission: energy (MeV) and antineutrinos (1/(MeV fission))."""

    def build(self, context: Context) -> IsotopeTable:
        """Return the table, read from the experiment file's folder."""
        energies, values = self.pairs(context.folder, "MeV", Range(0, BARE_NUMBERS.high))
        return IsotopeTable(energies, values, self.interpolation)


@final
class ReactorSection(_PartTimeSection):
    """A fission reactor: `munu.sources.reactor.ReactorSource`."""

    REPLACES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "total_flux": ("thermal_power", "baseline", "energies_per_fission")
    }

    kind: Literal["reactor"]
    thermal_power: Power
    baseline: Length
    fission_fractions: str | dict[str, Probability]
    energies_per_fission: str | dict[str, NeutrinoEnergy]
    high_energy: str | dict[str, str | SpectrumTableSection]
    low_energy: str
    endpoint: NeutrinoEnergy
    captures_per_fission: Count
    total_flux: Flux | None = None

    def build(self, context: Context) -> Source:
        """Return the reactor; nothing in it depends on the other sections."""
        return sources.ReactorSource(
            thermal_power_gw=self.thermal_power,
            baseline_m=self.baseline,
            fission_fractions=self.fission_fractions,
            energies_per_fission_mev=self.energies_per_fission,
            high_energy=self._high_energy(context),
            low_energy=self.low_energy,
            endpoint_mev=self.endpoint,
            captures_per_fission=self.captures_per_fission,
            total_flux_per_cm2_s=self.total_flux,
        )

    def _high_energy(self, context: Context) -> str | OwnFissionSpectra:
        """Return the name of a model, or the tables of each isotope, given as files or more."""
        if isinstance(self.high_energy, str):
            return self.high_energy
        sections = {
            isotope: SpectrumTableSection(file=table) if isinstance(table, str) else table
            for isotope, table in self.high_energy.items()
        }
        tables = tuple((isotope, table.build(context)) for isotope, table in sections.items())
        return OwnFissionSpectra(tables)


OF_A_TABLE: Final = ("x", "column", "interpolation", "energy_unit", "flux_unit")
"""Keys that say how a table is read."""


@final
class TabulatedSection(TableSection, _PartTimeSection):
    """A table of the flux, lines, or both: of one species, or one column for each of several.

    The table has neutrino energies in energy_unit and flux densities in flux_unit; lines are pairs
    of energy (MeV) and flux (1/(cm² s)). columns = { nu_e = "name", ... } takes the place of
    species and column.
    """

    kind: Literal["tabulated"]
    species: str | None = None
    columns: Annotated[dict[str, str], Field(min_length=1)] | None = None
    beam: str
    lines: list[Pair] = Field(default_factory=list)
    energy_unit: Literal["eV", "keV", "MeV", "GeV"] = "MeV"
    flux_unit: FluxUnit = "/cm2/s/MeV"

    @property
    def is_fluence(self) -> bool:
        """Whether the fluxes are all that arrives in the live time, none of it per second."""
        return "/s" not in self.flux_unit and not self.lines

    def build(self, context: Context) -> Source:
        """Return the source, its table read from the experiment file's folder."""
        if self.columns is None:
            if self.species is None:
                raise MunuError(
                    "no species is named",
                    'Write species = "nu_e_bar", or columns = { nu_e = "NAME", ... } for several',
                )
            return self._species(context, self.species, self.column)
        if self.species is not None or self.column is not None or self.lines:
            raise MunuError(
                "'columns' stands beside 'species', 'column' or 'lines'",
                "Leave them out: columns names the species and their columns",
            )
        each = [self._species(context, species, column) for species, column in self.columns.items()]
        return SeveralSources(sources=tuple(each), columns=tuple(self.columns))

    def _species(self, context: Context, species: str, column: str | None) -> TabulatedSource:
        only_lines = bool(self.lines) and self.file is None and self.points is None
        unused = [key for key in OF_A_TABLE if key in self.model_fields_set]
        if only_lines and unused:
            raise MunuError(
                f"'{unused[0]}' belongs to a table, and lines are pairs of MeV and 1/(cm2 s)",
                "Leave it out, or give 'file' or 'points' as well",
            )
        energies, fluxes = ((), ()) if only_lines else self._table(context, column)
        return sources.TabulatedSource(
            species=species,
            beam=self.beam,
            energies_mev=np.array(energies, float) * MEV[self.energy_unit],
            flux_per_cm2_s_mev=np.array(fluxes, float) * self._unit(context),
            lines=tuple((energy, flux) for energy, flux in self.lines),
            interpolation=self.interpolation,
        )

    def _unit(self, context: Context) -> float:
        try:
            return per_cm2_s_mev(self.flux_unit, context)
        except MunuError as error:
            raise PlacedError(("source", "flux_unit"), error) from error

    def _table(
        self, context: Context, column: str | None
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        table = self.model_copy(update={"column": column})
        allowed = Range(0, BARE_NUMBERS.high / self._unit(context))
        return table.pairs(context.folder, self.energy_unit, allowed, key="energy_unit")


@final
class Chromium51Section(_PartTimeSection):
    """A ⁵¹Cr source at a distance: `munu.sources.tabulated.chromium51`."""

    kind: Literal["chromium-51"]
    distance: Length
    activity: Activity | None = None
    activity_at_start: Activity | None = None

    def build(self, context: Context) -> Source:
        """Return the source, which decays during the live time if its first activity is given."""
        from munu.sources.tabulated import CHROMIUM_51_HALF_LIFE_DAYS, mean_activity

        if (self.activity is None) == (self.activity_at_start is None):
            raise MunuError(
                "state either 'activity', averaged over the live time, or 'activity_at_start'",
                'Write activity = "1.5 MCi" or activity_at_start = "3 MCi"',
            )
        activity = self.activity
        if activity is None:
            activity = mean_activity(
                self.activity_at_start or 0.0,
                half_life_days=CHROMIUM_51_HALF_LIFE_DAYS,
                live_time_days=context.live_time("activity_at_start") / SECONDS_PER_DAY,
            )
        return sources.chromium51(activity_mci=activity, distance_m=self.distance)


@final
class SolarSection(_PartTimeSection):
    """The Sun, as mass states at the Earth: `munu.sources.solar.SolarSource`."""

    kind: Literal["solar"]
    fluxes: str | dict[str, Count]
    nuclides: list[str] | None = None
    survival: Literal["adiabatic"] | Probability

    def build(self, context: Context) -> Source:
        """Return the Sun, which emits every nuclide of the set unless some are named."""
        return sources.SolarSource(
            fluxes=self.fluxes,
            nuclides=tuple(self.nuclides) if self.nuclides is not None else None,
            survival=self.survival,
        )


@final
class AtmosphericSection(_PartTimeSection):
    """`munu.sources.background.AtmosphericSource`."""

    kind: Literal["atmospheric"]

    def build(self, context: Context) -> Source:
        """Return the source, whose fluxes are tabulated in the package."""
        return sources.AtmosphericSource()


@final
class GeoneutrinoSection(_PartTimeSection):
    """`munu.sources.background.GeoneutrinoSource`."""

    kind: Literal["geoneutrinos"]
    fluxes: str | dict[str, Count]

    def build(self, context: Context) -> Source:
        """Return the source with its set of fluxes, named or by nuclide."""
        return sources.GeoneutrinoSource(fluxes=self.fluxes)


@final
class SupernovaBackgroundSection(_PartTimeSection):
    """`munu.sources.background.SupernovaBackgroundSource`."""

    kind: Literal["supernova-background"]
    flux: Flux

    def build(self, context: Context) -> Source:
        """Return the source with the total flux of all species (1/(cm² s))."""
        return sources.SupernovaBackgroundSource(flux_per_cm2_s=self.flux)


SourceSection: TypeAlias = Annotated[
    SpallationSection
    | ReactorSection
    | TabulatedSection
    | Chromium51Section
    | SolarSection
    | AtmosphericSection
    | GeoneutrinoSection
    | SupernovaBackgroundSection,
    Choice("kind"),
]
"""The kinds of source; a new one is a class above and its name here."""


def _how_many(table: object) -> str:
    """Return whether a value is one source or a list of them."""
    return "as a list" if isinstance(table, list) else "as one"


SourcesSection: TypeAlias = Annotated[
    Annotated[SourceSection, Tag("as one")]
    | Annotated[list[SourceSection], Field(min_length=1), Tag("as a list")],
    Discriminator(_how_many),
]
"""One source, [source], or several, each [[source]]."""


def build_sources(sections: SourceSection | list[SourceSection], context: Context) -> Source:
    """Return the source of a file, or its several ones as one."""
    if not isinstance(sections, list):
        return _part_time(sections, context)
    built = []
    for i, section in enumerate(sections):
        try:
            built.append(_part_time(section, context))
        except MunuError as error:
            inner = error.path[1:] if isinstance(error, PlacedError) else ()
            raise PlacedError(("source", str(i), *inner), error) from error
    several = SeveralSources(sources=tuple(built))
    several.components(context.mixing)
    return several


def _part_time(section: SourceSection, context: Context) -> Source:
    """Return a source, whose inputs are those of its own live time, averaged over the exposure's.

    Raises
    ------
    MunuError
        If it is on for longer than the detector counts.
    """
    if section.live_time is None:
        return section.build(context)
    own, whole = section.live_time, context.live_time("live_time")
    if own > whole:
        raise MunuError(
            f"a source is on for {own / SECONDS_PER_DAY:.5g} days of a live time of"
            f" {whole / SECONDS_PER_DAY:.5g} days",
            "State in the source the part of [exposure] live_time in which it was on",
        )
    source = section.build(replace(context, live_time_s=own))
    return PartTimeSource(source=source, share=own / whole)
