"""Coverage studies: known answers, reproducible, resumable."""

from __future__ import annotations

import json

import numpy as np
import pytest

from munu import toy_coverage
from munu.errors import MunuError
from munu.results import read_json
from munu.statistic_specification import Background, Counts, FirstRun, OffBeam, Projection
from munu.statistics.build import build
from munu.statistics.toys import toy
from munu.toy_coverage import coverage


def test_a_true_moment_of_zero_is_covered_as_half_a_chi_square():
    """At the edge of the parameter space a symmetric Gaussian covers (1 + 0.90)/2."""
    found = coverage("coherent-csi", toys=2000, seed=5, moment_mu_b=[0.0, 5e-8])
    assert found.coverage[0] == pytest.approx(0.95, abs=3 * found.coverage_error[0] + 0.01)
    assert found.coverage[1] == pytest.approx(0.90, abs=0.08)
    assert found.feldman_cousins_delta_chi2[0] < found.delta_chi2


def test_the_seed_fixes_the_toys_and_the_file_resumes_them(tmp_path):
    state = tmp_path / "toys.json"
    whole = coverage("coherent-csi", toys=250, seed=2, moment_mu_b=[0.0, 2e-9])
    coverage("coherent-csi", toys=100, seed=2, moment_mu_b=[0.0, 2e-9], state=state)
    asked: list[tuple[int, int]] = []
    resumed = coverage(
        "coherent-csi",
        toys=250,
        seed=2,
        moment_mu_b=[0.0, 2e-9],
        state=state,
        progress=lambda done, total: asked.append((done, total)),
    )
    np.testing.assert_array_equal(
        whole.feldman_cousins_delta_chi2, resumed.feldman_cousins_delta_chi2
    )
    assert asked[-1] == (500, 500)
    assert read_json(resumed.to_json()).to_json() == resumed.to_json()


def test_an_interrupted_study_keeps_what_it_has(tmp_path):
    state = tmp_path / "toys.json"

    def interrupt(done: int, total: int) -> None:
        if done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        coverage("coherent-csi", toys=500, state=state, progress=interrupt)
    assert len(json.loads(state.read_text())["batches"]) == 8


def test_a_failed_toy_is_counted_and_left_out(tmp_path, monkeypatch):
    arguments = {"toys": 60, "seed": 2, "moment_mu_b": [0.0, 2e-9]}
    whole = coverage("coherent-csi", **arguments)
    asked = 0
    original = toy_coverage.build

    def failing(*given):
        nonlocal asked
        asked += 1
        if asked in (3, 61 + 20):
            raise MunuError("the nuisance 'flux' does not converge", "Look")
        return original(*given)

    monkeypatch.setattr(toy_coverage, "build", failing)
    state = tmp_path / "toys.json"
    found = coverage("coherent-csi", state=state, **arguments)
    np.testing.assert_array_equal(found.failed, [1, 1])
    assert found.first_failure.startswith("Lambda_1 = 0 μ_B, toy 3: the nuisance 'flux'")
    assert "left out: 1 at 0, 1 at 20.00" in str(found)
    assert abs(found.coverage[0] - whole.coverage[0]) <= 1 / 59
    assert found.coverage_error[0] >= 1 / 59
    assert None in json.loads(state.read_text())["batches"]["0:0"]
    resumed = coverage("coherent-csi", state=state, **arguments)
    assert resumed.to_json() == found.to_json()
    assert read_json(resumed.to_json()).to_json() == resumed.to_json()


def test_a_modulus_where_every_toy_fails_is_refused(monkeypatch):
    def failing(*given):
        raise MunuError("no minimum", "Look")

    monkeypatch.setattr(toy_coverage, "build", failing)
    with pytest.raises(MunuError, match="all 5 toys with a true modulus of 0 μ_B failed: no min"):
        coverage("coherent-csi", toys=5, moment_mu_b=[0.0])


def test_a_state_of_another_study_is_refused(tmp_path):
    state = tmp_path / "toys.json"
    coverage("coherent-csi", toys=10, state=state, moment_mu_b=[0.0])
    with pytest.raises(MunuError, match="another study"):
        coverage("coherent-csi", toys=10, state=state, moment_mu_b=[1e-9])
    state.write_text("{")
    with pytest.raises(MunuError, match="no state"):
        coverage("coherent-csi", toys=10, state=state, moment_mu_b=[0.0])


@pytest.mark.parametrize("wrong", [{"toys": 0}, {"cl": 1.0}, {"moment_mu_b": [-1e-9]}])
def test_numbers_out_of_range(wrong):
    with pytest.raises(MunuError):
        coverage("coherent-csi", **wrong)


def test_a_projection_has_no_data():
    with pytest.raises(MunuError, match="no data that could fluctuate"):
        coverage("conus", toys=1)


SIGNAL = np.array([20.0, 6.0])


@pytest.mark.parametrize(
    "spec",
    [
        FirstRun(142, 6, 405, 0.0, 0.0),
        Counts("poisson", SIGNAL, (Background("flat", np.array([3.0, 3.0]), 0.0),), 0.0),
        Counts("poisson", SIGNAL, (), 0.0, off_beam=OffBeam(np.array([8.0, 8.0]), 2.0)),
        Counts("gaussian", SIGNAL, (), 0.0, variance=np.array([4.0, 9.0])),
    ],
    ids=["first-run", "poisson", "on-off", "gaussian"],
)
def test_toys_have_the_mean_and_variance_of_the_model(spec):
    signal = SIGNAL[:1] * 6 if isinstance(spec, FirstRun) else SIGNAL
    likelihood = build(spec, "x", signal)
    rng = np.random.default_rng(4)
    drawn = np.array(
        [np.atleast_1d(toy(spec, likelihood, signal, rng).observed) for _ in range(4000)]
    )
    mean, variance = drawn.mean(axis=0), drawn.var(axis=0)
    if isinstance(spec, FirstRun):
        expected, spread = signal + 6, signal + 6 + 2 * 405
    elif spec.kind == "gaussian":
        expected, spread = signal, spec.variance
    else:
        expected = spread = signal + (4.0 if spec.off_beam else 3.0)
    np.testing.assert_allclose(mean, expected, atol=5 * np.sqrt(spread / 4000).max())
    np.testing.assert_allclose(variance, spread, rtol=0.12)


def test_nuisances_are_drawn():
    spec = Counts("poisson", SIGNAL, (), 0.5)
    likelihood = build(spec, "x", SIGNAL)
    rng = np.random.default_rng(4)
    drawn = np.array([toy(spec, likelihood, SIGNAL, rng).observed[0] for _ in range(4000)])
    assert drawn.var() == pytest.approx(20 + (0.5 * 20) ** 2, rel=0.15)


def test_a_free_normalisation_stays_where_the_data_put_it():
    """A width of 10 is no distribution: drawn from it, half of the backgrounds were negative."""
    background = np.full(SIGNAL.shape, 300.0)
    observed = SIGNAL + 1.1 * background
    spec = Counts("poisson", observed, (Background("free", background, 10.0),), 0.0)
    likelihood = build(spec, "x", SIGNAL)
    rng = np.random.default_rng(4)
    drawn = np.array([toy(spec, likelihood, SIGNAL, rng).observed for _ in range(2000)])
    np.testing.assert_allclose(drawn.mean(axis=0), observed, rtol=0.01)
    np.testing.assert_allclose(drawn.var(axis=0), observed, rtol=0.1)


def test_projection_toys_are_refused():
    spec = Projection(0.2, 0.2)
    with pytest.raises(MunuError):
        toy(spec, build(spec, "x", SIGNAL), SIGNAL, np.random.default_rng(1))
