"""Data that hold the same events."""

from __future__ import annotations

from dataclasses import replace

import pytest

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.model import CountingExperiment, Experiment
from munu.experiments.named import catalogue
from munu.experiments.overlaps import check_overlaps
from munu.experiments.template.write import template_text


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


def named(name: str, *same_events: str) -> Experiment:
    """Return an experiment of other data under a name, its file naming what overlaps."""
    original = load("conus-plus")
    assert isinstance(original, CountingExperiment)
    identity = replace(original.identity, id=name, same_events=same_events)
    return replace(original, identity=identity, mass_kg=1.0 + len(name))


def test_it_is_enough_that_one_file_names_the_other() -> None:
    first, second = named("first", "second"), named("second")
    for pair in ([first, second], [second, first]):
        with pytest.raises(MunuError, match="hold the same events"):
            check_overlaps(pair)
    check_overlaps([first, named("another")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("borexino", "borexino-phase-ii"),
        ("coherent-csi", "coherent-csi-2017"),
        ("coherent-csi", "coherent-csi-2021"),
        ("coherent-csi-2017", "coherent-csi-2021"),
    ],
)
def test_entries_of_the_catalogue_that_overlap_are_refused(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(MunuError, match="hold the same events, which would be counted twice"):
            munu.limit(pair)
        with pytest.raises(MunuError, match="hold the same events"):
            munu.combine(*pair)
    assert {one, other} <= {*load(one).identity.same_events, one}
    assert load(other).identity.same_events != ()


@pytest.mark.parametrize("name", catalogue())
def test_the_files_of_the_catalogue_name_each_other(name: str) -> None:
    for other in load(name).identity.same_events:
        assert name in load(other).identity.same_events


def test_a_copy_of_a_file_overlaps_with_what_its_original_does() -> None:
    copied = loads(template_text("mine", "borexino-phase-ii"))
    spectrum = "borexino-phase-ii-spectrum"
    assert set(copied.identity.same_events) == {"borexino", "borexino-phase-ii", spectrum}
    with pytest.raises(MunuError, match="hold the same events"):
        check_overlaps([copied, load("borexino")])


@pytest.mark.parametrize("value", ['"borexino"', "[1]", '["no name"]', '["chromium"]'])
def test_what_names_no_other_data_is_refused(value: str) -> None:
    text = CHROMIUM.replace('reference = "none"', f'reference = "none"\nsame_events = {value}')
    with pytest.raises(MunuError, match="same_events"):
        loads(text)


def test_a_name_that_is_nearly_one_of_the_catalogue_is_remarked() -> None:
    text = CHROMIUM.replace("reference", 'same_events = ["borexin"]\nreference')
    (remark,) = [one for one in check(loads(text)) if one.key == "same_events"]
    assert "'borexino' is" in remark.message
    assert not any(one.key == "same_events" for one in check(load("borexino")))
