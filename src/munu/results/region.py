"""Allowed regions of planes, and their envelopes over phases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import MASS_PARAMETERS, PHASE_SYMBOLS, SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.contours import contour_kinds
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant

PHASE_DECIMALS = 3
"""Decimals of a phase (rad) that a table shows."""

ALONG_AN_AXIS = 1e-3
"""Angle (rad) within which a direction is that of an axis; four digits are printed."""


def _symbol(name: str, *, signed: bool = False) -> str:
    """Return the symbol of a modulus or a phase; a signed moment has no bars."""
    symbol = (SYMBOLS | PHASE_SYMBOLS)[name]
    return symbol.strip("|") if signed else symbol


def _phase(phase: float) -> str:
    """Return a phase (rad) without the noise of its minimisation: -π is π, and 1e-15 is 0."""
    rounded = round(float(phase), PHASE_DECIMALS)
    if rounded <= -round(np.pi, PHASE_DECIMALS):
        rounded = -rounded
    return f"{rounded:.{PHASE_DECIMALS}f}" if rounded else "0"


def _level(result: RegionResult | EnvelopeResult) -> str:
    number = result.degrees_of_freedom
    freedom = "1 degree" if number == 1 else f"{number} degrees"
    return f"Δχ² = {result.delta_chi2:.3f}, {freedom} of freedom"


def _excluded(result: RegionResult | EnvelopeResult) -> tuple[str, ...]:
    """Return that the Standard Model is excluded, if it is: contours then go round it."""
    delta = result.standard_model_delta_chi2
    if delta <= result.delta_chi2:
        return ()
    return (f"The Standard Model, no moment, is excluded: its Δχ² is {significant(delta)}.",)


@final
@dataclass(frozen=True, kw_only=True)
class RegionResult(Result, kind="region"):
    """The region of a plane with Δχ² up to a confidence level, two degrees of freedom.

    Parameters
    ----------
    plane : tuple of str
        Names of x and y.
    cl, delta_chi2 : float
    polygons : tuple of arrays, shape (n, 2)
        Vertices, all on the contour; moments in μ_B, phases in rad. With two phases they are the
        contour lines.
    corners : tuple of arrays, shape (m, 2)
        Points of the edge of the parameter space (a modulus of zero) to append to each polygon to
        close it.
    unbounded : bool
    unbounded_ranges : array, shape (k, 2)
        First and last angle from the x axis, or phase, (rad) of the directions in which the region
        extends to infinity; equal for a single direction.
    chi2_min, standard_model_delta_chi2 : float
        Global minimum, and Δχ² of the Standard Model.
    best_fit : array, shape (2,)
    others : str
        ``zero``, or ``profiled`` with the names in ``profiled``.
    profiled : tuple of str
    signed : bool
        Whether the moments take both signs.
    outlines : tuple of arrays, shape (n, 2)
        Closed outlines of a region solved on a grid, which go on along the edge of the plane; empty
        where polygons and corners are enough: `filled_polygons` gives closed outlines of either.
    failed_rays : array, shape (k,)
        Angles from the x axis, or phases, (rad) at which a fit does not converge; the boundary goes
        straight past them.
    failures : tuple of str
        Why, for each.
    """

    plane: tuple[str, ...]
    cl: float
    delta_chi2: float
    degrees_of_freedom: int = 2
    polygons: tuple[FloatArray, ...]
    corners: tuple[FloatArray, ...]
    unbounded: bool
    unbounded_ranges: FloatArray
    chi2_min: float
    standard_model_delta_chi2: float
    best_fit: FloatArray
    others: str
    profiled: tuple[str, ...]
    signed: bool
    assumptions: Assumptions
    outlines: tuple[FloatArray, ...] = ()
    failed_rays: FloatArray = field(default_factory=lambda: np.empty(0))
    failures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        pairs = (np.reshape(corner, (-1, 2)) for corner in self.corners)
        object.__setattr__(self, "corners", tuple(pairs))
        object.__setattr__(self, "unbounded_ranges", np.reshape(self.unbounded_ranges, (-1, 2)))
        super().__post_init__()

    def filled_polygons(self) -> tuple[FloatArray, ...]:
        """Return closed outlines, ready to fill: polygons with their corners, or along the edge."""
        if self.outlines:
            return self.outlines
        pairs = zip(self.polygons, self.corners, strict=True)
        return tuple(np.concatenate([polygon, corner]) for polygon, corner in pairs)

    def summary(self) -> tuple[str, ...]:
        """Return the plane and its level, the extent of each piece, and what is assumed."""
        (table,) = self.tables()
        x, y = (_symbol(name, signed=self.signed) for name in self.plane)
        extents = [f"{x} {a} to {b}, {y} {c} to {d}" for _, a, b, c, d, _ in table.rows]
        found = (f"{'; '.join(extents)}; {self._units(x, y)}.",) if self.polygons else ()
        return (
            f"{table.title}, {_level(self)}",
            " ".join((*found, *self._everything(), *self._unbounded())),
            f"{self._treatment()}; {self.assumptions.text()}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return the extent of each piece."""
        scales = [1.0 if name in PHASE_SYMBOLS else 1e-10 for name in self.plane]
        rows = []
        for number, piece in enumerate(self.filled_polygons(), start=1):
            low, high = piece.min(axis=0) / scales, piece.max(axis=0) / scales
            ends = [significant(v, 4) for v in (low[0], high[0], low[1], high[1])]
            for axis in self._unbounded_axes():
                ends[2 * axis + 1] = "∞"
                if self.signed:
                    ends[2 * axis] = "-∞"
            rows.append((f"{number}", *ends, f"{len(piece)}"))
        x, y = (_symbol(name, signed=self.signed) for name in self.plane)
        return (
            Table(
                title=f"Region of {x} and {y} at {percent(self.cl)} C.L., {experiments_of(self)}",
                columns=("<piece", f"{x} from", "to", f"{y} from", "to", "vertices"),
                rows=tuple(rows),
                notes=(
                    f"{self._units(x, y)}; {_level(self)}.",
                    *self._everything(),
                    *_excluded(self),
                    *self._unbounded(),
                    *self._failed(),
                    f"{self._treatment()}; {self.assumptions.text()}",
                    *self.origin.notes,
                ),
            ),
        )

    def _units(self, x: str, y: str) -> str:
        units = ["rad" if name in PHASE_SYMBOLS else "10⁻¹⁰ μ_B" for name in self.plane]
        if units[0] == units[1]:
            return f"{x} and {y} in {units[0]}"
        return f"{x} in {units[0]}, {y} in {units[1]}"

    def _unbounded_axes(self) -> tuple[int, ...]:
        """Return the moduli, by axis, that the blind directions take to infinity."""
        moduli = [axis for axis, name in enumerate(self.plane) if name not in PHASE_SYMBOLS]
        if not self.unbounded or len(moduli) == 1:
            return tuple(moduli) if self.unbounded else ()
        along = np.abs([np.cos(self.unbounded_ranges), np.sin(self.unbounded_ranges)])
        return tuple(axis for axis in moduli if along[axis].max() > 1e-6)

    def _everything(self) -> tuple[str, ...]:
        return () if self.polygons else ("All of the plane is allowed.",)

    def _treatment(self) -> str:
        rest = ", other moments zero" if self._moments_left() else ""
        if self.profiled:
            names = ", ".join(_symbol(name, signed=self.signed) for name in self.profiled)
            return f"Profiled over {names}{rest}"
        return "Slice: other moments zero"

    def _moments_left(self) -> bool:
        """Whether there are moments neither in the plane nor profiled: a basis has three."""
        return len({*self.plane, *self.profiled} - {*PHASE_SYMBOLS}) < len(MASS_PARAMETERS)

    def _unbounded(self) -> tuple[str, ...]:
        if not (self.unbounded and self.polygons):
            return ()
        along = [(a, self._axis_along(a) if a == b else "") for a, b in self.unbounded_ranges]
        named = ", ".join(dict.fromkeys(name for _, name in along if name))
        ranges = [
            significant(a, 4) if a == b else f"{significant(a, 4)} to {significant(b, 4)}"
            for (a, b), (_, name) in zip(self.unbounded_ranges, along, strict=True)
            if not name
        ]
        x, y = (_symbol(name, signed=self.signed) for name in self.plane)
        angles = f"angles from the axis of {x} towards that of {y} of {', '.join(ranges)} rad"
        found = [f"Unbounded along {named}."] if named else []
        return (*found, *([f"Unbounded along {angles}."] if ranges else []))

    def _axis_along(self, angle: float) -> str:
        """Return the symbol of the axis that a direction (rad) is along; empty for neither."""
        for axis, name in enumerate(self.plane):
            across = np.sin(angle) if axis == 0 else np.cos(angle)
            if abs(across) < ALONG_AN_AXIS:
                return _symbol(name, signed=self.signed)
        return ""

    def _failed(self) -> tuple[str, ...]:
        return tuple(
            f"✗ At {significant(angle, 4)} rad: {reason}."
            for angle, reason in zip(self.failed_rays, self.failures, strict=True)
        )

    def to_csv(self) -> str:
        """Return every vertex with the number of its line, and whether that leaves a hole."""
        units = ["rad" if name in PHASE_SYMBOLS else "mu_b" for name in self.plane]
        columns = ("line", "kind", *(f"{n}_{u}" for n, u in zip(self.plane, units, strict=True)))
        kinds = contour_kinds(self.polygons, self.outlines)
        numbered = zip(kinds, self.polygons, strict=True)
        rows = [
            (number, kind, *vertex)
            for number, (kind, line) in enumerate(numbered, start=1)
            for vertex in line.tolist()
        ]
        return stated_csv(self, columns, rows)


