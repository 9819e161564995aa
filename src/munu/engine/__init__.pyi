from .computing import Marking, computed
from .pieces import FailedPiece, Piece
from .state import PieceForm, State, read_study
from .workers import Run, Workers

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
