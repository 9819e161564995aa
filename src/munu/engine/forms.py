"""How the results of pieces are written in a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, final

from munu.engine.pieces import FailedPiece, Found

FAILED_KEYS: Final = {"failed", "remedy"}


@final
@dataclass(frozen=True)
class PieceForm(Generic[Found]):
    """How the results of a kind of study are written.

    Parameters
    ----------
    encoded : callable
        From a result to its JSON object.
    decoded : callable
        Back; raises `ValueError`, `KeyError` or `TypeError` for an object that is none.
    """

    encoded: Callable[[Found], dict[str, Any]]
    decoded: Callable[[Mapping[str, Any]], Found]

    def written(self, result: Found | FailedPiece) -> dict[str, Any]:
        """Return the JSON object of a result, or of why there is none."""
        if isinstance(result, FailedPiece):
            return {"failed": result.message, "remedy": result.remedy}
        return self.encoded(result)

    def read(self, document: Mapping[str, Any]) -> Found | FailedPiece:
        """Return what a JSON object says; raises `ValueError` if it is not the one of `written`."""
        if set(document) == FAILED_KEYS:
            result: Found | FailedPiece = FailedPiece(document["failed"], document["remedy"])
            if not all(isinstance(one, str) for one in document.values()):
                raise ValueError("no reason")
        else:
            result = self.decoded(document)
        if self.written(result) != document:
            raise ValueError("other lengths")
        return result
