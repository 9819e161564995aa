"""What is shown and what is free of a question, as directions and phases of coordinates x."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar, final

import numpy as np

from munu.analysis.couplings import Couplings
from munu.analysis.moment_phases import has_free_phase, is_only_moment
from munu.analysis.question import Question
from munu.base.frozen import FrozenMapping
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import MASS_PARAMETERS, Parameter, phase_of
from munu.statistics.models import CouplingModel, FreeBetween, Parametrisation, Turning

ROUNDING: Final = 1e-14
"""A value this close to its bound, relative to the Standard Model's value, is at the bound."""

Number = TypeVar("Number", float, FloatArray)
ONE_DIRECTION: Final = 1e-10
"""What two couplings that undo each other lack of full correlation: rounding leaves 1e-12, the
isotopes of germanium 1e-5, electrons in Dresden-II 3e-8."""


@final
@dataclass(frozen=True, eq=False)
class Axes:
    """χ² about the point that is fixed, and how the parameters shown make its coordinates.

    Parameters
    ----------
    model : CouplingModel
        Its origin has all that is fixed, and the Standard Model's values of the others.
    parametrisation : Parametrisation
    shown : tuple of Parameter
    origin : array, shape (a,)
        Coordinates of the parameters shown at the origin.
    centre : array, shape (n,)
        All coordinates there.
    """

    model: CouplingModel
    parametrisation: Parametrisation
    shown: tuple[Parameter, ...]
    origin: FloatArray
    centre: FloatArray

    @property
    def domain(self) -> FloatArray:
        """First and last coordinate of each axis from the origin, shape (a, 2)."""
        bounds = [[coordinate(one, end) for end in (one.low, one.high)] for one in self.shown]
        return np.array(bounds) - self.origin[:, None]

    def is_blind(self, axis: int) -> bool:
        """Whether no event tells what an axis shows once the others are free."""
        along = self.parametrisation.direction(axis)
        return self.model.is_blind(along, self.parametrisation.free)

    @property
    def are_one_direction(self) -> bool:
        """Whether every event sees but one sum of two couplings that are shown.

        Where data tell them apart by a hair, as recoils of electrons beside those of nuclei, they
        are allowed in a narrow band, which is drawn.
        """
        if not self.parametrisation.is_straight:
            return False
        left, _ = self.parametrisation.whitened(self.model)
        metric = left.T @ self.model.metric @ left
        correlation = metric[0, 1] ** 2 / (metric[0, 0] * metric[1, 1])
        return bool(1.0 - correlation <= ONE_DIRECTION)

    def coordinates(self, values: FloatArray) -> FloatArray:
        """Return coordinates about the origin from values of the parameters shown, (..., a)."""
        found = np.array(values)
        for i, one in enumerate(self.shown):
            found[..., i] = coordinate(one, found[..., i])
        return found - self.origin

    def values(self, coordinates: FloatArray) -> FloatArray:
        """Return values of the parameters shown from coordinates about the origin, (..., a)."""
        found = np.array(coordinates + self.origin)
        for i, one in enumerate(self.shown):
            value = np.clip(_value(one, found[..., i]), one.low, one.high)
            rounding = ROUNDING * abs(float(_value(one, self.origin[i])))
            for bound in (end for end in (one.low, one.high) if np.isfinite(end)):
                value = np.where(np.abs(value - bound) <= rounding, bound, value)
            found[..., i] = value
        return found


def axes_of(asked: Question, couplings: Couplings, assumptions: Assumptions) -> Axes:
    """Return the axes of a question about couplings.

    Parameters
    ----------
    asked : Question
    couplings : Couplings
    assumptions : Assumptions
        As they were given: phases of moments that are left out are free where the moment is.
    """
    made = _Made(asked, np.array(couplings.standard))
    for one, columns in couplings.columns.items():
        units = [couplings.unit(column) for column in columns]
        if len(units) == 2:
            made.add_complex(one, units[0], units[1], _phase_role(asked, one, assumptions))
        else:
            made.add(one, units[0])
    return made.axes(couplings.model)


