"""A block of two hundred toy experiments of a slice, each with its two minima over nuisances.

The floor is one product of the Gauss-Newton matrix for each of the minima.
"""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.bench_core import ASSUMPTIONS, multiplications

from munu.analysis.toy_study import toy_study
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.studies import BLOCK, ToyStudy, seeds_of


def study_of(name: str, assumptions: Assumptions, parameter: str) -> ToyStudy:
    """Return the toys of a slice of one experiment."""
    folded = [fold_experiment(name)]
    return toy_study(folded, parameter, assumptions, others="zero", phases_free=False)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("coherent-csi-2021", "Lambda_1"),
        ("coherent-lar-2020", "Lambda_1"),
        ("dresden-ii", "Lambda_1"),
        ("xenonnt-sr0-er", "mu_eff"),
        ("coherent-csi", "Lambda_1"),
    ],
)
def test_two_hundred_toys(name, parameter, measure):
    study = study_of(name, ASSUMPTIONS, parameter)
    truth = study.truth(0.5 * study.interval(2.71).upper_mu_b)
    products = sum(
        np.size(part.scale.spread) * (1 + len(part.names)) ** 2 for part in study.likelihood.parts
    )
    measure(
        lambda: study.outcomes(truth, seeds_of((1, 0), 0)),
        multiplications(2 * BLOCK * products),
        aim="-",
        rounds=3,
    )
