"""Many independent pieces of work: in this process, in several, or on a cluster.

The door of the room: what other rooms import, they import from here.
"""

from munu.engine.computed import Marking, computed
from munu.engine.pieces import FailedPiece, Piece
from munu.engine.state import PieceForm, State, read_study
from munu.engine.workers import Run, Workers

__all__ = [
    "FailedPiece",
    "Marking",
    "Piece",
    "PieceForm",
    "Run",
    "State",
    "Workers",
    "computed",
    "read_study",
]
