"""Nuisances of one name that differ between experiments."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.combination import check_combination
from munu.experiments.load import load, load_setups
from munu.experiments.model import CountingExperiment
from munu.experiments.named import catalogue

SPECTRUM = "borexino-phase-ii-spectrum"


def other(name: str, minus: float, plus: float) -> CountingExperiment:
    """Return other data whose 7Be flux is uncertain, under the name of a variant."""
    one = load(SPECTRUM)
    assert isinstance(one, CountingExperiment)
    (beryllium,) = (variant for variant in one.variants if variant.name == "flux:7Be")
    varied = replace(
        beryllium,
        name=name,
        minus=replace(beryllium.minus, flux_factors=(("7Be", minus),)),
        plus=replace(beryllium.plus, flux_factors=(("7Be", plus),)),
    )
    identity = replace(one.identity, id="mine", same_events=())
    return replace(one, identity=identity, variants=(varied,), live_time_s=one.live_time_s / 2)


def test_a_flux_that_is_uncertain_by_other_factors_is_no_common_nuisance() -> None:
    mine = other("flux:7Be", 0.94, 1.06)
    said = (
        f"'flux:7Be' is one nuisance of mine and {SPECTRUM}, and multiplies the flux of 7Be by 0.94"
        f" and 1.06 in mine, by 0 and 2 in {SPECTRUM}"
    )
    with pytest.raises(MunuError, match=said) as caught:
        munu.combine(mine, SPECTRUM)
    assert "another name" in caught.value.remedy
    with pytest.raises(MunuError, match=said):
        munu.limit([mine, SPECTRUM], "mu_eff")
    with pytest.raises(MunuError, match=said):
        munu.limit([mine, SPECTRUM], "epsilon_eL_ee")


def test_equal_factors_another_name_and_other_beams_are_taken() -> None:
    check_combination([other("flux:7Be", 0.0, 2.0), load(SPECTRUM)])
    check_combination([other("flux:of-mine", 0.94, 1.06), load(SPECTRUM)])
    check_combination([other("flux:pp", 0.94, 1.06), load(SPECTRUM)])


def test_no_pair_of_the_catalogue_is_refused_for_its_variants() -> None:
    loaded = [one for name in catalogue() for one in load_setups(name)]
    refused = []
    for first, second in combinations(loaded, 2):
        if first.identity.id != second.identity.id:
            try:
                check_combination([first, second])
            except MunuError as error:
                refused.append(error.message)
    assert not [message for message in refused if "nuisance" in message]
