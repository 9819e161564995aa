"""The corner picture: a panel each, what is shaded and what is dashed."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
from munu.base.errors import MunuError


@pytest.fixture(scope="module")
def found():
    pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")
    names = ("mu_nu_e", "mu_nu_mu")
    prior = dict.fromkeys(names, "square(0, 1e-8)")
    return munu.posterior("coherent-csi", names, prior=prior, live_points=60)


def test_a_panel_for_each_parameter_and_pair(found):
    _, panels = munu.plot(found)
    assert [[axes.get_visible() for axes in row] for row in panels] == [[True, False], [True, True]]
    line = panels[0, 0].get_lines()[0]
    np.testing.assert_allclose(line.get_xdata() * 1e-10, found.parameters[0].grid)
    assert panels[0, 0].get_lines()[1].get_xdata()[0] * 1e-10 == pytest.approx(
        found.parameters[0].profiled[0, 1]
    )
    (region,) = panels[1, 0].patches
    inside = np.average(
        [region.get_path().contains_point(point / 1e-10) for point in found.samples[:, :2]],
        weights=found.weights,
    )
    assert inside == pytest.approx(found.cl, abs=0.03)
    assert panels[1, 0].get_xlim() == panels[0, 0].get_xlim()
    assert panels[1, 0].get_xlabel().startswith(r"$\mu")


def test_the_unit_is_that_of_every_axis(found):
    _, panels = munu.plot(found, unit="1e-9 mu_B")
    usual = munu.plot(found).axes
    assert panels[1, 0].get_xlabel().endswith(r"($10^{-9}\mu_B$)")
    assert panels[1, 0].get_ylabel().endswith(r"($10^{-9}\mu_B$)")
    assert 10 * panels[1, 0].get_xlim()[1] == pytest.approx(usual[1, 0].get_xlim()[1])
    line, tenfold = (one[1, 1].get_lines()[0].get_xdata() for one in (panels, usual))
    np.testing.assert_allclose(10 * line, tenfold)


def test_panels_of_ones_own_scales_and_several(found):
    figure, mine = plt.subplots(2, 2)
    drawn, panels = munu.plot(found, found, ax=mine, log="xy", label=["one", "two"])
    assert drawn is figure
    assert (panels == mine).all()
    assert [one.get_xscale() for one in (mine[0, 0], mine[1, 0])] == ["log", "log"]
    assert [one.get_yscale() for one in (mine[0, 0], mine[1, 0])] == ["linear", "log"]
    assert mine[1, 0].get_ylim()[0] > 0
    assert [text.get_text() for text in mine[0, 0].get_legend().get_texts()] == ["one", "two"]
    assert len(mine[1, 0].patches) == 2
    figure.draw_without_rendering()


def test_posteriors_of_different_parameters_are_told_apart(found):
    other = munu.read_json(Path(__file__).parents[1] / "results" / "posterior.json")
    with pytest.raises(MunuError, match="posteriors of mu_nu_e, mu_nu_mu and of Lambda_3"):
        munu.plot(found, other)
    with pytest.raises(MunuError, match="is not 4 axes"):
        munu.plot(found, ax=plt.subplots()[1])
