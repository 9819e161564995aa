"""χ² of parameters: counts as a function of moments and phases.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.models import rays
from munu.statistics.models.chart import Chart, ChartPiece, Circle, Polar, Squared, Straight
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.dipole_events import ExtraEvents, QuadraticEvents
from munu.statistics.models.form import FormEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.line import Allowed
from munu.statistics.models.moments import MomentModel, check_distinct, combine_models
from munu.statistics.models.parametrisation import FreeBetween, Parametrisation, Turning
from munu.statistics.models.plane import FLAVOUR, MASS, PHASES, Plane
from munu.statistics.models.plane_events import PlaneEvents

__all__ = [
    "FLAVOUR",
    "MASS",
    "PHASES",
    "Allowed",
    "Chart",
    "ChartPiece",
    "Circle",
    "CouplingModel",
    "ExtraEvents",
    "FormEvents",
    "FreeBetween",
    "JointChi2",
    "MomentModel",
    "Parametrisation",
    "Plane",
    "PlaneEvents",
    "Polar",
    "QuadraticEvents",
    "Squared",
    "Straight",
    "Turning",
    "check_distinct",
    "combine_models",
    "rays",
]
