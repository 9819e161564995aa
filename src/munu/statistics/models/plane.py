"""Planes of two parameters: moduli of the moments and phases, and what happens to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.arguments import check_name
from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.parameters import (
    EFFECTIVE_PARAMETERS,
    FLAVOUR_PARAMETERS,
    MASS_PARAMETERS,
    PHASE_SYMBOLS,
)

MASS = MASS_PARAMETERS
FLAVOUR = FLAVOUR_PARAMETERS
EFFECTIVE = EFFECTIVE_PARAMETERS
PHASES = tuple(PHASE_SYMBOLS)
NAMES = (*MASS, *FLAVOUR, *EFFECTIVE, *PHASES)
_OWN_MODULUS: Final = {"xi_1": "Lambda_2", "xi_2": "Lambda_1"}
"""The moment whose phase relative to that of Lambda_3 each phase ξ is."""
RATIO_SAMPLES = (0.0, 0.2, 0.6, 1.5, 5.0)
"""Starting values of a profiled modulus over r: none, smaller, larger."""
PHASE_SAMPLES = 8
"""Starting values of a phase: four in a period of the second harmonic, the highest in W."""
PHASE_OFFSETS = {"delta_cp": 0.11, "xi_1": 0.17, "xi_2": 0.29}
"""By which these are turned (rad): at zero and π, and where phases differ by these, χ² is
stationary by symmetry, and a search would stay."""
ANGLE_SAMPLES = 5
"""Starting values of the angle between two profiled moduli, from one alone to the other alone."""


@final
@dataclass(frozen=True)
class Plane:
    r"""Two parameters shown, others fixed or profiled; moments are a modulus times a direction.

    A point of the plane is :math:`\Lambda = r\,n(s, p)`: r the distance from the origin (for two
    moduli) or the modulus, s the angle of the ray or the phase on the other axis, p the profiled
    parameters (moduli as ratios to r).

    Parameters
    ----------
    x, y : str
        Names of the axes.
    profiled : tuple of str
        Parameters minimised over.
    delta_cp, xi_1, xi_2 : float
        Values (rad) of the phases neither shown nor profiled.
    signed : bool
        Let moduli take both signs, a sign being a phase of π.

    Raises
    ------
    MunuError
        For an unknown or repeated name, moduli of two bases, or phases of moments that have none.
    """

    x: str
    y: str
    profiled: tuple[str, ...] = ()
    delta_cp: float = 0.0
    xi_1: float = 0.0
    xi_2: float = 0.0
    signed: bool = False

    def __post_init__(self) -> None:
        for name in self.names:
            check_name("parameter", name, NAMES)
        if len(set(self.names)) != len(self.names):
            raise MunuError(
                f"a parameter appears twice among {', '.join(self.names)}",
                "Show or profile each one once",
            )
        self._check_bases()

    def _check_bases(self) -> None:
        used = [name for name in self.names if name not in PHASES]
        if any(n in MASS for n in used) and any(n in FLAVOUR for n in used) and self.profiled:
            raise MunuError(
                "with one modulus of the mass and one of the flavour basis nothing can be profiled",
                f"Take both from {', '.join(MASS)} or both from {', '.join(FLAVOUR)}",
            )
        if self.is_effective and not set(self.names) <= set(EFFECTIVE):
            raise MunuError(
                "effective moments have no phases and go with no transition moment",
                f"Show and profile {', '.join(EFFECTIVE)} alone",
            )
        others = [name for name in used if name not in MASS]
        has_xi = bool(self.xi_1 or self.xi_2) or any(n.startswith("xi") for n in self.names)
        if others and has_xi:
            raise MunuError(
                f"xi_1 and xi_2 are phases of {', '.join(MASS)}, not of {', '.join(others)}",
                f"Leave them zero, or take moduli from {', '.join(MASS)}",
            )

    @property
    def idle_phases(self) -> dict[str, str]:
        """The phases ξ that vary, or have a value, without effect on the events, and whose each is.

        The phase of a moment relative to the others has one if it and another take part.
        """
        moduli = [name for name in self.names if name in MASS]
        return {
            phase: own
            for phase, own in _OWN_MODULUS.items()
            if (phase in self.names or getattr(self, phase))
            and (own not in moduli or len(moduli) == 1)
        }

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters that vary."""
        return (self.x, self.y, *self.profiled)

    @property
    def basis(self) -> tuple[str, ...]:
        """Names of the three moments whose components are varied."""
        if self.is_mixed:
            return (self.x, self.y)
        if self.is_effective:
            return EFFECTIVE
        return FLAVOUR if any(name in FLAVOUR for name in self.names) else MASS

    @property
    def is_effective(self) -> bool:
        """Whether effective moments of the flavours are shown."""
        return any(name in EFFECTIVE for name in self.names)

    @property
    def is_mixed(self) -> bool:
        """Whether the axes are a moment of the mass and one of the flavour basis."""
        axes = {self.x, self.y}
        return bool(axes & set(MASS)) and bool(axes & set(FLAVOUR))

    @property
    def moduli(self) -> tuple[str, ...]:
        """The axes that are moduli."""
        return tuple(name for name in (self.x, self.y) if name not in PHASES)

    @property
    def varies_delta(self) -> bool:
        """Whether δ_CP is shown or profiled."""
        return "delta_cp" in self.names

    @property
    def free(self) -> tuple[str, ...]:
        """The profiled parameters besides r: with two phases shown, r is a profiled modulus."""
        if self.moduli:
            return self.profiled
        carriers = [name for name in self.profiled if name not in PHASES]
        return tuple(name for name in self.profiled if name not in carriers[:1])

    def samples(self) -> FloatArray:
        """Return starting points for the profiled parameters, shape (m, n_profiled)."""
        turns = 2 * np.pi * np.arange(PHASE_SAMPLES) / PHASE_SAMPLES
        mixing_angles = np.linspace(0, 0.5 * np.pi, ANGLE_SAMPLES)
        ratios = np.array(RATIO_SAMPLES)
        if self.signed:
            ratios = distinct(ratios, -ratios)
        moduli = ratios if self.moduli else mixing_angles
        axes = [turns + PHASE_OFFSETS[name] if name in PHASES else moduli for name in self.free]
        points = list(product(*axes))
        return np.array(points, float).reshape(len(points), len(self.free))

    def directions(
        self, shown: FloatArray, profiled: FloatArray
    ) -> tuple[ComplexArray, FloatArray]:
        """Return n(s, p), shape (m, 3), and δ_CP, shape (m,).

        Parameters
        ----------
        shown : array, shape (m,) or (m, 2)
            Angle of the ray, or the phase on the axis; (m, 2) for two phases.
        profiled : array, shape (m, n_free)
            Values of the `free` parameters: phases (rad); moduli as ratios to r, or with two
            phases shown as the angles of spherical coordinates.
        """
        m = profiled.shape[0]
        values = {
            "delta_cp": np.full(m, self.delta_cp),
            "xi_1": np.full(m, self.xi_1),
            "xi_2": np.full(m, self.xi_2),
        }
        moduli = {name: np.zeros(m) for name in self.basis}
        self._place_shown(shown, values, moduli)
        rest = np.ones(m)
        for name, column in zip(self.free, profiled.T, strict=True):
            if name in PHASES:
                values[name] = column
            elif self.moduli:
                moduli[name] = column if self.signed else np.abs(column)
            else:
                moduli[name] = rest * np.abs(np.sin(column))
                rest = rest * np.cos(column)
        if not self.moduli:
            carrier = next(name for name in self.profiled if name not in self.free)
            moduli[carrier] = np.abs(rest)
        vector = np.stack([moduli[name] for name in self.basis], axis=1).astype(complex)
        if self.basis == MASS:
            vector[:, 0] *= np.exp(-1j * values["xi_2"])
            vector[:, 1] *= np.exp(-1j * values["xi_1"])
        if self.is_mixed:
            vector = np.concatenate([vector, np.zeros((m, 1))], axis=1)
        return vector, values["delta_cp"]

    def _place_shown(
        self, shown: FloatArray, values: dict[str, FloatArray], moduli: dict[str, FloatArray]
    ) -> None:
        if len(self.moduli) == 2:
            moduli[self.x], moduli[self.y] = np.cos(shown), np.sin(shown)
        elif len(self.moduli) == 1:
            moduli[self.moduli[0]] = np.ones(shown.shape[0])
            values[self.y if self.x in moduli else self.x] = shown
        else:
            values[self.x], values[self.y] = shown[:, 0], shown[:, 1]


def turned(phases: FloatArray) -> FloatArray:
    """Return phases (rad) in (-π, π]."""
    return np.asarray(np.pi - np.mod(np.pi - phases, 2 * np.pi))
