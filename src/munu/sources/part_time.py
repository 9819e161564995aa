"""A source that was on for a part of the live time, beside others or alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.mixing import Mixing
from munu.sources.base import BeamComponent, Source, Spectrum


@final
@dataclass(frozen=True, kw_only=True)
class PartTimeSource(Source):
    """A source whose flux, averaged over the live time of the detector, is a share of its own.

    Parameters
    ----------
    source : Source
    share : float
        Part of the live time in which it is on, above 0 and at most 1.

    Raises
    ------
    MunuError
        For another share.
    """

    source: Source
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise MunuError(
                f"a source is on for {self.share:.4g} of the live time", "Allowed: above 0 up to 1"
            )
        object.__setattr__(self, "mixing_parameters", self.source.mixing_parameters)

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the components of the source with their fluxes scaled."""
        return tuple(
            replace(one, spectrum=_scaled(one.spectrum, self.share))
            for one in self.source.components(mixing)
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return what the source overrides."""
        return self.source.overridden()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the source's description, and when it is on."""
        return (*self.source.describe(), ("on for", f"{100 * self.share:.4g} % of the live time"))


def _scaled(spectrum: Spectrum, share: float) -> Spectrum:
    def density(energy_mev: FloatArray) -> FloatArray:
        return share * spectrum.density_per_cm2_s_mev(energy_mev)

    lines = tuple((energy, share * flux) for energy, flux in spectrum.lines)
    return Spectrum(spectrum.knots_mev, density, lines)
