"""Toys of couplings that interfere, against slow searches and against textbook constructions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits import CouplingLine
from munu.statistics.models import CouplingModel, JointChi2, Parametrisation
from munu.statistics.specification import (
    Background,
    BackgroundShape,
    Counts,
    StatisticSpecification,
)
from munu.statistics.studies import BLOCK, EdgeSearch, FormStudy, Outcome, seeds_of

SM = np.array([30.0, 12.0, 5.0])
FLAT = np.array([8.0, 8.0, 8.0])
SHAPE = BackgroundShape("tilt", FLAT * [0.8, 1.0, 1.2], FLAT * [1.25, 1.0, 0.8])
BACKGROUND = Background("b", FLAT, 0.2, (SHAPE,))
SPECIFICATION = Counts("poisson", SM + FLAT, (BACKGROUND,), 0.1)
FORMS = np.zeros((3, 3, 3))
FORMS[:, 0, 0] = SM
FORMS[:, 0, 1] = FORMS[:, 1, 0] = [9.0, 3.0, 1.0]
FORMS[:, 0, 2] = FORMS[:, 2, 0] = [2.0, 4.0, 2.0]
FORMS[:, 1, 1] = [4.0, 1.5, 0.6]
FORMS[:, 2, 2] = [1.0, 2.0, 1.5]
BOTH_WAYS = np.array([[-np.inf, np.inf]])


def study_of(
    spec: StatisticSpecification, forms: FloatArray, shown: int, domain: FloatArray = BOTH_WAYS
) -> FormStudy:
    """Return the study of the first coordinates, the others free."""
    likelihood = as_newton([build(spec, "x", forms[:, 0, 0])], forms[:, 0, 0])
    axes = np.eye(forms.shape[1] - 1)
    parametrisation = Parametrisation.plain(axes[:, :shown], axes[:, shown:])
    return FormStudy((spec,), CouplingModel(("x",), likelihood, forms), parametrisation, domain)


def numbers(found: list[Outcome]) -> FloatArray:
    """Return the outcomes of toys of which none failed."""
    assert not [one for one in found if isinstance(one, str)]
    return np.array(found, float)


def lowest(joint: JointChi2, first: FloatArray) -> float:
    """Return the lowest χ² of two coordinates, from starts on a fine grid of the second."""
    others = np.linspace(-25.0, 10.0, 71)
    starts = np.array([(v, w) for v in first for w in others])
    fixed = 1 if first.size == 1 else 0
    found = joint.minimise(starts, fixed=fixed)
    return float(found.chi2[~found.failed].min())


@pytest.mark.parametrize("value", [-0.5, 0.2])
def test_toys_are_those_of_a_search_for_each(value):
    """The slow way: a likelihood of each toy, minimised from everywhere."""
    study = study_of(SPECIFICATION, FORMS, 1)
    truth, seeds = study.prepared((value,)), seeds_of((2,), 0)
    found = numbers(study.outcomes(truth, seeds))
    rng = np.random.default_rng(seeds[0])
    sets = truth.drawing.draw([rng] * 12)
    for row in range(12):
        own = build(replace(SPECIFICATION, observed=sets.data[0].observed[row]), "x", SM).newton
        assert own is not None
        toy = replace(study.model, likelihood=replace(own, auxiliary=sets.auxiliary[row]))
        joint, _ = study.parametrisation.joint(toy, np.diag(study.units))
        best = lowest(joint, np.linspace(-15.0, 5.0, 9))
        assert found[row] == pytest.approx(
            lowest(joint, np.array([value]) / study.units) - best, abs=1e-6
        )


def test_toys_of_a_bounded_coupling_have_their_best_fit_within_its_bounds():
    """A lone coupling, by values on a fine grid."""
    forms, domain = FORMS[:, :2, :2], np.array([[-0.5, 0.2]])
    study = study_of(SPECIFICATION, forms, 1, domain)
    truth, seeds = study.prepared((0.2,)), seeds_of((2,), 0)
    found = numbers(study.outcomes(truth, seeds))
    assert 0.3 < np.mean(found < 1e-6) < 0.7
    rng = np.random.default_rng(seeds[0])
    sets = truth.drawing.draw([rng] * 12)
    for row in range(12):
        own = build(replace(SPECIFICATION, observed=sets.data[0].observed[row]), "x", SM).newton
        assert own is not None
        toy = replace(study.model, likelihood=replace(own, auxiliary=sets.auxiliary[row]))
        joint, _ = study.parametrisation.joint(toy, np.diag(study.units))
        grid = np.linspace(*domain[0], 2001)[:, None] / study.units
        chi2 = joint.minimise(grid, fixed=1).chi2
        assert found[row] == pytest.approx(chi2[-1] - chi2.min(), abs=1e-4)


def test_a_mirror_solution_is_a_start_of_toys():
    """Along a line two values make about the same counts; many toys prefer the other one."""
    study = study_of(SPECIFICATION, FORMS[:, :2, :2], 1)
    truth = study.prepared((0.3,))
    assert len(truth.anywhere.y) == 2
    assert truth.anywhere.y[:, 0].min() * study.units[0] < -3.0


def test_many_counts_have_the_distribution_of_wilks():
    spec = Counts("poisson", 400 * SM, (), 0.0)
    forms = 400 * FORMS
    for shown in (1, 2):
        study = study_of(spec, forms, shown, np.tile(BOTH_WAYS, (shown, 1)))
        truth = study.prepared((0.1, 0.1)[:shown])
        blocks = [study.outcomes(truth, seeds_of((5,), block)) for block in range(5)]
        found = np.concatenate([numbers(block) for block in blocks])
        assert stats.kstest(found, stats.chi2(shown).cdf).pvalue > 0.01


def test_two_parameters_at_two_bounds():
    """Gaussian and far from the bounds in one, at its bound in the other: half of each."""
    counts = np.array([1e6, 1e6])
    forms = np.zeros((2, 3, 3))
    forms[:, 0, 0] = counts
    forms[0, 0, 1] = forms[0, 1, 0] = forms[1, 0, 2] = forms[1, 2, 0] = 500.0
    spec = Counts("gaussian", counts, (), 0.0, variance=counts)
    corner = study_of(spec, forms, 2, np.array([[0.0, np.inf], [0.0, np.inf]]))
    truth = corner.prepared((0.0, 0.0))
    blocks = [corner.outcomes(truth, seeds_of((5,), block)) for block in range(10)]
    found = np.concatenate([numbers(block) for block in blocks])
    assert np.mean(found < 1e-6) == pytest.approx(0.25, abs=0.05)
    mixed = 0.5 * stats.chi2(1).sf(2.0) + 0.25 * stats.chi2(2).sf(2.0)
    assert np.mean(found > 2.0) == pytest.approx(mixed, abs=0.035)


@pytest.mark.parametrize(("x", "end"), [(-1, 0.81), (0, 1.64), (1, 2.64)])
def test_a_gaussian_bounded_at_zero(x, end):
    """Table X of physics/9711021, 90 %: one bin of unit width, its signal not negative."""
    forms = np.array([[[1e6, 0.5], [0.5, 0.0]]])
    spec = Counts("gaussian", np.array([1e6 + x]), (), 0.0, variance=np.ones(1))
    study = study_of(spec, forms, 1, np.array([[0.0, np.inf]]))
    line = CouplingLine.of(study.model, study.parametrisation, 0.0, np.inf)
    lowest = line.lowest(0.0)

    def draw(tasks):
        for number, value, block in tasks:
            yield numbers(study.outcomes(study.prepared((value,)), seeds_of((1, number), block)))

    search = EdgeSearch(
        0.9, 0.02, 10**5, draw, lambda v: line.chi2(v) - lowest, lambda done, total: None
    )
    (edge,) = search.edges(np.linspace(0.0, 3.5, 9))
    assert edge.is_upper
    assert edge.value == pytest.approx(end, abs=4 * edge.error + 0.005)
    assert search.toys >= BLOCK


XS = np.linspace(-30.0, 10.0, 21).tolist()
SQUARE = np.zeros((3, 3, 3))
SQUARE[:, 0, 0] = SM
SQUARE[:, 1, 1] = [4.0, 1.5, 0.6]
SQUARE[:, 0, 2] = SQUARE[:, 2, 0] = [2.0, 4.0, 2.0]
SQUARE[:, 2, 2] = [1.0, 2.0, 1.5]


def test_what_is_free_leaves_the_saddle_at_zero_too() -> None:
    turned = SQUARE[:, [0, 2, 1]][:, :, [0, 2, 1]]
    spec = Counts("poisson", SM + FLAT - [4, 0, 0], (BACKGROUND,), 0.1)
    study = study_of(spec, turned, 1)
    truth = study.prepared((0.0,))
    fits = study._fits(truth.drawing.draw([np.random.default_rng(5)] * 60))
    theta = np.tile(truth.at_truth.theta[0], (60, 1))
    rises = numbers(study._fitted(truth, fits))
    lowest = []
    for fixed in (1, 0):
        starts = [(0.0 if fixed else x, y) for x in XS for y in (0.05, 0.5, 1.5, 3)]
        found = [
            fits.minimise(np.column_stack([np.tile(y, (60, 1)), theta]), fixed) for y in starts
        ]
        chi2 = [np.where(one.failed, np.inf, one.chi2) for one in found]
        lowest.append(np.min(chi2, axis=0))
    np.testing.assert_allclose(rises, lowest[0] - lowest[1], atol=2e-3)
