"""Fig. 3 of arXiv:1905.03750: limits as a function of the luminosity, from the current setups."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from munu.analysis.model import interval, moment_model
from munu.base.thresholds import delta_chi2
from munu.folding.folded import fold_experiment
from munu.folding.luminosity import with_luminosity
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.physics.parameters import MASS_PARAMETERS
from munu.reproduction.figures import (
    ASSUMED,
    CONVENTION,
    REACTORS,
    SNS,
    assumed,
    origin_of,
)
from munu.reproduction.published import confidence_level
from munu.results.paper.figure_curves import Figure3Result, LuminosityCurve

LARGEST_RATIO: Final = 100.0
POINTS: Final = 41
REMARKS: Final = (
    "Counts and backgrounds grow with the luminosity, the fractional uncertainties stay.",
    "Eq. (34) with σ_sys = 0 falls throughout, by 2.5 to 2.7 from 1 to 40: as (F'/F)^(-1/4) where "
    "dipole events of the size of the limit are few beside the Standard Model's, faster where they "
    "are not, as in MINER. The paper sees the improvement weaken beyond 40; on a linear axis it "
    "does.",
    "CsI follows Eq. (33), whose σ of 0.28 on the signal stops its fall within a few per cent.",
)


def compute() -> Figure3Result:
    """Return the curves at the SNS, delayed and prompt, and at reactors."""
    shown = [(name, beam) for name in SNS for beam in ("delayed", "prompt")]
    shown += [(name, "full") for name in REACTORS]
    return Figure3Result(
        curves=tuple(curve for name, beam in shown for curve in _curves(name, beam)),
        cl=confidence_level(),
        delta_chi2=delta_chi2(confidence_level(), 1),
        assumptions=Assumptions(mixing=paper_mixing(), convention=CONVENTION).stored(),
        remarks=(ASSUMED, *REMARKS),
        origin=origin_of((*SNS, *REACTORS)),
    )


def _curves(name: str, beam: str) -> list[LuminosityCurve]:
    """Return the curves of the three moduli."""
    ratios = np.geomspace(1.0, LARGEST_RATIO, POINTS)
    folded = fold_experiment(name)
    assumptions = replace(assumed(name, beam=beam), mixing=folded.mixing)
    models = [moment_model(with_luminosity(folded, ratio), assumptions) for ratio in ratios]
    return [
        LuminosityCurve(
            experiment=f"{name}@{folded.counts.setup}",
            beam=beam,
            parameter=parameter,
            sigma_sys=assumptions.sigma_sys,
            luminosity_ratio=ratios,
            limit_mu_b=np.array(
                [
                    interval(model, parameter, assumptions, cl=confidence_level()).upper_mu_b
                    for model in models
                ]
            ),
        )
        for parameter in MASS_PARAMETERS
    ]
