"""Rounds of nested sampling that a state keeps, so that an interrupted posterior goes on.

A round is of the live points that are walked together. All else of a run follows from its seed and
from the rounds before, so that a run which goes on is the same as one that was not interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from munu._version import __version__
from munu.analysis.conditions import conditions_of
from munu.engine import Piece, PieceForm, State
from munu.physics.assumptions import Assumptions
from munu.results.core.base import Origin
from munu.statistics.nested import sampler_version
from munu.statistics.nested_walk import Round
from munu.statistics.priors import Prior


def _encoded(one: Round) -> dict[str, Any]:
    return {name: values.tolist() for name, values in asdict(one).items()}


def _decoded(document: Mapping[str, Any]) -> Round:
    values, moved = np.array(document["values"], float), np.array(document["moved"], int)
    points = np.array(document["points"], float).reshape(values.size, -1)
    return Round(points, values, moved)


ROUNDS: Final = PieceForm(_encoded, _decoded)
"""How a round is written."""


@final
@dataclass(frozen=True)
class KeptRounds:
    """Rounds of walks by their number, from a state or made and kept in it."""

    state: State[Round]

    def __call__(self, number: int, make: Callable[[], Round]) -> Round:
        """Return the round of a number."""
        piece = Piece(0, 0.0, number)
        known = self.state.get(piece)
        if known is None:
            known = make()
            self.state.add(piece, known)
        return known


def kept_rounds(
    path: Path | None,
    origin: Origin,
    assumptions: Assumptions,
    parameters: Sequence[str],
    priors: Sequence[Prior],
    drawn: Sequence[str],
    *,
    live_points: int,
    seed: int,
) -> KeptRounds:
    """Return the rounds that a file keeps, of none for None.

    Raises
    ------
    MunuError
        As `munu.engine.State.opened`: for a file that is damaged, or of another posterior.
    """
    study = {
        "question": "posterior",
        "version of munu": __version__,
        "version of dynesty": sampler_version(),
        "version of NumPy": np.__version__,
        "experiments": list(origin.experiments),
        "inputs_hash": list(origin.inputs_hash),
        "conditions": conditions_of(assumptions),
        "parameters": list(parameters),
        "priors": [repr(one) for one in priors],
        "nuisances": list(drawn),
        "live_points": live_points,
        "seed": seed,
    }
    return KeptRounds(State.opened(path, study, ROUNDS))
