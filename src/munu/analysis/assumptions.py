"""What a question assumes: from its arguments, and from the files of its experiments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from munu.base.arguments import check_name
from munu.base.calls import unknown_keyword
from munu.base.digests import digest
from munu.base.errors import MunuError, shown
from munu.base.language import with_article
from munu.base.options import option_of, options_of
from munu.base.typing import ComplexArray
from munu.experiments.model import Experiment
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import parameter_values
from munu.physics.mixing import Mixing, as_mixing
from munu.physics.moments import flavour_columns
from munu.physics.parameters import (
    COMMON_PARAMETER,
    EFFECTIVE_PARAMETERS,
    FLAVOUR_PARAMETERS,
    MASS_PARAMETERS,
    OTHERS,
    PARAMETERS,
    Others,
)

FIXED: Final[Mapping[str, str]] = MappingProxyType({})
"""No phase is free."""
PROFILED: Final[Mapping[str, str]] = MappingProxyType({"xi_1": "profiled", "xi_2": "profiled"})
"""The phases of the moments are minimised over."""
ABSENT: Final[Mapping[str, str]] = MappingProxyType({"xi_1": "absent", "xi_2": "absent"})
"""Neither effective moments nor other couplings have phases ξ."""


def assume(
    question: Callable[..., Any], assumptions: Assumptions | None, options: AssumptionOptions
) -> Assumptions:
    """Return what a question was told to assume.

    Parameters
    ----------
    question : callable
        The function that was asked, as `munu.limit`.
    assumptions : Assumptions, optional
        By default the usual ones.
    options : AssumptionOptions
        Keywords, which replace what the former say.

    Raises
    ------
    MunuError
        If the former is no `Assumptions`; for a keyword that is none, a value that is not allowed,
        and an assumption that the question has no use for.
    """
    given = Assumptions() if assumptions is None else assumptions
    if not isinstance(given, Assumptions):
        raise MunuError(
            f"assumptions = {shown(given)} is not a munu.Assumptions",
            "Make one, as in munu.Assumptions(beam='prompt'), or give the keywords",
        )
    known = options_of(Assumptions)
    for keyword in options:
        if keyword not in known:
            raise unknown_keyword(question.__name__, keyword, _keywords(question))
    values: dict[str, Any] = {known[key].name: value for key, value in options.items()}
    found = replace(given, **values)
    if found.values:
        found = replace(found, values=parameter_values(found.values))
    _check_use(question.__name__, found)
    return found


def taken_by(question: str) -> tuple[str, ...]:
    """Return the keywords of the assumptions that a question takes."""
    known = options_of(Assumptions).items()
    return tuple(keyword for keyword, one in known if question not in option_of(one).left_out)


def _keywords(question: Callable[..., Any]) -> tuple[str, ...]:
    """Return every keyword of a question."""
    own = [name for name in inspect.signature(question).parameters if name != "options"]
    return (*own, *taken_by(question.__name__))


def _check_use(question: str, assumptions: Assumptions) -> None:
    """Raise `MunuError` if something is assumed that makes no difference to a question."""
    for keyword, one in options_of(Assumptions).items():
        value = getattr(assumptions, one.name)
        if question in option_of(one).left_out and value != one.default:
            raise MunuError(
                f"{keyword} = {shown(value)} is not an assumption "
                f"of {with_article(question.replace('_', ' '))}",
                f"Leave {keyword} at {one.default}",
            )


def settle(experiments: Sequence[Experiment], assumptions: Assumptions) -> Assumptions:
    """Return what a prediction of experiments takes: their files' mixing if none is stated.

    Raises
    ------
    MunuError
        As `mixing_of`.
    """
    return assumptions.settled(mixing_of(experiments, assumptions.mixing))


def mixing_of(experiments: Sequence[Experiment], asked: str | Mixing | None = None) -> Mixing:
    """Return the mixing that a statement takes: that asked for, or that of the experiments' files.

    Raises
    ------
    MunuError
        For an unknown global fit, what is not a mixing, or with none asked for, no experiment, or
        files that differ in it, whatever their δ_CP.
    """
    if asked is not None:
        return as_mixing(asked)
    if not experiments:
        raise MunuError("nothing to take the mixing from", "Name at least one experiment")
    found = {one.identity.name: one.mixing for one in experiments}
    if len({digest(mixing.with_delta(0.0)) for mixing in found.values()}) > 1:
        said = ", ".join(f"{name} {mixing.name}" for name, mixing in found.items())
        raise MunuError(
            f"the experiments' files differ in their mixing: {said}",
            "State one for all, mixing in Python, --mixing on the command line; or write the same "
            "into the files",
        )
    return next(iter(found.values()))


def basis_of(parameter: str, assumptions: Assumptions) -> tuple[ComplexArray, int]:
    r"""Return the basis matrix B and the column of a parameter.

    Columns of B are the directions of the moments of the parameter's basis, in mass coordinates:
    :math:`B = {\rm diag}(e^{i\zeta})` for Λ₁, Λ₂, Λ₃ and :math:`B = \det U\,U^\dagger` for the
    flavour moments. For effective moments, whose W is diagonal in the flavours, B is the identity,
    or the single column (1, 1, 1) for the one common to all.

    Raises
    ------
    MunuError
        For an unknown parameter, or phases ξ given for a moment that is none of the mass basis.
    """
    check_name("parameter", parameter, PARAMETERS)
    if parameter in MASS_PARAMETERS:
        return np.diag(np.exp(1j * assumptions.zeta())), MASS_PARAMETERS.index(parameter)
    if assumptions.xi_1 or assumptions.xi_2:
        raise MunuError(
            f"xi_1 and xi_2 are phases of Lambda_1, Lambda_2, Lambda_3, not of {parameter}",
            f"Leave them zero, or take one of {', '.join(MASS_PARAMETERS)}",
        )
    if parameter in EFFECTIVE_PARAMETERS:
        return np.eye(3, dtype=complex), EFFECTIVE_PARAMETERS.index(parameter)
    if parameter == COMMON_PARAMETER:
        return np.ones((3, 1), complex), 0
    return flavour_columns(assumptions.neutrino_mixing), FLAVOUR_PARAMETERS.index(parameter)


def check_no_relative_phases(assumptions: Assumptions) -> None:
    """Raise `MunuError` for ξ₁ or ξ₂ where fewer than two moments of the mass basis take part."""
    for name in ("xi_1", "xi_2"):
        if getattr(assumptions, name):
            raise MunuError(
                f"{name} makes no difference here: xi_1 and xi_2 are phases of Lambda_1, Lambda_2, "
                "Lambda_3 to each other, and fewer than two of them take part",
                "Leave it out, or let others take part: profiled, with a value, or in a plane",
            )


def phases_are_free(others: Others, assumptions: Assumptions) -> bool:
    """Return whether ξ₁ and ξ₂ are minimised over, in a statement about one moment.

    Raises
    ------
    MunuError
        For one of them alone in a profiled statement, and for any in a slice.
    """
    check_name("treatment of the other moments", others, OTHERS)
    if others == "zero":
        check_no_relative_phases(assumptions)
        return False
    xi_1, xi_2 = assumptions.xi_1, assumptions.xi_2
    if (xi_1 is None) != (xi_2 is None):
        given, left = ("xi_1", "xi_2") if xi_2 is None else ("xi_2", "xi_1")
        raise MunuError(
            f"{given} is given and {left} is not, and a profiled limit fixes both or none",
            f"Give {left} too, or leave out {given}",
        )
    return xi_1 is None
