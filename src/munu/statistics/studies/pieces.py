"""Blocks of toys, the pieces of a study, and how their outcomes are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, TypeAlias, final

from munu.engine import Piece, PieceForm, State, Tell, Workers, computed
from munu.statistics.studies.blocks import Outcome, ToyExperiments, Value, seeds_of

Task: TypeAlias = tuple[int, Value, int]
"""Number of a true value in the study, the value, and the number of a block of toys."""


@final
@dataclass(frozen=True)
class Blocks:
    """Blocks of toys of a study and a seed, the truths kept from block to block."""

    study: ToyExperiments[Any]
    seed: int
    truths: dict[Value, Any] = field(default_factory=dict)

    def outcomes(self, task: Task) -> list[Outcome]:
        """Return the outcomes of one block."""
        number, value, block = task
        if value not in self.truths:
            self.truths[value] = self.study.prepared(value)
        return self.study.outcomes(self.truths[value], seeds_of((self.seed, number), block))

    def of_piece(self, piece: Piece) -> list[Outcome]:
        """Return the outcomes of the block that a piece is, of one parameter's value."""
        return self.outcomes((piece.point, (piece.value,), piece.block))


@contextmanager
def drawing(
    function: Callable[[Piece], list[Outcome]],
    workers: Workers,
    state: State[list[Outcome]],
    tell: Tell = lambda _: None,
) -> Iterator[Callable[[Sequence[tuple[int, float, int]]], list[list[Outcome]]]]:
    """Give a function from pieces to their outcomes, in the order of the pieces.

    Parameters
    ----------
    function : callable
        Of one piece, as `Blocks.of_piece`.
    workers : Workers
    state : State
    tell : callable
        Called with pieces that are finished.
    """
    with state.working(), workers.running(function) as run:

        def outcomes(numbers: Sequence[tuple[int, float, int]]) -> list[list[Outcome]]:
            pieces = [Piece(*one) for one in numbers]
            return computed(run, pieces, pieces, state, tell)

        yield outcomes


@contextmanager
def drawing_points(
    blocks: Blocks,
    values: Sequence[Value],
    workers: Workers,
    state: State[list[Outcome]],
    tell: Tell = lambda _: None,
) -> Iterator[Callable[[Sequence[Piece]], list[list[Outcome]]]]:
    """Give a function as `drawing` does, for values of several parameters.

    Parameters
    ----------
    blocks : Blocks
    values : sequence of Value
        That of a piece is the one at its point, and its own stands for it in the state.
    workers, state, tell
        As in `drawing`.
    """
    with state.working(), workers.running(blocks.outcomes) as run:

        def outcomes(pieces: Sequence[Piece]) -> list[list[Outcome]]:
            tasks = [(one.point, values[one.point], one.block) for one in pieces]
            return computed(run, pieces, tasks, state, tell)

        yield outcomes


@contextmanager
def drawing_planes(
    blocks: Blocks, workers: Workers, state: State[list[Outcome]], tell: Tell
) -> Iterator[Callable[[Sequence[Task]], list[list[Outcome]]]]:
    """Give a function from blocks to their outcomes, in the order of the blocks.

    They are of values of two parameters, for which the number of the pair stands in the state.
    """
    with state.working(), workers.running(blocks.outcomes) as run:

        def outcomes(tasks: Sequence[Task]) -> list[list[Outcome]]:
            pieces = [Piece(number, float(number), block) for number, _, block in tasks]
            return computed(run, pieces, tasks, state, tell)

        yield outcomes


def _encoded(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the JSON object; a failed toy is ``null``, its reason stands by its position."""
    return {
        "delta_chi2": [None if isinstance(one, str) else one for one in outcomes],
        "failures": {str(i): one for i, one in enumerate(outcomes) if isinstance(one, str)},
    }


def _decoded(document: Mapping[str, Any]) -> list[Outcome]:
    values, reasons = document["delta_chi2"], document["failures"]
    if not isinstance(values, list) or not isinstance(reasons, dict):
        raise ValueError("no lists")
    outcomes = [reasons[str(i)] if one is None else one for i, one in enumerate(values)]
    if not all(isinstance(one, str) or _is_delta_chi2(one) for one in outcomes):
        raise ValueError("no outcomes")
    return outcomes


def _is_delta_chi2(value: object) -> bool:
    return isinstance(value, float) and isfinite(value) and value >= 0


OUTCOMES: Final[PieceForm[list[Outcome]]] = PieceForm(_encoded, _decoded)
"""How the outcomes of a block are written in a state."""
