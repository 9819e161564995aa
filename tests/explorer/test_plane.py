"""Planes in a real browser have the package's χ²."""

import numpy as np
import pytest

from munu.analysis.model import joint_model
from munu.analysis.statement import fold_assumed
from munu.physics.assumptions import Assumptions
from munu.physics.moments import flavour_columns


def test_the_plane_has_the_chi2_of_moments_with_phases(tab, page, seen):
    names, phases = ["conus", "coherent-csi"], {"xi_1": 0.7, "xi_2": -1.1, "delta_cp": 2.0}
    values = {"Lambda_1": 3e-9, "Lambda_2": 2e-9, "Lambda_3": 1e-9}
    folded, settled = fold_assumed(names, None, Assumptions(**phases))
    moments = np.exp(1j * settled.zeta()) * list(values.values())
    chi2 = float(joint_model(folded, settled).chi2(moments))
    given = [f"{name}={value}" for name, value in values.items()]
    _, (excess, lowest), _ = seen(tab, page, data=names, value=given, **phases)
    assert excess + lowest == pytest.approx(chi2, rel=1e-9)


def test_the_plane_of_flavour_moments_has_the_chi2_of_mass_states(tab, page, seen):
    values = {"Lambda_e": 3e-11, "Lambda_mu": 2e-11, "Lambda_tau": 1e-11}
    folded, settled = fold_assumed("borexino-phase-ii", None, Assumptions(delta_cp=2.0))
    moments = flavour_columns(settled.neutrino_mixing) @ list(values.values())
    chi2 = float(joint_model(folded, settled).chi2(moments))
    given = [f"{name}={value}" for name, value in values.items()]
    state = {"data": ["borexino-phase-ii"], "group": "flavour-moments", "delta_cp": 2.0}
    _, (excess, lowest), _ = seen(tab, page, x="Lambda_e", y="Lambda_mu", value=given, **state)
    assert excess + lowest == pytest.approx(chi2, rel=1e-9)


@pytest.mark.parametrize(
    ("state", "x", "y", "free"),
    [
        ({"data": ["conus", "coherent-csi"]}, "Lambda_1", "Lambda_2", "Lambda_3"),
        (
            {"data": ["conus-plus", "coherent-csi"], "group": "couplings"},
            "charge_radius_ee",
            "charge_radius_mumu",
            "sin2_theta_w",
        ),
    ],
)
def test_the_lowest_chi2_of_a_plane_is_that_of_a_curve_with_one_more_free(
    tab, page, state, x, y, free, seen
):
    _, (_, lowest), _ = seen(tab, page, x=x, y=y, free=[free], **state)
    rows, _, _ = seen(tab, page, x=x, y="", free=[y, free], **state)
    assert lowest == pytest.approx(float(rows[x]["chi2"]), abs=1e-6)
