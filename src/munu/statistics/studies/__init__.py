"""Toy experiments by the hundred: what Δχ² of one modulus is distributed as.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.studies.bands import ToyCurves
from munu.statistics.studies.blocks import OUTCOMES, Blocks, drawing
from munu.statistics.studies.edges import Edge, EdgeSearch, Point
from munu.statistics.studies.goodness import StandardModelToys
from munu.statistics.studies.study import BLOCK, Outcome, ToyStudy, seeds_of

__all__ = [
    "BLOCK",
    "OUTCOMES",
    "Blocks",
    "Edge",
    "EdgeSearch",
    "Outcome",
    "Point",
    "StandardModelToys",
    "ToyCurves",
    "ToyStudy",
    "drawing",
    "seeds_of",
]
