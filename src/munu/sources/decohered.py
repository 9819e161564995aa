"""A source seen from many oscillation lengths away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from munu.base.errors import MunuError, unknown
from munu.base.typing import FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import FLAVOURS, HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum


@final
@dataclass(frozen=True, kw_only=True)
class DecoheredSource(Source):
    r"""The flavour states of a source as incoherent mass states: flux :math:`|U_{\alpha i}|^2\phi`.

    It is the average of vacuum oscillations over their phase, without matter: the limit of a long
    baseline spread in Eq. (36) of arXiv:1905.03750.

    Parameters
    ----------
    source : Source
        A source of flavour states.

    Raises
    ------
    MunuError
        If a component of the source is not a flavour state.
    """

    mixing_parameters: ClassVar[tuple[str, ...]] = (
        "sin2_theta12",
        "sin2_theta13",
        "sin2_theta23",
        "delta_cp",
    )

    source: Source

    def __post_init__(self) -> None:
        if self.source.mixing_parameters:
            raise MunuError(
                f"{type(self.source).__name__} is not a source of flavour states",
                "Take it as it is: its neutrinos arrive as mass states",
            )
        allowed = [f"nu_{flavour}{bar}" for flavour in FLAVOURS for bar in ("", "_bar")]
        for component in self.source.components():
            if component.species not in allowed:
                raise unknown("flavour species", component.species, allowed)

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return three mass states for each component of the source."""
        assert mixing is not None
        probabilities = np.abs(mixing.pmns()) ** 2
        return tuple(
            _mass_component(component, mass, float(probabilities[_flavour(component), mass]))
            for component in self.source.components()
            for mass in range(3)
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return what the source overrides."""
        return self.source.overridden()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the source's description."""
        return (*self.source.describe(), ("propagation", "decohered"))


def _flavour(component: BeamComponent) -> int:
    return FLAVOURS.index(component.species.removesuffix("_bar").removeprefix("nu_"))


def _mass_component(component: BeamComponent, mass: int, probability: float) -> BeamComponent:
    bar = "_bar" if component.species.endswith("_bar") else ""
    species = f"nu_{mass + 1}{bar}"
    spectrum = component.spectrum

    def density(energy_mev: FloatArray) -> FloatArray:
        return probability * spectrum.density_per_cm2_s_mev(energy_mev)

    lines = tuple((energy, probability * flux) for energy, flux in spectrum.lines)
    state = HelicityState.of_species(species)
    return BeamComponent(
        species, component.beam, state, Spectrum(spectrum.knots_mev, density, lines)
    )
