from .bands import ToyCurves
from .bare_gaussian import BareGaussian
from .bare_poisson import BarePoisson
from .bare_set import BareSet
from .blocks import BLOCK, Outcome, ToyExperiments, Value, generators, seeds_of
from .consistency import ConsistencyToys
from .contour_search import ContourSearch, far_apart, half_extent
from .critical import CriticalValues
from .draws import without_signal
from .edge_fit import Point
from .edges import Edge, EdgeSearch
from .form_study import FormStudy
from .goodness import StandardModelToys
from .one_strength import OneStrength
from .pieces import OUTCOMES, Blocks, Task, drawing, drawing_planes, drawing_points
from .seen import BothAxes, Seen
from .study import ToyStudy

__all__ = [
    "BLOCK",
    "OUTCOMES",
    "BareGaussian",
    "BarePoisson",
    "BareSet",
    "Blocks",
    "BothAxes",
    "ConsistencyToys",
    "ContourSearch",
    "CriticalValues",
    "Edge",
    "EdgeSearch",
    "FormStudy",
    "OneStrength",
    "Outcome",
    "Point",
    "Seen",
    "StandardModelToys",
    "Task",
    "ToyCurves",
    "ToyExperiments",
    "ToyStudy",
    "Value",
    "drawing",
    "drawing_planes",
    "drawing_points",
    "far_apart",
    "generators",
    "half_extent",
    "seeds_of",
    "without_signal",
]
