"""Inputs cannot be changed, and equal ones are one: by content, not by name."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import munu
from munu.base.digests import digest, own_digest
from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping, read_only
from munu.base.typing import FloatArray
from munu.detectors.efficiency import Efficiency, Flat
from munu.experiments.load import catalogue, load, load_setups
from munu.experiments.model import CountingExperiment
from munu.folding.folded import _counts, counts_of, fold_experiment, load_experiment
from munu.physics.mixing import global_fits
from munu.statistics.specification import Counts, FirstRun

EVERY = [experiment for name in catalogue() for experiment in load_setups(name)]


def inside(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every array and mapping in a value, with its path."""
    if isinstance(value, np.ndarray | Mapping):
        yield path, value
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from inside(item, f"{path}[{index}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from inside(getattr(value, field.name), f"{path}.{field.name}")


def counting(name: str = "conus-plus") -> tuple[CountingExperiment, Counts]:
    experiment = load(name)
    assert isinstance(experiment, CountingExperiment)
    assert isinstance(experiment.statistic, Counts)
    return experiment, experiment.statistic


@pytest.mark.parametrize("experiment", EVERY, ids=lambda e: e.identity.name)
def test_nothing_in_an_experiment_can_be_written_to(experiment: Any) -> None:
    found = dict(inside(experiment))
    found |= dict(inside(experiment.source.components(experiment.mixing), "components"))
    assert found
    for path, value in found.items():
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, path
            assert value.base is None, path
        else:
            assert isinstance(value, FrozenMapping), path
    with pytest.raises(TypeError):
        FrozenMapping({"a": 1.0})["a"] = 2.0


@pytest.mark.parametrize("name", ["conus", "coherent-lar-2020", "borexino-phase-ii"])
def test_nothing_in_a_response_can_be_written_to(name: str) -> None:
    for path, value in inside(fold_experiment(name).counts):
        assert isinstance(value, FrozenMapping) or not value.flags.writeable, path


def test_the_data_of_the_catalogue_stay() -> None:
    before = munu.limit("conus-plus")
    shared = load_experiment("conus-plus")
    assert isinstance(shared.statistic, Counts)
    assert shared.statistic.observed is not None
    with pytest.raises(ValueError, match="read-only"):
        shared.statistic.observed[:] *= 2
    assert munu.limit("conus-plus").to_json() == before.to_json()
    with pytest.raises(TypeError):
        global_fits()["desalas2018-no"] = global_fits()["nufit60-no"]


def test_an_experiment_keeps_copies_of_the_arrays_it_is_given() -> None:
    experiment, statistic = counting()
    own = np.array([500.0])
    changed = replace(experiment, statistic=replace(statistic, observed=own))
    before = munu.limit(changed).limit_mu_b
    digest_before = changed.inputs_hash
    own[:] = 1000.0
    assert (munu.limit(changed).limit_mu_b, changed.inputs_hash) == (before, digest_before)
    assert changed.inputs_hash != experiment.inputs_hash


def test_a_read_only_view_of_an_array_that_can_be_written_to_is_copied() -> None:
    own = np.arange(3.0)
    view = own[:]
    view.setflags(write=False)
    kept = read_only(view)
    own[0] = 7.0
    assert kept.tolist() == [0.0, 1.0, 2.0]
    assert read_only(kept) is kept


CHANGES: dict[str, Any] = {
    "mass": lambda e: replace(e, mass_kg=2 * e.mass_kg),
    "time": lambda e: replace(e, live_time_s=2 * e.live_time_s),
    "id": lambda e: replace(e, identity=replace(e.identity, id="mine")),
    "setup": lambda e: replace(e, identity=replace(e.identity, setup="mine")),
    "source": lambda e: replace(e, source=replace(e.source, thermal_power_gw=1.0)),
    "detector": lambda e: replace(
        e, detector=replace(e.detector, bin_edges=1.01 * e.detector.bin_edges)
    ),
    "efficiency": lambda e: replace(e, detector=replace(e.detector, efficiency=Flat(0.5))),
    "statistic": lambda e: replace(e, statistic=replace(e.statistic, sigma_signal=0.5)),
    "observed": lambda e: replace(
        e, statistic=replace(e.statistic, observed=2 * e.statistic.observed)
    ),
    "mixing": lambda e: replace(e, mixing=munu.global_fit("nufit60-no")),
    "recoils": lambda e: replace(e, recoils=("nuclear",)),
}


SUBJECTS = {"detector": "dresden-ii", "recoils": "conus-plus@electrons"}
"""What is changed, where it is another experiment than `counts` gives."""


@pytest.mark.parametrize("what", [c for c in CHANGES if c != "recoils"])
def test_the_digest_follows_replace(what: str) -> None:
    experiment, _ = counting(SUBJECTS.get(what, "conus-plus"))
    changed = CHANGES[what](experiment)
    assert changed.inputs_hash != experiment.inputs_hash
    assert munu.limit(changed).origin.inputs_hash == (changed.inputs_hash,)


def test_words_are_not_in_the_digest() -> None:
    experiment, _ = counting()
    identity = replace(experiment.identity, title="x", notes=("x",), references=(), provenance=())
    mixing = replace(experiment.mixing, name="x", source="x")
    assert replace(experiment, identity=identity, mixing=mixing).inputs_hash == (
        experiment.inputs_hash
    )


def test_digests_of_all_setups_differ_and_are_the_same_in_another_process() -> None:
    code = (
        "from munu.experiments.load import load_setups\n"
        "from munu.experiments.named import catalogue\n"
        "for n in catalogue():\n    for e in load_setups(n): print(e.inputs_hash)"
    )
    environment = {"PYTHONPATH": str(Path(munu.__file__).parents[1]), "PYTHONHASHSEED": "7"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    found = [experiment.inputs_hash for experiment in EVERY]
    assert ran.stdout.split() == found
    assert len(set(found)) == len(found)


def test_another_experiment_s_toys_are_not_resumed(tmp_path: Path) -> None:
    experiment, statistic = counting()
    changed = replace(experiment, statistic=replace(statistic, sigma_signal=0.9))
    path = tmp_path / "toys.json"
    munu.coverage(experiment, moment_mu_b=[0.0], toys=1, state=path)
    with pytest.raises(MunuError, match="belongs to another study"):
        munu.coverage(changed, moment_mu_b=[0.0], toys=1, state=path)


def test_equal_experiments_are_folded_once_whatever_their_name() -> None:
    experiment, statistic = counting()
    first = fold_experiment("conus-plus").counts
    assert counts_of(experiment) is first
    assert counts_of(copy.deepcopy(experiment)) is first
    other = replace(experiment, statistic=replace(statistic, sigma_signal=0.9))
    assert counts_of(other) is first
    other_mixing = replace(experiment, mixing=munu.global_fit("nufit60-no"))
    assert counts_of(other_mixing).events is first.events


@pytest.mark.parametrize("what", ["mass", "source", "detector", "efficiency", "recoils"])
def test_another_experiment_of_the_same_name_is_folded_anew(what: str) -> None:
    experiment, _ = counting(SUBJECTS.get(what, "conus-plus"))
    changed = CHANGES[what](experiment)
    assert counts_of(experiment).sm_total() == pytest.approx(munu.fold(experiment).sm_total())
    assert counts_of(changed).sm_total() == pytest.approx(munu.fold(changed).sm_total())
    assert counts_of(changed) is not counts_of(experiment)


LEVEL = [1.0]


@dataclass(frozen=True)
class Mine(Efficiency):
    """An efficiency that reads more than its fields."""

    def __call__(self, observable: FloatArray) -> FloatArray:
        return np.full(np.shape(observable), LEVEL[0])

    def kinks(self) -> FloatArray:
        return np.empty(0)

    def describe(self) -> str:
        return "mine"


def test_a_class_of_one_s_own_is_never_taken_from_an_earlier_fold() -> None:
    experiment, _ = counting()
    mine = replace(experiment, detector=replace(experiment.detector, efficiency=Mine()))
    assert own_digest(mine) is None
    assert mine.inputs_hash == replace(mine).inputs_hash
    whole = munu.rate(mine).sm_events
    LEVEL[0] = 0.5
    try:
        assert munu.rate(mine).sm_events == pytest.approx(0.5 * whole)
    finally:
        LEVEL[0] = 1.0


def test_digests_know_the_code_of_foreign_parts() -> None:
    def scaled(factor: float) -> Any:
        return lambda x: factor * x

    assert digest(scaled(1.0)) != digest(scaled(2.0))
    assert digest(scaled(1.0)) == digest(scaled(1.0))
    assert digest(lambda x: x + 1) != digest(lambda x: x + 2)


values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(values, values)
def test_digests_are_equal_for_equal_content_only(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (repr(one) == repr(other))


@given(arrays(np.float64, 3), arrays(np.float64, 3))
def test_digests_of_arrays(one: FloatArray, other: FloatArray) -> None:
    assert (digest(one) == digest(other)) == (one.tobytes() == other.tobytes())
    assert digest(one) != digest(one.reshape(3, 1))


def test_cached_folds_are_few() -> None:
    assert _counts.cache_info().maxsize == 64


def test_first_run_has_one_variance() -> None:
    """B_ss is subtracted and so counts twice (text below Eq. 33 of arXiv:1905.03750)."""
    run = FirstRun(134.0, 6.0, 405.0, 0.28, 0.25)
    assert run.statistical_variance == 134 + 6 + 2 * 405
