from . import plotting, results
from ._version import __version__
from .analysis.check import check, validate
from .analysis.cite import cite
from .analysis.compare import compare
from .analysis.coverage import coverage
from .analysis.fit import fit
from .analysis.init import init
from .analysis.likelihood import likelihood
from .analysis.limit import limit
from .analysis.merge import merge
from .analysis.model import combine
from .analysis.parameters import parameters
from .analysis.posterior import posterior
from .analysis.profile import profile
from .analysis.rate import rate, spectrum
from .analysis.region import envelope, region
from .analysis.scan import scan
from .analysis.show import show
from .analysis.weak_angle import weak_angle
from .base.errors import MunuError
from .base.progress import progress_bar
from .experiments.json_schema import schema
from .experiments.load import load, loads, setups
from .experiments.named import catalogue
from .explorer.explore import explore
from .exporting.export import export
from .folding.counts import FoldedCounts
from .folding.fold import fold
from .physics.assumptions import Assumptions
from .physics.mixing import Mixing, global_fit
from .physics.moments import HelicityState, moment_vector
from .plotting.captions import caption
from .plotting.plot import plot
from .reproduction.reproduce import reproduce
from .results import read_json

__all__ = [
    "Assumptions",
    "FoldedCounts",
    "HelicityState",
    "Mixing",
    "MunuError",
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
    "parameters",
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
