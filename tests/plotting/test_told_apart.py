"""Pictures of several results, levels or couplings say which curve is whose."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
import munu.plotting
from munu.base.errors import MunuError


def legend_words(figure):
    return [text.get_text() for one in figure.legends for text in one.get_texts()]


def seen_labels(figure):
    """Return what stands in legends and titles."""
    legends = [*figure.legends, *(one.get_legend() for one in figure.axes if one.get_legend())]
    texts = [text for one in legends for text in one.get_texts()]
    return [text.get_text() for text in (*texts, *(one.title for one in figure.axes))]


@pytest.mark.parametrize("kind", ["coverage", "coupling-coverage", "plane-coverage"])
def test_studies_of_two_levels_are_told_apart(results, kind):
    one = results[kind]
    figure = munu.plot(one, replace(one, cl=0.99)).figure
    shown = " ".join(seen_labels(figure))
    assert "90 % C.L." in shown
    assert "99 % C.L." in shown
    assert "C.L." not in " ".join(legend_words(munu.plot(one).figure))


def test_a_picture_of_coverage_says_what_is_done_with_other_moments(results):
    for others, word in {"zero": "slice", "profiled": "profiled"}.items():
        axes = munu.plot(replace(results["coverage"], others=others)).axes
        assert word in axes[0].get_title()


def test_results_that_do_not_go_together_are_told_apart():
    with pytest.raises(MunuError, match="two planes"):
        munu.plot(munu.region("conus"), munu.region("conus", "Lambda_1,Lambda_3"))
    with pytest.raises(MunuError, match="along Lambda_1 and Lambda_2"):
        munu.plot(munu.profile("conus"), munu.profile("conus", "Lambda_2"))
    with pytest.raises(MunuError, match="no logarithmic axis"):
        munu.plot(munu.region("connie", "Lambda_1,xi_2"), log=True)
    with pytest.raises(MunuError, match="no logarithmic axis"):
        munu.plot(munu.region("conus", signed=True), log="x")


def test_spectra_of_different_couplings_say_which_dashed_line_is_whose():
    recoils = {"recoil_energy_kev": [0.1, 0.3, 1.0]}
    plain = munu.spectrum("conus", **recoils)
    other = munu.spectrum("conus", values={"sin2_theta_w": 0.3}, **recoils)
    picture = munu.plot([plain, other])
    labels = [" ".join(words.split()) for words in legend_words(picture.figure)]
    assert "dashed: dipole" in labels[0]
    assert "dashed: with" in labels[1]
    assert "dashed" not in picture.axes.get_title()
    assert "dashed: dipole" in munu.plot([plain, plain]).axes.get_title()


LEVELS = (0.9, 0.95)


@pytest.mark.parametrize(
    "question",
    [
        lambda cl: munu.region("conus", cl=cl),
        lambda cl: munu.region("coherent-csi-2017", "epsilon_u_ee,mu_nu_mu", cl=cl),
        lambda cl: munu.envelope("connie", vary="xi_1", cl=cl),
        lambda cl: munu.envelope("xenonnt-sr0-er", "epsilon_eL_ee,epsilon_eL_emu", cl=cl),
        lambda cl: munu.scan("conus", "mu_eff", over="target.mass", at=["1 kg", "2 kg"], cl=cl),
        lambda cl: munu.limit("coherent-csi-2017", "mu_nu_mu", method="cls", cl=cl),
    ],
    ids=["region", "coupling-region", "envelope", "coupling-envelope", "scan", "cls"],
)
def test_results_of_two_levels_in_one_picture_say_whose_each_is(question):
    results = [question(cl) for cl in LEVELS]
    picture = munu.plot(results)
    words = " ".join(" ".join(one.split()) for one in legend_words(picture.figure))
    words = words.replace("\N{NO-BREAK SPACE}", " ")
    assert "90 % C.L." in words
    assert "95 % C.L." in words
    assert "C.L." not in picture.axes.get_title()
    assert "90 % C.L." in munu.plot([results[0], results[0]]).axes.get_title()


@pytest.mark.parametrize("name", ["mu_nu_e", "epsilon_u_ee"])
def test_a_curve_is_seen_along_half_of_the_axis(name):
    """Far beyond its limit Δχ² is hundreds; what usual curves rise to is shown as before."""
    usual = munu.plot(munu.profile("conus-plus", name)).axes
    at = np.linspace(0.0, 3e-9 if name == "mu_nu_e" else 3.0, 61)
    far = munu.profile("conus-plus", name, at=at)
    axes = munu.plot(far).axes
    assert usual.get_ylim()[1] < 10
    (low, high), shown = axes.get_ylim(), far.delta_chi2
    assert np.mean((shown >= low) & (shown <= high)) > 0.5
    assert high < shown.max()
    both = munu.plot([far, munu.profile("coherent-csi-2017", name, at=at)]).axes
    assert both.get_ylim()[1] <= high
    plt.close("all")


def test_curves_of_a_coupling_say_what_is_profiled_where_they_differ():
    slice_ = munu.profile("coherent-csi-2017", "sin2_theta_w", at=[0.2, 0.25])
    profiled = munu.profile("coherent-csi-2017", "sin2_theta_w", at=[0.2, 0.25], profile="mu_nu_mu")
    labels = legend_words(munu.plot([slice_, profiled]).figure)
    assert labels[0].endswith("slice")
    assert " ".join(labels[1].split()).endswith(r"profiled over $\mu _{\nu _\mu }$")
    assert legend_words(munu.plot([slice_, slice_]).figure)[0] == "COHERENT CsI 2017"


@pytest.mark.parametrize(
    ("parameter", "ends", "curves", "shaded"),
    [
        ("charge_radius_ee", [(-54.0, -50.0), (-2.0, 1.0)], {-2.0, 1.0}, (-54.0, -50.0)),
        ("charge_radius_ee", [(-54.0, -50.0), (2.0, 3.0)], {2.0, 3.0}, (-54.0, -50.0)),
        ("sin2_theta_w", [(0.01, 0.05), (0.2, 0.3)], {0.2, 0.3}, (0.01, 0.05)),
    ],
)
def test_the_curve_of_a_scan_is_the_solution_of_the_standard_model(
    results, parameter, ends, curves, shaded
):
    """The mirror solution is shaded, also where the Standard Model lies in no interval."""
    scale = 1e-32 if parameter == "charge_radius_ee" else 1.0
    one = replace(results["scan"], parameter=parameter, intervals=(scale * np.array(ends),) * 2)
    _, axes = munu.plot(one)
    drawn = [line.get_ydata()[0] for line in axes.get_lines()]
    assert sorted(drawn) == pytest.approx(sorted(curves))
    (band,) = axes.collections
    extent = band.get_paths()[0].get_extents()
    assert (extent.y0, extent.y1) == pytest.approx(shaded)
    plt.close("all")


@pytest.mark.parametrize("kind", ["region", "coupling-region", "coupling-envelope"])
def test_titles_of_regions_say_their_threshold(results, kind):
    _, axes = munu.plot(results[kind])
    title = axes.get_title()
    assert title == "90 % C.L., Δχ² = 4.61, 2 degrees of freedom"
    plt.close("all")
