"""A moment that no bin sees has no limit, whatever rounding leaves in W."""

import numpy as np
import pytest

import munu
from munu.statistics.build import build
from munu.statistics.limits.slices import slice_interval
from munu.statistics.models.moments import MomentModel
from munu.statistics.specification import Counts, Projection

SM = np.array([200.0, 100.0, 50.0])
SEEN = 1e20 * np.array([3.0, 2.0, 1.0])


def model(specification, sm, rounding):
    """Return bins that see the second and third moment, and rounding of the first."""
    w = np.array([np.diag([rounding * d, d, d]) for d in SEEN[: sm.size]], complex)
    return MomentModel(("test",), build(specification, "test", sm), sm, w)


@pytest.mark.parametrize("rounding", [0.0, 3e-16, -3e-16])
@pytest.mark.parametrize(
    ("specification", "sm"),
    [(Counts("poisson", None, (), sigma_signal=0.1), SM), (Projection(0.2, 0.0), SM[:1])],
)
def test_rounding_is_not_seen(specification, sm, rounding):
    found = model(specification, sm, rounding)
    blind = slice_interval(found, 0, 2.7)
    assert np.isinf(blind.upper_mu_b)
    assert blind.unbounded_because == "blind direction"
    assert np.isfinite(slice_interval(found, 1, 2.7).upper_mu_b)


@pytest.mark.parametrize("name", ["conus", "conus-plus", "dresden-ii"])
@pytest.mark.parametrize("delta_cp", [0.0, 1.0])
def test_reactors_do_not_see_lambda_e(name, delta_cp):
    found = munu.limit(name, "Lambda_e", delta_cp=delta_cp)
    assert found.unbounded
    assert found.unbounded_because == "blind direction"
    assert munu.limit(name, "Lambda_mu", delta_cp=delta_cp).limit_mu_b < 1e-8
