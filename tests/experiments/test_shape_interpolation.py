"""Shapes whose interpolation the file names: the same file with each, beside SciPy."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.optimize import brentq, minimize_scalar

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli

TEXT = """format = 1
id = "own"
title = "one bin with a background of unlike sides"
reference = "none"

[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[1.8, 1e11], [4, 2e11], [8, 1e9]]

[target]
material = "Ge"
mass = "0.002 kg"

[exposure]
live_time = "100 days"

[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.3, 2], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"

[statistic]
kind = "poisson"
observed = [13]
sigma_signal = 0
interpolation = "HOW"

[[statistic.backgrounds]]
name = "n"
events = [10]
sigma = 0
shapes = { w = { minus = [8], plus = [25] } }
"""
HOWS = ("quadratic", "polynomial", "saturating")
MOMENT = "mu_nu_e"


def text_of(how: str) -> str:
    return TEXT.replace("HOW", how)


def background(theta: float, how: str) -> float:
    """Events within one standard deviation; the minima of this file lie there."""
    odd, even = 8.5, 6.5
    bend = {
        "quadratic": theta**2,
        "polynomial": (15 * theta**2 - 10 * theta**4 + 3 * theta**6) / 8,
        "saturating": theta**2,
    }
    assert abs(theta) < 1
    return 10 + odd * theta + even * bend[how]


def limit_by_scipy(how: str) -> float:
    """Return the moment (mu_B) at which chi-square has risen by 2.7055, theta minimised."""
    counts = munu.fold(munu.loads(text_of(how)))
    sm = counts.sm_total()[0]
    per_mu_b2 = float(counts.dipole_events_per_mu_b2.sum())

    def chi2(moment: float) -> float:
        signal = sm + per_mu_b2 * moment**2

        def at(theta: float) -> float:
            mu = signal + background(theta, how)
            return float(2 * (mu - 13 + 13 * np.log(13 / mu)) + theta**2)

        options = {"xatol": 1e-12}
        return float(
            minimize_scalar(at, bounds=(-0.99, 0.99), method="bounded", options=options).fun
        )

    best = min(map(chi2, np.linspace(0, 5e-9, 2001)))
    return float(brentq(lambda moment: chi2(moment) - best - 2.705543454, 1e-10, 1e-7, rtol=1e-12))


@pytest.mark.parametrize("how", HOWS)
def test_limits_are_those_of_scipy(how):
    found = munu.limit(munu.loads(text_of(how)), MOMENT)
    assert found.limit_mu_b == pytest.approx(limit_by_scipy(how), rel=1e-6)


def test_they_differ_within_one_deviation_and_the_parabola_stands_without_the_key():
    limits = [munu.limit(munu.loads(text_of(how)), MOMENT).limit_mu_b for how in HOWS]
    plain = munu.loads(TEXT.replace('interpolation = "HOW"\n', ""))
    assert munu.limit(plain, MOMENT).limit_mu_b == limits[0]
    assert abs(limits[1] / limits[0] - 1) > 1e-3
    assert limits[2] == pytest.approx(limits[0], rel=1e-9)


def emptied(how: str) -> str:
    """Return the file with a variant that a straight line leaves without events at -2.5."""
    text = text_of(how).replace("observed = [13]", "observed = [2]")
    return text.replace("events = [10]", "events = [20]").replace(
        "minus = [8], plus = [25]", "minus = [12], plus = [28]"
    )


def test_events_do_not_follow_the_line_to_nothing():
    """Of 20 with 12 at -1 sigma, two observed: 4 are left at two and beyond, and a limit is met."""
    text = emptied("saturating")
    (data,), (pull,) = (getattr(munu.fit(munu.loads(text)), key) for key in ("data", "pulls"))
    (component,) = (one for one in data.components if one.label == "n")
    t = saturating(pull.value)
    assert -2 < t < -1.5
    assert component.fitted_events == pytest.approx(20 + 8 * t, rel=1e-6)
    straight, found = (
        munu.limit(munu.loads(emptied(how)), MOMENT).limit_mu_b
        for how in ("quadratic", "saturating")
    )
    assert found < straight
    theta = np.linspace(-3, 3, 600_001)
    counts = munu.fold(munu.loads(text))
    signal = counts.sm_total()[0] + float(counts.dipole_events_per_mu_b2.sum()) * found**2
    sm = counts.sm_total()[0]
    chi2 = [
        np.min(2 * (mu - 2 + 2 * np.log(2 / mu)) + theta**2)
        for mu in (s + 20 + 8 * saturating(theta) for s in (sm, signal))
    ]
    assert chi2[1] - chi2[0] == pytest.approx(2.705543454, rel=1e-6)


def saturating(theta):
    """The coordinate of a shape, from its definition."""
    s = np.clip(np.abs(theta) - 1.5, 0, 1)
    return np.sign(theta) * (np.minimum(np.abs(theta), 1.5) + s - s**2 / 2)


def test_a_saturating_shape_of_the_catalogue_ends_the_limits_that_had_none():
    """A charge yield that leaves 0.62 of the signal at -1 sigma left none at -2.7 sigma."""
    (interval,) = munu.limit("xenonnt-s2only", "millicharge_ee").intervals
    assert interval == pytest.approx([-1.589e-8, 7.371e-8], rel=1e-3)
    found = munu.limit("xenonnt-s2only", MOMENT)
    assert found.limit_mu_b == pytest.approx(1.7094e-9, rel=1e-4)


def test_another_name_is_refused_with_line_and_names():
    with pytest.raises(
        MunuError, match=r"line 36: .*interpolation.*quadrat.*polynomial.*saturating"
    ) as refused:
        munu.loads(text_of("quadratik"))
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("how", HOWS)
def test_every_question_takes_it(tmp_path, how):
    path = tmp_path / "own.toml"
    path.write_text(text_of(how))
    for command in (
        ["validate"],
        ["rate"],
        ["fit"],
        ["limit", "--parameter", "charge_radius_ee"],
        ["coverage", "--parameter", MOMENT, "--toys", "20", "--seed", "1"],
        ["profile", "--parameter", MOMENT],
    ):
        name, *options = command
        found = CliRunner().invoke(cli, [name, str(path), *options])
        assert found.exit_code == 0, (command, found.output, found.exception)
    shown = CliRunner().invoke(cli, ["show", str(path), "--json"])
    values = {one["quantity"]: one["value"] for one in json.loads(shown.output)["ingredients"]}
    word = {"quadratic": "parabola", "polynomial": "code 4p", "saturating": "levelling off"}[how]
    assert word in values["interpolation of shapes"]


def test_a_fit_shows_the_background_that_is_interpolated():
    pulls = []
    for how in HOWS:
        found = munu.fit(munu.loads(text_of(how)))
        (data,), (pull,) = found.data, found.pulls
        (component,) = (one for one in data.components if one.label == "n")
        pulls.append(pull.value)
        assert component.fitted_events == pytest.approx(background(pull.value, how), rel=1e-6)
    assert pulls[0] != pytest.approx(pulls[1], rel=1e-3)
