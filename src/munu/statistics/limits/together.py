"""Profiled intervals of several moments at once: their minima are rows of the same products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ComplexArray
from munu.statistics.limits.free_phases import FreePhases
from munu.statistics.limits.intervals import Interval
from munu.statistics.limits.problem import ProfilePoint, SizeStarts, profile_points
from munu.statistics.limits.search import interval_search, proceed
from munu.statistics.models.framed_events import FramedEvents
from munu.statistics.models.joint import JointChi2


@final
@dataclass(frozen=True)
class Together:
    """Problems of one χ², each in coordinates of its own.

    Parameters
    ----------
    problems : sequence of FreePhases
        Of moments of one basis or of several.
    """

    problems: Sequence[FreePhases]

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of the number of a problem, its coordinates and the nuisances."""
        first = self.problems[0]
        frames = [(one.model.w, one.columns) for one in self.problems]
        return JointChi2(first.likelihood, first.model.sm, FramedEvents.of(frames))

    def lowest(self, asked: dict[int, SizeStarts]) -> dict[int, ProfilePoint | MunuError]:
        """Return the lowest minima that problems ask for, by their numbers, or why there is none.

        Those that follow as many starts are found at once.
        """
        found: dict[int, ProfilePoint | MunuError] = {}
        for scouts in {starts.scouts for starts in asked.values()}:
            alike = {n: starts for n, starts in asked.items() if starts.scouts == scouts}
            found |= self._found(alike, scouts)
        return found

    def _found(
        self, asked: dict[int, SizeStarts], scouts: int
    ) -> dict[int, ProfilePoint | MunuError]:
        most = max(len(starts.y) for starts in asked.values())
        # Starts that are repeated count once.
        rows = {number: np.resize(np.arange(len(one.y)), most) for number, one in asked.items()}
        y = np.concatenate(
            [
                np.column_stack([np.full(most, number), one.y[rows[number]]])
                for number, one in asked.items()
            ]
        )
        theta = np.concatenate([one.theta[rows[number]] for number, one in asked.items()])
        at, found = self.joint.lowest(y, fixed=2, n=len(asked), theta=theta, scouts=scouts)
        points = profile_points(self.joint, at, found, fixed=2)
        return dict(zip(asked, points, strict=True))


def intervals_together(
    problems: Sequence[FreePhases], delta: float, blind: Sequence[ComplexArray | None]
) -> list[Interval | MunuError]:
    """Return the profiled intervals, or why there is none.

    Parameters
    ----------
    problems : sequence of FreePhases
    delta : float
        Δχ² from the global minimum.
    blind : sequence of array, shape (3,), or None
        Blind direction with a component along the moment of each, if there is one.
    """
    together = Together(problems)
    found: dict[int, Interval | MunuError] = {}
    searches = dict(enumerate(map(interval_search, problems, [delta] * len(problems), blind)))
    answers: dict[int, ProfilePoint | MunuError | None] = dict.fromkeys(searches)
    while searches:
        asked: dict[int, SizeStarts] = {}
        for number, search in list(searches.items()):
            step = proceed(search, answers[number])
            if isinstance(step, SizeStarts):
                asked[number] = step
            else:
                found[number] = step
                del searches[number]
        answers = dict(together.lowest(asked)) if asked else {}
    return [found[number] for number in range(len(problems))]