@final
@dataclass(eq=False)
class _Made:
    """The directions of a question while they are being put together."""

    asked: Question
    origin: FloatArray
    straight: dict[int, FloatArray] = field(default_factory=dict)
    free: list[FloatArray] = field(default_factory=list)
    squared: list[FloatArray] = field(default_factory=list)
    turning: list[Turning] = field(default_factory=list)
    planes: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    between: list[FreeBetween] = field(default_factory=list)

    def add(self, one: Parameter, direction: FloatArray) -> None:
        """Add a real coupling, or a complex one of fixed phase."""
        role = self.asked.role(one)
        if isinstance(role, int):
            self.straight[role] = direction
        elif role is None and _has_one_sign(self.asked, one):
            self.squared.append(direction)
        elif role is None and np.isfinite([one.low, one.high]).all():
            standard = float(direction @ self.origin)
            self.between.append(FreeBetween(direction, one.low - standard, one.high - standard))
        elif role is None:
            self.free.append(direction)
        else:
            size = coordinate(one, role) - float(direction @ self.origin)
            self.origin = self.origin + size * direction

    def add_complex(
        self, one: Parameter, along: FloatArray, across: FloatArray, phase: int | float | None
    ) -> None:
        """Add a complex coupling: phase is the axis that shows it, None if free, or its value."""
        role = self.asked.role(one)
        if isinstance(phase, float):
            self.add(one, np.cos(phase) * along + np.sin(phase) * across)
        elif role is None and phase is None:
            self.free += [along, across]
            self.planes.append((along, across))
        elif isinstance(role, float):
            self.turning.append(Turning(along, across, phase=phase, fixed_modulus=role))
        else:
            self.turning.append(Turning(along, across, role, phase))

    def axes(self, model: CouplingModel) -> Axes:
        """Return them about the origin."""
        n, shown = self.origin.size, self.asked.shown
        parametrisation = Parametrisation(
            len(shown),
            FrozenMapping(self.straight),
            _stack(self.free, n),
            _stack(self.squared, n),
            tuple(self.turning),
            tuple(self.planes),
            tuple(self.between),
        )
        # A modulus or phase that turns begins at zero.
        nothing = np.zeros(n)
        start = [self.straight.get(axis, nothing) @ self.origin for axis in range(len(shown))]
        moved = model.moved(self.origin)
        return Axes(moved, parametrisation, shown, np.array(start), self.origin)


def _phase_role(asked: Question, one: Parameter, assumptions: Assumptions) -> int | float | None:
    """Return the axis that shows the phase of a complex coupling, None if free, or its value."""
    phase = phase_of(one)
    if phase is None:
        return _phase_of_moment(asked, one, assumptions)
    named = phase in asked.shown or phase in asked.profiled or phase.name in asked.values
    if one in asked.profiled and not named:
        return None
    return asked.role(phase)


def _has_one_sign(asked: Question, one: Parameter) -> bool:
    """Whether a coupling of fixed phase is minimised over on one side: its phase plus π differs."""
    return one.kind == "squared" or (one.kind == "modulus" and not is_only_moment(asked, one))


def _phase_of_moment(asked: Question, one: Parameter, assumptions: Assumptions) -> float | None:
    """Return ζ of a moment of the mass basis, zero of others; None where it is minimised over."""
    if has_free_phase(asked, one, assumptions):
        return None
    if one.name in MASS_PARAMETERS:
        return float(assumptions.zeta()[MASS_PARAMETERS.index(one.name)])
    return 0.0


def _stack(columns: list[FloatArray], n: int) -> FloatArray:
    return np.column_stack(columns) if columns else np.empty((n, 0))


def coordinate(parameter: Parameter, value: Number) -> Number:
    """Return the coordinate x of a value: g² of a coupling g."""
    return value * value if parameter.kind == "squared" else value


def _value(parameter: Parameter, x: FloatArray) -> FloatArray:
    """Return the values of coordinates, the inverse of `coordinate`."""
    return np.sqrt(np.maximum(x, 0.0)) if parameter.kind == "squared" else x
