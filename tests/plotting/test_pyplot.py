"""A picture is a figure with axes; it is pyplot's where that is imported, and nobody's else."""

import io
import subprocess
import sys

import matplotlib.pyplot as plt
import pytest

import munu
import munu.plotting
from munu.plotting.figures import Picture
from munu.plotting.plot import OPTIONS


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
