from .background import AtmosphericSource, GeoneutrinoSource, SupernovaBackgroundSource
from .base import BeamComponent, Source, Spectrum
from .decohered import DecoheredSource
from .kinds import SOURCES
from .reactor import ReactorSource
from .several import SeveralSources
from .solar import SolarSource
from .spallation import SpallationSource
from .tabulated import TabulatedSource, chromium51, monochromatic

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
