"""Plots of single results: pictures, windows, unbounded regions, files."""

from pathlib import Path
from threading import Event, Thread

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Annotation, Text

import munu
from munu.analysis.profile import profile
from munu.analysis.rate import spectrum
from munu.analysis.region import envelope, region
from munu.base.errors import MunuError
from munu.plotting.clip import clip_polygon
from munu.plotting.envelopes import plot_envelope
from munu.plotting.figures import new_axes
from munu.plotting.profiles import plot_limit_profile
from munu.plotting.regions import plot_region
from munu.plotting.save import save
from munu.plotting.spectrum import plot_spectrum
from munu.plotting.style import colours_of, house_style

compare = pytest.mark.mpl_image_compare(
    baseline_dir=str(Path(__file__).parent / "baseline"),
    style="default",
    tolerance=6,
    savefig_kwargs={"dpi": 60},
)


@compare
def test_an_unbounded_region():
    return plot_region(region("connie", profile=("Lambda_3", "xi_1"), sigma_sys=0.0))[0]


@compare
def test_signed_regions():
    names = ("conus", "connie", "coherent-ge@future")
    return plot_region([region(name, sigma_sys=0.0, signed=True) for name in names])[0]


@compare
def test_a_modulus_against_a_phase():
    return plot_region(region("connie", "Lambda_1,xi_1", profile=("Lambda_2",), sigma_sys=0.0))[0]


@compare
def test_an_envelope():
    return plot_envelope(envelope("conus", vary=("xi_1",), sigma_sys=0.0))[0]


def test_an_endless_envelope():
    """σ_sys = 3 allows any excess, along the axes too, which an endless ray does not leave."""
    found = envelope("conus", sigma_sys=3.0)
    assert not np.any(np.isnan(found.outer_mu_b))
    np.testing.assert_array_equal(found.outer_mu_b[0], [np.inf, 0.0])
    np.testing.assert_array_equal(found.outer_mu_b[-1], [0.0, np.inf])
    _, axes = plot_envelope(found)
    assert "all of the plane is allowed" in [text.get_text() for text in axes.texts]
    assert np.all(np.isfinite(axes.get_xlim()))


@compare
def test_profiles():
    return plot_limit_profile([profile("conus"), profile("connie")])[0]


@compare
def test_a_spectrum():
    return plot_spectrum(spectrum("coherent-csi"))[0]


def arrows(axes):
    return [child for child in axes.get_children() if isinstance(child, Annotation)]


def test_only_unbounded_regions_have_an_arrow_and_it_follows_the_blind_direction():
    assert not arrows(plot_region(region("connie", sigma_sys=0.0))[1])
    found = region("connie", profile=("Lambda_3", "xi_1"), sigma_sys=0.0)
    (arrow,) = arrows(plot_region(found)[1])
    x, y = arrow.xy
    # tan θ₁₂, the ratio of the blind direction's first two components (Eq. 14)
    assert y / x == pytest.approx(np.sqrt(0.320 / 0.680), rel=1e-6)


@pytest.mark.parametrize("log", [None, "xy"])
def test_an_arrow_along_an_axis_stands_inside_the_window(log):
    _, axes = munu.plot(munu.region("conus", ("mu_nu_e", "mu_nu_mu")), log=log)
    (arrow,) = arrows(axes)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for x, y in (arrow.xy, arrow.xyann):
        assert left < x < right
        assert bottom < y < top
    assert arrow.xy[1] > arrow.xyann[1]


def test_an_endless_region_lies_below_those_that_end():
    endless, closed = region("connie", profile=("Lambda_3", "xi_1")), region("texono")
    drawn = plot_region([closed, endless])[1].patches
    tints = {
        patch.get_facecolor(): patch.get_zorder() for patch in drawn if len(patch.get_xy()) > 1
    }
    below, above = sorted(set(tints.values()))[:2]
    own = plot_region([endless])[1].patches[0].get_facecolor()
    assert tints[own] == below < above


def test_a_plane_of_phases_without_contour_says_so():
    found = region("connie", "delta_cp,xi_2", profile=("Lambda_1", "Lambda_3"), sigma_sys=0.0)
    assert not found.polygons
    _, axes = plot_region(found)
    assert "all of the plane is allowed" in [text.get_text() for text in axes.texts]


def test_regions_of_very_different_size_have_logarithmic_axes():
    names = ("coherent-csi-2021", "conus-plus", "xenonnt-sr0-er")
    regions = [region(name) for name in names]
    _, axes = plot_region(regions)
    assert axes.get_xscale() == axes.get_yscale() == "log"
    smallest = regions[-1].polygons[0].max() / 1e-10
    assert axes.get_ylim()[0] < smallest / 3
    signed = [region(name, signed=True) for name in names[1:]]
    assert plot_region(signed)[1].get_xscale() == "linear"
    assert plot_region(regions[:2])[1].get_xscale() == "linear"


def test_a_blind_axis_is_filled_up_to_the_axis():
    """A reactor sees no |Λ_e|, so every point below its bound on |Λ_μ| is allowed."""
    plane = "Lambda_e,Lambda_mu"
    _, axes = plot_region([region("dresden-ii", plane), region("xenonnt-sr0-er", plane)])
    right, bottom = 0.9 * axes.get_xlim()[1], 1.1 * axes.get_ylim()[0]
    assert any(patch.get_path().contains_point((right, bottom)) for patch in axes.patches)


