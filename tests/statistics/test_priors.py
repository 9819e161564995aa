"""Priors: their quantiles against SciPy's, and the coordinate in which they are flat."""

import numpy as np
import pytest
from scipy import stats

from munu.base.errors import MunuError
from munu.statistics.priors import FlatPrior, GaussianPrior, LogPrior, SquarePrior

U = np.linspace(0.0, 1.0, 11)
PRIORS = [
    (FlatPrior(-1.0, 3.0), stats.uniform(-1.0, 4.0)),
    (LogPrior(1e-12, 1e-9), stats.loguniform(1e-12, 1e-9)),
    (SquarePrior(0.0, 2.0), stats.powerlaw(2.0, scale=2.0)),
    (GaussianPrior(0.0, 1.0, 0.2, 0.3), stats.truncnorm(-0.2 / 0.3, 0.8 / 0.3, 0.2, 0.3)),
]


@pytest.mark.parametrize(("prior", "known"), PRIORS, ids=lambda one: type(one).__name__)
def test_quantiles_are_those_of_scipy(prior, known):
    np.testing.assert_allclose(prior.at(U), known.ppf(U), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "prior", [one for one, _ in PRIORS[:3]], ids=lambda one: type(one).__name__
)
def test_a_prior_is_flat_in_its_coordinate(prior):
    steps = np.diff(prior.coordinate(prior.at(U)))
    np.testing.assert_allclose(steps, steps[0], rtol=1e-9)
    x = prior.at(U)
    np.testing.assert_allclose(prior.value(prior.coordinate(x)), x, rtol=1e-12)


def test_a_gaussian_far_outside_is_refused():
    with pytest.raises(MunuError, match=r"outside of 0 to 1.*another mean"):
        GaussianPrior(0.0, 1.0, 5.0, 0.1)
