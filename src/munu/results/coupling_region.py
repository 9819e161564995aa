"""The region that data allow of two couplings, whatever its pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.contours import contour_kinds
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant, standard_model_text
from munu.results.coupling_limit import conditions_of_others


@final
@dataclass(frozen=True, kw_only=True)
class CouplingRegionResult(Result, kind="coupling-region"):
    """The allowed region of two couplings: bands, rings, islands.

    Parameters
    ----------
    plane : tuple of str
    units : tuple of str
        Of the two axes; empty for a pure number.
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with two degrees of freedom.
    polygons : tuple of array, shape (n, 2)
        Vertices, each on the contour: closed, or open where the window or a bound cuts them.
    outlines : tuple of array, shape (n, 2)
        Closed outlines of the pieces, along the window's edge where they are cut, ready to fill.
    unbounded : bool
        Whether the region goes on without end: the window cuts it.
    unbounded_directions : array, shape (k, 2)
    chi2_min, standard_model_delta_chi2 : float
        As `CouplingLimitResult`.
    standard_model : array, shape (2,)
        Where the Standard Model is.
    best_fit : array, shape (2,)
    others : str
        ``zero``, or ``profiled`` with the names in ``profiled``.
    profiled : tuple of str
    assumptions : Assumptions
    """

    plane: tuple[str, ...]
    units: tuple[str, ...]
    cl: float
    delta_chi2: float
    degrees_of_freedom: int = 2
    polygons: tuple[FloatArray, ...]
    outlines: tuple[FloatArray, ...]
    unbounded: bool
    unbounded_directions: FloatArray
    chi2_min: float
    standard_model_delta_chi2: float
    standard_model: FloatArray
    best_fit: FloatArray
    others: str
    profiled: tuple[str, ...]
    assumptions: Assumptions

    def __post_init__(self) -> None:
        """Keep the shape of an empty list of directions."""
        directions = np.reshape(self.unbounded_directions, (-1, 2))
        object.__setattr__(self, "unbounded_directions", directions)
        super().__post_init__()

    def summary(self) -> tuple[str, ...]:
        """Return the plane and its level, the extent of each piece, and what is assumed."""
        (table,) = self.tables()
        x, y = (parameter_of(name) for name in self.plane)
        extents = [
            f"{x.symbol} {a} to {b}{x.unit.behind}, {y.symbol} {c} to {d}{y.unit.behind}"
            for _, a, b, c, d, _ in table.rows
        ]
        return (
            f"{table.title}, {experiments_of(self)}",
            " ".join((f"{'; '.join(extents)}.", *self._unbounded())),
            conditions_of_others(self.profiled, self.assumptions, *self.plane),
        )

    def filled_polygons(self) -> tuple[FloatArray, ...]:
        """Return closed outlines, ready to fill, as those of a region of moments."""
        return self.outlines

    def tables(self) -> tuple[Table, ...]:
        """Return the extent of each piece."""
        axes = [parameter_of(name) for name in self.plane]
        scales = [one.unit.scale for one in axes]
        rows = []
        for number, piece in enumerate(self.outlines, start=1):
            low, high = piece.min(axis=0) / scales, piece.max(axis=0) / scales
            ends = [significant(v, 4) for v in (low[0], high[0], low[1], high[1])]
            rows.append((f"{number}", *ends, f"{len(piece)}"))
        x, y = (one.symbol for one in axes)
        return (
            Table(
                title=f"Region of {x} and {y} at {percent(self.cl)} C.L.",
                columns=("<piece", f"{x} from", "to", f"{y} from", "to", "vertices"),
                rows=tuple(rows),
                notes=(
                    " + ".join(self.origin.experiments),
                    f"{_units(x, y, axes[0].unit.text, axes[1].unit.text)}Δχ² = "
                    f"{self.delta_chi2:.3f}, 2 degrees of freedom; the Standard Model "
                    f"{standard_model_text(self.standard_model_delta_chi2)}.",
                    *self._unbounded(),
                    conditions_of_others(self.profiled, self.assumptions, *self.plane),
                    *self.origin.notes,
                ),
            ),
        )

    def _unbounded(self) -> tuple[str, ...]:
        if not self.unbounded:
            return ()
        texts = (
            f"({significant(x)}, {significant(y)})"
            for x, y in self.unbounded_directions / np.abs(self.unbounded_directions).max()
        )
        return (f"Unbounded along {' and '.join(texts)}; extents are those of the window.",)

    def to_csv(self) -> str:
        """Return every vertex with the number of its line, and whether that leaves a hole."""
        columns = (
            "line",
            "kind",
            *(f"{n}_{u}" if u else n for n, u in zip(self.plane, self.units, strict=True)),
        )
        kinds = contour_kinds(self.polygons, self.outlines)
        numbered = zip(kinds, self.polygons, strict=True)
        rows = [
            (number, kind, *vertex)
            for number, (kind, line) in enumerate(numbered, start=1)
            for vertex in line.tolist()
        ]
        return stated_csv(self, columns, rows)


def _units(x: str, y: str, x_unit: str, y_unit: str) -> str:
    texts = [f"{name} in {unit}" for name, unit in ((x, x_unit), (y, y_unit)) if unit]
    return f"{', '.join(texts)}; " if texts else ""
