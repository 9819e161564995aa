"""Charge radii and millicharges that all flavours have in common, as solar papers quote them."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError

SIZES = {"charge_radius": 30e-32, "millicharge": 2e-13}


@pytest.mark.parametrize("experiment", ["xenonnt-sr0-er", "coherent-csi-2021"])
@pytest.mark.parametrize("name", SIZES)
def test_a_common_one_is_all_three(experiment: str, name: str) -> None:
    size = SIZES[name]
    common = munu.rate(experiment, values={f"{name}_common": size})
    each = munu.rate(experiment, values={f"{name}_{entry}": size for entry in ("ee", "mumu")})
    all_three = munu.rate(
        experiment, values={f"{name}_{entry}": size for entry in ("ee", "mumu", "tautau")}
    )
    assert common.events == pytest.approx(all_three.events, rel=1e-12)
    is_solar = experiment.startswith("xenonnt")
    assert is_solar == (common.events != pytest.approx(each.events, rel=1e-6))


def test_a_common_one_shifts_the_weak_angle() -> None:
    """On electrons of the Sun at tree level, sqrt2 π α r²/(3 G_F) = 2 Δsin²θ_W."""
    changes = {"interaction.radiative": False, "interaction.sin2_theta_w": 0.23}
    tree = munu.load("xenonnt-sr0-er", changes=changes)
    shifted = munu.rate(tree, values={"sin2_theta_w": 0.24}).events
    mev2_cm2 = (197.3269804e-13) ** 2
    per_cm2 = np.sqrt(2) * np.pi / 137.035999 / (3 * 1.1663788e-11 * mev2_cm2)
    radius = munu.rate(tree, values={"charge_radius_common": 0.02 / per_cm2}).events
    assert radius == pytest.approx(shifted, rel=1e-6)
    assert shifted > 1.01 * munu.rate(tree).sm_events


def test_others_are_no_family_of_it() -> None:
    with pytest.raises(MunuError, match="no other is of its family"):
        munu.limit("xenonnt-sr0-er", "charge_radius_common", others="profiled")
    assert "charge_radius_common" not in (
        munu.limit("xenonnt-sr0-er", "charge_radius_ee", others="profiled").profiled
    )


def test_a_total_radius_is_of_one_flavour() -> None:
    with pytest.raises(MunuError, match="common to all flavours: the Standard Model's differ"):
        munu.limit("xenonnt-sr0-er", "charge_radius_common", radius_kind="total")
    tree = munu.load("xenonnt-sr0-er", changes={"interaction.radiative": False})
    total = munu.limit(tree, "charge_radius_common", radius_kind="total")
    beyond = munu.limit(tree, "charge_radius_common")
    np.testing.assert_allclose(total.intervals, beyond.intervals)
