"""Predictions with transition moments say which mixing and phases they have."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry
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


ASKED = {"mixing": "nufit60-no", "delta_cp": 1.0, "xi_1": 0.5, "xi_2": -0.7}


@pytest.mark.parametrize("name", ["coherent-csi-2021", "xenonnt-sr0-er"])
def test_fits_of_given_mixing_and_phases_agree_with_likelihoods_and_curves(name):
    """Of the Sun the mixing also moves the Standard Model's events, by 0.9 %."""
    values = {"Lambda_1": 1.5e-9, "Lambda_2": 1e-9}
    found = munu.fit(name, values=values, toys=0, **ASKED)
    likelihood = munu.likelihood(name, list(values), **ASKED)
    assert found.chi2 == pytest.approx(float(likelihood.chi2(list(values.values()))), rel=1e-9)
    assert found.settings == {
        "mixing": "nufit60-no",
        "delta_cp": "1",
        "xi_1": "0.5",
        "xi_2": "-0.7",
    }
    rest = {"Lambda_2": 1e-9}
    fitted = munu.fit(name, "Lambda_1", values=rest, toys=0, **ASKED)
    best = [fitted.fitted[0].best_fit]
    curve = munu.profile(name, "Lambda_1", at=best, values=rest, **ASKED)
    assert fitted.chi2 == pytest.approx(curve.chi2_min + curve.delta_chi2[0], rel=1e-9)


def test_rates_and_spectra_follow_the_mixing_and_the_phases():
    usual, asked = (munu.rate("conus", values=PAIR, **more) for more in ({}, ASKED))
    assert asked.sm_events == usual.sm_events
    at = munu.likelihood("conus", list(PAIR), **ASKED).predict([list(PAIR.values())])
    assert asked.events == pytest.approx(float(np.sum(at)), rel=1e-9)
    assert abs(asked.events / usual.events - 1) > 0.01
    first, second = (munu.spectrum("conus", values=PAIR, **more) for more in ({}, ASKED))
    new = [one.components[0].per_kg_kev_day for one in (first, second)]
    assert np.all(new[1][:-1] > 1.01 * new[0][:-1])


@pytest.mark.parametrize("ask", [munu.rate, munu.spectrum, munu.fit])
@pytest.mark.parametrize("name", ASKED)
def test_a_mixing_or_phase_without_transition_moments_is_refused(ask, name):
    with pytest.raises(MunuError, match=f"{name} = .* is of transition moments"):
        ask("coherent-csi-2021", values={"mu_nu_e": 1e-9}, **{name: ASKED[name]})


def test_the_command_line_takes_them(capsys, monkeypatch):
    words = ["--with", "Lambda_1=5e-10 mu_B", "--with", "Lambda_2=5e-10 mu_B", "--xi-1", "1"]
    monkeypatch.setattr("sys.argv", ["munu", "rate", "conus", *words, "--mixing", "nufit60-no"])
    with pytest.raises(SystemExit):
        entry.main()
    assert "mixing nufit60-no, δ_CP 0, ξ₁ 1, ξ₂ 0" in " ".join(capsys.readouterr().out.split())


SUN = "xenonnt-sr0-er"
"""Its neutrinos arrive as mass states, whose flavours the mixing and δ_CP tell."""


@pytest.mark.parametrize(
    ("name", "value", "settings"),
    [
        ("epsilon_eL_emu", 0.5, {}),
        ("charge_radius_emu", 3e-31, {}),
        ("epsilon_eL_mumu", 1.0, {}),
        ("mu_nu_mu", 2e-11, {}),
        ("dirac_emu", 2e-11, {}),
        ("mu_N_mu", 2e-11, {"sterile_mass": "0.001 MeV"}),
    ],
)
def test_couplings_of_mass_states_follow_the_mixing_and_delta(name, value, settings):
    values, asked = {name: value}, {"mixing": "nufit60-no", "delta_cp": 1.5}
    usual, other = (munu.rate(SUN, values=values, **more, **settings) for more in ({}, asked))
    assert usual.settings == {**settings, **MIXED}
    assert other.settings == {**settings, "mixing": "nufit60-no", "delta_cp": "1.5"}
    assert "mixing nufit60-no, δ_CP 1.5" in " ".join(str(other).split())
    turned = munu.rate(SUN, values=values, delta_cp=1.5, **settings)
    assert abs(turned.events / usual.events - 1) > 1e-4
    at = munu.likelihood(SUN, name, **asked, **settings).predict([value])
    assert other.events == pytest.approx(float(np.sum(at)), rel=1e-9)


def test_spectra_and_fits_of_mass_states_do_so_too():
    values = {"epsilon_eL_emu": 0.5}
    first, second = (munu.spectrum(SUN, values=values, delta_cp=delta) for delta in (0.0, 1.5))
    new = [sum(part.per_kg_kev_day for part in one.components) for one in (first, second)]
    assert np.abs(new[1] - new[0]).max() > 0.01 * new[0].max()
    found = munu.fit(SUN, values=values, delta_cp=1.5, toys=0)
    likelihood = munu.likelihood(SUN, "epsilon_eL_emu", delta_cp=1.5)
    assert found.chi2 == pytest.approx(float(likelihood.chi2([0.5])), rel=1e-9)
    (fitted,) = munu.fit(SUN, "epsilon_eL_emu", delta_cp=1.5, toys=0).fitted
    assert fitted.intervals[0, 1] == pytest.approx(
        munu.limit(SUN, "epsilon_eL_emu", delta_cp=1.5, cl=0.6826894921370859).intervals[0, 1]
    )


def test_the_standard_model_of_the_sun_follows_the_mixing_and_says_which():
    usual, other = munu.rate(SUN), munu.rate(SUN, mixing="nufit60-no", with_spectrum=True)
    assert usual.sm_events == pytest.approx(77.411, abs=1e-3)
    assert other.sm_events == pytest.approx(78.099, abs=1e-3)
    named = "Mixing nufit60-no, δ_CP 0."
    assert other.settings == {"mixing": "nufit60-no", "delta_cp": "0"}
    assert " ".join(str(other).split()).count(named) == 2
    found = munu.fit(SUN, mixing="nufit60-no", toys=0)
    assert named in " ".join(str(found).split())
    assert float(np.sum(munu.likelihood(SUN, "mu_eff", mixing="nufit60-no").sm_events)) == (
        pytest.approx(other.sm_events)
    )
    assert munu.rate("conus").settings == {}


def test_phases_of_moments_are_refused_there_and_the_mixing_of_flavours():
    with pytest.raises(MunuError, match=r"xi_1 = 1\.0 is of transition moments in a prediction"):
        munu.rate(SUN, values={"epsilon_eL_emu": 0.5}, xi_1=1.0)
    with pytest.raises(MunuError, match=r"delta_cp = 1\.0 is of transition moments, or of mass"):
        munu.rate("conus", delta_cp=1.0)
