"""A light yield per keV of nuclear recoil is none of electrons."""

from __future__ import annotations

import pytest

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError

HEAD = """
format = 1
id = "mine"
title = "mine"
reference = "me"
like = "coherent-csi"
interaction.channels = {channels}
[detector]
observable = "photoelectrons"
threshold = "6 PE"
upper = "30 PE"
recoil_threshold = "1 keV"
light_yield = "{light_yield}"
quenching = {quenching}
efficiency = {{ model = "flat", fraction = 1 }}
resolution = "poisson"
"""
BOTH = '["nuclear", "electron"]'


def text(channels: str, light_yield: str = "1.17 PE/keV", quenching: str = '"none"') -> str:
    return HEAD.format(channels=channels, light_yield=light_yield, quenching=quenching)


@pytest.mark.parametrize("quenching", ['"none"', '{ model = "constant", factor = 1 }'])
def test_electrons_have_no_light_yield_of_nuclear_recoils(quenching: str) -> None:
    munu.loads(text('["nuclear"]', quenching=quenching))
    munu.loads(text(BOTH, "13.33 PE/keVee", '{ model = "constant", factor = 0.0878 }'))
    with pytest.raises(MunuError) as caught:
        munu.loads(text(BOTH, quenching=quenching), name="my.toml")
    assert "my.toml, line 14: detector.quenching: nuclei and electrons" in caught.value.message
    assert "1.17 PE per keV" in caught.value.message
    assert "light_yield of electrons" in caught.value.remedy
    assert 'channels = ["nuclear"]' in caught.value.remedy


@pytest.mark.parametrize(("light_yield", "remarked"), [("1.17 PE/keV", 1), ("13.3 PE/keV", 0)])
def test_a_small_yield_of_electrons_alone_is_remarked_upon(light_yield: str, remarked: int) -> None:
    found = check(munu.loads(text('["electron"]', light_yield)))
    assert [one.key for one in found].count("detector.light_yield") == remarked
