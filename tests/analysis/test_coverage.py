"""Coverage studies: known answers, reproducible, resumable."""

from __future__ import annotations

import json

import numpy as np
import pytest

import munu
from munu.analysis import coverage as study
from munu.analysis import toy_study
from munu.analysis.coverage import coverage
from munu.base.errors import MunuError
from munu.results import read_json
from munu.statistics.studies import BLOCK, ToyStudy


def test_a_true_moment_of_zero_is_covered_as_half_a_chi_square():
    """At the edge of the parameter space a symmetric Gaussian covers (1 + 0.90)/2."""
    found = coverage("coherent-csi", toys=2000, seed=5, moment_mu_b=[0.0, 5e-8])
    assert found.coverage[0] == pytest.approx(0.95, abs=3 * found.coverage_error[0] + 0.01)
    assert found.coverage[1] == pytest.approx(0.90, abs=0.08)
    assert found.feldman_cousins_delta_chi2[0] < found.delta_chi2


def test_the_error_of_a_coverage_is_binomial():
    """√(p(1-p)/N), and not zero where all of N toys are covered: 1/N."""
    some = coverage("coherent-csi", toys=200, cl=0.68, moment_mu_b=[0.0, 5e-8])
    p = some.coverage
    assert np.all((p > 0.5) & (p < 0.95))
    np.testing.assert_allclose(some.coverage_error, np.sqrt(p * (1 - p) / 200), rtol=1e-12)
    every = coverage("coherent-csi", toys=10, cl=0.9999, moment_mu_b=[0.0])
    assert (every.coverage[0], every.coverage_error[0]) == (1.0, pytest.approx(0.1))


def test_a_limit_is_where_the_curve_rises_through_its_threshold_for_good():
    """An excess in the data can exclude a small modulus, allow a larger one and exclude again."""
    moduli, over = np.arange(6.0), np.array([-1.0, 1.0, -1.0, -3.0, 1.0, 3.0])
    assert study._crossing(moduli, over) == pytest.approx(3.75)
    assert study._crossing(moduli, -over - 4.0) == np.inf


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


def test_the_order_of_the_true_moduli_does_not_matter():
    """A limit is where Δχ² crosses its threshold between two neighbours."""
    moduli = [5e-9, 0.0, 2e-9, 1e-9, 2e-9]
    found = coverage("coherent-csi", toys=5, moment_mu_b=moduli)
    np.testing.assert_array_equal(found.moment_mu_b, [0.0, 1e-9, 2e-9, 5e-9])
    assert found.to_json() == coverage("coherent-csi", toys=5, moment_mu_b=sorted(moduli)).to_json()
    assert np.isfinite(found.limit_mu_b)


def test_an_interrupted_study_keeps_what_it_has(tmp_path):
    state = tmp_path / "toys.json"

    def interrupt(done: int, total: int) -> None:
        if done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        coverage("coherent-csi", toys=500, state=state, progress=interrupt)
    assert f"keeps {200 // BLOCK} finished piece" in stopped.value.__notes__[0]
    first, *pieces = [json.loads(line) for line in state.read_text().splitlines()]
    assert first["study"]["seed"] == 1
    assert [(piece["point"], piece["block"]) for piece in pieces] == [
        (0, i) for i in range(200 // BLOCK)
    ]


def test_a_failed_toy_is_counted_and_left_out(tmp_path, monkeypatch):
    arguments = {"toys": 60, "seed": 2, "moment_mu_b": [0.0, 2e-9]}
    whole = coverage("coherent-csi", **arguments)
    original, asked = ToyStudy.outcomes, [2, 20]

    def failing(*given):
        found = original(*given)
        found[asked.pop(0)] = "the nuisance 'flux' does not converge"
        return found

    monkeypatch.setattr(ToyStudy, "outcomes", failing)
    state = tmp_path / "toys.json"
    found = coverage("coherent-csi", state=state, **arguments)
    np.testing.assert_array_equal(found.failed, [1, 1])
    assert found.first_failure.startswith("Lambda_1 = 0 μ_B, toy 3: the nuisance 'flux'")
    assert "left out: 1 at 0, 1 at 20.00" in str(found)
    assert abs(found.coverage[0] - whole.coverage[0]) <= 1 / 59
    assert found.coverage_error[0] >= 1 / 59
    assert None in json.loads(state.read_text().splitlines()[1])["result"]["delta_chi2"]
    resumed = coverage("coherent-csi", state=state, **arguments)
    assert resumed.to_json() == found.to_json()
    assert read_json(resumed.to_json()).to_json() == resumed.to_json()


def test_a_modulus_where_every_toy_fails_is_refused(monkeypatch):
    monkeypatch.setattr(ToyStudy, "outcomes", lambda *_: BLOCK * ["no minimum"])
    with pytest.raises(MunuError, match="all 5 toys with a true modulus of 0 μ_B failed: no min"):
        coverage("coherent-csi", toys=5, moment_mu_b=[0.0])


def test_a_state_of_another_study_is_refused(tmp_path, monkeypatch):
    state = tmp_path / "toys.json"
    coverage("coherent-csi", toys=10, state=state, moment_mu_b=[0.0])
    with pytest.raises(MunuError, match="another study"):
        coverage("coherent-csi", toys=10, state=state, moment_mu_b=[1e-9])
    with monkeypatch.context() as patch:
        patch.setattr(toy_study, "__version__", "0.0.1")
        with pytest.raises(MunuError, match="version of munu"):
            coverage("coherent-csi", toys=10, state=state, moment_mu_b=[0.0])
    state.write_text("{")
    with pytest.raises(MunuError, match="not a state"):
        coverage("coherent-csi", toys=10, state=state, moment_mu_b=[0.0])


@pytest.mark.parametrize("wrong", [{"toys": 0}, {"cl": 1.0}, {"moment_mu_b": [-1e-9]}])
def test_numbers_out_of_range(wrong):
    with pytest.raises(MunuError):
        coverage("coherent-csi", **wrong)


def test_a_projection_has_no_data():
    with pytest.raises(MunuError, match="no data that could fluctuate"):
        coverage("conus", toys=1)


def test_limits_do_not_depend_on_how_few_moduli_are_tested():
    """Wilks' is that of `munu.limit`; Feldman and Cousins' needs thresholds near it alone."""
    few = coverage("coherent-csi", toys=40, moment_mu_b=[0.0, 1e-8])
    assert few.limit_mu_b == pytest.approx(munu.limit("coherent-csi").limit_mu_b)
    assert 2e-9 < few.feldman_cousins_limit_mu_b < 6e-9
    above = coverage("coherent-csi", toys=40, moment_mu_b=[8e-9, 1e-8])
    assert above.limit_mu_b == few.limit_mu_b
    assert above.feldman_cousins_limit_mu_b == np.inf
    assert "outside the moduli tested with Feldman" in " ".join(str(above).split())
