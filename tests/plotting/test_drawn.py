"""Several pictures of munu on axes of one's own."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch

import munu
from munu.base.errors import MunuError


def colours(axes: Axes) -> list[str]:
    """Return the edge colours of a legend, in order."""
    handles = axes.get_legend_handles_labels()[0]
    return [to_hex(one.get_edgecolor()) for one in handles if isinstance(one, Patch)]


def test_colours_go_on_and_one_may_be_asked_for() -> None:
    axes = Figure().add_subplot()
    first, second = (munu.region("conus-plus", cl=cl) for cl in (0.9, 0.95))
    munu.plot(first, ax=axes, label="a")
    munu.plot(second, ax=axes, label="b")
    munu.plot(second, ax=axes, label="c", color="#123456")
    found = colours(axes)
    assert len(set(found)) == 3
    assert found[2] == "#123456"
    with pytest.raises(MunuError, match="no_colour"):
        munu.plot(first, color="no_colour")
    with pytest.raises(MunuError, match="one color"):
        munu.plot([first, second], color="red")


def test_another_unit_or_plane_is_refused() -> None:
    axes = Figure().add_subplot()
    region = munu.region("conus-plus")
    munu.plot(region, ax=axes, unit=1e-11)
    with pytest.raises(MunuError, match="units of 1e-11 mu_B"):
        munu.plot(region, ax=axes)
    with pytest.raises(MunuError, match="two planes"):
        munu.plot(munu.region("conus-plus", plane="Lambda_1,Lambda_3"), ax=axes, unit=1e-11)
    axes.clear()
    munu.plot(region, ax=axes)
