"""What a question asks of parameters: some shown, some minimised over, some fixed, others usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, final

from munu.analysis.assumptions import check_no_relative_phases, phases_are_free
from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.base.options import options_of, spellings_of
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.compatible import check_together
from munu.physics.interactions.registry import (
    coupling_of,
    interaction_of,
    parameters,
)
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import (
    MASS_PARAMETERS,
    MOMENTS,
    OTHERS,
    Others,
    Parameter,
    phase_of,
)
from munu.physics.settings import InteractionSettings

SETTINGS: Final = tuple(one.name for one in fields(InteractionSettings) if one.name != "values")
"""Assumptions that only some interactions use."""


@final
@dataclass(frozen=True)
class Question:
    """Parameters and what is done with each; `question` makes it.

    Parameters
    ----------
    shown : tuple of Parameter
        What a statement is about: one for a limit, two for a plane.
    profiled : tuple of Parameter
        Minimised over; a complex coupling with its phase, unless that is fixed.
    values : dict of str to float
        Fixed at other values than the Standard Model's.
    """

    shown: tuple[Parameter, ...]
    profiled: tuple[Parameter, ...]
    values: dict[str, float]

    @property
    def couplings(self) -> tuple[Parameter, ...]:
        """Every coupling that takes part, each once, without phases."""
        names = [*(one.name for one in (*self.shown, *self.profiled)), *self.values]
        return tuple(dict.fromkeys(coupling_of(name) for name in names))

    @property
    def is_of_moments(self) -> bool:
        """Whether moments alone take part, none of them by name besides what is shown."""
        shown = all(one in MOMENTS for one in self.shown)
        return shown and not self.profiled and not self.values

    def role(self, parameter: Parameter) -> int | float | None:
        """Return the number of the axis that shows a parameter, None if it is free, or its value.

        That of a phase that is not named is zero; a coupling takes part only if it is named.
        """
        if parameter in self.shown:
            return self.shown.index(parameter)
        if parameter in self.profiled:
            return None
        return float(self.values.get(parameter.name, 0.0))


def question(
    shown: Sequence[str],
    profile: Sequence[str],
    assumptions: Assumptions,
    *,
    others: Others = "zero",
) -> Question:
    """Return what is asked of the parameters that are named.

    Parameters
    ----------
    shown, profile : sequence of str
    assumptions : Assumptions
        With ``values``, by `munu.analysis.assumptions.assume`.
    others : {"zero", "profiled"}
        What is done with the others of the family; of moments alone they are left to who asks.

    Raises
    ------
    MunuError
        For an unknown name, one that has two roles, a phase without its coupling, others of a
        family of one, phases ξ without moments of the mass basis, and masses or charges that
        nothing depends on.
    """
    check_name("treatment of the other parameters", others, OTHERS)
    values = {name: float(value) for name, value in assumptions.values.items()}
    axes = tuple(parameter_of(name) for name in shown)
    free = [parameter_of(name) for name in profile]
    if others == "profiled":
        _check_family(axes)
        # Of moments alone they are minimised over in closed form.
        if free or values or not all(one in MOMENTS for one in axes):
            phases_are_free(others, assumptions)
            free += _rest_of_families(axes, free, values)
    asked = Question(axes, tuple(free), {**values, **_usual_phases(axes, free, values)})
    _check_once(asked)
    check_together(asked.couplings)
    _check_phases(asked)
    _check_settings(asked, assumptions)
    _check_relative_phases(asked, assumptions)
    return asked


def _rest_of_families(
    shown: Sequence[Parameter], free: Sequence[Parameter], values: Mapping[str, float]
) -> list[Parameter]:
    taken = {*(one.name for one in (*shown, *free)), *values}
    return [one for one in _families(shown) if one.name not in taken]


def _families(shown: Sequence[Parameter]) -> list[Parameter]:
    """Return the members of the families of parameters, without phases."""
    families = {one.family for one in shown}
    members = parameters().values()
    return [one for one in members if one.family in families and one.kind != "phase"]


def _check_family(shown: Sequence[Parameter]) -> None:
    """Raise `MunuError` where there are no others."""
    if set(_families(shown)) <= set(shown):
        names = " and ".join(one.name for one in shown)
        raise MunuError(
            f"others = profiled makes no difference to {names}: no other is of its family",
            "Leave it out, or name what to minimise over: profile in Python, --profile on the "
            "command line",
        )


def _usual_phases(
    shown: Sequence[Parameter], free: Sequence[Parameter], values: Mapping[str, float]
) -> dict[str, float]:
    """Return zero for phases that are not named, of couplings shown or given a value."""
    named = [*shown, *(parameter_of(name) for name in values)]
    phases = [phase for phase in map(phase_of, named) if phase is not None]
    return {one.name: 0.0 for one in phases if one not in [*named, *free]}


def _check_once(asked: Question) -> None:
    names = [*(one.name for one in (*asked.shown, *asked.profiled)), *asked.values]
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise MunuError(
            f"{twice[0]} has two roles: asked for, profiled or given a value", "Name it once"
        )


def _check_phases(asked: Question) -> None:
    """Raise `MunuError` for a phase whose coupling is zero."""
    named = [*asked.shown, *asked.profiled, *(parameter_of(name) for name in asked.values)]
    for one in named:
        coupling = coupling_of(one.name)
        if one.kind == "phase" and coupling not in named:
            raise MunuError(
                f"{one.name} changes nothing: {coupling.name} is zero",
                f"Ask for {coupling.name} too, profile it, or give it a value",
            )


def stated(assumptions: Assumptions) -> tuple[str, ...]:
    """Return the names of masses, charges and so on that are not as usual."""
    usual = InteractionSettings()
    return tuple(n for n in SETTINGS if getattr(assumptions, n) != getattr(usual, n))


def users_of(setting: str) -> tuple[str, ...]:
    """Return the parameters that a mass, charges or a kind of radius makes a difference to.

    Examples
    --------
    >>> print(*users_of("sterile_mass"))
    mu_N_e mu_N_mu mu_N_tau
    """
    users = (name for name in parameters() if setting in interaction_of(name).settings)
    return tuple(name for name in users if parameter_of(name).kind != "phase")


def _check_relative_phases(asked: Question, assumptions: Assumptions) -> None:
    """Raise `MunuError` for phases ξ beside couplings and fewer than two of their moments."""
    moments = {one.name for one in asked.couplings} & {*MASS_PARAMETERS}
    if not asked.is_of_moments and len(moments) < 2:
        check_no_relative_phases(assumptions)


def _check_settings(asked: Question, assumptions: Assumptions) -> None:
    """Raise `MunuError` for what is stated of an interaction that takes no part."""
    used = {name for one in asked.couplings for name in interaction_of(one.name).settings}
    spellings = {one.name: spellings_of(one) for one in options_of(Assumptions).values()}
    for name in stated(assumptions):
        if name not in used:
            value = getattr(assumptions, name)
            names = ", ".join(users_of(name))
            asked_for = " and ".join(one.name for one in asked.couplings) or "the Standard Model"
            raise MunuError(
                f"{spellings[name]} = {value} makes no difference to {asked_for}",
                f"Leave it out, or ask for one of {names}",
            )
