"""The corner picture: a panel each, what is shaded and what is dashed."""

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


def test_options_that_it_does_not_take_are_refused(found):
    with pytest.raises(MunuError, match="takes no unit"):
        munu.plot(found, unit=1e-9)
