"""Neutrino sources: the flux of each species at the detector and its helicity state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from munu.sources.base import BeamComponent, Source, Spectrum
from munu.sources.reactor import ReactorSource
from munu.sources.spallation import SpallationSource
from munu.sources.tabulated import TabulatedSource, chromium51, monochromatic

SOURCES: Final[Mapping[str, type[Source]]] = {
    "spallation": SpallationSource,
    "reactor": ReactorSource,
    "tabulated": TabulatedSource,
}
"""Source classes by name."""

__all__ = [
    "SOURCES",
    "BeamComponent",
    "ReactorSource",
    "Source",
    "SpallationSource",
    "Spectrum",
    "TabulatedSource",
    "chromium51",
    "monochromatic",
]
