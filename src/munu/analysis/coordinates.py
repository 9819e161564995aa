"""The parameters of a likelihood as coordinates of the moments: the events they add to each bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from munu.analysis.assumptions import ABSENT, FIXED, basis_of, check_no_relative_phases
from munu.analysis.coupling_axes import axes_of
from munu.analysis.couplings import couplings_by_bin
from munu.analysis.moment_phases import free_moment_phases
from munu.analysis.planes import plane_columns, plane_model
from munu.analysis.question import Question
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import COMMON_PARAMETER, PARAMETERS, PHASE_SYMBOLS, is_effective
from munu.statistics.likelihoods import SignalLikelihood
from munu.statistics.models import (
    Chart,
    ChartPiece,
    Circle,
    ExtraEvents,
    FormEvents,
    MomentModel,
    Plane,
    PlaneEvents,
    Polar,
    QuadraticEvents,
    Squared,
    Straight,
)


@final
@dataclass(frozen=True, eq=False)
class Coordinates:
    """Signal and χ² as functions of the parameters of a likelihood.

    Parameters
    ----------
    likelihood : SignalLikelihood
    sm : array, shape (n_signal,)
        Events where all are zero.
    extra : ExtraEvents
    standard_model_chi2 : float
    phases : mapping of str to str
        What δ_CP, ξ₁ and ξ₂ are where they are not fixed.
    """

    likelihood: SignalLikelihood
    sm: FloatArray
    extra: ExtraEvents
    standard_model_chi2: float
    phases: Mapping[str, str] = field(default_factory=lambda: FIXED)


@final
@dataclass(frozen=True)
class MomentCoordinates:
    """Moments of one basis, and phases.

    Parameters
    ----------
    names : tuple of str
    plane : Plane or None
        Two of them or more, as a plane and what is profiled there; None for a moment alone.
    """

    names: tuple[str, ...]
    plane: Plane | None

    @property
    def is_effective(self) -> bool:
        """Whether they are effective moments."""
        return any(name in PARAMETERS and is_effective(name) for name in self.names)

    @property
    def phases(self) -> Mapping[str, str]:
        """What the phases are that are not fixed, as a result names it."""
        shown = {name: "shown" for name in self.names if name in PHASE_SYMBOLS}
        return {**(ABSENT if self.is_effective else FIXED), **shown}

    def made(
        self, model: MomentModel, folded: Sequence[Folded], assumptions: Assumptions
    ) -> Coordinates:
        """Return χ² of a model as a function of them."""
        return Coordinates(
            model.likelihood,
            model.sm,
            self._extra(model, folded, assumptions),
            float(model.likelihood.chi2(model.sm)),
            self.phases,
        )

    def _extra(
        self, model: MomentModel, folded: Sequence[Folded], assumptions: Assumptions
    ) -> ExtraEvents:
        r"""Return the events that they add to the entries of a model's signal.

        With fixed phases they are quadratic forms, :math:`S_b-SM_b = x^T{\rm Re}(B^\dagger W_bB)x`
        with the directions of the moments in the columns of B.
        """
        if self.plane is not None and any(name in PHASE_SYMBOLS for name in self.names):
            family = plane_model(folded, assumptions, self.plane)
            return PlaneEvents.of(family, self.plane, unit_mu_b=1.0)
        if self.plane is not None and self.plane.is_mixed:
            columns = plane_columns(self.plane, assumptions.neutrino_mixing)[:, :2]
        else:
            pairs = [basis_of(name, assumptions) for name in self.names]
            columns = np.column_stack([basis[:, index] for basis, index in pairs])
        return QuadraticEvents.of(model.w, columns)


def moment_coordinates(names: tuple[str, ...], assumptions: Assumptions) -> MomentCoordinates:
    """Return the coordinates that have these names.

    Raises
    ------
    MunuError
        For none, an unknown or repeated one, or those that do not go together.
    """
    if not names:
        raise MunuError("a likelihood has at least one parameter", "Name a moment")
    if COMMON_PARAMETER in names and len(names) > 1:
        raise MunuError(
            f"{COMMON_PARAMETER} is one moment of all species, and goes with no other parameter",
            "Name it alone, or mu_nu_e, mu_nu_mu, mu_nu_tau",
        )
    plane = None
    if len(names) > 1:
        plane = Plane(
            names[0],
            names[1],
            names[2:],
            delta_cp=assumptions.delta_cp or 0.0,
            xi_1=assumptions.xi_1 or 0.0,
            xi_2=assumptions.xi_2 or 0.0,
        )
    if all(name in PHASE_SYMBOLS for name in names):
        raise MunuError(
            f"{' and '.join(names)} alone: with all moments zero no phase changes the events",
            "Add a moment, such as Lambda_1",
        )
    if plane is None:
        basis_of(names[0], assumptions)
        check_no_relative_phases(assumptions)
    return MomentCoordinates(names, plane)


def coupling_coordinates(
    asked: Question, folded: Sequence[Folded], settled: Assumptions, given: Assumptions
) -> Coordinates:
    """Return the coordinates of the couplings that a question shows.

    Parameters
    ----------
    asked : Question
    folded : sequence of Folded
    settled, given : Assumptions
        For the experiments, and as they were given.
    """
    couplings = couplings_by_bin(folded, asked, settled)
    axes = axes_of(asked, couplings, given)
    layout, origin = axes.parametrisation, np.zeros(couplings.standard.size)
    pieces: list[ChartPiece] = []
    for axis, direction in layout.straight.items():
        origin -= axes.origin[axis] * direction
        kind = Squared if asked.shown[axis].kind == "squared" else Straight
        pieces.append(kind(axis, direction))
    for one in layout.turning:
        assert one.phase is not None
        if one.modulus is None:
            size = one.fixed_modulus or 0.0
            pieces.append(Circle(one.phase, size * one.along, size * one.across))
        else:
            pieces.append(Polar(one.modulus, one.phase, one.along, one.across))
    chart, forms = Chart(origin, tuple(pieces), len(asked.shown)), axes.model.forms
    at_zero = np.concatenate([[1.0], chart(np.zeros((1, chart.dimension)))[0][0]])
    shift = np.eye(at_zero.size)
    shift[1:, 0] = at_zero[1:]
    centred = shift.T @ forms @ shift
    around = Chart(origin - at_zero[1:], tuple(pieces), len(asked.shown))
    return Coordinates(
        couplings.model.likelihood,
        np.asarray(centred[:, 0, 0]),
        FormEvents.of(centred, around),
        couplings.standard_chi2,
        free_moment_phases(asked, given),
    )
