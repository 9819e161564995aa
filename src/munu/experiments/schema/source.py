"""The ``[source]`` section: one class per kind of neutrino source."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.base.constants import SECONDS_PER_DAY
from munu.base.errors import MunuError
from munu.base.units import BARE_NUMBERS, Range
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import (
    Activity,
    Count,
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
    choice,
)
from munu.experiments.schema.table import TableSection
from munu.sources.background import (
    AtmosphericSource,
    GeoneutrinoSource,
    SupernovaBackgroundSource,
)
from munu.sources.base import Source
from munu.sources.own_fission_spectra import IsotopeTable, OwnFissionSpectra
from munu.sources.reactor import ReactorSource
from munu.sources.solar import SolarSource
from munu.sources.spallation import SpallationSource
from munu.sources.tabulated import (
    CHROMIUM_51_HALF_LIFE_DAYS,
    TabulatedSource,
    chromium51,
    mean_activity,
)


@final
class SpallationSection(Section):
    """Pions and muons decaying at rest: `munu.sources.spallation.SpallationSource`."""

    kind: Literal["spallation"]
    baseline: Length
    neutrinos_per_proton: PositiveNumber
    protons: ProtonNumber | None = None
    proton_rate: ProtonRate | None = None

    def build(self, context: Context) -> Source:
        """Return the source; the protons of the exposure are spread over its live time."""
        if (self.protons is None) == (self.proton_rate is None):
            raise MunuError(
                "state either 'protons' of the whole exposure or 'proton_rate'",
                'Write protons = "1.76e23 POT" or proton_rate = "2.09e23 POT/yr"',
            )
        rate = self.proton_rate
        if rate is None:
            rate = float(self.protons or 0.0) / context.live_time("protons")
        return SpallationSource(
            baseline_m=self.baseline,
            neutrinos_per_proton=self.neutrinos_per_proton,
            protons_per_s=rate,
        )


@final
class SpectrumTableSection(TableSection):
    """A spectrum per fission: energy (MeV) and antineutrinos (1/(MeV fission))."""

    def build(self, context: Context) -> IsotopeTable:
        """Return the table, read from the experiment file's folder."""
        energies, values = self.pairs(context.folder, Range(0, BARE_NUMBERS.high))
        return IsotopeTable(energies, values, self.interpolation)


@final
class ReactorSection(Section):
    """A fission reactor: `munu.sources.reactor.ReactorSource`."""

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
        return ReactorSource(
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


@final
class TabulatedSection(TableSection):
    """One species with a table of its flux, lines, or both.

    The table has neutrino energies (MeV) and flux densities (1/(cm² s MeV)); lines are pairs of
    energy (MeV) and flux (1/(cm² s)).
    """

    kind: Literal["tabulated"]
    species: str
    beam: str
    lines: list[Pair] = Field(default_factory=list)

    def build(self, context: Context) -> Source:
        """Return the source, its table read from the experiment file's folder."""
        energies, fluxes = ((), ()) if self._only_lines else self._table(context)
        return TabulatedSource(
            species=self.species,
            beam=self.beam,
            energies_mev=np.array(energies, float),
            flux_per_cm2_s_mev=np.array(fluxes, float),
            lines=tuple((energy, flux) for energy, flux in self.lines),
            interpolation=self.interpolation,
        )

    @property
    def _only_lines(self) -> bool:
        return bool(self.lines) and self.file is None and self.points is None

    def _table(self, context: Context) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return self.pairs(context.folder, Range(0, BARE_NUMBERS.high))


@final
class Chromium51Section(Section):
    """A ⁵¹Cr source at a distance: `munu.sources.tabulated.chromium51`."""

    kind: Literal["chromium-51"]
    distance: Length
    activity: Activity | None = None
    activity_at_start: Activity | None = None

    def build(self, context: Context) -> Source:
        """Return the source, which decays during the live time if its first activity is given."""
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
        return chromium51(activity_mci=activity, distance_m=self.distance)


@final
class SolarSection(Section):
    """The Sun, as mass states at the Earth: `munu.sources.solar.SolarSource`."""

    kind: Literal["solar"]
    fluxes: str | dict[str, Count]
    nuclides: list[str] | None = None
    survival: Literal["adiabatic"] | Probability

    def build(self, context: Context) -> Source:
        """Return the Sun, which emits every nuclide of the set unless some are named."""
        return SolarSource(
            fluxes=self.fluxes,
            nuclides=tuple(self.nuclides) if self.nuclides is not None else None,
            survival=self.survival,
        )


@final
class AtmosphericSection(Section):
    """`munu.sources.background.AtmosphericSource`."""

    kind: Literal["atmospheric"]

    def build(self, context: Context) -> Source:
        """Return the source, whose fluxes are tabulated in the package."""
        return AtmosphericSource()


@final
class GeoneutrinoSection(Section):
    """`munu.sources.background.GeoneutrinoSource`."""

    kind: Literal["geoneutrinos"]
    fluxes: str | dict[str, Count]

    def build(self, context: Context) -> Source:
        """Return the source with its set of fluxes, named or by nuclide."""
        return GeoneutrinoSource(fluxes=self.fluxes)


@final
class SupernovaBackgroundSection(Section):
    """`munu.sources.background.SupernovaBackgroundSource`."""

    kind: Literal["supernova-background"]
    flux: Flux

    def build(self, context: Context) -> Source:
        """Return the source with the total flux of all species (1/(cm² s))."""
        return SupernovaBackgroundSource(flux_per_cm2_s=self.flux)


SourceSection: TypeAlias = Annotated[
    SpallationSection
    | ReactorSection
    | TabulatedSection
    | Chromium51Section
    | SolarSection
    | AtmosphericSection
    | GeoneutrinoSection
    | SupernovaBackgroundSection,
    Field(discriminator="kind"),
    choice("kind"),
]
"""The kinds of source; a new one is a class above and its name here."""
