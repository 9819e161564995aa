"""Feldman-Cousins regions of two moments or couplings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.language import number_of
from munu.base.typing import FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.codec import later
from munu.results.core.contours import contour_kinds
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_of_others


@final
@dataclass(frozen=True, kw_only=True)
class FeldmanCousinsRegionResult(Result, kind="feldman-cousins-region"):
    """The Feldman-Cousins region of two moments or couplings, and how well its edge is known.

    A point is in the set where Δχ² of the data is at most the critical value, which the fraction CL
    of the toy experiments with that truth does not exceed. Critical values are interpolated
    smoothly between the points at which toys were drawn.

    Parameters
    ----------
    plane, units : tuple of str
        Names of the axes, and their units; empty for a pure number.
    cl : float
    method : str
        ``feldman-cousins``.
    polygons : tuple of array, shape (n, 2)
        Vertices, each on the edge: closed, or open where the window or a bound cuts them.
    edge_error : tuple of array, shape (n, 2)
        By how much each vertex of a polygon moves outwards with one standard error of the critical
        value there, from the number of toys.
    outlines : tuple of array, shape (n, 2)
        Closed outlines of the pieces, ready to fill.
    asymptotic_polygons : tuple of array, shape (n, 2)
        The edge with the threshold of Wilks' theorem.
    precision : float
        The error that was asked for, half the extent of the region along each axis being one.
    reached : float
        The largest error.
    toys, failed, seed : int
        Toys drawn, those of them whose fit failed and that are left out, and the seed.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    first_failure : str
        Why the first of them failed; empty if none did.
    points : array, shape (m, 2)
        Truths of the toys.
    toys_per_point : array, shape (m,)
    critical_delta_chi2 : array, shape (m,)
        What the fraction ``cl`` of the toys of each does not exceed.
    unbounded : bool
        Whether the region goes on without end: the window cuts it.
    best_fit, standard_model : array, shape (2,)
    profiled : tuple of str
    assumptions : Assumptions
    """

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
    workers: int | None = later(1)
    points: FloatArray
    toys_per_point: IntArray
    critical_delta_chi2: FloatArray
    unbounded: bool
    best_fit: FloatArray
    standard_model: FloatArray
    profiled: tuple[str, ...]
    assumptions: Assumptions

    @property
    def others(self) -> str:
        """``profiled``, or ``zero`` where none is."""
        return "profiled" if self.profiled else "zero"

    @property
    def scales(self) -> FloatArray:
        """What one of each axis is in tables and pictures."""
        return np.array([parameter_of(name).unit.scale for name in self.plane])

    def summary(self) -> tuple[str, ...]:
        """Return the plane with level, method and toys, and the extent of each piece."""
        (table,) = self.tables()
        x, y = (parameter_of(name).symbol for name in self.plane)
        extents = [f"{x} {a} to {b}, {y} {c} to {d}" for _, a, b, c, d, _ in table.rows]
        return (
            f"{table.title}, {experiments_of(self)}",
            f"{'; '.join(extents)}; edge known to {100 * self.reached:.2g} %, {self.toys} toys.",
            conditions_of_others(self.profiled, self.assumptions, *self.plane),
        )

    def filled_polygons(self) -> tuple[FloatArray, ...]:
        """Return closed outlines, ready to fill, as those of any region."""
        return self.outlines

    def tables(self) -> tuple[Table, ...]:
        """Return the extent of each piece."""
        axes = [parameter_of(name) for name in self.plane]
        rows = []
        for number, piece in enumerate(self.outlines, start=1):
            low, high = piece.min(axis=0) / self.scales, piece.max(axis=0) / self.scales
            ends = [significant(v, 4) for v in (low[0], high[0], low[1], high[1])]
            rows.append((f"{number}", *ends, f"{len(piece)}"))
        units = [f"{one.symbol} in {one.unit.text}" for one in axes if one.unit.text]
        x, y = (one.symbol for one in axes)
        low, high = self.critical_delta_chi2.min(), self.critical_delta_chi2.max()
        return (
            Table(
                title=f"Feldman-Cousins region of {x} and {y} at {percent(self.cl)} C.L.",
                columns=("<piece", f"{x} from", "to", f"{y} from", "to", "vertices"),
                rows=tuple(rows),
                notes=(
                    *((f"{', '.join(units)}.",) if units else ()),
                    f"{self.toys} toys at {number_of(len(self.points), 'point')}, "
                    f"seed {self.seed}; critical values of Δχ² from {low:.2f} to {high:.2f}. The "
                    f"edge is known to {100 * self.reached:.2g} % of half the extents.",
                    *self._remarks(),
                    conditions_of_others(self.profiled, self.assumptions, *self.plane),
                    *self.origin.notes,
                ),
            ),
        )

    def _remarks(self) -> tuple[str, ...]:
        found = []
        if self.reached > self.precision:
            found.append(
                f"The {self.toys} toys are fewer than the precision of {100 * self.precision:g} % "
                "needs."
            )
        if self.failed:
            found.append(
                f"{self.failed} toys failed and are left out. The first: {self.first_failure}."
            )
        if self.unbounded:
            found.append("The region goes on without end; extents are those of the window.")
        return tuple(found)

    def to_csv(self) -> str:
        """Return every vertex with its error and the number of its line."""
        units = [f"_{unit}" if unit else "" for unit in self.units]
        named = [
            f"{name}{what}{unit}"
            for what in ("", "_error")
            for name, unit in zip(self.plane, units, strict=True)
        ]
        kinds = contour_kinds(self.polygons, self.outlines)
        numbered = zip(kinds, self.polygons, self.edge_error, strict=True)
        rows = [
            (number, kind, *vertex, *error)
            for number, (kind, line, errors) in enumerate(numbered, start=1)
            for vertex, error in zip(line.tolist(), errors.tolist(), strict=True)
        ]
        return stated_csv(self, ("line", "kind", *named), rows)
