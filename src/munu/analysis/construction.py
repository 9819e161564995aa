"""Feldman-Cousins sets of one parameter: by toys where its edges are, or exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict, final

import numpy as np

from munu.analysis.drawn_toys import MOST_TOYS, CountedToys, Wanted
from munu.analysis.told_toys import ToldToys
from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.typing import FloatArray, IntArray
from munu.engine import State
from munu.physics.parameters import Parameter
from munu.results.core.table import percent
from munu.statistics.studies import (
    OUTCOMES,
    BareSet,
    Blocks,
    Edge,
    EdgeSearch,
    ToyExperiments,
    drawing,
)

SHOWN: Final = 41
"""Number of values at which an exact construction is told."""


class Constructed(TypedDict):
    """What a result takes from the toys."""

    cl: float
    method: str
    intervals: FloatArray
    edge_error: FloatArray
    precision: float
    toys: int
    failed: int
    first_failure: str
    reached: bool
    seed: int
    workers: int | None
    values: FloatArray
    toys_per_value: IntArray
    p_value: FloatArray
    observed_delta_chi2: FloatArray
    critical_delta_chi2: FloatArray


@final
@dataclass(frozen=True)
class Construction:
    """The Feldman-Cousins set of one parameter.

    Parameters
    ----------
    parameter : Parameter
    study : ToyExperiments
    coordinate : callable
        From a value of the parameter to that of the study.
    observed : callable
        From values (n,) to q of the data.
    size : callable
        From an edge to what its precision is relative to.
    key : mapping
        What the toys depend on besides their true value and block.
    """

    parameter: Parameter
    study: ToyExperiments[Any]
    coordinate: Callable[[float], float]
    observed: Callable[[FloatArray], FloatArray]
    size: Callable[[float], float]
    key: Mapping[str, Any]

    def found(self, first: FloatArray, cl: float, wanted: Wanted) -> Constructed:
        """Return the set, looked for from the first true values on."""
        state = State.opened(wanted.state, self.key, OUTCOMES)
        told, blocks = ToldToys(wanted.progress), Blocks(self.study, wanted.seed)
        with drawing(blocks.of_piece, wanted.workers, state, told) as outcomes:
            toys = CountedToys(
                lambda tasks: outcomes(
                    [(number, value[0], block) for number, value, block in tasks]
                ),
                (self.parameter,),
                lambda value: (self.coordinate(*value),),
                told,
            )
            search = EdgeSearch(
                cl,
                wanted.precision,
                MOST_TOYS,
                lambda tasks: toys([(number, (value,), block) for number, value, block in tasks]),
                self.observed,
                told.about,
                self.size,
                self.parameter.low,
                self.parameter.high,
            )
            edges = search.edges(first)
        if not edges and not search.holds_any:
            raise MunuError(
                f"no {self.parameter.name} that was looked at is in the set at {percent(cl)} C.L.",
                "Take a higher confidence level, or the asymptotic method",
            )
        points = sorted(search.points, key=lambda point: point.value)
        return Constructed(
            cl=cl,
            method="feldman-cousins",
            intervals=self._pairs(edges, [edge.value for edge in edges], np.inf),
            edge_error=self._pairs(edges, [edge.error for edge in edges], 0.0),
            precision=wanted.precision,
            toys=search.toys + toys.failed,
            failed=toys.failed,
            first_failure=toys.first_failure,
            reached=all(e.error <= wanted.precision * self.size(e.value) for e in edges),
            seed=wanted.seed,
            workers=wanted.workers.processes,
            values=np.array([point.value for point in points]),
            toys_per_value=np.array([point.toys for point in points]),
            p_value=np.array([1 - point.below / point.toys for point in points]),
            observed_delta_chi2=np.array([point.observed for point in points]),
            critical_delta_chi2=np.array(
                [np.quantile(toys.drawn[point.number], cl) for point in points]
            ),
        )

    def _pairs(self, edges: Sequence[Edge], values: Sequence[float], open_end: float) -> FloatArray:
        """Return what belongs to both ends of each interval, (n, 2).

        The lower end of the first is the parameter's own bound, and exact, where no edge is below;
        an upper end that was not reached is its upper bound.
        """
        ends = list(values)
        if not edges or edges[0].is_upper:
            ends.insert(0, self.parameter.low if open_end else 0.0)
        if len(ends) % 2:
            ends.append(self.parameter.high if open_end else 0.0)
        return np.array(ends, float).reshape(-1, 2)


@final
@dataclass(frozen=True)
class ExactConstruction:
    """The Feldman-Cousins set of one count without nuisances, of which no toys are drawn.

    Parameters
    ----------
    parameter : Parameter
    bare : BareSet
    coordinates, values : callable
        From values of the parameter (n,) to coordinates of the set, and back.
    observed : callable
        From values (n,) to q of the data.
    """

    parameter: Parameter
    bare: BareSet
    coordinates: Callable[[FloatArray], FloatArray]
    values: Callable[[FloatArray], FloatArray]
    observed: Callable[[FloatArray], FloatArray]

    def found(self, first: FloatArray, cl: float, wanted: Wanted) -> Constructed:
        """Return the set, told at values about the first ones."""
        if wanted.state is not None:
            raise MunuError(
                "state keeps toys, and the construction of one count without nuisances is exact",
                "Leave it out",
            )
        intervals = self.values(self.bare.intervals(cl))
        values = distinct(np.linspace(first.min(), first.max(), SHOWN), intervals)
        means = self.bare.means(self.coordinates(values))
        count = self.bare.count
        return Constructed(
            cl=cl,
            method="feldman-cousins",
            intervals=intervals,
            edge_error=np.zeros_like(intervals),
            precision=wanted.precision,
            toys=0,
            failed=0,
            first_failure="",
            reached=True,
            seed=wanted.seed,
            workers=wanted.workers.processes,
            values=values,
            toys_per_value=np.zeros(len(values), int),
            p_value=1 - count.below(means),
            observed_delta_chi2=self.observed(values),
            critical_delta_chi2=np.array([count.critical(mean, cl) for mean in means.tolist()]),
        )
