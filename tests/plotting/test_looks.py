"""What `munu.plot` takes beside results, and where its figures live."""

import io
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
import munu.plotting
from munu.base.errors import MunuError
from munu.plotting.figures import HouseFigure, Picture
from munu.plotting.plot import OPTIONS, PLOTS, SEVERAL

FILES = Path(__file__).parents[1] / "results" / "files_0_1_0"

PLANE = ("epsilon_u_ee", "mu_nu_e")
POINTS = [(0.0, 0.0), (0.1, 2e-10)]


@pytest.fixture(scope="module")
def results():
    return {
        "region": munu.region("conus"),
        "profile": munu.profile("conus"),
        "envelope": munu.envelope("connie"),
        "spectrum": munu.spectrum("conus"),
        "rate": munu.rate("texono", with_spectrum=True),
        "weak-angle": munu.weak_angle("conus-plus"),
        "coupling-region": munu.region("conus-plus", ("sin2_theta_w", "mu_eff")),
        "coupling-profile": munu.profile("conus-plus", "sin2_theta_w"),
        "scan": munu.scan("conus", "Lambda_3", over="target.mass", at=["1 kg", "4 kg"]),
        "coupling-coverage": munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0, 0.1], toys=3),
        "plane-coverage": munu.coverage("conus-plus", plane=PLANE, at=POINTS, toys=3),
        "cls-limit": munu.limit("conus-plus", "mu_nu_e", method="cls"),
        "feldman-cousins": munu.limit("coherent-csi", method="feldman-cousins", precision=0.2),
        "coupling-envelope": munu.envelope("xenonnt-sr0-er", ("epsilon_eL_ee", "epsilon_eL_emu")),
        "fit": munu.fit("conus-plus", toys=0),
        "coverage": munu.read_json(FILES / "coverage.json"),
        "posterior": munu.read_json(FILES.parent / "posterior.json"),
        "feldman-cousins-region": munu.read_json(FILES.parent / "feldman-cousins-region.json"),
    }


PANELS = {"coverage": (2, 1), "coupling-coverage": (2, 1), "fit": (2, 1), "posterior": (1, 1)}
"""Shape of the pictures that return an array of panels."""
SIGNED = {"plane-coverage": "x", "coupling-envelope": "x", "coupling-coverage": "x"}
"""Axes of the results that take both signs, and no logarithm."""
MOMENTS = sorted(OPTIONS.keys() - {"rate", "spectrum", "weak-angle", "fit"})
UNITLESS = {"coupling-coverage", "coupling-profile", "coupling-envelope"}
"""Results whose parameters are no moments."""
SINGLE = sorted(OPTIONS.keys() - PANELS)


def test_a_keyword_that_no_plot_takes_is_named():
    draw = munu.plotting.plot_region
    with pytest.raises(MunuError, match=r"keyword 'labl' in a plot\. Did you mean 'label'?"):
        draw(munu.region("conus"), labl="mine")


def words(figure):
    from matplotlib.text import Text

    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def test_a_picture_is_figure_and_axes_and_answers_for_the_axes(results):
    picture = munu.plot(results["region"])
    figure, axes = picture
    assert isinstance(picture, Picture)
    assert (picture.figure, picture.axes) == (figure, axes)
    picture.set_title("Mine")
    assert axes.get_title() == "Mine"
    assert repr(picture) == "<Picture with 1 panel>"
    assert not hasattr(picture, "_repr_html_")
    with pytest.raises(AttributeError):
        picture.no_such_thing()


def legend_words(figure):
    return [text.get_text() for one in figure.legends for text in one.get_texts()]


def test_the_standard_model_is_in_the_legend_where_the_axes_have_it(results):
    found = results["feldman-cousins-region"]
    assert not np.any(found.standard_model)
    assert "Standard Model" in legend_words(munu.plot(found).figure)
    assert "Standard Model" not in legend_words(munu.plot(found, log="xy").figure)
    away = replace(results["coupling-region"], standard_model=np.array([0.9, 0.0]))
    assert munu.plot(away).axes.get_xlim()[1] >= 0.9


@pytest.mark.parametrize("kind", OPTIONS)
def test_where_pyplot_is_imported_its_last_figure_is_the_picture(results, kind):
    plt.figure()
    figure, _ = munu.plot(results[kind])
    assert plt.gcf() is figure
    stream = io.BytesIO()
    plt.savefig(stream, format="png", dpi=30)
    blank = io.BytesIO()
    plt.figure(figsize=figure.get_size_inches()).savefig(blank, format="png", dpi=30)
    assert len(stream.getvalue()) > 2 * len(blank.getvalue())


