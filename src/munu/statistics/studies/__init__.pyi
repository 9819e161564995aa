from .bands import ToyCurves
from .blocks import BLOCK, Outcome, ToyExperiments, Value, seeds_of
from .contour_search import ContourSearch
from .critical import CriticalValues
from .edges import Edge, EdgeSearch, Point
from .form_study import FormStudy
from .goodness import StandardModelToys
from .pieces import OUTCOMES, Blocks, Task, drawing, drawing_planes
from .study import ToyStudy

__all__ = [
    "BLOCK",
    "OUTCOMES",
    "Blocks",
    "ContourSearch",
    "CriticalValues",
    "Edge",
    "EdgeSearch",
    "FormStudy",
    "Outcome",
    "Point",
    "StandardModelToys",
    "Task",
    "ToyCurves",
    "ToyExperiments",
    "ToyStudy",
    "Value",
    "drawing",
    "drawing_planes",
    "seeds_of",
]
