"""Limits and regions of couplings that interfere, from folded data: each beside its floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from munu.analysis.couplings import at_shapes
from munu.analysis.data_likelihood import specification_of
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import AmplitudeTerm
from munu.physics.interactions.weak import VECTOR, NeutronForm, ProtonForm, standard_amplitude
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits import CouplingLine
from munu.statistics.models import Allowed, CouplingModel, Parametrisation
from munu.statistics.regions import coupling_region

ASSUMPTIONS = Assumptions(mixing="desalas2018-no")
EVALUATIONS_OF_A_LINE, EVALUATIONS_OF_A_PLANE = 100, 3000
"""χ² with its derivatives: at some 50 points and four ends; at some 300 points and 300 vertices."""
FLAVOURS = {"coherent-csi-2021": ("e", "mu"), "coherent-lar-2020": ("e", "mu")}
NAMES = ["coherent-csi-2021", "coherent-lar-2020", "dresden-ii", "conus-plus"]


def allowed_along(
    model: CouplingModel, along: FloatArray, others: FloatArray, delta: float
) -> Allowed:
    """Return every interval along a direction, shape (n,), others (n, k) minimised over."""
    plain = Parametrisation.plain(along[:, None], others)
    return CouplingLine.of(model, plain, -np.inf, np.inf).allowed(delta)


def model_of(name: str) -> CouplingModel:
    """Return two vector couplings: of down quarks to two flavours, or of both quarks to ν_e."""
    folded = fold_experiment(name)
    flavours = FLAVOURS.get(name, ("e", "e"))
    quarks = ((1.0, 2.0), (1.0, 2.0)) if name in FLAVOURS else ((2.0, 1.0), (1.0, 2.0))
    amplitudes = [standard_amplitude(folded.experiment.standard_model)]
    for flavour, (to_proton, to_neutron) in zip(flavours, quarks, strict=True):
        matrix = np.diag([float(flavour == f) for f in ("e", "mu", "tau")]).astype(complex)
        amplitudes.append(
            (
                AmplitudeTerm(VECTOR, ProtonForm(), to_proton * matrix),
                AmplitudeTerm(VECTOR, NeutronForm(), to_neutron * matrix),
            )
        )
    counts = at_shapes(folded, amplitudes, ASSUMPTIONS)
    mixing = ASSUMPTIONS.neutrino_mixing
    forms = [one.form(amplitudes, mixing).sum(axis=0) for one in counts.folds()]
    variants = tuple(variant.name for variant in counts.variants)
    specification = specification_of(folded.experiment, ASSUMPTIONS)
    built = build(specification, name, counts.sm_of_folds(), variants)
    return CouplingModel((name,), as_newton([built], counts.sm_of_folds()), np.concatenate(forms))


def anew(model: CouplingModel) -> CouplingModel:
    """Return a model that remembers nothing of an earlier call."""
    return CouplingModel(model.names, replace(model.likelihood), model.forms).pooled()


def next_of(model: CouplingModel) -> CouplingModel:
    """Return a model of the same data that remembers the Standard Model's fit to them alone."""
    return CouplingModel(model.names, model.likelihood, model.forms.copy()).pooled()


def floor_of(model: CouplingModel, evaluations: int) -> Callable[[], None]:
    """Return the products in the Gauss-Newton matrices of so many evaluations."""
    products = model.sm.size * len(model.likelihood.names) ** 2
    one = np.random.default_rng(1).random(products)

    def run() -> None:
        for _ in range(evaluations):
            one * one

    return run


@pytest.mark.parametrize("name", NAMES)
def test_limit_with_interference(name, measure):
    model = model_of(name)
    along, none = np.array([1.0, 0.0]), np.zeros((2, 0))
    measure(
        lambda: allowed_along(next_of(model), along, none, delta_chi2(0.9, 1)),
        floor_of(model, EVALUATIONS_OF_A_LINE),
        aim="20 ms",
        rounds=5,
    )


@pytest.mark.parametrize("name", NAMES)
def test_fit_of_the_standard_model_once_for_a_data_set(name, measure):
    model = model_of(name)
    evaluations = EVALUATIONS_OF_A_LINE // 5
    measure(
        lambda: replace(model.likelihood).start, floor_of(model, evaluations), aim="-", rounds=5
    )


@pytest.mark.parametrize("name", NAMES)
def test_limit_with_interference_and_another_coupling_profiled(name, measure):
    model = model_of(name)
    along, other = np.eye(2)
    measure(
        lambda: allowed_along(anew(model), along, other[:, None], delta_chi2(0.9, 1)),
        floor_of(model, 10 * EVALUATIONS_OF_A_LINE),
        aim="-",
        rounds=3,
    )


@pytest.mark.parametrize("name", NAMES)
def test_plane_with_two_islands(name, measure):
    model = model_of(name)
    plain = Parametrisation.plain(np.eye(2), np.zeros((2, 0)))
    everywhere = np.array([[-np.inf, np.inf]] * 2)
    measure(
        lambda: coupling_region(next_of(model), plain, everywhere, delta_chi2(0.9, 2)),
        floor_of(model, EVALUATIONS_OF_A_PLANE),
        aim="300 ms",
        rounds=5,
    )
