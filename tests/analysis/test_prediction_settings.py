"""Predictions with transition moments say which mixing and phases they have."""

from __future__ import annotations

import pytest

import munu
from munu.results import FitResult, RateResult

PAIR = {"Lambda_1": 5e-10, "Lambda_2": 5e-10}
MIXED = {"mixing": "desalas2018-no", "delta_cp": "0"}
ALL = {**MIXED, "xi_1": "0", "xi_2": "0"}
WORDS = "mixing desalas2018-no, δ_CP 0, ξ₁ 0, ξ₂ 0"
QUESTIONS = {
    "rate": lambda values: munu.rate("conus", values=values),
    "spectrum": lambda values: munu.spectrum("conus", values=values),
    "fit": lambda values: munu.fit("coherent-csi-2021", values=values, toys=0),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_predictions_name_the_mixing_and_phases_of_moments(ask):
    found = ask(PAIR)
    assert found.settings == ALL
    assert WORDS in " ".join(str(found).split())
    assert WORDS in found.to_csv()
    assert type(found).from_json(found.to_json()).settings == ALL


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ({"Lambda_e": 1e-10}, MIXED),
        ({"Lambda_3": 1e-10}, MIXED),
        ({"mu_nu_e": 1e-10}, {}),
        ({"sin2_theta_w": 0.25}, {}),
    ],
)
def test_predictions_name_only_what_their_couplings_depend_on(values, settings):
    found = munu.rate("conus", values=values)
    assert isinstance(found, RateResult)
    assert found.settings == settings


def test_fitted_moments_have_their_mixing_and_phases_named():
    found = munu.fit("coherent-csi-2021", ["Lambda_1", "Lambda_2"], toys=0)
    assert isinstance(found, FitResult)
    assert found.settings == ALL
