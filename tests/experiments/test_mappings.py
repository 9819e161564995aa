"""Tables that are one value: a composition or a set of fluxes is replaced, never merged."""

from __future__ import annotations

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

import munu
from munu.experiments.load import loads
from munu.experiments.model import CountingExperiment
from munu.experiments.schema import (
    axes,
    backgrounds,
    bins,
    detector,
    document,
    efficiency,
    events,
    interaction,
    isotopes,
    quenching,
    resolution,
    response,
    source,
    statistic,
    table,
    targets,
    variants,
)
from munu.experiments.trees import MAPPINGS

HEAD = """format = 1
id = "mine"
title = "mine"
reference = "me"
[exposure]
live_time = "1 d"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.1, 0.5, 2], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.05
"""
BEAM = """[source]
kind = "tabulated"
beam = "b"
species = "nu_e_bar"
points = [[0, 1e11], [8, 1e11]]
"""
SUN = """[source]
kind = "solar"
fluxes = { 8B = 5e6, hep = 8e3 }
survival = "adiabatic"
"""
MIXED = '[target]\nmass = "1 kg"\nmaterial = { Ge = 1, Si = 1 }\n'
CARBON = "[setup.current]\n[setup.other.target]\nmaterial = { C = 1 }\n"
SPECIAL = {"shared"}
"""Mappings whose entries are uncertainties each by itself, as variants are: they are merged."""


def names(text: str, setup: str | None = None, folder: Path | None = None) -> set[str]:
    found = loads(text, setup=setup, folder=folder)
    assert isinstance(found, CountingExperiment)
    return {nucleus.symbol for nucleus, _ in found.target.fractions}


def test_a_composition_of_a_setup_is_that_of_a_change() -> None:
    text = HEAD + BEAM + MIXED + CARBON
    assert names(text, "current") == {"Ge", "Si"}
    assert names(text, "other") == {"C"}
    other = munu.rate(loads(text, setup="other")).sm_events
    change = munu.rate(loads(text, setup="current", changes={"target.material": {"C": 1}}))
    assert other == change.sm_events
    as_table = CARBON.replace(
        "other.target]\nmaterial = { C = 1 }", "other.target.material]\nC = 1"
    )
    assert names(HEAD + BEAM + MIXED + as_table, "other") == {"C"}


def test_a_composition_above_what_is_included_is_whole(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(MIXED, encoding="utf-8")
    head = HEAD.replace("[exposure]", 'include = "target.toml"\n[exposure]', 1)
    assert names(head + BEAM, folder=tmp_path) == {"Ge", "Si"}
    assert names(f"{head}{BEAM}[target]\nmaterial = {{ C = 1 }}\n", folder=tmp_path) == {"C"}


def test_one_entry_is_changed_by_its_own_path() -> None:
    text = HEAD + BEAM + MIXED
    found = loads(text, changes={"target.material.Si": 3})
    assert isinstance(found, CountingExperiment)
    atoms = {"Ge": 0.0, "Si": 0.0}
    for nucleus, number in found.target.fractions:
        atoms[nucleus.symbol] += number
    assert atoms["Si"] == pytest.approx(3 * atoms["Ge"])


def test_fluxes_of_a_setup_are_all_of_its_fluxes() -> None:
    setup = "[setup.current]\n[setup.pp.source]\nfluxes = { pp = 6e10 }\n"
    text = f'{HEAD}{SUN}[target]\nmass = "1 kg"\nmaterial = "Xe"\n{setup}'
    experiment = loads(text, setup="pp")
    beams = {one.beam for one in experiment.source.components(experiment.mixing)}
    assert beams == {"pp"}


def of_values(annotation: Any) -> bool:
    """Whether a key may be a mapping whose values are not all tables of the format."""
    if get_origin(annotation) is Annotated:
        return of_values(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(map(of_values, get_args(annotation)))
    if get_origin(annotation) is not dict:
        return False
    return not all(map(is_table, leaves(get_args(annotation)[1])))


def leaves(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return leaves(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [one for part in get_args(annotation) for one in leaves(part)]
    return [annotation]


def is_table(kind: Any) -> bool:
    return kind is NoneType or (isinstance(kind, type) and issubclass(kind, BaseModel))


def test_every_key_of_the_format_that_is_a_mapping_is_told() -> None:
    rooms = (axes, backgrounds, bins, detector, document, efficiency, events, interaction, isotopes)
    rooms += (quenching, resolution, response, source, statistic, table, targets, variants)
    models = {
        kind
        for room in rooms
        for kind in vars(room).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    }
    found = {
        key
        for model in models
        for key, info in model.model_fields.items()
        if of_values(info.annotation)
    }
    assert found == MAPPINGS | SPECIAL
