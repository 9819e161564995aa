"""munu: limits on neutrino transition magnetic moments from low-energy neutrino scattering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from munu._version import __version__

if TYPE_CHECKING:
    from munu import plotting, results
    from munu.analysis.check import check, validate
    from munu.analysis.cite import cite
    from munu.analysis.compare import compare
    from munu.analysis.coverage import coverage
    from munu.analysis.fit import fit
    from munu.analysis.init import init
    from munu.analysis.likelihood import likelihood
    from munu.analysis.limit import limit
    from munu.analysis.merge import merge
    from munu.analysis.model import combine
    from munu.analysis.posterior import posterior
    from munu.analysis.profile import profile
    from munu.analysis.rate import rate, spectrum
    from munu.analysis.region import envelope, region
    from munu.analysis.scan import scan
    from munu.analysis.show import show
    from munu.analysis.weak_angle import weak_angle
    from munu.base.errors import MunuError
    from munu.base.progress import progress_bar
    from munu.experiments.json_schema import schema
    from munu.experiments.load import catalogue, load, loads, setups
    from munu.explorer.explore import explore
    from munu.exporting.export import export
    from munu.folding.counts import Response
    from munu.folding.fold import fold
    from munu.physics.assumptions import Assumptions
    from munu.physics.mixing import Mixing, global_fit
    from munu.physics.moments import HelicityState, moment_vector
    from munu.plotting.captions import caption
    from munu.plotting.plot import plot
    from munu.reproduction.registry import reproduce
    from munu.results import read_json

_HOMES = {
    "Assumptions": "munu.physics.assumptions",
    "HelicityState": "munu.physics.moments",
    "Mixing": "munu.physics.mixing",
    "MunuError": "munu.base.errors",
    "Response": "munu.folding.counts",
    "caption": "munu.plotting.captions",
    "catalogue": "munu.experiments.load",
    "check": "munu.analysis.check",
    "cite": "munu.analysis.cite",
    "combine": "munu.analysis.model",
    "compare": "munu.analysis.compare",
    "coverage": "munu.analysis.coverage",
    "envelope": "munu.analysis.region",
    "explore": "munu.explorer.explore",
    "export": "munu.exporting.export",
    "fit": "munu.analysis.fit",
    "fold": "munu.folding.fold",
    "global_fit": "munu.physics.mixing",
    "init": "munu.analysis.init",
    "likelihood": "munu.analysis.likelihood",
    "limit": "munu.analysis.limit",
    "load": "munu.experiments.load",
    "loads": "munu.experiments.load",
    "merge": "munu.analysis.merge",
    "moment_vector": "munu.physics.moments",
    "plot": "munu.plotting.plot",
    "posterior": "munu.analysis.posterior",
    "profile": "munu.analysis.profile",
    "progress_bar": "munu.base.progress",
    "rate": "munu.analysis.rate",
    "read_json": "munu.results",
    "region": "munu.analysis.region",
    "reproduce": "munu.reproduction.registry",
    "scan": "munu.analysis.scan",
    "schema": "munu.experiments.json_schema",
    "setups": "munu.experiments.load",
    "show": "munu.analysis.show",
    "spectrum": "munu.analysis.rate",
    "validate": "munu.analysis.check",
    "weak_angle": "munu.analysis.weak_angle",
}
"""Module of each public name, imported when the name is first used."""

_ROOMS = ("plotting", "results")
"""Public modules."""

__all__ = [
    "Assumptions",
    "HelicityState",
    "Mixing",
    "MunuError",
    "Response",
    "__version__",
    "caption",
    "catalogue",
    "check",
    "cite",
    "combine",
    "compare",
    "coverage",
    "envelope",
    "explore",
    "export",
    "fit",
    "fold",
    "global_fit",
    "init",
    "likelihood",
    "limit",
    "load",
    "loads",
    "merge",
    "moment_vector",
    "plot",
    "plotting",
    "posterior",
    "profile",
    "progress_bar",
    "rate",
    "read_json",
    "region",
    "reproduce",
    "results",
    "scan",
    "schema",
    "setups",
    "show",
    "spectrum",
    "validate",
    "weak_angle",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"munu.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'munu' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
