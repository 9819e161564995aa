"""What-if values that choose another model, or say a thing in another way."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments import schema
from munu.experiments.keys import keys_of
from munu.experiments.load import load
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.fields import Section
from munu.experiments.trees import MODELS
from munu.statistics.specification import Counts


def events(name: str, **changes: object) -> float:
    """Return the events of the Standard Model with values replaced; ``__`` stands for a point."""
    given = {key.replace("__", "."): value for key, value in changes.items()}
    return munu.rate(munu.load(name, changes=given)).sm_events


def test_another_model_takes_the_place_of_the_whole_table() -> None:
    unity = {"model": "unity"}
    expected = events("coherent-csi-2021", interaction__form_factor=unity)
    assert expected > 1.5 * munu.rate("coherent-csi-2021").sm_events
    assert events("coherent-csi-2021", interaction__form_factor__model="unity") == expected
    assert events("coherent-csi-2021", interaction__form_factor="unity") == expected


@pytest.mark.parametrize("turned", [False, True])
def test_keys_of_a_model_may_be_changed_with_it_in_any_order(turned: bool) -> None:
    given = [
        ("interaction.form_factor.model", "helm"),
        ("interaction.form_factor.radius", "charge-radius"),
        ("interaction.form_factor.skin_thickness", "0.9 fm"),
    ]
    table = {key.rpartition(".")[2]: value for key, value in given}
    expected = events("coherent-lar-2020", interaction__form_factor=table)
    changes = dict(reversed(given) if turned else given)
    assert munu.rate(munu.load("coherent-lar-2020", changes=changes)).sm_events == expected


def test_a_model_that_stands_by_its_name_may_be_changed() -> None:
    named = munu.load("conus", changes={"interaction.form_factor": "unity"})
    again = munu.load("conus", changes={"interaction.form_factor.model": "unity"})
    assert munu.rate(named).sm_events == munu.rate(again).sm_events


def test_bins_take_the_place_of_a_threshold() -> None:
    edges = {"kind": "edges", "edges": [0.1, 0.12, 0.15], "unit": "keVee"}
    found = munu.rate(munu.load("conus", changes={"detector.bins": edges}))
    assert len(found.axes[0]) == 2
    assert found.sm_events < 0.99 * munu.rate("conus").sm_events


def test_what_chooses_no_model_is_still_a_table() -> None:
    with pytest.raises(MunuError, match="target is a table, not a value"):
        munu.load("conus", changes={"target": "Ge"})
    with pytest.raises(MunuError, match="lacks 'radius'"):
        munu.load("conus", changes={"interaction.form_factor": "helm"})


def test_entries_of_an_array_have_the_numbers_that_are_shown() -> None:
    """The first background is number 1, as in errors, in the origin of values and in `show`."""
    name = "borexino-phase-ii-spectrum"
    keys = [entry.key for entry in load(name).identity.provenance]
    assert "statistic.backgrounds[1].sigma" in keys
    assert "statistic.backgrounds[0].sigma" not in keys
    assert "statistic.backgrounds.7.sigma" in keys_of(name)
    found = load(name, changes={"statistic.backgrounds.7.sigma": 0.1}).statistic
    assert isinstance(found, Counts)
    assert [one.sigma for one in found.backgrounds][5:] == [10.0, 0.1]
    with pytest.raises(MunuError, match=r"unknown entry '0'.* Allowed: 1, 2, 3, 4, 5, 6, 7"):
        load(name, changes={"statistic.backgrounds.0.sigma": 0.1})
    with pytest.raises(MunuError, match=r"statistic\.backgrounds\[7\]\.sigma"):
        load(name, changes={"statistic.backgrounds.7.sigma": -0.1})


@pytest.mark.parametrize(
    ("name", "changes", "stays"),
    [
        ("coherent-csi-2021", {"target.mass": "20 kg"}, "observed, backgrounds"),
        ("coherent-csi", {"target.mass": "20 kg"}, "observed, prompt_neutrons, steady_state"),
        (
            "coherent-csi",
            {"target.mass": "20 kg", "statistic.observed": 150},
            "prompt_neutrons, steady_state",
        ),
        (
            "dresden-ii",
            {"target.mass": "1 kg", "statistic.backgrounds[1].sigma": 0.1},
            "observed, control_regions",
        ),
        ("conus", {"target.mass": "5 kg"}, ""),
        ("coherent-csi-2021", {"interaction.sin2_theta_w": 0.24}, ""),
    ],
)
def test_counts_that_do_not_follow_a_change_are_named(
    name: str, changes: dict[str, object], stays: str
) -> None:
    notes = [one for one in load(name, changes=changes).identity.notes if "rescaled" in one]
    assert notes == [f"The counts in {stays} were not rescaled."] * bool(stays)


def test_entries_may_be_written_as_errors_have_them() -> None:
    one, other = (
        load("dresden-ii", changes={f"statistic.backgrounds{number}.sigma": 0.1})
        for number in ("[1]", ".1")
    )
    assert one.inputs_hash == other.inputs_hash


def test_a_model_written_as_its_name_takes_its_keys(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="conus")
    text = re.sub(r"\nquenching = .*", '\nquenching = "lindhard"', path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    table = {"model": "lindhard", "kappa": 0.1}
    expected = munu.rate(munu.load(path, changes={"detector.quenching": table}))
    found = munu.rate(munu.load(path, changes={"detector.quenching.kappa": 0.1}))
    assert found.sm_events == expected.sm_events < munu.rate(path).sm_events
    with pytest.raises(MunuError, match=r"unknown key 'kapa'.* Did you mean 'kappa'"):
        munu.load(path, changes={"detector.quenching.kapa": 0.1})


def choices(annotation: Any) -> Iterator[Choice]:
    """Yield the choices of models in an annotation."""
    for part in get_args(annotation):
        yield from (part,) if isinstance(part, Choice) else choices(part)


def test_what_may_be_written_as_the_name_of_a_model_is_that_of_the_schema() -> None:
    names = [one.name for one in pkgutil.iter_modules(schema.__path__)]
    modules = [importlib.import_module(f"{schema.__name__}.{name}") for name in names]
    sections = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Section)
    }
    found = {
        name
        for section in sections
        for name, field in section.model_fields.items()
        for choice in (*choices(field.annotation), *field.metadata)
        if isinstance(choice, Choice) and choice.selector == "model"
    }
    assert found - {"response"} == MODELS


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        (
            "conus",
            "source.fission_fractions.U235",
            r"fission_fractions = 'typical-pwr', .* a table of its own too, { U235 = ",
        ),
        ("borexino", "source.fluxes.7Be", r"fluxes = 'b16-gs98', .*{ 7Be = "),
        ("conus", "target.mass.kg", r"target\.mass = '3\.85 kg', .* Change target\.mass itself"),
    ],
)
def test_a_key_of_a_value_says_what_the_value_is(name: str, path: str, said: str) -> None:
    with pytest.raises(MunuError, match=said):
        munu.load(name, changes={path: 0.5})


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("mass", "Did you mean 'target.mass'?"),
        ("quenching.model", "Did you mean 'detector.quenching.model'?"),
        ("fraction", "Did you mean 'detector.efficiency.fraction'?"),
        ("sorce.baseline", "Did you mean 'source'?"),
    ],
)
def test_a_key_without_its_section_is_completed(path: str, said: str) -> None:
    """The nearest of the sections was named instead, 'axes' for the mass."""
    with pytest.raises(MunuError) as caught:
        munu.load("conus", changes={path: 1})
    assert said in str(caught.value)


def test_a_scan_over_names_says_how_to_compare_them() -> None:
    key = "interaction.form_factor"
    with pytest.raises(
        MunuError,
        match=f"'unity' is not a value of {key}, and a scan is over numbers.* --set {key}=unity",
    ):
        munu.scan("conus", "Lambda_3", over=key, at=["unity", "symmetrised-fermi"])


@pytest.mark.parametrize("written", [list, tuple, np.array])
def test_numbers_may_be_a_list_a_tuple_or_an_array(written: Any) -> None:
    changes = {"statistic.observed": written([90.0] * 130)}
    changed = load("dresden-ii", changes=changes)
    assert isinstance(changed.statistic, Counts)
    assert np.array_equal(changed.statistic.observed, np.full(130, 90.0))
    # Alike down to the words: the change is told as a list however it was given.
    assert changed == load("dresden-ii", changes={"statistic.observed": [90.0] * 130})


def test_a_number_of_numpy_is_a_number() -> None:
    changed = load("conus", changes={"statistic.sigma_sys": np.float64(0.5)})
    assert changed == load("conus", changes={"statistic.sigma_sys": 0.5})


def test_changes_may_be_an_array_of_texts() -> None:
    texts = ["target.mass=4 kg", "exposure.live_time=2 yr"]
    assert load("conus", changes=np.array(texts)) == load("conus", changes=texts)