def test_a_script_without_pyplot_leaves_no_figure_with_it():
    code = (
        "import munu, sys; figure, axes = munu.plot(munu.region('conus'));"
        "assert 'matplotlib.pyplot' not in sys.modules;"
        "import matplotlib.pyplot as plt; assert plt.get_fignums() == [];"
        "figure, axes = munu.plot(munu.region('conus')); assert plt.gcf() is figure"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_typed_commands_have_figures_of_pyplot_too():
    code = (
        "import builtins, munu; builtins.__IPYTHON__ = True;"
        "figure, axes = munu.plot(munu.region('conus'));"
        "import matplotlib.pyplot as plt; assert plt.gcf() is figure"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_pictures_that_go_to_files_stay_with_nobody(tmp_path):
    from munu.reproduction.registry import target
    from munu.reproduction.write import outputs

    fig1 = target("fig1")
    assert {"fig1.png", "fig1.pdf"} <= set(outputs(fig1, fig1.compute()))
    assert plt.get_fignums() == []


def places(kind):
    """Return a figure with room for a result and one panel more, and the axes for the result."""
    rows, columns = PANELS.get(kind, (1, 1))
    figure, grid = plt.subplots(rows, columns + 1, squeeze=False)
    wanted = grid[:, 1:]
    return figure, grid[0, 0], wanted if kind in PANELS else wanted[0, 0]


@pytest.mark.parametrize("kind", OPTIONS)
def test_every_plot_takes_every_option(results, kind):
    """Axes, labels, scales, a style, several where they share axes; set_xscale afterwards."""
    figure, other, ax = places(kind)
    several = kind in SEVERAL
    given = [results[kind]] * 2 if several else [results[kind]]
    log = "y" if kind in SIGNED else "xy"
    labels = ["One", "Two"][: len(given)]
    drawn, axes = munu.plot(*given, ax=ax, label=labels, log=log)
    assert drawn is figure
    assert not other.has_data()
    assert set(np.ravel(axes)) <= set(np.ravel(ax))
    last = np.ravel(axes)[-1]
    assert (last.get_xscale() == "log") == ("x" in log)
    assert "log" in {one.get_yscale() for one in np.ravel(axes)} or kind == "posterior"
    styled = munu.plot(*given, style={"axes.labelcolor": "#123456"}).figure
    assert styled.axes[-1].xaxis.label.get_color() == "#123456"
    assert set(labels) <= set(re.split(r"[,:\s]+", " ".join(seen_labels(figure))))
    for panel in np.ravel(axes):
        panel.set_xscale("log")
        low, high = panel.get_xlim()
        assert 0 < low < high
    figure.draw_without_rendering()


def seen_labels(figure):
    """Return what stands in legends and titles."""
    legends = [*figure.legends, *(one.get_legend() for one in figure.axes if one.get_legend())]
    texts = [text for one in legends for text in one.get_texts()]
    return [text.get_text() for text in (*texts, *(one.title for one in figure.axes))]


@pytest.mark.parametrize("kind", MOMENTS)
def test_a_unit_is_that_of_moments_alone(results, kind):
    if kind in UNITLESS:
        with pytest.raises(MunuError, match="unit of moments is of no use"):
            munu.plot(results[kind], unit="1e-11 mu_B")
    else:
        figure, _ = munu.plot(results[kind], unit="1e-11 mu_B")
        assert r"10^{-11}\mu_B$)" in words(figure)


@pytest.mark.parametrize("kind", SIGNED)
def test_what_takes_both_signs_has_no_logarithm(results, kind):
    with pytest.raises(MunuError, match="no logarithmic axis"):
        munu.plot(results[kind], log=SIGNED[kind])


@pytest.mark.parametrize("kind", sorted(PANELS.keys() - {"posterior"}))
def test_panels_are_given_as_many_as_there_are(results, kind):
    single = plt.subplots()[1]
    with pytest.raises(MunuError, match="is not 2 axes, and the picture has as many panels"):
        munu.plot(results[kind], ax=single)
    with pytest.raises(MunuError, match="of several figures"):
        munu.plot(results[kind], ax=[single, plt.subplots()[1]])


@pytest.mark.parametrize("kind", SINGLE)
def test_axes_of_ones_own_are_drawn_into_and_returned(results, kind):
    figure, (left, right) = plt.subplots(1, 2)
    drawn = munu.plot(results[kind], ax=right)
    assert drawn == (figure, right)
    assert right.has_data()
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("kind", ["region", "profile", "envelope"])
def test_the_unit_is_that_of_the_axis_and_of_its_numbers(results, kind):
    usual, _ = munu.plot(results[kind])
    other, _ = munu.plot(results[kind], unit="1e-11 mu_B")
    assert r"($10^{-11}\mu_B$)" in words(other)
    for one, ten in zip(usual.axes, other.axes, strict=True):
        assert ten.get_xlim()[1] == pytest.approx(10 * one.get_xlim()[1], rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (1e-9, r"($10^{-9}\mu_B$)"),
        ("mu_B", r"($\mu_B$)"),
        ("1e-12", r"($10^{-12}\mu_B$)"),
        (2.9e-11, r"($2.9\times10^{-11}\mu_B$)"),
    ],
)
def test_units_are_written_as_powers_of_ten(results, unit, text):
    assert munu.plot(results["profile"], unit=unit).get_xlabel().endswith(text)


@pytest.mark.parametrize("kind", SINGLE)
def test_labels_stand_in_the_legend(results, kind):
    figure, axes = munu.plot(results[kind], label="My <data>")
    labels = [text.get_text() for legend in figure.legends for text in legend.texts]
    assert any("My <data>" in label for label in labels)
    assert axes.get_legend() is None


@pytest.mark.parametrize("kind", SEVERAL)
def test_each_alone_and_together(results, kind):
    question = {
        "region": munu.region,
        "profile": munu.profile,
        "envelope": munu.envelope,
        "spectrum": munu.spectrum,
        "rate": lambda name: munu.rate(name, with_spectrum=True),
        "weak-angle": munu.weak_angle,
        "coupling-region": lambda name: munu.region(name, ("sin2_theta_w", "mu_eff")),
        "coupling-profile": lambda name: munu.profile(name, "epsilon_u_ee", at=[0.0, 0.1, 0.2]),
        "scan": lambda name: munu.scan(name, "mu_eff", over="target.mass", at=["1 kg", "2 kg"]),
    }.get(kind, lambda name: results[kind])
    names = ("conus-plus", "dresden-ii") if kind == "weak-angle" else ("conus", "texono")
    found = [question(name) for name in names]
    figure, _ = munu.plot(found, label=["one", "two"])
    seen = words(figure)
    assert "one" in seen
    assert "two" in seen


def test_legends_have_the_short_names_of_the_files():
    both = [munu.region("conus-plus"), munu.region(["conus-plus", "coherent-csi-2021"])]
    figure, _ = munu.plot(both)
    assert "CONUS+ + COHERENT CsI 2021: slice" in words(figure)
    future, _ = munu.plot(munu.profile("conus@future"))
    assert "CONUS (future) (slice)" in words(future)


@pytest.mark.parametrize("kind", [kind for kind in SINGLE if kind not in SIGNED])
def test_scales_are_chosen(results, kind):
    for log, scales in {"x": ("log", "linear"), "xy": ("log", "log"), True: ("log", "log")}.items():
        figure, axes = munu.plot(results[kind], log=log)
        assert (axes.get_xscale(), axes.get_yscale()) == scales
        assert axes.get_xlim()[0] > 0
        figure.draw_without_rendering()
    assert munu.plot(results[kind], log=False).get_xscale() == "linear"


@pytest.mark.parametrize("kind", [kind for kind in SINGLE if kind != "scan"])
@pytest.mark.parametrize("own", [True, False])
def test_an_axis_may_be_made_logarithmic_afterwards(results, kind, own):
    """From zero it would be a window of one point; it begins two to four decades below its end.

    A scan is logarithmic from the first.
    """
    axes = munu.plot(results[kind], ax=plt.subplots()[1] if own else None).axes
    linear = axes.get_xlim(), axes.get_ylim()
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.figure.draw_without_rendering()
    for (_, high), (low, end) in zip(linear, (axes.get_xlim(), axes.get_ylim()), strict=True):
        assert end == pytest.approx(high)
        assert 1e-7 * end < low < 0.5 * end
    axes.set_xscale("linear")
    assert axes.get_xlim() == linear[0]


@pytest.mark.parametrize("kind", sorted(OPTIONS.keys() - {"posterior"}))
def test_axes_that_are_logarithmic_stay_so(results, kind):
    _, _, ax = places(kind)
    for panel in np.ravel(ax)[: 1 if kind == "fit" else None]:
        panel.set_yscale("log")
        if kind not in SIGNED:
            panel.set_xscale("log")
    munu.plot(results[kind], ax=ax)
    axes = np.ravel(ax)[0 if kind == "fit" else -1]
    assert axes.get_xscale() == ("linear" if kind in SIGNED else "log")
    assert axes.get_yscale() == "log"
    assert kind in SIGNED or axes.get_xlim()[0] > 0


def test_what_was_in_the_axes_before_stays_in_the_window():
    """A small region after a large one; before, the second set the window."""
    large, small = munu.region("coherent-csi"), munu.region("conus")
    _, axes = plt.subplots()
    munu.plot(small, ax=axes)
    alone = axes.get_xlim()[1]
    munu.plot(large, ax=axes)
    munu.plot(small, ax=axes)
    assert axes.get_xlim()[1] == pytest.approx(munu.plot(large).get_xlim()[1])
    assert axes.get_xlim()[1] > 2 * alone


def test_a_style_is_on_top_of_the_house(results, tmp_path):
    sheet = tmp_path / "mine.mplstyle"
    sheet.write_text("axes.labelsize: 15\n")
    for style in ({"axes.labelsize": 15}, sheet, ["default", {"axes.labelsize": 15}]):
        assert munu.plot(results["region"], style=style).xaxis.label.get_fontsize() == 15
    assert munu.plot(results["region"]).xaxis.label.get_fontsize() == 8


@pytest.mark.parametrize("kind", OPTIONS)
def test_the_conditions_may_be_left_to_the_caption(results, kind):
    figure, _ = munu.plot(results[kind], caption=False)
    seen = words(figure)
    for part in ("C.L.", "degree", "slice,", "per-species", "one standard deviation", "toys"):
        assert part not in seen
    whole = munu.caption(results[kind])
    assert whole.endswith(".")
    assert "  " not in whole


def test_a_caption_says_what_the_picture_would():
    region = munu.region("conus", profile=("xi_1",), cl=0.95, beam="full")
    text = munu.caption(region)
    for part in ("Region of |Λ₁| and |Λ₂|", "95 % C.L.", "conus@current", "2 degrees of freedom"):
        assert part in text
    assert "Profiled over ξ₁" in text
    assert region.assumptions.text() in text
    limit = munu.limit("conus", delta_cp=1.0)
    assert limit.assumptions.text().removeprefix("full") in munu.caption(limit)
    assert munu.caption(region, limit).count("\n") == 1
    charge = munu.caption(munu.limit("conus-plus", "millicharge_ee"))
    assert charge.startswith("q_ee")
    with pytest.raises(MunuError, match="is not a result"):
        munu.caption(3)


@pytest.mark.parametrize("suffix", ["pdf", "ps"])
def test_fonts_are_embedded_as_type_42(results, suffix):
    """Type 3 fonts, Matplotlib's default, are refused by journals."""
    figure, _ = munu.plot(results["region"])
    stream = io.BytesIO()
    figure.savefig(stream, format=suffix)
    content = stream.getvalue()
    assert isinstance(figure, HouseFigure)
    if suffix == "pdf":
        assert b"/CIDFontType2" in content or b"/TrueType" in content
        assert b"/Type3" not in content
    else:
        assert b"/FontType 42" in content
        assert b"/FontType 3" not in content


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("region", {"unit": "1e-11 kg"}, "is not a unit of moments"),
        ("region", {"unit": 0}, "is not a unit of moments"),
        ("region", {"unit": True}, "is not a unit of moments"),
        ("region", {"unit": ""}, "is not a unit of moments"),
        ("region", {"label": ["a", "b"]}, "2 labels for 1 result"),
        ("region", {"label": 3}, "is not a text"),
        ("region", {"log": "z"}, "names no axes"),
        ("region", {"style": "no-such-style"}, "is not a style of Matplotlib"),
        ("region", {"style": {"no.such": 1}}, "is not a style of Matplotlib"),
        ("region", {"caption": "no"}, "caption"),
        ("spectrum", {"unit": 1e-9}, "takes no unit"),
        ("fit", {"unit": 1e-9}, "takes no unit"),
        ("fit", {"ax": 1}, "ax = 1 is not 2 axes"),
    ],
)
def test_what_cannot_be_done_is_said(results, kind, options, message):
    with pytest.raises(MunuError, match=message):
        munu.plot(results[kind], **options)


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


