"""Data that hold the same events."""

from __future__ import annotations

from dataclasses import replace

import pytest

import munu
from munu.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.model import Experiment
from munu.overlaps import check_overlaps


def copy_of(name: str) -> Experiment:
    """Return an experiment under another name, as a user's copy of its file has it."""
    original = load(name)
    return replace(original, identity=replace(original.identity, id="mine"))


@pytest.mark.parametrize(
    "name", ["coherent-csi-2021", "coherent-csi", "dresden-ii", "conus-plus", "borexino"]
)
def test_a_copy_beside_the_original_is_refused(name: str) -> None:
    with pytest.raises(MunuError, match=f"{name} and mine hold the same events"):
        check_overlaps([load(name), copy_of(name)])


def test_copies_beside_other_data_and_projections_are_not() -> None:
    check_overlaps([copy_of("coherent-csi-2021"), load("conus-plus"), load("dresden-ii")])
    check_overlaps([copy_of("conus"), load("conus")])


CHROMIUM = """
format = 1
id = "chromium"
title = "A source beside a detector"
reference = "none"

[source]
kind = "chromium-51"
activity = "3 MCi"
distance = "1 m"

[interaction]
mixing = "desalas2018-no"

[statistic]
kind = "bound"
moment = "2.8e-11 mu_B"
cl = 0.90
"""


def test_equal_bounds_on_two_sources_are_two_data_sets() -> None:
    chromium, borexino = loads(CHROMIUM), load("borexino")
    both = munu.limit([chromium, borexino], "mu_eff").limit_mu_b
    assert both == pytest.approx(2.8e-11 / 2**0.25, rel=1e-6)
    with pytest.raises(MunuError, match="chromium and mine hold the same events"):
        check_overlaps([borexino, chromium, loads(CHROMIUM.replace('"chromium"', '"mine"'))])


def test_all_data_of_the_catalogue_are_told_apart() -> None:
    names = ("coherent-csi-2021", "coherent-lar-2020", "dresden-ii", "conus-plus")
    check_overlaps([load(name) for name in (*names, "xenonnt-sr0-er", "borexino-phase-ii")])
