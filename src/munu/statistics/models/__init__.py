"""χ² of parameters: counts as a function of moments and phases.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.models import rays
from munu.statistics.models.moments import MomentModel, check_distinct, combine_models
from munu.statistics.models.plane import FLAVOUR, MASS, PHASES, Plane

__all__ = [
    "FLAVOUR",
    "MASS",
    "PHASES",
    "MomentModel",
    "Plane",
    "check_distinct",
    "combine_models",
    "rays",
]
