"""One entrance to the plots."""

from __future__ import annotations

from importlib import import_module

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
from munu.analysis.coverage import coverage
from munu.base.errors import MunuError
from munu.plotting.layers import Stacks
from munu.plotting.plot import PLOTS
from munu.results.core.base import _KINDS


@pytest.mark.parametrize(
    "make",
    [
        lambda: munu.region("conus"),
        lambda: [munu.region("conus"), munu.region("texono")],
        lambda: munu.profile("conus"),
        lambda: munu.envelope("connie"),
        lambda: munu.spectrum("conus"),
        lambda: munu.rate("conus", with_spectrum=True),
        lambda: munu.weak_angle("conus-plus"),
    ],
    ids=["region", "regions", "profile", "envelope", "spectrum", "rate", "weak-angle"],
)
def test_a_result_finds_its_plot(make):
    figure, axes = munu.plot(make())
    assert figure.axes
    assert axes.has_data()


def test_a_rate_is_drawn_as_its_spectrum():
    _, drawn = munu.plot(munu.rate("conus-plus@electrons", channels="electron", with_spectrum=True))
    _, wanted = munu.plot(munu.spectrum("conus-plus@electrons", channels="electron"))
    for line, other in zip(drawn.lines, wanted.lines, strict=True):
        shown = line.get_xydata()
        np.testing.assert_array_equal(shown, other.get_xydata()[-len(shown) :])
    assert "electron recoils" in drawn.get_title()


def test_the_picture_of_a_rate_begins_below_its_threshold():
    rate = munu.rate("borexino-phase-ii", with_spectrum=True)
    begin = munu.plot(rate).axes.get_xlim()[0]
    assert 0.2 * rate.axes[0].edges[0] < begin < rate.axes[0].edges[0]
    assert munu.plot(rate.spectrum).axes.get_xlim()[0] < 0.1
    photoelectrons = munu.rate("coherent-csi-2021", with_spectrum=True)
    assert munu.plot(photoelectrons).axes.get_xlim()[0] < 0.1


def test_several_results_need_no_list():
    results = [munu.region("conus"), munu.region("texono"), munu.region("connie")]
    _, drawn = munu.plot(*results)
    _, wanted = munu.plot(results)
    for line, other in zip(drawn.lines, wanted.lines, strict=True):
        np.testing.assert_array_equal(line.get_xydata(), other.get_xydata())
    with pytest.raises(MunuError, match="1 is not a result"):
        munu.plot(results[0], 1)


def test_the_curve_of_the_weak_angle_crosses_its_levels_at_the_intervals():
    found = munu.weak_angle("coherent-csi-2021")
    _, axes = munu.plot(found)
    angle, rise = axes.lines[0].get_data()
    assert angle[0] == 0
    assert angle[-1] == 1
    for end in (found.low, found.high):
        assert np.interp(end, angle, rise) == pytest.approx(1.0, abs=0.02)
    assert np.interp(found.best_fit, angle, rise) == pytest.approx(0.0, abs=0.02)


def test_a_fit_of_one_experiment_finds_its_plot():
    figure, _ = munu.plot(munu.fit("coherent-csi-2017", toys=0))
    assert figure.get_suptitle().startswith("COHERENT CsI 2017, setup current: data and")


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].texts]


def test_the_legend_of_a_fit_names_what_is_seen_once():
    dresden, _ = munu.plot(munu.fit("dresden-ii", toys=0))
    assert legend_of(dresden)[:3] == ["flat", "exponential", "L shell"]
    assert not any("other" in label or "off" in label for label in legend_of(dresden))
    caesium, _ = munu.plot(munu.fit("coherent-csi-2021", toys=0))
    assert "beam neutrons" in legend_of(caesium)
    assert "other backgrounds" not in legend_of(caesium)


def test_layers_hold_all_events():
    (data,) = munu.fit("coherent-csi-2021", toys=0).data
    stacks = Stacks([data])
    for kind in ("signal", "background"):
        events = sum(layer.events.sum() for layer in stacks.layers(data, kind))
        assert events == pytest.approx(data.fitted(kind), rel=1e-12)
    looks = [(layer.colour, layer.hatch) for layer in stacks.layers(data, "background")]
    assert len(set(looks)) == len(looks)


def test_a_fit_without_backgrounds_has_two_panels_and_says_which_recoils():
    figure, axes = munu.plot(munu.fit("conus-plus", toys=0, channels="nuclear"))
    assert axes.shape == (2, 1)
    assert "nuclear recoils only" in figure.get_suptitle()


def test_every_plot_is_there_and_belongs_to_a_kind_of_result():
    for kind, home in PLOTS.items():
        module, _, name = home.partition(":")
        assert callable(getattr(import_module(module), name))
        assert kind in _KINDS


def test_coverage_shows_its_numbers():
    study = coverage("coherent-csi", toys=100, moment_mu_b=[0.0, 2e-9, 5e-9])
    _, (above, below) = munu.plot(study)
    points = above.containers[0].lines[0].get_ydata()
    np.testing.assert_allclose(points, 100 * study.coverage)
    np.testing.assert_allclose(below.lines[0].get_ydata(), study.observed_delta_chi2)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (lambda: munu.limit("conus"), "kind 'limit' has no picture"),
        (lambda: [munu.region("conus"), munu.profile("conus")], "profile and region"),
        (lambda: [munu.fit("conus-plus", toys=0)] * 2, "one by one"),
        (list, "nothing"),
        (lambda: munu.rate("conus"), "with_spectrum=True"),
        (lambda: munu.fit(["coherent-csi-2017", "coherent-lar-2020"], toys=0), "one experiment"),
    ],
)
def test_what_has_no_plot_is_said(results, message):
    with pytest.raises(MunuError, match=message):
        munu.plot(results())


@pytest.mark.parametrize("parameter", ["mu_nu_e", "mu_eff"])
def test_profiles_of_effective_moments(parameter):
    figure, axes = munu.plot(munu.profile("conus-plus", parameter))
    assert r"10^{-10}\mu_B" in axes.get_xlabel()
    assert axes.get_xlim()[1] > 1
    plt.close(figure)


@pytest.mark.parametrize("expected", [False, True])
def test_the_picture_of_a_weak_angle_says_whose_data(expected):
    _, axes = munu.plot(munu.weak_angle("conus-plus", expected=expected))
    assert ("expected data" in axes.get_title()) == expected
