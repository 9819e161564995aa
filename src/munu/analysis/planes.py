"""Planes of two parameters, from names: their models, and the toys of their points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from munu.analysis.assumptions import ABSENT, FIXED
from munu.analysis.model import joint_model, signal_matrices
from munu.analysis.question import Question, question
from munu.analysis.statement import fold_assumed
from munu.base.arguments import check_name, checked_flag, checked_names, plain_value
from munu.base.errors import MunuError, shown
from munu.base.typing import ComplexArray
from munu.base.units import checked_number
from munu.folding.folded import ExperimentLike, Folded, at_mixing
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import by_symbol
from munu.physics.interactions.registry import names as known_names
from munu.physics.mixing import Mixing
from munu.physics.moments import flavour_columns
from munu.physics.parameters import PHASE_SYMBOLS, SYMBOLS
from munu.statistics.models import FLAVOUR, MASS, PHASES, MomentModel, Plane

# Imported where it is used: a region of moments, the usual question, starts without toys.
if TYPE_CHECKING:
    from munu.analysis.plane_toys import PlaneToys


def plane_columns(plane: Plane, mixing: Mixing) -> ComplexArray:
    r"""Return the basis B of a plane's moments in the coordinates of W, shape (3, 3).

    The identity for Λ₁, Λ₂, Λ₃, and for effective moments, which are coordinates of their own;
    :math:`\det U\,U^\dagger` for the flavour moments. For one modulus of each basis the columns are
    the dual basis of the two directions: the shortest Λ with the two components asked for; the
    third column is zero.
    """
    flavour = flavour_columns(mixing)
    if not plane.is_mixed:
        return flavour if plane.basis == FLAVOUR else np.eye(3, dtype=complex)
    rows = [
        np.eye(3)[MASS.index(name)] if name in MASS else flavour[:, FLAVOUR.index(name)].conj()
        for name in (plane.x, plane.y)
    ]
    return np.column_stack([np.linalg.pinv(np.array(rows)), np.zeros(3)])


def family_of(folded: Sequence[Folded], assumptions: Assumptions, plane: Plane) -> MomentModel:
    """Return `plane_model` with bins of proportional events as one.

    Raises
    ------
    MunuError
        As `plane_model`.
    """
    return plane_model(folded, assumptions, plane).pooled()


def plane_model(folded: Sequence[Folded], assumptions: Assumptions, plane: Plane) -> MomentModel:
    """Return χ² of the moments of a plane, for every δ_CP if the plane varies it.

    The Standard Model's events are those of the δ_CP assumed, on which electrons' recoils of mass
    states depend by less than 1e-4.

    Raises
    ------
    MunuError
        If the plane varies δ_CP and the fluxes of a source depend on it.
    """
    effective = plane.is_effective
    mixing = assumptions.neutrino_mixing
    folded = [at_mixing(one, mixing) for one in folded]
    if plane.varies_delta:
        _check_fluxes(folded)

    def w_of_delta(delta: float) -> ComplexArray:
        at_delta = replace(assumptions, delta_cp=delta)
        pieces = [signal_matrices(one.counts, at_delta, effective=effective) for one in folded]
        columns = plane_columns(plane, at_delta.neutrino_mixing)
        return np.asarray(columns.conj().T @ np.concatenate(pieces) @ columns)

    model = joint_model(folded, assumptions, effective=effective).fused()
    if plane.varies_delta:
        return model.at_every_delta(w_of_delta)
    return model.in_basis(plane_columns(plane, mixing))


def _check_fluxes(folded: Sequence[Folded]) -> None:
    for one in folded:
        if "delta_cp" in one.experiment.source.mixing_parameters:
            raise MunuError(
                f"the fluxes of '{one.experiment.identity.name}' depend on delta_cp, and are "
                "those of one value",
                "Ask for a region at each value of delta_cp instead",
            )


def axes_of(plane: str | tuple[str, str]) -> tuple[str, str]:
    """Return the two names of a plane, given so or as "X,Y"; raises `MunuError` otherwise."""
    parts = plane.split(",") if isinstance(plane, str) else plain_value(plane)
    if not isinstance(parts, Sequence) or len(parts) != 2:
        raise MunuError(
            f"a plane has two axes, and {shown(plane)} does not name two",
            "Write it as Lambda_1,Lambda_2",
        )
    x, y = (str(part).strip() for part in parts)
    return x, y


def make_plane(
    plane: str | tuple[str, str],
    profile: Sequence[str],
    *,
    delta_cp: float,
    xi_1: float,
    xi_2: float,
) -> Plane:
    """Return the plane of two names, or of "X,Y"; raises `MunuError` for anything else."""
    x, y = axes_of(plane)
    return Plane(
        x,
        y,
        profiled=checked_names("profile", profile),
        delta_cp=checked_number("delta_cp", delta_cp),
        xi_1=checked_number("xi_1", xi_1),
        xi_2=checked_number("xi_2", xi_2),
    )


def plane_of(plane: str | tuple[str, str], profile: Sequence[str], given: Assumptions) -> Plane:
    """Return a plane whose phases, unless in it or profiled, have the values assumed.

    Raises
    ------
    MunuError
        If it is none, or a phase that it shows or profiles has a value too.
    """
    check_phases_once((*axes_of(plane), *profile), given)
    xi_1, xi_2 = given.xi_1 or 0.0, given.xi_2 or 0.0
    return make_plane(plane, profile, delta_cp=given.delta_cp or 0.0, xi_1=xi_1, xi_2=xi_2)


def check_phases_once(names: Sequence[str], given: Assumptions) -> None:
    """Raise `MunuError` for a phase of moments that is named and has a value besides.

    A δ_CP of zero, which it has if none is given, is no value here.
    """
    for name in names:
        if name in PHASES:
            value = getattr(given, name)
            if value if name == "delta_cp" else value is not None:
                raise MunuError(
                    f"{name} has two roles: shown, profiled or varied, and at the value {value:g}",
                    f"Leave out the value of {name}, or name other phases",
                )


def idle_remarks(plane: Plane | None) -> tuple[str, ...]:
    """Return that phases of a plane which vary, or have a value, have no effect."""
    idle = plane.idle_phases if plane else {}
    own = {phase: SYMBOLS[name].strip("|") for phase, name in idle.items()}
    return tuple(
        f"{PHASE_SYMBOLS[phase]} has no effect here: it is the phase of {moment} relative to the "
        f"other moments, and {moment}, or every other one, is zero."
        for phase, moment in own.items()
    )


def free_phases_of(plane: Plane, treatment: str) -> dict[str, str]:
    """Return what the phases of a plane are that are not fixed: shown, or treated so."""
    shown = {name: "shown" for name in (plane.x, plane.y) if name in PHASES}
    absent = ABSENT if plane.is_effective else FIXED
    return {**absent, **shown} | {name: treatment for name in plane.profiled if name in PHASES}


def plane_toys(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    names: tuple[str, str],
    free: Sequence[str],
    setup: str | None,
    given: Assumptions,
    *,
    signed: bool = False,
) -> PlaneToys:
    """Return the toys of a plane; arguments as of `region`.

    Raises
    ------
    MunuError
        As `region`; for an experiment without data, and a plane that shows a phase.
    """
    asked = coupling_question(names, free, given, signed=signed)
    if asked is not None:
        from munu.analysis.coupling_region import coupling_plane_toys

        return coupling_plane_toys(experiment, asked, setup, given)
    from munu.analysis.moment_plane_toys import moment_plane_toys

    chosen = replace(plane_of(names, free, given), signed=checked_flag("signed", signed))
    folded, settled = fold_assumed(experiment, setup, given)
    family = family_of(folded, settled, chosen)
    free_phases = free_phases_of(chosen, "profiled")
    found = moment_plane_toys(folded, settled, family, chosen, free_phases)
    return replace(found, remarks=idle_remarks(chosen))


def coupling_question(
    names: tuple[str, str], free: Sequence[str], given: Assumptions, *, signed: bool
) -> Question | None:
    """Return what is asked of couplings, None of moments and their phases alone."""
    for name in (*names, *free):
        check_name("parameter", name, (*known_names(), *PHASE_SYMBOLS), also=by_symbol())
    if given.values or not {*names, *free} <= {*SYMBOLS, *PHASE_SYMBOLS}:
        if signed:
            raise MunuError("signed is of planes of moments", "Leave it out: couplings have signs")
        return question(names, free, given)
    question([name for name in (*names, *free) if name in SYMBOLS], (), given)
    return None
