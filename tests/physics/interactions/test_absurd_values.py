"""Values that are meant in another unit: 1 for 10⁻¹⁰ μ_B, 10⁻³² cm² or 10⁻¹² e."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.physics.interactions.registry import parameter, parameter_values

WITH_UNIT = {
    name: parameter(name).unit
    for name in munu.parameters()
    if np.isfinite(parameter(name).unit.largest)
}


def test_every_parameter_with_a_power_of_ten_in_its_unit_has_a_largest_value() -> None:
    scaled = {name for name in munu.parameters() if parameter(name).unit.scale != 1}
    assert scaled == {*WITH_UNIT}
    assert len(scaled) > 30


@pytest.mark.parametrize("name", WITH_UNIT)
def test_a_value_in_the_printed_unit_is_refused_and_the_unit_named(name: str) -> None:
    with pytest.raises(MunuError, match=f"{name}.* = 1.0 .* is out of range. Allowed: ") as refused:
        parameter_values({name: 1.0})
    unit = {"mu_b": "mu_B"}.get(WITH_UNIT[name].key, WITH_UNIT[name].key)
    assert refused.value.remedy.endswith(f"up to {WITH_UNIT[name].largest:g} {unit}")
    with pytest.raises(MunuError, match="is outside the range of this"):
        parameter_values({name: f"1 {unit}"})
    meant = WITH_UNIT[name].scale
    assert parameter_values({name: meant}) == parameter_values({name: f"{meant} {unit}"})


def test_pure_numbers_have_no_unit_to_take_for_another() -> None:
    assert parameter_values({"epsilon_u_ee": 1e4, "g_b-l": 10.0})["epsilon_u_ee"] == 1e4


@pytest.mark.parametrize(
    "call",
    [
        lambda: munu.rate("conus", values={"Lambda_1": 1}),
        lambda: munu.spectrum("conus", values={"mu_nu_e": "1 mu_B"}),
        lambda: munu.fit("coherent-csi-2021", values={"dirac_ee": 1}, toys=0),
        lambda: munu.limit("conus", values={"Lambda_2": 1}),
        lambda: munu.rate("conus").values(1.0),
        lambda: munu.profile("conus", at=[0.0, 1.0]),
        lambda: munu.profile("conus", "charge_radius_ee", at=[0.0, 1.0]),
        lambda: munu.coverage("coherent-csi", at=[1.0], toys=3),
        lambda: munu.coverage("conus-plus", "millicharge_ee", at=[1.0], toys=3),
        lambda: munu.coverage("conus-plus", plane="sin2_theta_w,mu_eff", at=[(0.23, 1)], toys=3),
    ],
)
def test_every_question_refuses_them(call) -> None:
    with pytest.raises(MunuError, match=r"out of range|outside the range"):
        call()


def test_a_prior_does_not_reach_there() -> None:
    with pytest.raises(MunuError, match="from 0 to 1 is not within 0 to 1e-06"):
        munu.posterior("conus", "Lambda_1", prior={"Lambda_1": "flat(0, 1)"})
