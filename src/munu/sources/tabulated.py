"""A user's own spectrum: a table, monochromatic lines, or both."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import expm1, log, pi
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray
from munu.physics.assumptions import FULL_BEAM
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum

CHROMIUM_51_LINES: Final = ((0.747, 0.8163), (0.427, 0.0895), (0.752, 0.0849), (0.432, 0.0093))
"""Energies (MeV) and neutrinos per decay of 51Cr: W. Hampel et al. (GALLEX), Phys. Lett. B 420
(1998) 114. Capture from the K and L shells, to the ground and the 320 keV state of 51V."""

CHROMIUM_51_HALF_LIFE_DAYS: Final = 27.704
"""J. Wang, X. Huang, Nucl. Data Sheets 144 (2017) 1."""

BECQUEREL_PER_MEGACURIE: Final = 3.7e16
"""Definition of the curie."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TabulatedSource(Source):
    """One species whose flux at the detector is interpolated in a table.

    Parameters
    ----------
    species : str
        ``nu_e``, ``nu_mu_bar``, ... or a mass state ``nu_1``, ...
    beam : str
        Label of the beam, for results.
    energies_mev : array, shape (n,)
        Increasing neutrino energies (MeV); the flux is zero outside them.
    flux_per_cm2_s_mev : array, shape (n,)
        Flux density (1/(cm² s MeV)).
    lines : tuple of (energy_mev, flux_per_cm2_s)
        Monochromatic components.
    interpolation : str
        ``linear``, or ``log`` for the flux's logarithm (`munu.base.interpolation`).

    Raises
    ------
    MunuError
        For an unknown species, a beam without a name or called ``full``, arrays of different
        length, energies that do not increase, a flux that is negative or not finite, or neither
        table nor lines.
    """

    species: str
    beam: str
    energies_mev: FloatArray = field(default_factory=lambda: np.array([]))
    flux_per_cm2_s_mev: FloatArray = field(default_factory=lambda: np.array([]))
    lines: tuple[tuple[float, float], ...] = ()
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        check_between(self.interpolation)
        energies = np.asarray(self.energies_mev, dtype=float)
        flux = np.asarray(self.flux_per_cm2_s_mev, dtype=float)
        if energies.ndim != 1 or energies.shape != flux.shape:
            raise MunuError(
                f"a table of {energies.shape} energies and {flux.shape} fluxes",
                "Give two one-dimensional arrays of the same length",
            )
        values = np.concatenate([energies, flux, *self.lines])
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise MunuError("a spectrum holds a negative or non-finite number", "Allowed: >= 0")
        object.__setattr__(self, "energies_mev", energies)
        object.__setattr__(self, "flux_per_cm2_s_mev", flux)
        freeze(self)
        self._check_beam()
        self.components()

    def _check_beam(self) -> None:
        if self.beam == FULL_BEAM or not self.beam.strip():
            raise MunuError(
                f"a beam is called '{self.beam}', and could not be asked for by its name",
                f"Call it otherwise: '{FULL_BEAM}' is that of all beams together",
            )

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the one component, of the named species and beam."""
        spectrum = Spectrum(self.energies_mev, self._density, self.lines)
        state = HelicityState.of_species(self.species)
        return (BeamComponent(self.species, self.beam, state, spectrum),)

    def _density(self, energy_mev: FloatArray) -> FloatArray:
        """Return the flux density (1/(cm² s MeV)), zero outside the table."""
        knots = self.energies_mev
        inside = (energy_mev >= knots[0]) & (energy_mev <= knots[-1])
        density = between_rows(energy_mev, knots, self.flux_per_cm2_s_mev, self.interpolation)
        return np.asarray(np.where(inside, density, 0.0))

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the species, the range and the total flux."""
        spectrum = self.components()[0].spectrum
        lines = ", ".join(f"{energy:g} MeV" for energy, _ in self.lines)
        return (
            ("source", f"{self.beam} ({self.species})"),
            ("table", f"{self.energies_mev.size} rows"),
            ("lines", lines or "none"),
            ("largest energy", f"{spectrum.endpoint_mev:g} MeV"),
            ("total flux", f"{spectrum.total_flux_per_cm2_s:.4g} /cm2/s"),
        )


def monochromatic(
    lines: tuple[tuple[float, float], ...], *, species: str, beam: str
) -> TabulatedSource:
    """Return a source of lines only: (energy in MeV, flux at the detector in 1/(cm² s))."""
    return TabulatedSource(species=species, beam=beam, lines=tuple(lines))


def mean_activity(at_start: float, *, half_life_days: float, live_time_days: float) -> float:
    r"""Return the activity averaged over a live time that begins with ``at_start``.

    .. math:: \bar A = A_0\,\frac{1-e^{-x}}{x},\qquad x = \ln 2\;t/t_{1/2}
    """
    x = log(2) * live_time_days / half_life_days
    return at_start * -expm1(-x) / x


def chromium51(*, activity_mci: float, distance_m: float) -> TabulatedSource:
    """Return a 51Cr electron-capture source: four ν_e lines at 0.43 and 0.75 MeV.

    Parameters
    ----------
    activity_mci : float
        Activity in megacurie (1 MCi = 3.7e16 decays/s), averaged over the exposure; see
        `mean_activity`.
    distance_m : float
        Distance of a point source from the detector (m).

    Raises
    ------
    MunuError
        If the activity or the distance is not positive.
    """
    if not (activity_mci > 0 and distance_m > 0):
        raise MunuError(
            f"a 51Cr source of {activity_mci} MCi at {distance_m} m", "Allowed: values > 0"
        )
    per_area = activity_mci * BECQUEREL_PER_MEGACURIE / (4 * pi * (100 * distance_m) ** 2)
    lines = tuple((energy, share * per_area) for energy, share in CHROMIUM_51_LINES)
    return monochromatic(lines, species="nu_e", beam="51Cr")
