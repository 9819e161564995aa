"""Spallation source: neutrinos from pions and muons decaying at rest."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi
from typing import Final, final

import numpy as np

from munu.base.constants import CHARGED_PION_MASS_MEV, MUON_MASS_MEV
from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum

PION_LINE_MEV: Final = (CHARGED_PION_MASS_MEV**2 - MUON_MASS_MEV**2) / (2 * CHARGED_PION_MASS_MEV)
"""Energy of the ν_μ of π⁺ → μ⁺ ν_μ at rest, 29.79 MeV (Eq. 27 of arXiv:1905.03750)."""

MICHEL_ENDPOINT_MEV: Final = MUON_MASS_MEV / 2
"""Largest energy of the neutrinos of a muon decaying at rest, neglecting the electron mass."""


def michel_nu_e(energy_mev: ArrayLike) -> FloatArray:
    r"""Return the normalised ν_e spectrum of μ⁺ decay at rest (1/MeV), Eq. (27).

    :math:`\frac{192 E^2}{m_\mu^3}\left(\frac12 - \frac{E}{m_\mu}\right)` for E in MeV up to m_μ/2.
    """
    x = np.asarray(energy_mev, dtype=float) / MUON_MASS_MEV
    return np.asarray(192 / MUON_MASS_MEV * x**2 * (0.5 - x) * (x <= 0.5))  # Eq. (27)


def michel_nu_mu_bar(energy_mev: ArrayLike) -> FloatArray:
    r"""Return the normalised ν̄_μ spectrum of μ⁺ decay at rest (1/MeV), Eq. (27).

    :math:`\frac{64 E^2}{m_\mu^3}\left(\frac34 - \frac{E}{m_\mu}\right)` for E in MeV up to m_μ/2.
    """
    x = np.asarray(energy_mev, dtype=float) / MUON_MASS_MEV
    return np.asarray(64 / MUON_MASS_MEV * x**2 * (0.75 - x) * (x <= 0.5))  # Eq. (27)


@final
@dataclass(frozen=True, kw_only=True)
class SpallationSource(Source):
    r"""Pion decay at rest: prompt ν_μ, delayed ν̄_μ and ν_e, each :math:`r\dot N_p/4\pi L^2`.

    Parameters
    ----------
    baseline_m : float
        Distance L from target to detector (m).
    neutrinos_per_proton : float
        Neutrinos of each flavour per proton on target, r.
    protons_per_s : float
        Protons on target per second. An experiment that states the protons of a whole exposure
        divides by its live time.

    Raises
    ------
    MunuError
        If a parameter is not positive.

    References
    ----------
    Eq. (27) and Table I of arXiv:1905.03750.
    """

    baseline_m: float
    neutrinos_per_proton: float
    protons_per_s: float

    def __post_init__(self) -> None:
        for name in ("baseline_m", "neutrinos_per_proton", "protons_per_s"):
            if not 0 < getattr(self, name) < inf:
                raise MunuError(
                    f"{name} = {getattr(self, name)} in a spallation source", "Allowed: values > 0"
                )

    @property
    def flux_per_flavour_per_cm2_s(self) -> float:
        """Flux of each of the three species at the detector (1/(cm² s))."""
        area_cm2 = 4 * pi * (100 * self.baseline_m) ** 2
        return self.neutrinos_per_proton * self.protons_per_s / area_cm2

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return ν_μ (prompt), ν̄_μ and ν_e (delayed)."""
        flux = self.flux_per_flavour_per_cm2_s
        knots = np.array([0.0, MICHEL_ENDPOINT_MEV])
        spectra = {
            ("nu_mu", "prompt"): Spectrum(np.array([]), np.zeros_like, ((PION_LINE_MEV, flux),)),
            ("nu_mu_bar", "delayed"): Spectrum(knots, lambda e: flux * michel_nu_mu_bar(e)),
            ("nu_e", "delayed"): Spectrum(knots, lambda e: flux * michel_nu_e(e)),
        }
        return tuple(
            BeamComponent(species, beam, HelicityState.of_species(species), spectrum)
            for (species, beam), spectrum in spectra.items()
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the inputs and the flux per flavour."""
        return (
            ("source", "spallation (pion decay at rest)"),
            ("baseline", f"{self.baseline_m:g} m"),
            ("neutrinos per proton and flavour", f"{self.neutrinos_per_proton:g}"),
            ("protons on target", f"{self.protons_per_s:.4g} /s"),
            ("flux per flavour", f"{self.flux_per_flavour_per_cm2_s:.4g} /cm2/s"),
        )
