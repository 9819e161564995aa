"""Feldman-Cousins regions of two moments or couplings: toys where the edge is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict, final

import numpy as np

from munu.analysis.drawn_toys import MOST_TOYS, CountedToys, Wanted
from munu.analysis.plane_toys import PlaneToys
from munu.analysis.told_toys import ToldToys
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray, IntArray
from munu.engine import State
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult
from munu.statistics import regions
from munu.statistics.regions import Islands
from munu.statistics.studies import (
    OUTCOMES,
    Blocks,
    BothAxes,
    ContourSearch,
    CriticalValues,
    FormStudy,
    OneStrength,
    Seen,
    Value,
    drawing_planes,
    half_extent,
)

MARGIN = 0.5
"""Above the highest critical value, which points between those of toys may have."""


class ConstructedRegion(TypedDict):
    """What a result takes from the toys, in values of the parameters, without experiments."""

    plane: tuple[str, ...]
    units: tuple[str, ...]
    cl: float
    method: str
    polygons: tuple[FloatArray, ...]
    edge_error: tuple[FloatArray, ...]
    outlines: tuple[FloatArray, ...]
    asymptotic_polygons: tuple[FloatArray, ...]
    precision: float
    reached: float
    toys: int
    failed: int
    first_failure: str
    seed: int
    workers: int | None
    points: FloatArray
    toys_per_point: IntArray
    critical_delta_chi2: FloatArray
    unbounded: bool
    best_fit: FloatArray


@final
@dataclass(frozen=True)
class PlaneConstruction:
    """The Feldman-Cousins region of a plane.

    Parameters
    ----------
    toys : PlaneToys
    cl : float
    """

    toys: PlaneToys
    cl: float

    @property
    def study(self) -> FormStudy:
        """Whose toys are drawn."""
        return self.toys.study

    def values(self, coordinates: FloatArray) -> FloatArray:
        """Return values of the parameters."""
        return self.toys.values(coordinates)

    def islands(self, critical: CriticalValues | None = None) -> Islands:
        """Return the region with critical values, or with Wilks' threshold."""
        study, highest = self.study, delta_chi2(self.cl, 2)
        if critical is not None:
            highest = float(critical.values.max()) + MARGIN
        return regions.coupling_region(
            study.model, study.parametrisation, study.domain, highest, critical
        )

    @cached_property
    def _wilks(self) -> Islands:
        return self.islands()

    def _arcs(self, critical: CriticalValues | None) -> tuple[FloatArray, ...]:
        found = self._wilks if critical is None else self.islands(critical)
        if not found.arcs:
            raise MunuError(
                f"all of the plane of {' and '.join(one.name for one in self.toys.shown)} is "
                "allowed, so that there is no edge to look for",
                "Combine with other experiments, or take other parameters",
            )
        return found.arcs

    def _valued(self, value: Value) -> Value:
        x, y = self.values(np.array([value]))[0].tolist()
        return (x, y)

    def _key(self, wanted: Wanted) -> dict[str, object]:
        """Return what the points and their toys depend on: points are on the edge at its level.

        A finer precision takes the same points, and more of them.
        """
        return {**self.toys.key("feldman-cousins-region", wanted.seed), "cl": self.cl}

    def found(self, wanted: Wanted) -> ConstructedRegion:
        """Return the region."""
        one = OneStrength.of(self.study)
        blocks = Blocks(self.study if one is None else one, wanted.seed)

        def coordinates(line: FloatArray) -> Seen:
            return BothAxes(half_extent(line)) if one is None else one.reaching(line)

        state = State.opened(wanted.state, self._key(wanted), OUTCOMES)
        told = ToldToys(wanted.progress)
        with drawing_planes(blocks, wanted.workers, state, told) as outcomes:
            toys = CountedToys(outcomes, self.toys.shown, tuple, told, self._valued)
            search = ContourSearch(
                self.cl,
                wanted.precision,
                MOST_TOYS,
                toys,
                self._arcs,
                lambda points: self.study.rises(points)[1],
                told.about,
                coordinates,
            )
            critical, edge = search.found()
        islands = self.islands(critical)
        polygons = tuple(self.values(arc) for arc in edge.arcs)
        moved = [self.values(a + e) for a, e in zip(edge.arcs, edge.errors, strict=True)]
        return ConstructedRegion(
            plane=tuple(one.name for one in self.toys.shown),
            units=tuple(one.unit.key for one in self.toys.shown),
            cl=self.cl,
            method="feldman-cousins",
            polygons=polygons,
            edge_error=tuple(m - p for m, p in zip(moved, polygons, strict=True)),
            outlines=tuple(self.values(one) for one in islands.outlines),
            asymptotic_polygons=tuple(self.values(arc) for arc in self._wilks.arcs),
            precision=wanted.precision,
            reached=edge.relative,
            toys=search.toys + toys.failed,
            failed=toys.failed,
            first_failure=toys.first_failure,
            seed=wanted.seed,
            workers=wanted.workers.processes,
            points=self.values(np.array(search.points)),
            toys_per_point=np.array([q.size for q in search.drawn]),
            critical_delta_chi2=critical.values,
            unbounded=bool(len(islands.unbounded)),
            best_fit=self.values(islands.best_fit[None])[0],
        )


def feldman_cousins_region(
    toys: PlaneToys, *, cl: float, wanted: Wanted
) -> FeldmanCousinsRegionResult:
    """Return the Feldman-Cousins region of a plane.

    Raises
    ------
    MunuError
        For a plane that is allowed throughout, and a point all of whose toys fail.
    """
    return FeldmanCousinsRegionResult(
        **PlaneConstruction(toys, cl).found(wanted),
        standard_model=toys.standard_model,
        profiled=toys.profiled,
        assumptions=toys.assumptions,
        origin=toys.origin(),
    )
