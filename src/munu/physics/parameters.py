"""Parameters as objects: name, symbol, unit, what values they take, and what belongs together."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, pi
from typing import Final, Literal, TypeAlias, final

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.base.units import BARE_NUMBERS, Range
from munu.physics.caveats import Caveat

Kind: TypeAlias = Literal["real", "magnitude", "modulus", "squared", "phase"]
Others: TypeAlias = Literal["zero", "profiled"]
OTHERS: Final[tuple[Others, ...]] = ("zero", "profiled")
"""Treatments of the other parameters of a family: zero (a slice), or minimised over."""


@final
@dataclass(frozen=True)
class Unit:
    """What a parameter is counted and printed in.

    Parameters
    ----------
    key : str
        As it ends the names of keys and columns: ``mu_b``, ``cm2``; empty for a pure number.
    text : str
        As people read it, power of ten included: ``10⁻¹⁰ μ_B``.
    dimension : str
        Of values that are given with a unit, `munu.base.units.UNITS`.
    scale : float
        What one of it is, in the unit of ``key``.
    largest : float
        In the unit of ``key``: a value beyond it, of whatever sign, is one in another unit.
    """

    key: str
    text: str
    dimension: str
    scale: float = 1.0
    largest: float = inf

    @property
    def behind(self) -> str:
        """What stands behind a number, as in `` × 10⁻¹⁰ μ_B`` or `` rad``; empty for none."""
        times = " × " if self.scale != 1 else " "
        return f"{times}{self.text}" if self.text else ""


MOMENT_UNIT: Final = Unit("mu_b", "10⁻¹⁰ μ_B", "magnetic moment", 1e-10, largest=1e-6)
"""The largest is a thousand times what accelerators exclude of ν_μ, and above all that is excluded
of ν_τ (3.9 × 10⁻⁷ μ_B, DONUT)."""
ANGLE_UNIT: Final = Unit("rad", "rad", "angle")
PURE_NUMBER: Final = Unit("", "", "number")


@final
@dataclass(frozen=True)
class Parameter:
    r"""Something that a statement can be about, that can be fixed, free or profiled.

    Parameters
    ----------
    name : str
    symbol : str
        As it is printed.
    unit : Unit
    family : str
        Parameters of one family are each other's "others".
    about : str
        What it is, in a phrase.
    kind : {"real", "magnitude", "modulus", "squared", "phase"}
        How it makes the real coordinates x of amplitudes: x itself; x not negative; the modulus of
        a complex coupling, :math:`x = r(\cos\varphi, \sin\varphi)`; a coupling g with x = g²; or
        the phase φ of a modulus.
    low, high : float
        Values it may have.
    phase : str
        Name of the phase of a modulus; empty if it has none of its own.
    caveats : tuple of Caveat
        What results about it say besides.
    """

    name: str
    symbol: str
    unit: Unit
    family: str
    about: str
    kind: Kind = "real"
    low: float = field(default=-inf)
    high: float = field(default=inf)
    phase: str = ""
    caveats: tuple[Caveat, ...] = ()

    @property
    def allowed(self) -> Range:
        """The values that may be stated, in the unit of ``unit.key``."""
        largest = min(self.unit.largest, BARE_NUMBERS.high)
        return Range(max(self.low, -largest), min(self.high, largest))

    def text(self, value: float) -> str:
        """Return the symbol with a value and its unit, as in ``μ_νe = 1.2 × 10⁻¹⁰ μ_B``."""
        number = f"{value / self.unit.scale:.4g}"
        return f"{self.symbol} = {number}{self.unit.behind}"


PHASE_PREFIX: Final = "phase_"


def phase_of(coupling: Parameter) -> Parameter | None:
    """Return the phase of a complex coupling; None of a real one, and of a moment.

    Those of moments are of the three together, δ_CP, ξ₁ and ξ₂.
    """
    if coupling.kind != "modulus" or not coupling.phase.startswith(PHASE_PREFIX):
        return None
    bare = coupling.symbol.strip("|")
    return Parameter(
        coupling.phase,
        f"arg {bare}",
        ANGLE_UNIT,
        coupling.family,
        f"phase of {coupling.name}",
        "phase",
        -pi,
        pi,
    )


def _moment(name: str, symbol: str, family: str, about: str, phase: str = "") -> Parameter:
    kind: Kind = "modulus" if family.startswith("transition") else "magnitude"
    return Parameter(name, symbol, MOMENT_UNIT, family, about, kind, low=0.0, phase=phase)


def _phase(name: str, symbol: str, about: str) -> Parameter:
    return Parameter(name, symbol, ANGLE_UNIT, "phases", about, "phase", -pi, pi)


MASS_FAMILY: Final = "transition moments, mass basis"
FLAVOUR_FAMILY: Final = "transition moments, flavour basis"
EFFECTIVE_FAMILY: Final = "effective moments"

MOMENTS: Final = (
    _moment("Lambda_1", "|Λ₁|", MASS_FAMILY, "moment between ν₂ and ν₃", "xi_2"),
    _moment("Lambda_2", "|Λ₂|", MASS_FAMILY, "moment between ν₃ and ν₁", "xi_1"),
    _moment("Lambda_3", "|Λ₃|", MASS_FAMILY, "moment between ν₁ and ν₂"),
    _moment("Lambda_e", "|Λ_e|", FLAVOUR_FAMILY, "moment between ν_μ and ν_τ"),
    _moment("Lambda_mu", "|Λ_μ|", FLAVOUR_FAMILY, "moment between ν_τ and ν_e"),
    _moment("Lambda_tau", "|Λ_τ|", FLAVOUR_FAMILY, "moment between ν_e and ν_μ"),
    _moment("mu_nu_e", "μ_νe", EFFECTIVE_FAMILY, "effective moment of ν_e at the detector"),
    _moment("mu_nu_mu", "μ_νμ", EFFECTIVE_FAMILY, "effective moment of ν_μ at the detector"),
    _moment("mu_nu_tau", "μ_ντ", EFFECTIVE_FAMILY, "effective moment of ν_τ at the detector"),
    _moment("mu_eff", "μ_eff", "common moment", "one effective moment of all species of the beam"),
)
PHASES: Final = (
    _phase("delta_cp", "δ_CP", "Dirac phase of the mixing matrix"),
    _phase("xi_1", "ξ₁", "phase ζ₃ - ζ₂ of the moments"),
    _phase("xi_2", "ξ₂", "phase ζ₃ - ζ₁ of the moments"),
)

MASS_PARAMETERS: Final = tuple(p.name for p in MOMENTS if p.family == MASS_FAMILY)
FLAVOUR_PARAMETERS: Final = tuple(p.name for p in MOMENTS if p.family == FLAVOUR_FAMILY)
EFFECTIVE_PARAMETERS: Final = tuple(p.name for p in MOMENTS if p.family == EFFECTIVE_FAMILY)
"""Effective moments of the flavours at the detector, taken as independent."""
COMMON_PARAMETER: Final = "mu_eff"
"""One effective moment of all species of the beam."""
PARAMETERS: Final = tuple(p.name for p in MOMENTS)
SYMBOLS: Final = {p.name: p.symbol for p in MOMENTS}
PHASE_SYMBOLS: Final = {p.name: p.symbol for p in PHASES}


def check_no_phase_of_moments(name: object) -> None:
    """Raise `MunuError` for a phase that is no parameter of most questions."""
    if isinstance(name, str) and name in PHASE_SYMBOLS:
        raise MunuError(
            f"{name} is a phase, which regions, envelopes, posteriors and likelihoods of moments "
            "alone show, profile or vary",
            f"Give it a value, {name} in Python, --{name.replace('_', '-')} on the command line; "
            "of other couplings name the phase, such as phase_epsilon_u_emu",
        )


def is_effective(parameter: str) -> bool:
    """Whether a moment is an effective one instead of a transition moment.

    Raises
    ------
    MunuError
        For an unknown parameter.
    """
    check_name("parameter", parameter, PARAMETERS)
    return parameter in EFFECTIVE_PARAMETERS or parameter == COMMON_PARAMETER