def test_every_kind_has_its_options_and_the_paper_none():
    assert set(OPTIONS) < set(PLOTS)
    with pytest.raises(MunuError, match="takes the result alone"):
        munu.plot(munu.reproduce("table2"), style="default")


def test_plots_are_public():
    names = munu.plotting.__all__
    assert dir(munu.plotting) == names
    for name in names:
        assert getattr(munu.plotting, name).__doc__
    functions = {home.partition(":")[2] for kind, home in PLOTS.items() if kind in OPTIONS}
    assert functions <= set(names)
    with pytest.raises(AttributeError, match="plot_limits"):
        _ = munu.plotting.plot_limits


def test_many_pictures_in_a_script_warn_of_nothing(results):
    """Without pyplot there is no count of open figures; with it Matplotlib warns, rightly."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(25):
            figure, _ = munu.plot(results["profile"])
            plt.close(figure)
    assert np.isfinite(munu.plot(results["profile"]).get_xlim()).all()


def test_a_caption_does_not_turn_mu_into_a_capital():
    text = munu.caption(munu.region("conus", ("mu_nu_e", "mu_nu_mu")))
    assert "Μ" not in text
    assert "μ_νe" in text


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
    assert " ".join(labels[1].split()).endswith(r"profiled over $\mu _{\nu \mu }$")
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
