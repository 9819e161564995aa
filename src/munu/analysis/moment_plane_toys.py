"""Toys of a plane of two moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.analysis.data_likelihood import specification_of
from munu.analysis.moment_plane import MomentPlane
from munu.analysis.plane_toys import PlaneToys
from munu.analysis.toy_study import check_fluctuates
from munu.base.errors import MunuError
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.statistics.models import MomentModel, Plane
from munu.statistics.studies import FormStudy


def moment_plane_toys(
    folded: Sequence[Folded],
    settled: Assumptions,
    family: MomentModel,
    plane: Plane,
    phases: Mapping[str, str],
) -> PlaneToys:
    """Return the toys of a plane of two moments, whose model is a family.

    Raises
    ------
    MunuError
        For an experiment without data, a plane that shows a phase or varies δ_CP, and an axis that
        no event tells.
    """
    check_fluctuates(folded)
    own = MomentPlane.of(family, plane)
    _check_seen(own, plane, family.names)
    specifications = tuple(specification_of(one.experiment, settled) for one in folded)
    return PlaneToys(
        folded,
        settled,
        tuple(parameter_of(name) for name in plane.moduli),
        FormStudy(specifications, own.model, own.parametrisation, own.domain),
        np.asarray,
        np.asarray,
        plane.profiled,
        settled.stored(phases),
    )


def _check_seen(own: MomentPlane, plane: Plane, names: Sequence[str]) -> None:
    """Raise `MunuError` for an axis that no event tells."""
    for axis, name in enumerate(plane.moduli):
        along = own.parametrisation.direction(axis)
        if own.model.is_blind(along, own.parametrisation.free):
            raise MunuError(
                f"{' + '.join(names)} has no event that tells {name} in this plane, so that there "
                "is no edge to look for",
                "Take other moments, or combine it with other experiments",
            )
