"""Neutrino sources: the flux of each species at the detector and its helicity state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from munu.sources.background import (
    AtmosphericSource,
    GeoneutrinoSource,
    SupernovaBackgroundSource,
)
from munu.sources.base import BeamComponent, Source, Spectrum
from munu.sources.decohered import DecoheredSource
from munu.sources.reactor import ReactorSource
from munu.sources.several import SeveralSources
from munu.sources.solar import SolarSource
from munu.sources.spallation import SpallationSource
from munu.sources.tabulated import TabulatedSource, chromium51, monochromatic

SOURCES: Final[Mapping[str, type[Source]]] = {
    "spallation": SpallationSource,
    "reactor": ReactorSource,
    "solar": SolarSource,
    "tabulated": TabulatedSource,
    "atmospheric": AtmosphericSource,
    "geoneutrinos": GeoneutrinoSource,
    "supernova-background": SupernovaBackgroundSource,
}
"""Source classes by name."""

__all__ = [
    "SOURCES",
    "AtmosphericSource",
    "BeamComponent",
    "DecoheredSource",
    "GeoneutrinoSource",
    "ReactorSource",
    "SeveralSources",
    "SolarSource",
    "Source",
    "SpallationSource",
    "Spectrum",
    "SupernovaBackgroundSource",
    "TabulatedSource",
    "chromium51",
    "monochromatic",
]
