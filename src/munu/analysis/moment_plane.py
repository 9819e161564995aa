"""A plane of two moments as one of couplings, which toys are drawn of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping
from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods import as_newton, by_bins
from munu.statistics.models import (
    PHASES,
    CouplingModel,
    MomentModel,
    Parametrisation,
    Plane,
    Turning,
)


@final
@dataclass(frozen=True, eq=False)
class MomentPlane:
    """χ² of a plane of two moments in real coordinates, and their axes.

    Parameters
    ----------
    model : CouplingModel
        Of the real, then of the imaginary parts of the moments (μ_B).
    parametrisation : Parametrisation
    domain : array, shape (2, 2)
    """

    model: CouplingModel
    parametrisation: Parametrisation
    domain: FloatArray

    @classmethod
    def of(cls, family: MomentModel, plane: Plane) -> MomentPlane:
        """Return the plane of a model in its basis.

        Raises
        ------
        MunuError
            For a plane that shows a phase, or varies δ_CP.
        """
        if len(plane.moduli) != 2 or plane.varies_delta:
            raise MunuError(
                "a Feldman-Cousins region is one of two moduli at a δ_CP",
                "Show two moments or couplings, or take the asymptotic method",
            )
        likelihood = as_newton(by_bins(family.likelihood), family.sm)
        model = CouplingModel(family.names, likelihood, real_forms(family.sm, family.w))
        low = -np.inf if plane.signed else 0.0
        return cls(model, _parametrisation(plane), np.array([[low, np.inf]] * 2))


def real_forms(sm: FloatArray, w: ComplexArray) -> FloatArray:
    """Return Λ†WΛ + SM as forms over (1, Re Λ, Im Λ), shape (n_signal, 1 + 2n, 1 + 2n)."""
    n = w.shape[1]
    forms = np.zeros((len(w), 1 + 2 * n, 1 + 2 * n))
    forms[:, 0, 0] = sm
    real, imaginary = slice(1, 1 + n), slice(1 + n, 1 + 2 * n)
    forms[:, real, real] = forms[:, imaginary, imaginary] = w.real
    forms[:, real, imaginary], forms[:, imaginary, real] = -w.imag, w.imag
    return forms


def _parametrisation(plane: Plane) -> Parametrisation:
    """Return the axes and what is minimised over: ξ₂ is the phase of Λ₁, ξ₁ that of Λ₂."""
    owners = {"Lambda_1": "xi_2", "Lambda_2": "xi_1"}
    values = {"xi_1": plane.xi_1, "xi_2": plane.xi_2}
    n = 2 * 3
    straight: dict[int, FloatArray] = {}
    turning, planes = [], []
    free: list[FloatArray] = []
    squared: list[FloatArray] = []
    for name in (*plane.moduli, *(one for one in plane.profiled if one not in PHASES)):
        column = plane.basis.index(name)
        along, across = np.eye(n)[column], np.eye(n)[3 + column]
        phase = owners.get(name, "")
        axis = plane.moduli.index(name) if name in plane.moduli else None
        turned = phase in plane.profiled
        angle = values.get(phase, 0.0)
        at_phase = np.cos(angle) * along - np.sin(angle) * across
        if axis is not None and turned:
            turning.append(Turning(along, across, modulus=axis))
        elif axis is not None:
            straight[axis] = at_phase
        elif turned:
            free += [along, across]
            planes.append((along, across))
        else:
            (free if plane.signed else squared).append(at_phase)
    return Parametrisation(
        2,
        FrozenMapping(straight),
        np.column_stack(free) if free else np.empty((n, 0)),
        np.column_stack(squared) if squared else np.empty((n, 0)),
        tuple(turning),
        tuple(planes),
    )
