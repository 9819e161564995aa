"""Toy experiments by the hundred: what Δχ² of one modulus is distributed as.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.studies.bands import ToyCurves
from munu.statistics.studies.blocks import BLOCK, Outcome, ToyExperiments, Value, seeds_of
from munu.statistics.studies.contour_search import ContourSearch, far_apart, half_extent
from munu.statistics.studies.critical import CriticalValues
from munu.statistics.studies.drawing import without_signal
from munu.statistics.studies.edges import Edge, EdgeSearch, Point
from munu.statistics.studies.form_study import FormStudy
from munu.statistics.studies.goodness import StandardModelToys
from munu.statistics.studies.one_strength import OneStrength
from munu.statistics.studies.pieces import (
    OUTCOMES,
    Blocks,
    Task,
    drawing,
    drawing_planes,
    drawing_points,
)
from munu.statistics.studies.seen import BothAxes, Seen
from munu.statistics.studies.study import ToyStudy

__all__ = [
    "BLOCK",
    "OUTCOMES",
    "Blocks",
    "BothAxes",
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
    "half_extent",
    "seeds_of",
    "without_signal",
]
