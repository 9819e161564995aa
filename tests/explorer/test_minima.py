"""Lines with several valleys, in a real browser: the page and the package see the same minima."""

import numpy as np
import pytest

import munu

CSI, LAR, XENON = "coherent-csi-2021", "coherent-lar-2020", "xenonnt-8b"
MIXING = "desalas2018-no"
CLOSE = 1e-6
"""Of ends, relative to the farthest: a valley that is missed moves them by 1e-5 and more."""


@pytest.fixture(scope="module")
def valleys(tmp_path_factory):
    """A page of data whose χ² has many minima."""
    output = tmp_path_factory.mktemp("valleys") / "page.html"
    return munu.explore([CSI, LAR, "conus-plus", XENON], output=output, mixing=MIXING)


@pytest.fixture
def line(tab, open_at, changing, rows_of):
    """Return what the table carries of the parameter of the x axis; the other rows are not made."""

    def found(page, state):
        open_at(tab, page, data=["conus-plus"], y="")
        tab.evaluate("tableTasks = () => []")
        with changing(tab):
            tab.evaluate("state => changed(state)", {"y": "", "group": "couplings", **state})
        return rows_of(tab)[state["x"]]

    return found


LINES = [
    # Mirrors of one another whose χ² differs by 2e-4.
    ([LAR], "epsilon_u_mumu", ["epsilon_d_ee", "epsilon_u_emu"], 0.95),
    # Another valley is lowest where the line is crossed, or between two that are far apart.
    ([CSI, LAR], "epsilon_u_mumu", ["charge_radius_ee"], 0.9),
    (["conus-plus", CSI], "charge_radius_ee", ["epsilon_d_ee", "epsilon_d_mumu"], 0.9),
    # A modulus whose phase is free, which interferes; at zero it is a saddle.
    ([XENON], "epsilon_d_ee", ["epsilon_u_emu"], 0.95),
    ([CSI], "epsilon_d_etau", ["epsilon_u_emu", "epsilon_d_mumu"], 0.99),
    # Files with angles of their own, which stay where no other is asked for.
    ([XENON, CSI], "epsilon_d_etau", ["epsilon_d_emu", "charge_radius_ee"], 0.6827),
    # Allowed far beyond where data reach along this parameter alone.
    ([CSI], "charge_radius_mumu", ["charge_radius_etau", "epsilon_d_mumu"], 0.99),
]


@pytest.mark.parametrize(("data", "x", "free", "cl"), LINES)
def test_a_line_through_valleys_is_that_of_the_package(line, ends, valleys, data, x, free, cl):
    row = line(valleys, {"datasets": data, "x": x, "free": free, "cl": cl})
    found = munu.limit(data, x, profile=free, cl=cl, mixing=MIXING)
    expected = found.intervals.ravel()
    farthest = np.abs(expected[np.isfinite(expected)]).max()
    assert ends(row) == pytest.approx(expected.tolist(), rel=CLOSE, abs=CLOSE * farthest)
    assert float(row["chi2"]) == pytest.approx(found.chi2_min, abs=1e-6)


def test_a_valley_beside_a_saddle_is_found(line, ends, valleys):
    """Where the radius is zero it is a saddle: at -5.8 χ² is below the level, off it."""
    names = ["charge_radius_emu", "epsilon_d_ee"]
    state = {"datasets": [CSI, LAR], "x": "epsilon_u_ee", "free": names, "cl": 0.6827}
    row = line(valleys, state)
    chi2 = munu.likelihood([CSI, LAR], ["epsilon_u_ee", *names], mixing=MIXING).chi2
    level = float(row["chi2"]) + 1.0
    assert float(chi2([-5.8, 9.083e-32, 5.4602])) < level
    assert ends(row)[1] > -5.8
