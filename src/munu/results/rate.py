"""Expected events of an experiment, and its recoil spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import final

from munu.results.base import Result
from munu.results.table import Table, csv_text, significant
from munu.typing import FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class ComponentRate:
    """Events of one species of one beam, over the analysis window.

    Parameters
    ----------
    species, beam : str
    sm_events : float
        Standard Model events.
    dipole_events_per_mu_b2 : float
        Events of an effective moment of 1 μ_B.
    sm_events_per_bin, dipole_events_per_mu_b2_per_bin : array, shape (n_bins,)
        The last axis of the bins varies fastest.
    """

    species: str
    beam: str
    sm_events: float
    dipole_events_per_mu_b2: float
    sm_events_per_bin: FloatArray
    dipole_events_per_mu_b2_per_bin: FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class ComponentSpectrum:
    """Differential rate of one species of one beam, shape (n,) each.

    Parameters
    ----------
    species, beam : str
    sm_per_kg_kev_day : array
        Standard Model events per kg, keV of recoil energy and day.
    dipole_per_mu_b2_kg_kev_day : array
        The same for an effective moment of 1 μ_B.
    """

    species: str
    beam: str
    sm_per_kg_kev_day: FloatArray
    dipole_per_mu_b2_kg_kev_day: FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class SpectrumResult(Result, kind="spectrum"):
    """Differential rate in true recoil energy, before the detector.

    Parameters
    ----------
    experiment, setup : str
    recoil_energy_kev : array, shape (n,)
    components : tuple of ComponentSpectrum
    """

    experiment: str
    setup: str
    recoil_energy_kev: FloatArray
    components: tuple[ComponentSpectrum, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return about a dozen recoil energies."""
        step = max(1, (self.recoil_energy_kev.size - 1) // 12)
        rows = [
            tuple(significant(value) for value in values[::step])
            for values in (self.recoil_energy_kev, *self._curves())
        ]
        return (
            Table(
                title=f"Recoil spectrum of {self.experiment} ({self.setup}), before the detector",
                columns=("T (keV)", *self._headings("SM", "μ=10⁻¹⁰")),
                rows=tuple(zip(*rows, strict=True)),
                notes=(
                    "Events per kg, keV and day; μ=10⁻¹⁰: dipole, effective moment 10⁻¹⁰ μ_B. "
                    f"Every {step} of {self.recoil_energy_kev.size} energies.",
                ),
            ),
        )

    def _headings(self, sm: str, dipole: str) -> list[str]:
        return [f"{c.species} {name}" for c in self.components for name in (sm, dipole)]

    def _curves(self) -> list[FloatArray]:
        return [
            curve
            for c in self.components
            for curve in (c.sm_per_kg_kev_day, c.dipole_per_mu_b2_kg_kev_day * 1e-20)
        ]

    def to_csv(self) -> str:
        """Return every recoil energy."""
        columns = [
            f"{c.species}_{c.beam}_{name}"
            for c in self.components
            for name in ("sm_per_kg_kev_day", "dipole_per_mu_b2_kg_kev_day")
        ]
        curves = [
            curve
            for c in self.components
            for curve in (c.sm_per_kg_kev_day, c.dipole_per_mu_b2_kg_kev_day)
        ]
        return csv_text(
            ["recoil_energy_kev", *columns], zip(self.recoil_energy_kev, *curves, strict=True)
        )


@final
@dataclass(frozen=True, kw_only=True)
class BinAxis:
    """One observable of the bins.

    Parameters
    ----------
    observable, unit : str
    edges : array, shape (n + 1,)
        Increasing; the last may be infinite.
    """

    observable: str
    unit: str
    edges: FloatArray

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.edges.size - 1)

    def text(self) -> str:
        """Return the window and the number of bins in one line."""
        window = f"{self.edges[0]:g} to {self.edges[-1]:g} {self.unit}".replace("inf", "∞")
        bins = f"{self.n_bins} bins" if self.n_bins > 1 else "one bin"
        return f"{self.observable} {window.rstrip()} in {bins}"


@final
@dataclass(frozen=True, kw_only=True)
class RateResult(Result, kind="rate"):
    """Expected events over the analysis window.

    Parameters
    ----------
    experiment, setup : str
    sm_events : float
        Standard Model events of the whole beam.
    components : tuple of ComponentRate
    axes : tuple of BinAxis
        What the bins are in, the detector's energy first.
    spectrum : SpectrumResult or None
        If asked for.
    """

    experiment: str
    setup: str
    sm_events: float
    components: tuple[ComponentRate, ...]
    axes: tuple[BinAxis, ...]
    spectrum: SpectrumResult | None = None

    def tables(self) -> tuple[Table, ...]:
        """Return the events of each component, and the spectrum if there is one."""
        rows = [
            (
                c.species,
                c.beam,
                significant(c.sm_events, 5),
                significant(c.dipole_events_per_mu_b2 * 1e-20, 5),
            )
            for c in self.components
        ]
        total = ("all", "full", significant(self.sm_events, 5), "")
        rates = Table(
            title=f"Expected events of {self.experiment} ({self.setup})",
            columns=("<species", "<beam", "Standard Model", "dipole, 10⁻¹⁰ μ_B"),
            rows=(*rows, total),
            sections=(len(rows),),
            notes=(
                f"Window: {'; '.join(axis.text() for axis in self.axes)}.",
                "Dipole: each species with an effective moment of 10⁻¹⁰ μ_B.",
                *self.origin.notes,
            ),
        )
        return (rates,) if self.spectrum is None else (rates, *self.spectrum.tables())

    def to_csv(self) -> str:
        """Return one row per component and bin."""
        columns = [f"{axis.observable}_{end}" for axis in self.axes for end in ("low", "high")]
        intervals = [list(pairwise(axis.edges)) for axis in self.axes]
        rows = [
            (c.species, c.beam, *chain(*bin_), sm, dipole)
            for c in self.components
            for bin_, sm, dipole in zip(
                product(*intervals),
                c.sm_events_per_bin,
                c.dipole_events_per_mu_b2_per_bin,
                strict=True,
            )
        ]
        return csv_text(("species", "beam", *columns, "sm_events", "dipole_events_per_mu_b2"), rows)
