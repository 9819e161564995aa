from . import rays
from .chart import Chart, ChartPiece, Circle, Polar, Squared, Straight
from .couplings import CouplingModel
from .dipole_events import ExtraEvents, QuadraticEvents
from .form import FormEvents
from .joint import JointChi2
from .line import Allowed
from .moments import MomentModel, check_distinct, combine_models
from .parametrisation import FreeBetween, Parametrisation, Turning
from .plane import FLAVOUR, MASS, PHASES, Plane
from .plane_events import PlaneEvents

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
