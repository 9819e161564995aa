"""The assumptions of a statement about moments: mixing, phases, beam, convention, uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

import numpy as np

from munu.base.arguments import check_name, checked_flag
from munu.base.digests import digest
from munu.base.errors import MunuError
from munu.base.thresholds import side
from munu.base.typing import ComplexArray, FloatArray
from munu.base.units import UNCERTAINTY, checked_number
from munu.experiments.model import Experiment
from munu.folding.counts import FULL_BEAM, Convention
from munu.physics.mixing import Mixing, check_mixing, global_fit, paper_mixing
from munu.physics.moments import flavour_columns
from munu.physics.parameters import (
    COMMON_PARAMETER,
    EFFECTIVE_PARAMETERS,
    FLAVOUR_PARAMETERS,
    MASS_PARAMETERS,
    PARAMETERS,
    PHASE_SYMBOLS,
)
from munu.results.core.base import Conditions

FIXED: Final[Mapping[str, str]] = MappingProxyType({})
"""No phase is free."""
PROFILED: Final[Mapping[str, str]] = MappingProxyType({"xi_1": "profiled", "xi_2": "profiled"})
"""The phases of the moments are minimised over."""
ABSENT: Final[Mapping[str, str]] = MappingProxyType({"xi_1": "absent", "xi_2": "absent"})
"""Effective moments have no phases."""


@final
@dataclass(frozen=True)
class Assumptions:
    """Everything a prediction depends on besides the experiment.

    Parameters
    ----------
    mixing : Mixing
        Mixing angles and δ_CP; the default is the reference paper's, with δ_CP = 0.
    xi_1, xi_2 : float
        Phases ξ₁ = ζ₃ - ζ₂ and ξ₂ = ζ₃ - ζ₁ of the moments (rad).
    beam : str
        ``prompt``, ``delayed`` or ``full``.
    convention : {"per-species", "published"}
        How the species of a beam are added; see :meth:`munu.folding.counts.Response.w_matrices`.
    sigma_sys : float or None
        Fractional systematic uncertainty of the signal; None takes the experiment's.
    expected : bool
        Whether data as the Standard Model predicts stand for those observed.
    one_sided : bool
        Whether the confidence level of a limit is that of its upper end alone.
    """

    mixing: Mixing = field(default_factory=paper_mixing)
    xi_1: float = 0.0
    xi_2: float = 0.0
    beam: str = FULL_BEAM
    convention: Convention = "per-species"
    sigma_sys: float | None = None
    expected: bool = False
    one_sided: bool = False

    @property
    def sided(self) -> str:
        """``one-sided`` or ``two-sided``."""
        return side(one_sided=self.one_sided)

    def phases(self) -> FloatArray:
        """Return ζ₁, ζ₂, ζ₃ (rad) with ζ₃ = 0."""
        return np.array([-self.xi_2, -self.xi_1, 0.0])


def mixing_of(experiments: Sequence[Experiment], asked: str | Mixing | None = None) -> Mixing:
    """Return the mixing that a statement takes: that asked for, or that of the experiments' files.

    Raises
    ------
    MunuError
        For an unknown global fit, what is not a mixing, or with none asked for, no experiment, or
        files that differ in it, whatever their δ_CP.
    """
    if asked is not None:
        named = global_fit(asked) if isinstance(asked, str) else asked
        check_mixing(named)
        return named
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


def make_assumptions(
    *,
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing = "desalas2018-no",
    expected: bool = False,
    one_sided: bool = False,
) -> Assumptions:
    """Return assumptions from names; see `limit`. The default mixing is the paper's.

    Raises
    ------
    MunuError
        For an unknown global fit, or a number that is none, not finite or out of range.
    """
    named = mixing_of((), mixing)
    if sigma_sys is not None:
        sigma_sys = checked_number("sigma_sys", sigma_sys, UNCERTAINTY)
    return Assumptions(
        mixing=named.with_delta(delta_cp),
        xi_1=0.0 if xi_1 is None else checked_number("xi_1", xi_1),
        xi_2=0.0 if xi_2 is None else checked_number("xi_2", xi_2),
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        expected=checked_flag("expected", expected),
        one_sided=checked_flag("one_sided", one_sided),
    )


def make_conditions(
    assumptions: Assumptions, *, free: Mapping[str, str] = FIXED, channels: str = "all"
) -> Conditions:
    """Return how a result names its assumptions.

    Parameters
    ----------
    assumptions : Assumptions
    free : mapping of str to str
        What the phases are that do not keep their assumed values: ``profiled``, ``varied``,
        ``shown`` or ``absent``.
    channels : str
    """
    return Conditions(
        mixing=assumptions.mixing.name,
        delta_cp=None if "delta_cp" in free else assumptions.mixing.delta_cp,
        xi_1=None if "xi_1" in free else assumptions.xi_1,
        xi_2=None if "xi_2" in free else assumptions.xi_2,
        phases={name: free.get(name, "fixed") for name in PHASE_SYMBOLS},
        beam=assumptions.beam,
        convention=assumptions.convention,
        sigma_sys=assumptions.sigma_sys,
        channels=channels,
        expected=assumptions.expected,
        sided=assumptions.sided,
    )


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
        return np.diag(np.exp(1j * assumptions.phases())), MASS_PARAMETERS.index(parameter)
    if assumptions.xi_1 or assumptions.xi_2:
        raise MunuError(
            f"xi_1 and xi_2 are phases of Lambda_1, Lambda_2, Lambda_3, not of {parameter}",
            f"Leave them zero, or take one of {', '.join(MASS_PARAMETERS)}",
        )
    if parameter in EFFECTIVE_PARAMETERS:
        return np.eye(3, dtype=complex), EFFECTIVE_PARAMETERS.index(parameter)
    if parameter == COMMON_PARAMETER:
        return np.ones((3, 1), complex), 0
    return flavour_columns(assumptions.mixing), FLAVOUR_PARAMETERS.index(parameter)
