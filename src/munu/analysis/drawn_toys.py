"""Toys that a construction asks for as it goes on: how many, and those whose fit failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import numpy as np

from munu.base.arguments import check_callable, checked_integer, checked_path
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.typing import FloatArray
from munu.base.units import Range, checked_number
from munu.engine import Workers
from munu.physics.parameters import Parameter

if TYPE_CHECKING:
    from munu.analysis.told_toys import ToldToys
    from munu.statistics.studies import Outcome, Task, Value

METHODS: Final = ("asymptotic", "feldman-cousins")
"""How a region is found."""
LIMIT_METHODS: Final = (*METHODS, "cls")
"""How a limit is found."""
PRECISION: Final = Range(low=0.001, high=0.5)
"""Of an edge, relative to it: a thousandth takes some million toys."""
USUAL_PRECISION: Final = 0.02
USUAL_SEED: Final = 1
METHOD_NAMES: Final = {"asymptotic": "an asymptotic", "cls": "a CLs"}
DRAWN_FOR: Final = {
    "limit": "bands or the Feldman-Cousins method",
    "region": "the Feldman-Cousins method",
    "curve": "bands",
}
"""What toys of each statement are drawn for."""
MOST_TOYS: Final = 200_000
"""With which a search ends."""


@final
@dataclass(frozen=True)
class Drawn:
    """How many toys are drawn, what fixes them, who is told of the numbers done, who draws them."""

    toys: int
    seed: int
    progress: Progress | None = None
    workers: Workers = field(default_factory=Workers)


@final
@dataclass(frozen=True)
class Wanted:
    """What is asked of the toys.

    Parameters
    ----------
    precision : float
        Standard error of an edge, relative to it, at which no more toys are drawn.
    seed : int
        Fixes the toys, whoever draws them.
    workers : Workers
        Who draw them.
    state : Path or None
        File that keeps them.
    progress : callable or None
        Called with the numbers of toys drawn, and about how many are needed.
    """

    precision: float
    seed: int
    workers: Workers
    state: Path | None
    progress: Progress | None

    @classmethod
    def checked(
        cls,
        precision: object,
        seed: object,
        workers: object,
        scheduler: object,
        state: object,
        progress: Progress | None,
    ) -> Wanted:
        """Return what is asked; raises `MunuError` for what is out of range."""
        check_callable("progress", progress)
        return cls(
            checked_number("precision", precision, PRECISION),
            checked_integer("seed", seed, smallest=0),
            Workers.checked(workers, scheduler),
            None if state is None else checked_path("state", state),
            progress,
        )


def check_drawn(what: str, method: str, wanted: Wanted, *, bands: int = 0) -> None:
    """Refuse what is said of toys where none are drawn.

    Parameters
    ----------
    what : str
        Of `DRAWN_FOR`.
    method : str
        Of `LIMIT_METHODS`.
    wanted : Wanted
    bands : int
        Toys of its bands.

    Raises
    ------
    MunuError
        For a state, a precision, workers or a seed of toys that are not drawn.
    """
    if method == "feldman-cousins":
        return
    if wanted.state is not None:
        raise MunuError(
            f"state keeps the toys of a Feldman-Cousins {what}, and another is asked for",
            "Leave it out, or take that method",
        )
    if not bands:
        _check_no_toys(what, method, wanted)
    if wanted.precision != USUAL_PRECISION:
        raise MunuError(
            f"precision = {wanted.precision:g} is that of a Feldman-Cousins {what}, and another is "
            "asked for",
            "Leave it out, or take that method",
        )


def _check_no_toys(what: str, method: str, wanted: Wanted) -> None:
    """Refuse workers and a seed."""
    without = "" if what == "region" or method == "cls" else " without bands"
    kind, remedy = f"{METHOD_NAMES[method]} {what}{without}", DRAWN_FOR[what]
    if wanted.workers != Workers():
        raise MunuError(
            f"workers draw toys, and {kind} has none",
            f"Leave workers and scheduler out, or take {remedy}",
        )
    if wanted.seed != USUAL_SEED:
        raise MunuError(
            f"seed = {wanted.seed} fixes toys, and {kind} has none",
            f"Leave it out, or take {remedy}",
        )


@final
@dataclass
class CountedToys:
    """Draws blocks of toys, and counts those whose fit failed.

    Parameters
    ----------
    outcomes : callable
        From blocks, with values in the study's coordinates, to their outcomes.
    shown : tuple of Parameter
    coordinates : callable
        From what is asked for to coordinates of the study.
    told : ToldToys
        Told of blocks that are asked for.
    values : callable
        From what is asked for to values of the parameters.
    """

    outcomes: Callable[[Sequence[Task]], Iterable[list[Outcome]]]
    shown: tuple[Parameter, ...]
    coordinates: Callable[[Value], Value]
    told: ToldToys
    values: Callable[[Value], Value] = tuple
    failed: int = 0
    first_failure: str = ""
    drawn: dict[int, list[float]] = field(default_factory=dict)

    def __call__(self, tasks: Sequence[Task]) -> list[FloatArray]:
        """Return q of the toys of each block that did not fail."""
        asked = [(number, self.coordinates(value), block) for number, value, block in tasks]
        self.told.ask(len(asked))
        found = self.outcomes(asked)
        return [self._kept(task, block) for task, block in zip(tasks, found, strict=True)]

    def _kept(self, task: Task, found: Sequence[Outcome]) -> FloatArray:
        number, value, _ = task
        reasons = [one for one in found if isinstance(one, str)]
        kept = [one for one in found if not isinstance(one, str)]
        if reasons and not self.first_failure:
            self.first_failure = f"{self._at(value)}: {reasons[0]}"
        if not kept:
            raise MunuError(
                f"all {len(found)} toys of {self._at(value)} failed: {reasons[0]}",
                "Check the uncertainties of the experiment, or take the asymptotic method",
            )
        self.failed += len(reasons)
        self.drawn.setdefault(number, []).extend(kept)
        return np.array(kept)

    def _at(self, value: Value) -> str:
        pairs = zip(self.shown, self.values(value), strict=True)
        return ", ".join(one.text(number) for one, number in pairs)