@final
@dataclass(frozen=True, kw_only=True)
class EnvelopeResult(Result, kind="envelope"):
    """The most conservative and the most aggressive contour over phases (Fig. 7).

    Parameters
    ----------
    plane : tuple of str
    cl, delta_chi2 : float
        Two degrees of freedom.
    varied : tuple of str
        The phases varied.
    angle : array, shape (n,)
        Angle of each ray from the x axis (rad).
    outer_mu_b, inner_mu_b : array, shape (n, 2)
        The contours; infinite along a blind direction.
    outer_phases, inner_phases : array, shape (n, n_varied)
        Phases (rad) that give them.
    chi2_min, standard_model_delta_chi2 : float
        Global minimum, and Δχ² of the Standard Model, the origin.
    """

    plane: tuple[str, ...]
    cl: float
    delta_chi2: float
    degrees_of_freedom: int = 2
    varied: tuple[str, ...]
    angle: FloatArray
    outer_mu_b: FloatArray
    inner_mu_b: FloatArray
    outer_phases: FloatArray
    inner_phases: FloatArray
    chi2_min: float
    standard_model_delta_chi2: float
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the plane and its level, the reach of both contours, and what is assumed."""
        x, y = (_symbol(name) for name in self.plane)
        outer, inner = (
            np.hypot(*contour.T).max() / 1e-10 for contour in (self.outer_mu_b, self.inner_mu_b)
        )
        reach = f"{significant(outer, 4)} and {significant(inner, 4)}"
        return (
            f"Envelope of {x} and {y} over {', '.join(map(_symbol, self.varied))} at "
            f"{percent(self.cl)} C.L., {experiments_of(self)}, {_level(self)}",
            f"Outer and inner contour reach {reach} × 10⁻¹⁰ μ_B from the origin",
            f"Slice: other moments zero; {self.assumptions.text()}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return about ten rays of each contour: its radius and the phases that give it."""
        x, y = (_symbol(name) for name in self.plane)
        level = f"{percent(self.cl)} C.L."
        where = f"contour of {x} and {y} at {level}, {experiments_of(self)}"
        notes = (
            f"angle: from the {x} axis (rad); r: distance from the origin (10⁻¹⁰ μ_B); phases: "
            f"those that give the contour (rad); {_level(self)}.",
            *_excluded(self),
            f"Slice: other moments zero; {self.assumptions.text()}",
            *self.origin.notes,
        )
        outer = self._rows(self.outer_mu_b, self.outer_phases)
        inner = self._rows(self.inner_mu_b, self.inner_phases)
        columns = ("angle", "r", *map(_symbol, self.varied))
        return (
            Table(title=f"Most conservative {where}", columns=columns, rows=outer),
            Table(title=f"Most aggressive {where}", columns=columns, rows=inner, notes=notes),
        )

    def _rows(self, contour: FloatArray, phases: FloatArray) -> tuple[tuple[str, ...], ...]:
        step = max(1, (self.angle.size - 1) // 9)
        radius = np.hypot(*contour.T) / 1e-10
        rows = zip(self.angle[::step], radius[::step], phases[::step], strict=True)
        return tuple(
            (significant(angle, 4), significant(r, 4), *map(_phase, row)) for angle, r, row in rows
        )

    def to_csv(self) -> str:
        """Return every ray."""
        x, y = self.plane
        columns = [
            "angle_rad",
            f"{x}_outer_mu_b",
            f"{y}_outer_mu_b",
            f"{x}_inner_mu_b",
            f"{y}_inner_mu_b",
            *(f"{n}_outer_rad" for n in self.varied),
            *(f"{n}_inner_rad" for n in self.varied),
        ]
        table = np.column_stack(
            [self.angle, self.outer_mu_b, self.inner_mu_b, self.outer_phases, self.inner_phases]
        )
        return stated_csv(self, columns, table.tolist())
