from .computing import Marking, Tell, computed
from .forms import PieceForm
from .lock import locked
from .pieces import FailedPiece, Piece
from .state import State, read_study
from .workers import Run, Workers

__all__ = [
    "FailedPiece",
    "Marking",
    "Piece",
    "PieceForm",
    "Run",
    "State",
    "Tell",
    "Workers",
    "computed",
    "locked",
    "read_study",
]
