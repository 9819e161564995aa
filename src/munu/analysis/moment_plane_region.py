"""Feldman-Cousins regions of two moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.analysis.data_likelihood import specification_of
from munu.analysis.drawn_toys import Wanted
from munu.analysis.feldman_cousins_region import PlaneConstruction
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_plane import MomentPlane
from munu.analysis.statement import origin_of
from munu.analysis.toy_study import check_fluctuates
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult
from munu.statistics.models import MomentModel, Plane
from munu.statistics.studies import FormStudy


def moment_plane_region(
    folded: Sequence[Folded],
    settled: Assumptions,
    family: MomentModel,
    plane: Plane,
    phases: Mapping[str, str],
    *,
    cl: float,
    wanted: Wanted,
) -> FeldmanCousinsRegionResult:
    """Return the Feldman-Cousins region of two moments, whose model is a family.

    Raises
    ------
    MunuError
        For an experiment without data, and a plane that shows a phase or varies δ_CP.
    """
    check_fluctuates(folded)
    own = MomentPlane.of(family, plane)
    specifications = tuple(specification_of(one.experiment, settled) for one in folded)
    study = FormStudy(specifications, own.model, own.parametrisation, own.domain)
    shown = tuple(parameter_of(name) for name in plane.moduli)
    construction = PlaneConstruction(shown, study, np.asarray, cl)
    return FeldmanCousinsRegionResult(
        **construction.found(wanted),
        standard_model=np.zeros(2),
        profiled=plane.profiled,
        conditions=settled.stored(phases),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
    )
