"""What `munu.plot` takes beside results, and where its figures live."""

import io
import re
import warnings
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
import munu.plotting
from munu.base.errors import MunuError
from munu.plotting.figures import HouseFigure
from munu.plotting.plot import OPTIONS, PLOTS, SEVERAL

PANELS = {"coverage": (2, 1), "coupling-coverage": (2, 1), "fit": (2, 1), "posterior": (1, 1)}
"""Shape of the pictures that return an array of panels."""
SIGNED = {"plane-coverage": "x", "coupling-envelope": "x", "coupling-coverage": "x"}
"""Axes of the results that take both signs, and no logarithm."""
MOMENTS = sorted(OPTIONS.keys() - {"rate", "spectrum", "weak-angle", "fit"})
UNITLESS = {"coupling-coverage", "coupling-profile", "coupling-envelope"}
"""Results whose parameters are no moments."""
SINGLE = sorted(OPTIONS.keys() - PANELS)


def test_a_keyword_that_no_plot_takes_is_named(results):
    with pytest.raises(MunuError, match=r"keyword 'labl' in a plot\. Did you mean 'label'?"):
        munu.plotting.plot_region(results["region"], labl="mine")


@pytest.mark.parametrize("name", [one for one in munu.plotting.__all__ if one.startswith("plot_")])
def test_what_a_plot_is_not_of_is_said(results, name):
    draw = getattr(munu.plotting, name)
    with pytest.raises(MunuError, match=f"^missing a required argument: .* in {name}"):
        draw()
    for nothing in (3, "conus", None):
        with pytest.raises(MunuError, match="is not a result"):
            draw(nothing)
    other = results["rate" if name != "plot_rate" else "region"]
    with pytest.raises(MunuError, match=f"'{other.kind_of_result}' is given to the plot of"):
        draw([other])
    with pytest.raises(MunuError, match=r"^nothing is given to the plot of results of kind"):
        draw([])


def words(figure):
    from matplotlib.text import Text

    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def legend_words(figure):
    return [text.get_text() for one in figure.legends for text in one.get_texts()]


def test_the_standard_model_is_in_the_legend_where_the_axes_have_it(results):
    found = results["feldman-cousins-region"]
    assert not np.any(found.standard_model)
    assert "Standard Model" in legend_words(munu.plot(found).figure)
    assert "Standard Model" not in legend_words(munu.plot(found, log="xy").figure)
    away = replace(results["coupling-region"], standard_model=np.array([0.9, 0.0]))
    assert munu.plot(away).axes.get_xlim()[1] >= 0.9


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
