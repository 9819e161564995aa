"""Δχ² of projections that falls again far beyond the limit."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.limits.falls import fall_beyond
from munu.statistics.models.moments import MomentModel

SM, W = np.array([40.0, 30.0]), np.array([1.0, 0.2])


def model(sigma: float) -> MomentModel:
    """Two projected bins with a common uncertainty of the signal."""
    nuisance = LinearNuisance("signal", np.full(2, sigma))
    likelihood = GaussianLikelihood(SM, np.zeros(2), np.full(2, 1.2), (nuisance,))
    w = np.zeros((2, 3, 3), complex)
    w[:, 0, 0] = W
    return MomentModel(("x",), likelihood, SM, w)


def delta_chi2(t: np.ndarray, sigma: float) -> np.ndarray:
    """Eq. (34) by a matrix inverse."""
    signal = SM + np.asarray(t)[:, None] * W
    covariance = [np.diag(1.2 * s) + sigma**2 * np.outer(s, s) for s in signal]
    pairs = zip(signal, covariance, strict=True)
    return np.array([(SM - s) @ np.linalg.solve(c, SM - s) for s, c in pairs])


def test_where_it_falls_and_from_what():
    sigma, level = 1.0, 2.706
    t = np.geomspace(1e-2, 1e9, 400_001)
    above = delta_chi2(t, sigma) > level
    limit, end = t[np.argmax(above)], t[np.flatnonzero(above)[-1]]
    found = fall_beyond(model(sigma), 0, limit_mu_b=np.sqrt(limit), chi2_min=0.0, delta=level)
    assert found is not None
    assert found.modulus_mu_b == pytest.approx(np.sqrt(end), rel=1e-4)
    assert found.highest_delta_chi2 == pytest.approx(delta_chi2(t, sigma).max(), rel=1e-3)
    assert delta_chi2(np.array([1.01 * end]), sigma)[0] < level


@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_a_small_uncertainty_never_allows_it(sigma):
    """Far out Δχ² tends to 1/σ², above the threshold of 2.7."""
    assert fall_beyond(model(sigma), 0, limit_mu_b=4.0, chi2_min=0.0, delta=2.706) is None


def test_a_limit_says_so(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(TWO_BINS, encoding="utf-8")
    found = munu.limit(path, "Lambda_3")
    curve = munu.profile(path, "Lambda_3", moment_mu_b=[2e-9, 6e-9, 1.2e-7, 5e-7])
    rises = curve.delta_chi2 > found.delta_chi2
    assert rises.tolist() == [True, True, False, False]
    assert 6e-9 < found.falls_again_beyond_mu_b < 1.2e-7
    assert found.highest_delta_chi2 == pytest.approx(curve.delta_chi2[1], rel=0.03)
    assert "and falls below 2.706 again beyond" in str(found)
    assert munu.read_json(found.to_json()).to_json() == found.to_json()
    assert munu.limit(path, "Lambda_3", sigma_sys=0.1).falls_again_beyond_mu_b is None


TWO_BINS = """
format = 1
id = "two-bins"
title = "Two projected bins of germanium at a spallation source"
reference = "invented here"
[source]
kind = "spallation"
baseline = "22 m"
neutrinos_per_proton = 0.08
protons = "1e23 POT"
[target]
material = "Ge"
mass = "1200 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "recoil"
efficiency = { model = "flat", fraction = 1 }
resolution = { model = "perfect" }
bins = { kind = "edges", edges = [5, 20, 60], unit = "keV" }
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"
[statistic]
kind = "projection"
sigma_stat = 0.2
sigma_sys = 1
"""


@pytest.mark.parametrize("others", ["zero", "profiled"])
def test_a_bin_above_the_endpoint_weighs_nothing(tmp_path, others):
    """It has neither events nor variance; warnings are errors here."""
    text = TWO_BINS.replace("sigma_sys = 1", "sigma_sys = 0.1")
    limits = []
    for edges in ("[5, 20, 60]", "[5, 20, 60, 400, 500]"):
        path = tmp_path / "my.toml"
        path.write_text(text.replace("[5, 20, 60]", edges), encoding="utf-8")
        limits.append(munu.limit(path, "Lambda_3", others=others).limit_mu_b)
    assert limits[1] <= limits[0] * (1 + 1e-9)
    assert limits[1] == pytest.approx(limits[0], rel=0.05)