def words(figure):
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def test_every_picture_says_by_which_recoils_and_beam_moments_are_seen():
    seen = "moments seen by electron recoils only"
    assert seen in words(plot_region(region("conus-plus@electrons", channels="electron"))[0])
    assert seen in words(
        plot_limit_profile(profile("conus-plus@electrons", channels="electron"))[0]
    )
    assert seen in words(plot_envelope(envelope("conus-plus@electrons", channels="electron"))[0])
    assert "prompt beam" in words(plot_region(region("coherent-csi", beam="prompt"))[0])
    assert "recoils" not in words(plot_region(region("conus-plus"))[0])


def test_a_solar_spectrum_is_grouped_and_says_what_is_left_out():
    found = spectrum("borexino-phase-ii")
    figure, axes = plot_spectrum(found)
    assert "left out: hep" in words(figure)
    labels = [line.get_label() for line in axes.lines]
    assert labels[:5] == ["pp", "pep", "$^{7}$Be", "$^{8}$B", "CNO"]
    (dashed,) = [line for line in axes.lines if line.get_linestyle() == "--"]
    dipole = sum(c.dipole_per_mu_b2_kg_kev_day for c in found.components) * 1e-20
    np.testing.assert_allclose(dashed.get_ydata(), dipole, rtol=1e-12)
    cycle = [c.sm_per_kg_kev_day for c in found.components if c.beam in ("13N", "15O", "17F")]
    np.testing.assert_allclose(axes.lines[4].get_ydata(), np.sum(cycle, axis=0), rtol=1e-12)


def test_a_long_legend_stays_within_the_figure():
    four = ["coherent-csi-2021", "dresden-ii", "conus-plus", "coherent-lar-2020"]
    curve = profile(four, moment_mu_b=[0.0, 1e-10])
    for figure, _ in (plot_region(region(four)), plot_limit_profile(curve)):
        figure.draw_without_rendering()
        (legend,) = figure.legends
        box = legend.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width


def test_contours_that_no_phase_changes_are_one_and_filled_below():
    _, axes = plot_envelope(envelope("conus-plus", "Lambda_e,Lambda_mu"))
    assert len(axes.lines) == 1
    assert axes.patches[0].get_path().contains_point((1.0, 1.0))


def test_plots_draw_into_given_axes():
    _, axes = new_axes()
    assert plot_region(region("conus"), axes)[1] is axes
    assert plot_limit_profile(profile("conus"), axes)[1] is axes


def test_a_second_experiment_of_the_same_colour_gets_another():
    found = colours_of([("texono@current",), ("coherent-nai@current",), ("own@current",)])
    assert len(set(found)) == 3
    assert colours_of([("coherent-nai@future",)]) == colours_of([("coherent-nai@current",)])


coordinate = st.floats(-5, 5, allow_nan=False)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12))
def test_clipping_keeps_what_is_inside_the_window(points):
    low, high = np.array([-1.0, -2.0]), np.array([2.0, 1.0])
    clipped = clip_polygon(np.array(points), low, high)
    assert np.all(clipped >= low - 1e-9)
    assert np.all(clipped <= high + 1e-9)
    inside = [p for p in points if np.all(p >= low) and np.all(p <= high)]
    for point in inside:
        assert np.min(np.abs(clipped - point).sum(axis=1)) < 1e-9


def shoelace(points):
    x, y = points.T
    return 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))


@given(st.floats(0.1, 3.0), st.floats(-1.0, 1.0))
def test_the_area_of_a_clipped_square_is_that_of_the_overlap(half, centre):
    square = centre + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    clipped = clip_polygon(square, np.array([-1.0, -1.0]), np.array([1.0, 1.0]))
    side = max(min(centre + half, 1.0) - max(centre - half, -1.0), 0.0)
    area = shoelace(clipped) if len(clipped) else 0.0
    assert area == pytest.approx(side**2, abs=1e-9)


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_files_are_the_same_every_time(tmp_path, suffix):
    written = []
    for name in ("one", "two"):
        figure, _ = plot_limit_profile(profile("conus"))
        written.append(save(figure, tmp_path / f"{name}{suffix}").read_bytes())
    assert written[0] == written[1]


def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path):
    figure, _ = new_axes()
    with pytest.raises(MunuError, match=r"\.png"):
        save(figure, tmp_path / "picture.jpg")
    assert not list(tmp_path.iterdir())


def test_the_style_of_a_picture_is_that_of_no_other_thread():
    """A thread that ends its picture does not change the settings of another's."""
    entered, inside, seen = Event(), Event(), []

    def first():
        with house_style():
            entered.set()
            inside.wait(0.2)

    def second():
        entered.wait()
        with house_style():
            inside.set()
            one.join()
            seen.append(matplotlib.rcParams["font.size"])

    before = matplotlib.rcParams["font.size"]
    one, two = Thread(target=first), Thread(target=second)
    one.start()
    two.start()
    two.join()
    assert seen == [8]
    assert matplotlib.rcParams["font.size"] == before != 8
