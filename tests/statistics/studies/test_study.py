"""Toys of a block against the same toys one at a time, and what they are drawn from."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from scipy import stats

from munu.statistics.build import build
from munu.statistics.limits import curve, interval
from munu.statistics.models import MomentModel, combine_models
from munu.statistics.specification import (
    Background,
    BackgroundShape,
    ControlRegion,
    Counts,
    FirstRun,
    OffBeam,
    StatisticSpecification,
)
from munu.statistics.studies import BLOCK, ToyCurves, ToyStudy, seeds_of
from munu.statistics.studies.draws import ToyDrawing
from munu.statistics.toys import toy_data

SM = np.array([20.0, 6.0, 3.0])
W = np.array([2.0, 4.0, 6.0])
FLAT = np.array([8.0, 8.0, 8.0])
SHAPE = BackgroundShape("tilt", FLAT * [0.8, 1.0, 1.2], FLAT * [1.25, 1.0, 0.8])
BACKGROUND = Background("b", FLAT, 0.2, (SHAPE,))

CASES = {
    "poisson": Counts("poisson", SM + FLAT, (BACKGROUND,), 0.1),
    "control region": Counts(
        "poisson",
        SM + FLAT,
        (BACKGROUND,),
        0.1,
        control_regions=(ControlRegion("side", 5 * FLAT, (Background("b", 5 * FLAT, 0.2),)),),
    ),
    "gaussian": Counts("gaussian", SM + FLAT, (BACKGROUND,), 0.1, variance=SM + FLAT),
    "on-off": Counts("poisson", SM + 2 * FLAT, (BACKGROUND,), 0.1, off_beam=OffBeam(4 * FLAT, 4.0)),
}


def model_of(spec: StatisticSpecification, name: str = "x", sm=SM, w=W) -> MomentModel:
    matrices = (w[:, None, None] * np.eye(3)).astype(complex)
    return MomentModel((name,), build(spec, name, sm), sm, matrices)


@pytest.mark.parametrize("spec", CASES.values(), ids=CASES)
@pytest.mark.parametrize("modulus", [0.0, 1.2])
def test_a_block_is_its_toys_one_at_a_time(spec, modulus):
    """The slow way: each toy has a likelihood of its own, and a curve from a scan along the ray."""
    model = model_of(spec)
    study = ToyStudy((spec,), model, 0)
    seeds = seeds_of((3,), 0)
    found = study.outcomes(study.truth(modulus), seeds)
    signal = SM + modulus**2 * W
    rng = np.random.default_rng(seeds[1])
    toys = islice(toy_data(spec, model.likelihood, signal, rng), 12)
    expected = [
        curve(model.with_likelihood(toy.likelihood("x", SM, ())), 0, np.array([modulus])).delta_chi2
        for toy in toys
    ]
    assert found[25:37] == pytest.approx(np.ravel(expected), abs=1e-6)
    assert len(found) == BLOCK


def test_a_block_of_one_count_is_its_toys_one_at_a_time():
    spec = FirstRun(142, 6, 405, 0.28, 0.25)
    model = model_of(spec, sm=np.array([173.0]), w=np.array([40.0]))
    study = ToyStudy((spec,), model, 0)
    for modulus in (0.0, 1.5):
        found = study.outcomes(study.truth(modulus), seeds_of((3,), 0))
        rng = np.random.default_rng((3, 0))
        signal = np.array([173.0 + 40 * modulus**2])
        for outcome, toy in zip(
            found[:12], toy_data(spec, model.likelihood, signal, rng), strict=False
        ):
            own = model.with_likelihood(toy.likelihood("x", model.sm, ()))
            expected = curve(own, 0, np.array([modulus])).delta_chi2[0]
            assert outcome == pytest.approx(expected, abs=1e-9)


def test_what_a_block_holds_does_not_change_a_toy():
    study = ToyStudy((CASES["poisson"],), model_of(CASES["poisson"]), 0)
    truth, seeds = study.truth(1.0), seeds_of((1,), 0)
    alone = study.outcomes(truth, seeds[2:3])
    assert study.outcomes(truth, seeds)[50:75] == pytest.approx(alone, abs=1e-9)


def test_one_side_counts_only_smaller_best_fits():
    spec = CASES["poisson"]
    two, one = (
        ToyStudy((spec,), model_of(spec), 0, one_sided=one_sided) for one_sided in (False, True)
    )
    both, single = (np.array(s.outcomes(s.truth(1.0), seeds_of((1,), 0))) for s in (two, one))
    assert 0.2 < np.mean(single == 0) < 0.8
    np.testing.assert_array_equal(single[single > 0], both[single > 0])


def test_experiments_share_what_constrains_a_nuisance_and_not_their_counts():
    first, second = (
        Counts("gaussian", SM, (), 0.3, {"flux": 0.3}, variance=np.full(3, 1e-4)) for _ in range(2)
    )
    model = combine_models([model_of(first, "x"), model_of(second, "y")])
    assert model.likelihood.newton is not None
    theta = np.array([0.4])
    drawing = ToyDrawing.of((first, second), model.likelihood.newton, model.sm, theta)
    sets = drawing.draw([np.random.default_rng(1)] * 2000)
    assert sets.auxiliary.shape == (2000, 1)
    assert sets.auxiliary.mean() == pytest.approx(0.4, abs=0.12)
    one, other = (part.observed - 1.12 * SM for part in sets.data)
    assert np.abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.1


def test_many_counts_have_the_distribution_of_wilks():
    """Far from the boundary: one degree of freedom, profiled over another moment or not."""
    spec = Counts("poisson", 400 * SM, (), 0.0)
    w = np.zeros((3, 3, 3), complex)
    w[:, 0, 0], w[:, 1, 1], w[:, 2, 2] = 400 * W, 400 * W[::-1], 400 * np.array([3.0, 5.0, 3.0])
    model = MomentModel(("x",), build(spec, "x", 400 * SM), 400 * SM, w)
    study = ToyStudy((spec,), model, 0)
    seeds = [seed for block in range(3) for seed in seeds_of((5,), block)]
    found = np.array(study.outcomes(study.truth(1.5), seeds), float)
    assert stats.kstest(found, stats.chi2(1).cdf).pvalue > 0.01


def between(sign: float) -> np.ndarray:
    """W of moments of which the first interferes with both others, shape (3, 3, 3)."""
    w = np.zeros((3, 3, 3), complex)
    w[:, 0, 0], w[:, 1, 1], w[:, 2, 2] = W, W[::-1], np.array([3.0, 5.0, 3.0])
    w[:, 0, 1] = w[:, 1, 0] = 0.6 * sign * np.sqrt(W * W[::-1])
    w[:, 0, 2] = w[:, 2, 0] = -0.5 * sign * np.sqrt(W * [3.0, 5.0, 3.0])
    return w


@pytest.mark.parametrize(
    ("sign", "phases_free", "modulus"),
    [(0.0, True, 1.0), *((sign, False, one) for sign in (1.0, -1.0) for one in (0.2, 1.0, 2.5))],
)
def test_minima_over_other_moments_are_those_of_a_search_for_each_toy(sign, phases_free, modulus):
    """The slow search of one toy, from many starts; with one start four of six were too high."""
    spec = CASES["poisson"]
    model = MomentModel(("x",), build(spec, "x", SM), SM, between(sign))
    study = ToyStudy((spec,), model, 0, "profiled", phases_free)
    truth = study.truth(modulus)
    found = study.outcomes(truth, seeds_of((2,), 0))
    assert not [one for one in found if isinstance(one, str)]
    rng = np.random.default_rng((2, 0))
    assert truth.drawing is not None
    sets = truth.drawing.draw([rng] * 10)
    specs = [Counts("poisson", sets.data[0].observed[i], (BACKGROUND,), 0.1) for i in range(10)]
    for outcome, own, auxiliary in zip(found, specs, sets.auxiliary, strict=False):
        likelihood = build(own, "x", SM).newton
        assert likelihood is not None
        toy = model.with_likelihood(replace(likelihood, auxiliary=auxiliary))
        at = np.array([modulus])
        expected = curve(toy, 0, at, others="profiled", phases_free=phases_free).delta_chi2[0]
        assert outcome == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_limits_of_toys_at_given_phases_are_those_of_each_alone(sign):
    spec = CASES["poisson"]
    model = MomentModel(("x",), build(spec, "x", SM), SM, between(sign))
    study = ToyStudy((spec,), model, 0, "profiled", phases_free=False)
    toys = ToyCurves.drawn(study, [np.random.default_rng(n) for n in range(12)])
    drawing = study.nuisance_truth(0.0).drawing
    assert drawing is not None
    sets = drawing.draw([np.random.default_rng(n) for n in range(12)])
    for row, end in enumerate(toys.upper_ends(2.71)):
        own = replace(spec, observed=sets.data[0].observed[row])
        likelihood = build(own, "x", SM).newton
        assert likelihood is not None
        toy = model.with_likelihood(replace(likelihood, auxiliary=sets.auxiliary[row]))
        alone = interval(toy, 0, 2.71, others="profiled", phases_free=False)
        assert end == pytest.approx(alone.upper_mu_b, rel=1e-3)
