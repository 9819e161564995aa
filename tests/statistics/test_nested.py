"""Nested sampling against evidences that are known."""

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.statistics.nested import nested_samples
from munu.statistics.nested_walk import WalksInStep

pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")


def gaussian(sigma, centre=0.5):
    return lambda u: -0.5 * np.sum(((u - centre) / sigma) ** 2, axis=1)


@pytest.mark.parametrize(("n", "sigma"), [(1, 0.02), (3, 0.05), (8, 0.05)])
def test_the_evidence_of_a_gaussian(n, sigma):
    found = nested_samples(gaussian(sigma), n * ["x"], live_points=200, seed=2)
    known = n * np.log(np.sqrt(2 * np.pi) * sigma)
    assert abs(found.log_evidence - known) < 3.5 * found.log_evidence_error
    assert 0.03 < found.log_evidence_error < 0.5
    spread = np.sqrt(np.average((found.points - 0.5) ** 2, axis=0, weights=found.weights))
    np.testing.assert_allclose(spread, sigma, rtol=0.15)
    assert found.weights.sum() == pytest.approx(1)
    assert 300 < found.effective_size < len(found.weights)


def test_an_angle_goes_round():
    """A peak across the ends has the evidence of one in the middle."""

    def likelihood(u):
        return -0.5 * (np.minimum(u[:, 0], 1 - u[:, 0]) / 0.05) ** 2

    found = nested_samples(likelihood, ["x"], turns=(0,), live_points=200, seed=2)
    known = np.log(np.sqrt(2 * np.pi) * 0.05)
    assert abs(found.log_evidence - known) < 3.5 * found.log_evidence_error
    assert np.average(found.points[:, 0] < 0.5, weights=found.weights) == pytest.approx(
        0.5, abs=0.1
    )


def test_a_seed_reproduces_and_another_does_not():
    runs = [
        nested_samples(gaussian(0.1), 2 * ["x"], live_points=60, seed=seed) for seed in (4, 4, 5)
    ]
    np.testing.assert_array_equal(runs[0].points, runs[1].points)
    assert runs[0].log_evidence == runs[1].log_evidence != runs[2].log_evidence


def test_progress_is_told_and_ends_near_the_number_promised():
    told = []
    nested_samples(
        gaussian(0.05),
        ["x", "y"],
        live_points=100,
        seed=1,
        progress=lambda *pair: told.append(pair),
    )
    assert all(done <= total for done, total in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] > 0.7 * told[-1][1]


def test_other_work_of_a_pool_is_done_one_by_one():
    assert WalksInStep(gaussian(0.1), ["x"], 4).map(abs, [-1, 2]) == [1, 2]


def test_what_is_narrower_than_numbers_can_tell_is_named():
    """As with a prior in another unit; SciPy's means of nothing ended in a traceback."""

    def likelihood(u):
        return -0.5 * (((u[:, 0] - 0.5) / 0.1) ** 2 + ((u[:, 1] - 0.3) / 1e-20) ** 2)

    with pytest.raises(MunuError, match="less than 10⁻¹³ of the prior of y"):
        nested_samples(likelihood, ["x", "y"], live_points=60, seed=1)
