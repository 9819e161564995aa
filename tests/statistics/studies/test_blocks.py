"""Which toys follow from which seed."""

from __future__ import annotations

import numpy as np

from munu.statistics.studies import BLOCK, generators, seeds_of


def test_each_hundred_toys_of_the_standard_model_has_a_seed():
    """Whatever a block holds: 450 toys are the first of 1,000."""
    drawn = [
        [rng.normal() for block in range(3) for rng in generators(7, block, toys)]
        for toys in (450, 600)
    ]
    assert drawn[0] == drawn[1][:450]
    for n in range(4):
        expected = np.random.default_rng((7, n)).normal(size=100)
        np.testing.assert_array_equal(drawn[0][100 * n : 100 * n + 100], expected)


def test_seeds_of_a_block_go_on_where_those_of_the_one_before_end():
    assert [*seeds_of((3,), 0), *seeds_of((3,), 1)] == [(3, n) for n in range(2 * BLOCK // 25)]
