"""The parameters of a likelihood as coordinates of the moments: the events they add to each bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.analysis.assumptions import ABSENT, FIXED, basis_of
from munu.analysis.region import family_of, plane_columns
from munu.base.errors import MunuError
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import COMMON_PARAMETER, PARAMETERS, PHASE_SYMBOLS, is_effective
from munu.statistics.models import ExtraEvents, MomentModel, Plane, PlaneEvents, QuadraticEvents


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

    def extra(
        self, model: MomentModel, folded: Sequence[Folded], assumptions: Assumptions
    ) -> ExtraEvents:
        r"""Return the events that they add to the entries of a model's signal.

        With fixed phases they are quadratic forms, :math:`S_b-SM_b = x^T{\rm Re}(B^\dagger W_bB)x`
        with the directions of the moments in the columns of B.
        """
        if self.plane is not None and any(name in PHASE_SYMBOLS for name in self.names):
            family = family_of(folded, assumptions, self.plane)
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
    return MomentCoordinates(names, plane)
