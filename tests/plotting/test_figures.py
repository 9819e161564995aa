"""The figures of the paper as pictures: baselines, letters, colours, what they say."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from munu.plotting.save import picture
from munu.plotting.style import COLOURS, EXPERIMENTS, PAGE_WIDTH_INCHES
from munu.reproduction.registry import target

BASELINE = str(Path(__file__).parent / "baseline")
FIGURES = tuple(f"fig{number}" for number in range(1, 9))
WITH_LEVEL = FIGURES[1:]


@cache
def result(name):
    return target(name).compute()


def drawn(name):
    return target(name).draw(result(name))[0]


# The tolerance lets letters of another FreeType pass, not a contour that has moved.
@pytest.mark.mpl_image_compare(
    baseline_dir=BASELINE, style="default", tolerance=6, savefig_kwargs={"dpi": 50}
)
@pytest.mark.parametrize("name", FIGURES)
def test_picture(name):
    return drawn(name)


def texts(figure):
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


@pytest.mark.parametrize("name", FIGURES)
def test_letters_are_readable_at_the_printed_width(name):
    figure = drawn(name)
    assert figure.get_figwidth() <= PAGE_WIDTH_INCHES
    assert min(text.get_fontsize() for text in texts(figure)) >= 7


@pytest.mark.parametrize("name", FIGURES)
def test_fonts_that_go_into_files_are_warned_of_by_nobody(name, caplog):
    assert picture(drawn(name), ".pdf").startswith(b"%PDF")
    assert caplog.text == ""


@pytest.mark.parametrize("name", WITH_LEVEL)
def test_every_picture_states_its_level_and_treatment(name):
    figure = drawn(name)
    words = " ".join(text.get_text() for text in texts(figure))
    degrees = {region.degrees_of_freedom for region in getattr(result(name), "regions", ())}
    for number in degrees:
        assert f"{number} degree" in words
    assert "Δχ² = " in words
    assert "degree" in words
    assert "slice" in words


@pytest.mark.parametrize("name", WITH_LEVEL)
def test_axes_of_moments_have_units(name):
    labels = [
        label
        for axes in drawn(name).axes
        for label in (axes.get_xlabel(), axes.get_ylabel())
        if "Lambda" in label or "limit" in label
    ]
    assert labels
    assert all(r"10^{-10}\mu_B" in label for label in labels)


def test_bands_of_figure_2_are_hatched_alike_in_every_panel_and_mix_no_colours():
    hatches = [
        {to_hex(patch.get_edgecolor()): patch.get_hatch() for patch in axes.patches}
        for axes in drawn("fig2").axes[:3]
    ]
    assert hatches[0] == hatches[1] == hatches[2]
    assert len(set(hatches[0].values())) == 4
    for patch in (patch for axes in drawn("fig2").axes for patch in axes.patches):
        assert patch.get_facecolor()[3] == 0


def test_contours_that_nearly_touch_are_lines_of_different_dashes():
    for axes in drawn("fig5").axes:
        assert not axes.patches
        assert len({line.get_linestyle() for line in axes.lines}) == 4
    assert all(axes.patches for axes in drawn("fig4").axes)


def test_an_experiment_has_one_colour_in_all_figures():
    own = {name: colour for name, (_, colour) in EXPERIMENTS.items()}
    for figure, names in (("fig2", own), ("fig4", own), ("fig6", own)):
        labels = {}
        for part in drawn(figure).subfigs:
            for legend in part.legends:
                for handle, text in zip(legend.legend_handles, legend.texts, strict=True):
                    labels[text.get_text()] = to_hex(handle.get_edgecolor()).upper()
        for name in names:
            label = EXPERIMENTS[name][0]
            if label in labels:
                assert labels[label] == own[name].upper()


def test_the_palette_is_that_of_okabe_and_ito():
    okabe_ito = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00"}
    assert set(COLOURS) <= okabe_ito | {"#CC79A7"}


def test_regions_are_filled_inside_the_window_only():
    for axes in drawn("fig6").axes:
        low_x, high_x = axes.get_xlim()
        low_y, high_y = axes.get_ylim()
        for patch in axes.patches:
            x, y = patch.get_xy().T
            assert np.all((x >= low_x * 0.999) & (x <= high_x * 1.001))
            assert np.all((y >= low_y * 0.999) & (y <= high_y * 1.001))
