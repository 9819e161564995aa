"""Pruned searches: after some steps the chosen ones go on, the others end."""

from __future__ import annotations

import numpy as np

from munu.base.descent import Pruning, minimise
from munu.base.terms import Terms

CENTRES = np.array([0.0, 1.0, 2.0, 3.0])


class Quartic:
    """(x - c)² + (x - c)⁴ + c, whose minimum takes several steps; counts its evaluations."""

    def __init__(self) -> None:
        self.evaluated = np.zeros(CENTRES.size, int)

    def __call__(self, x: np.ndarray, rows: np.ndarray) -> Terms:
        self.evaluated[rows] += 1
        r, c = x[:, 0] - CENTRES[rows], CENTRES[rows]
        hessian = 2 + 12 * r**2
        return Terms(r**2 + r**4 + c, (2 * r + 4 * r**3)[:, None], hessian[:, None, None])


def lowest_of_pairs(chi2: np.ndarray, _: np.ndarray) -> np.ndarray:
    return np.argmin(chi2.reshape(2, 2), axis=1) + np.array([0, 2])


def test_the_chosen_go_on_as_without_pruning_and_the_others_end():
    start, whole, pruned = CENTRES[:, None] + 4.0, Quartic(), Quartic()
    alone = minimise(whole, start)
    found = minimise(pruned, start, prunings=[Pruning(2, lowest_of_pairs)])
    np.testing.assert_array_equal(found.chi2, [alone.chi2[0], np.inf, alone.chi2[2], np.inf])
    np.testing.assert_array_equal(found.x[[0, 2]], alone.x[[0, 2]])
    assert not found.failed.any()
    assert pruned.evaluated[[1, 3]].tolist() == [3, 3]
    np.testing.assert_array_equal(pruned.evaluated[[0, 2]], whole.evaluated[[0, 2]])


def test_a_search_that_has_ended_before_can_be_left_behind_too():
    start = CENTRES[:, None] + np.array([4.0, 0.0, 0.0, 4.0])[:, None]
    found = minimise(Quartic(), start, prunings=[Pruning(3, lambda *_: np.array([1, 3]))])
    np.testing.assert_allclose(found.chi2, [np.inf, 1.0, np.inf, 3.0])


def test_prunings_come_one_after_the_other():
    def chosen(chi2: np.ndarray, x: np.ndarray) -> np.ndarray:
        assert chi2.shape == (4,)
        assert x.shape == (4, 1)
        return np.argsort(chi2)[: np.isfinite(chi2).sum() // 2]

    search = Quartic()
    found = minimise(
        search, CENTRES[:, None] + 4.0, prunings=[Pruning(1, chosen), Pruning(2, chosen)]
    )
    np.testing.assert_array_equal(np.isinf(found.chi2), [False, True, True, True])
    assert search.evaluated[1:].tolist() == [3, 2, 2]
