"""Bins of proportional events are one: the same χ² and derivatives at any signal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import munu
from munu.analysis.couplings import couplings_by_bin, couplings_of
from munu.analysis.model import joint_model, signal_matrices
from munu.analysis.planes import family_of
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.statistics.likelihoods import (
    BinnedPart,
    DataSets,
    GaussianLoss,
    NewtonLikelihood,
    PoissonLoss,
    ShapeVariation,
    Template,
    margin,
    pooled,
)
from munu.statistics.models import CouplingModel, Parametrisation, Plane, QuadraticEvents
from munu.statistics.models.pooled_fits import PooledFits
from munu.statistics.models.set_fits import SetFits
from munu.statistics.regions import coupling_region

ENERGIES, TIMES = 4, 5
DIRECTION = np.array([[1.0, 0.3, -0.2], [1.0, -0.4, 0.1], [1.0, 0.0, 2.0]])


def data(seed: int, *, time_tells: bool = False) -> tuple[NewtonLikelihood, FloatArray]:
    """Return counts by energy and time, and forms of two couplings; the background has two shapes.

    The arrival times of signal and background are alike in all bins of time but the first.
    """
    rng = np.random.default_rng(seed)
    time = rng.uniform(0.2, 1.0, TIMES)
    other = time * np.where(np.arange(TIMES) == 0, 3.0, 1.0)
    if time_tells:
        other = rng.uniform(0.2, 1.0, TIMES)

    def both(one: FloatArray, times: FloatArray) -> FloatArray:
        return (
            np.multiply.outer(times, one).swapaxes(0, 1).reshape(ENERGIES * TIMES, *one.shape[1:])
        )

    root = rng.normal(size=(ENERGIES, 3, 3))
    square, varied = root @ root.swapaxes(1, 2) + np.eye(3), rng.uniform(0.8, 1.2, (2, ENERGIES))
    scales = (np.ones(ENERGIES), *varied)
    forms = np.concatenate([both(one[:, None, None] * square, time) for one in scales])
    spectra = rng.uniform(1.0, 9.0, ENERGIES) * rng.uniform(0.8, 1.2, (5, ENERGIES))
    events, *sides = (both(one, other) for one in spectra)
    shapes = tuple(ShapeVariation(f"s{i}", sides[2 * i], sides[2 * i + 1]) for i in range(2))
    blocks = forms[:, 0, 0].reshape(3, -1)
    counts = rng.poisson(blocks[0] + events).astype(float)
    part = BinnedPart(
        PoissonLoss(counts),
        {"flux": 0.1},
        (Template("background", events, 0.3, shapes),),
        ENERGIES * TIMES,
        variants=("response",),
        signal_margin=margin(blocks),
    )
    return NewtonLikelihood((part,), forms[:, 0, 0]), forms


def signal(forms: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("mi,bij,mj->mb", DIRECTION, forms, DIRECTION))


@given(st.integers(0, 1000))
def test_the_same_chi2_and_derivatives(seed):
    likelihood, forms = data(seed)
    fewer, summed = pooled(likelihood, forms)
    assert fewer.n_signal == 3 * ENERGIES * 2
    theta = np.random.default_rng(seed).uniform(-1.5, 1.5, (3, len(likelihood.names)))
    whole, found = likelihood.terms(signal(forms), theta), fewer.terms(signal(summed), theta)
    np.testing.assert_allclose(found.chi2, whole.chi2, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(found.gradient, whole.gradient, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.hessian, whole.hessian, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fewer.value(signal(summed), theta), whole.chi2, atol=1e-9)


def test_the_minimum_is_the_same():
    likelihood, forms = data(3)
    fewer, summed = pooled(likelihood, forms)
    expected = likelihood.chi2(signal(forms))
    np.testing.assert_allclose(fewer.chi2(signal(summed)), expected, rtol=1e-10)
    np.testing.assert_array_equal(fewer.start, likelihood.start)


def test_sets_of_data_have_the_same_chi2():
    likelihood, forms = data(4)
    rng, n = np.random.default_rng(8), 5
    counts = rng.poisson(likelihood.parts[0].data.observed, (n, ENERGIES * TIMES)).astype(float)
    auxiliary = rng.normal(size=(n, len(likelihood.names)))
    sets = DataSets(likelihood, (PoissonLoss(counts),), auxiliary)
    squares = np.array(
        [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]]
    )
    extra = QuadraticEvents(forms[:, [1, 1, 2], [1, 2, 2]].T, squares)
    fits = PooledFits.of(likelihood, forms[:, 0, 0], extra)(sets)
    whole = SetFits(sets, forms[:, 0, 0], extra)
    assert fits.sm.size < whole.sm.size
    x, some = rng.uniform(-1.0, 1.0, (n, 2 + len(likelihood.names))), np.array([3, 1, 3])
    held = np.zeros((n, 2), np.bool_)
    np.testing.assert_allclose(fits.value(x), whole.value(x), rtol=1e-12)
    found, expected = (one.chosen(some).terms(x[some], held[some]) for one in (fits, whole))
    np.testing.assert_allclose(found.chi2, expected.chi2, rtol=1e-12)
    np.testing.assert_allclose(found.gradient, expected.gradient, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found.hessian, expected.hessian, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("plane", ["Lambda_1", "delta_cp"])
def test_moments_have_the_same_chi2(plane):
    folded, settled = fold_assumed("coherent-lar-2020", None, Assumptions())
    chosen = Plane("Lambda_1", "Lambda_2" if plane == "Lambda_1" else plane)
    fewer = family_of(folded, settled, chosen)
    whole = joint_model(folded, settled).fused()
    assert fewer.sm.size < whole.sm.size
    moments, delta = np.array([3e-9, 1e-9j, 2e-9]), np.array(0.4)
    if plane == "delta_cp":
        at_delta = replace(settled, delta_cp=0.4)
        whole = replace(whole, w=signal_matrices(folded[0].counts, at_delta))
    assert fewer.chi2(moments, delta) == pytest.approx(whole.chi2(moments), rel=1e-11)


def test_what_time_tells_stays():
    likelihood, forms = data(1, time_tells=True)
    fewer, summed = pooled(likelihood, forms)
    assert fewer is likelihood
    assert summed is forms


def test_bins_without_counts_or_events():
    likelihood, forms = data(2)
    part = likelihood.binned_parts[0]
    empty = np.zeros(part.n_bins)
    none = NewtonLikelihood((part.with_data(PoissonLoss(empty)),), likelihood.reference)
    fewer, summed = pooled(none, forms)
    np.testing.assert_allclose(fewer.chi2(signal(summed)), none.chi2(signal(forms)), rtol=1e-10)
    forms = forms.copy()
    forms.reshape(3, part.n_bins, 3, 3)[:, :TIMES] = 0.0
    dark = BinnedPart(part.loss, part.normalisations, (), part.n_bins, part.variants)
    lacking = NewtonLikelihood((dark,), forms[:, 0, 0])
    fewer, _ = pooled(lacking, forms)
    assert fewer.n_signal == 3 * (TIMES + ENERGIES - 1)


def test_gaussian_bins_stay():
    likelihood, forms = data(2)
    part = likelihood.binned_parts[0]
    loss = GaussianLoss(part.loss.observed, part.loss.observed + 1.0)
    gaussian = NewtonLikelihood((part.with_data(loss),), likelihood.reference)
    assert pooled(gaussian, forms)[0] is gaussian


@pytest.fixture(scope="module")
def liquid_argon() -> tuple[CouplingModel, CouplingModel]:
    """Return two couplings of COHERENT's liquid argon, with its 960 bins and with fewer."""
    asked = question(("epsilon_u_ee", "epsilon_d_ee"), (), Assumptions())
    folded, settled = fold_assumed("coherent-lar-2020", None, Assumptions())
    models = [one(folded, asked, settled).model for one in (couplings_by_bin, couplings_of)]
    return models[0], models[1]


