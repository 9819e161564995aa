"""Toy experiments by the hundred: what Δχ² of one modulus is distributed as.

The door of the room: what other rooms import, they import from here.
"""

from munu.statistics.studies.study import BLOCK, Outcome, ToyStudy, seeds_of

__all__ = [
    "BLOCK",
    "Outcome",
    "ToyStudy",
    "seeds_of",
]
