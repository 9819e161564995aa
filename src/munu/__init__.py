"""munu: limits on neutrino transition magnetic moments from low-energy neutrino scattering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from munu._version import __version__

if TYPE_CHECKING:
    from munu.analysis.coverage import coverage
    from munu.analysis.fit import fit
    from munu.analysis.limit import limit, profile
    from munu.analysis.model import combine
    from munu.analysis.rate import rate, spectrum
    from munu.analysis.region import envelope, region
    from munu.analysis.weak_angle import weak_angle
    from munu.base.errors import MunuError
    from munu.experiments.load import catalogue, load, loads, setups
    from munu.folding.counts import Response
    from munu.folding.fold import fold
    from munu.physics.assumptions import Assumptions
    from munu.physics.mixing import Mixing, global_fit
    from munu.physics.moments import HelicityState, moment_vector
    from munu.plotting.plot import plot
    from munu.reproduction.registry import reproduce
    from munu.results import read_json

_HOMES = {
    "Assumptions": "munu.physics.assumptions",
    "HelicityState": "munu.physics.moments",
    "Mixing": "munu.physics.mixing",
    "MunuError": "munu.base.errors",
    "Response": "munu.folding.counts",
    "catalogue": "munu.experiments.load",
    "combine": "munu.analysis.model",
    "coverage": "munu.analysis.coverage",
    "envelope": "munu.analysis.region",
    "fit": "munu.analysis.fit",
    "fold": "munu.folding.fold",
    "global_fit": "munu.physics.mixing",
    "limit": "munu.analysis.limit",
    "load": "munu.experiments.load",
    "loads": "munu.experiments.load",
    "moment_vector": "munu.physics.moments",
    "plot": "munu.plotting.plot",
    "profile": "munu.analysis.limit",
    "rate": "munu.analysis.rate",
    "read_json": "munu.results",
    "region": "munu.analysis.region",
    "reproduce": "munu.reproduction.registry",
    "setups": "munu.experiments.load",
    "spectrum": "munu.analysis.rate",
    "weak_angle": "munu.analysis.weak_angle",
}
"""Module of each public name, imported when the name is first used."""

__all__ = [
    "Assumptions",
    "HelicityState",
    "Mixing",
    "MunuError",
    "Response",
    "__version__",
    "catalogue",
    "combine",
    "coverage",
    "envelope",
    "fit",
    "fold",
    "global_fit",
    "limit",
    "load",
    "loads",
    "moment_vector",
    "plot",
    "profile",
    "rate",
    "read_json",
    "region",
    "reproduce",
    "setups",
    "spectrum",
    "weak_angle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'munu' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
