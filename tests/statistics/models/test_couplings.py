"""How far couplings are looked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.models import CouplingModel
from munu.statistics.models.couplings import MANY
from munu.statistics.specification import Background, Counts

N_BINS = 5


def model_of(seed, p):
    """Return a model of p couplings whose forms are squares of amplitudes, and its K."""
    rng = np.random.default_rng(seed)
    amplitudes = (
        rng.normal(size=(N_BINS, 2, 1 + p)) * np.geomspace(0.1, 10.0, N_BINS)[:, None, None]
    )
    forms = np.einsum("bai,baj->bij", amplitudes, amplitudes)
    background = Background("b", rng.uniform(1.0, 20.0, N_BINS), 0.2, ())
    observed = np.round(forms[:, 0, 0] + background.events)
    likelihood = as_newton(
        [build(Counts("poisson", observed, (background,), 0.1), "x", forms[:, 0, 0])],
        forms[:, 0, 0],
    )
    model = CouplingModel(("x",), likelihood, forms)
    scale = likelihood.scale
    return model, MANY * (scale.content + scale.spread + np.abs(model.sm))


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), p=st.sampled_from([1, 2, 3]))
def test_no_point_with_few_events_in_every_bin_is_beyond(seed, p):
    model, most = model_of(seed, p)
    # Units as unlike as those of ε and of ⟨r²⟩.
    columns = np.diag(np.geomspace(1.0, 1e-32, p))
    reach = model.reach(columns)
    rng = np.random.default_rng(seed + 1)
    for _ in range(200):
        away = rng.normal(size=p) * reach
        # The last multiple of it at which every bin has few events.
        x = np.concatenate([[0.0], columns @ away])
        square = np.einsum("i,bij,j->b", x, model.forms, x)
        slope = model.forms[:, 0] @ x
        root = np.sqrt(slope**2 + square * (most - model.forms[:, 0, 0]))
        assert np.all(np.abs(np.min((root - slope) / square) * away) <= reach * (1 + 1e-9))


def test_a_lone_coordinate_goes_as_far_as_they_do():
    model, most = model_of(3, 1)
    (reach,) = model.reach(np.eye(1))
    events = np.array(
        [np.einsum("i,bij,j->b", x, model.forms, x) for x in ([1.0, reach], [1.0, -reach])]
    )
    assert np.min(np.max(events / most, axis=1)) == pytest.approx(1.0)
