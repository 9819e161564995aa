"""The kinds of source by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from munu.sources.background import (
    AtmosphericSource,
    GeoneutrinoSource,
    SupernovaBackgroundSource,
)
from munu.sources.base import Source
from munu.sources.reactor import ReactorSource
from munu.sources.solar import SolarSource
from munu.sources.spallation import SpallationSource
from munu.sources.tabulated import TabulatedSource

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
