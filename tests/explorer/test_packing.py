"""Numbers on their way into the page: what is packed is what comes out."""

from base64 import b64decode

import numpy as np
import pytest

from munu.explorer.forms import factored
from munu.explorer.packing import KEPT_BYTES, packed, plain_factor
from munu.statistics.likelihoods import GaussianLikelihood, plain_parts


def test_columns_of_very_different_sizes_keep_their_digits():
    rng = np.random.default_rng(4)
    columns = rng.random((40, 3)) @ rng.random((3, 12)) * 10.0 ** np.arange(-60, 60, 10)
    factor, table = factored(columns)
    assert factor.shape == (40, 3)
    np.testing.assert_allclose(factor @ table, columns, rtol=1e-11)


def unpacked(text, *shape):
    """Return what is packed, in Python as the page does it."""
    kept = np.frombuffer(b64decode(text), dtype=np.uint8).reshape(-1, KEPT_BYTES)
    return np.pad(kept, ((0, 0), (8 - KEPT_BYTES, 0))).copy().view("<f8").reshape(shape)


def test_numbers_keep_twelve_digits():
    numbers = np.array([0.0, 1.0, -1.0 / 3, 1e-300, 6.02e23, -1e300, 1 + 2**-37])
    np.testing.assert_allclose(unpacked(packed(numbers), -1), numbers, rtol=8e-12)


def test_bins_that_repeat_are_carried_once():
    rng = np.random.default_rng(5)
    factor = np.einsum("ti,iex->tex", rng.random((12, 2)), rng.random((2, 20, 7)))
    plain = plain_factor(factor.reshape(240, 7))
    columns = plain["inOuter"]
    outer, inner = unpacked(plain["outer"], -1, columns), unpacked(plain["inner"], columns, -1)
    assert outer.size + inner.size == 12 * 2 + 2 * 20 * 7
    np.testing.assert_allclose((outer @ inner).ravel(), factor.ravel(), rtol=1e-10)


def test_a_likelihood_of_another_kind_has_no_plain_form():
    ours = GaussianLikelihood(np.ones(1), np.ones(1), np.zeros(1))
    assert plain_parts(ours, np.ones(1))[0]["data"] == [1.0]
    with pytest.raises((TypeError, AttributeError)):
        plain_parts(object(), np.ones(1))
