"""munu: limits on neutrino transition magnetic moments from low-energy neutrino scattering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from munu._version import __version__

if TYPE_CHECKING:
    from munu.analysis import combine
    from munu.errors import MunuError
    from munu.event_rates import rate, spectrum
    from munu.experiments.load import catalogue, load, loads, setups
    from munu.fits import fit
    from munu.mixing import Mixing, global_fit
    from munu.moment_limits import limit, profile
    from munu.moments import HelicityState, moment_vector
    from munu.planes import envelope, region
    from munu.plotting.plot import plot
    from munu.rates import fold
    from munu.reproduction.registry import reproduce
    from munu.response import Response
    from munu.results import read_json
    from munu.toy_coverage import coverage
    from munu.weak_mixing import weak_angle

_HOMES = {
    "HelicityState": "munu.moments",
    "Mixing": "munu.mixing",
    "MunuError": "munu.errors",
    "Response": "munu.response",
    "catalogue": "munu.experiments.load",
    "combine": "munu.analysis",
    "coverage": "munu.toy_coverage",
    "envelope": "munu.planes",
    "fit": "munu.fits",
    "fold": "munu.rates",
    "global_fit": "munu.mixing",
    "limit": "munu.moment_limits",
    "load": "munu.experiments.load",
    "loads": "munu.experiments.load",
    "moment_vector": "munu.moments",
    "plot": "munu.plotting.plot",
    "profile": "munu.moment_limits",
    "rate": "munu.event_rates",
    "read_json": "munu.results",
    "region": "munu.planes",
    "reproduce": "munu.reproduction.registry",
    "setups": "munu.experiments.load",
    "spectrum": "munu.event_rates",
    "weak_angle": "munu.weak_mixing",
}
"""Module of each public name, imported when the name is first used."""

__all__ = [
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