def test_liquid_argon_has_fewer_bins(liquid_argon):
    whole, fewer = liquid_argon
    bins = [one.likelihood.binned_parts[0].n_bins for one in (whole, fewer)]
    assert bins[0] == 960
    assert bins[1] < 700


def test_its_region_is_the_same(liquid_argon):
    plain = Parametrisation.plain(np.eye(2), np.zeros((2, 0)))
    everywhere = np.array([[-np.inf, np.inf]] * 2)
    first, second = (coupling_region(one, plain, everywhere, 4.6) for one in liquid_argon)
    assert second.chi2_min == pytest.approx(first.chi2_min, abs=1e-7)
    assert len(first.outlines) == len(second.outlines)
    for one, other in zip(first.outlines, second.outlines, strict=True):
        np.testing.assert_allclose(
            [other.min(axis=0), other.max(axis=0)], [one.min(axis=0), one.max(axis=0)], atol=1e-3
        )


def test_a_limit_is_the_same_as_from_all_bins(monkeypatch):
    found = munu.limit("coherent-lar-2020", "epsilon_u_mumu").intervals
    monkeypatch.setattr("munu.analysis.couplings.CouplingModel.pooled", lambda model: model)
    expected = munu.limit("coherent-lar-2020", "epsilon_u_mumu").intervals
    np.testing.assert_allclose(found, expected, rtol=1e-9)
