"""Phases of moments and couplings: fixed, or minimised over; and what results say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from munu.analysis.assumptions import ABSENT, FIXED, PROFILED
from munu.analysis.question import Question
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter
from munu.physics.parameters import MASS_PARAMETERS, MOMENTS, PHASE_SYMBOLS, Parameter, phase_of


def has_free_phase(asked: Question, one: Parameter, assumptions: Assumptions) -> bool:
    """Whether the phase of a transition moment is minimised over, as the moment is.

    It is unless phases are given; that of the only moment changes nothing.
    """
    given = assumptions.xi_1 is not None or assumptions.xi_2 is not None
    return (
        one in MOMENTS
        and one.kind == "modulus"
        and one in asked.profiled
        and not given
        and not is_only_moment(asked, one)
    )


def is_only_moment(asked: Question, one: Parameter) -> bool:
    """Whether a parameter is a moment and there is no other, so that its phase changes nothing."""
    return [other for other in asked.couplings if other in MOMENTS] == [one]


def free_moment_phases(asked: Question, given: Assumptions) -> Mapping[str, str]:
    """Return what ξ₁ and ξ₂ are in a question about couplings where they are not fixed.

    Absent without two moments of the mass basis, as they are phases of these to each other, or
    minimised over: ξ₁ = ζ₃ - ζ₂ is where ζ₂ or ζ₃ is and Λ₂ takes part, ξ₂ = ζ₃ - ζ₁ likewise. Of
    flavour moments it is both, as in limits on moments alone.
    """
    moments = {one.name for one in asked.couplings if one in MOMENTS}
    free = {one.name for one in asked.couplings if has_free_phase(asked, one, given)}
    if not free:
        return FIXED if len(moments & {*MASS_PARAMETERS}) > 1 else ABSENT
    if not free <= {*MASS_PARAMETERS}:
        return PROFILED
    own = {"xi_1": "Lambda_2", "xi_2": "Lambda_1"}
    return {
        phase: "profiled"
        for phase, name in own.items()
        if name in free or (name in moments and "Lambda_3" in free)
    }


def stored_for(asked: Question, settled: Assumptions, given: Assumptions) -> Assumptions:
    """Return what a result about couplings stores.

    Parameters
    ----------
    asked : Question
    settled, given : Assumptions
        For the experiments, and as they were given: phases that are left out are free where the
        moment is.
    """
    return replace(settled.stored(free_moment_phases(asked, given)), values=asked.values)


def with_fixed_phases(names: Sequence[str], given: Assumptions) -> Assumptions:
    """Return assumptions in which no phase is free but those named: at their values, or zero.

    Without them the phase of a coupling is free where the coupling is minimised over.

    Parameters
    ----------
    names : sequence of str
        Of a statement about several parameters, each shown or minimised over.
    given : Assumptions
    """
    taken = {*names, *given.values}
    phases = (phase_of(parameter(name)) for name in names if name not in PHASE_SYMBOLS)
    zero = {one.name: 0.0 for one in phases if one is not None and one.name not in taken}
    return replace(
        given,
        xi_1=None if "xi_1" in names else given.xi_1 or 0.0,
        xi_2=None if "xi_2" in names else given.xi_2 or 0.0,
        values={**given.values, **zero},
    )
