"""Two results compared: what was asked, what was found, and what is rounding."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError

SAVED = sorted((Path(__file__).parents[1] / "results" / "files_0_1_0").glob("*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_result_equals_itself(path):
    found = munu.compare(path, munu.read_json(path))
    assert found
    assert found.differences == ()
    assert found.summary()[0].endswith("are equal")
    assert munu.read_json(found.to_json()) == found


def saved(name):
    return munu.read_json(next(path for path in SAVED if path.stem == name))


def test_inputs_and_results_are_told_apart():
    first = saved("limit")
    assumptions = replace(first.assumptions, sigma_sys=0.05)
    origin = replace(first.origin, version="9.9.9", notes=("Another.",), inputs_hash=("0" * 64,))
    second = replace(
        first, limit_mu_b=2 * first.limit_mu_b, cl=0.95, assumptions=assumptions, origin=origin
    )
    found = munu.compare(first, second)
    assert not found
    by_key = {one.key: one for one in found.differences}
    assert {one.key for one in found.of("inputs")} == {
        "cl",
        "sigma_sys",
        "version",
        "inputs_hash[0]",
    }
    assert {one.key for one in found.of("results")} == {"limit_mu_b", "intervals"}
    assert {one.about for one in found.differences} == {"inputs", "results", "notes"}
    assert by_key["limit_mu_b"].relative == 0.5
    assert by_key["sigma_sys"].first == "null"
    assert "4 inputs, 2 results, 1 note" in found.summary()[0]
    assert "limit_mu_b: 0.5" in found.summary()[0]
    assert munu.read_json(found.to_json()) == found
    assert found.to_csv().count("\n") == 1 + len(found.differences)


def test_experiments_that_differ_are_inputs():
    first, second = munu.limit("conus"), munu.limit("connie")
    keys = [one.key for one in munu.compare(first, second).of("inputs")]
    assert {"experiments[0]", "inputs_hash[0]", "labels[0]"} <= set(keys)
    longer = munu.compare(first, munu.limit(["conus", "connie"]))
    assert next(one for one in longer.of("inputs") if one.key == "experiments").first == (
        '["conus@current"]'
    )


def test_rounding_does_not_count_within_a_tolerance():
    first = saved("profile")
    delta = first.delta_chi2.copy()
    delta[1] += 3e-12 * delta.max()
    second = replace(first, delta_chi2=delta)
    (one,) = munu.compare(first, second).differences
    assert (one.key, one.number) == ("delta_chi2", 1)
    assert one.relative == pytest.approx(3e-12, rel=1e-3)
    assert not munu.compare(first, second, relative=2.9e-12)
    assert munu.compare(first, second, relative=3.1e-12)


def test_a_zero_that_is_rounding_elsewhere_counts_by_the_largest_of_its_list():
    first = saved("profile")
    delta = first.delta_chi2.copy()
    delta[delta.argmin()] += 1e-15
    assert munu.compare(first, replace(first, delta_chi2=delta), relative=1e-12)


def test_what_is_infinite_on_one_side_differs_at_any_tolerance():
    first = saved("profile")
    delta = first.delta_chi2.copy()
    delta[2] = np.inf
    (one,) = munu.compare(first, replace(first, delta_chi2=delta), relative=1.0).differences
    assert one.relative == np.inf
    assert one.second == "null"
    assert munu.compare(*[replace(first, delta_chi2=delta)] * 2)


def test_lists_of_other_lengths_differ():
    curves = [munu.profile("conus", at=np.linspace(0, 1e-9, n)) for n in (5, 6)]
    found = munu.compare(*curves, relative=1.0)
    one = next(one for one in found.differences if one.key == "moment_mu_b")
    assert (one.first, one.second, one.relative) == ("5 numbers", "6 numbers", None)


@pytest.mark.parametrize(
    ("a", "b", "relative", "message"),
    [
        ("limit", "region", 0.0, "kinds 'limit' and 'region' have nothing to compare"),
        ("limit", "limit", -1.0, "relative = -1"),
        ("limit", "limit", np.nan, "relative"),
    ],
)
def test_what_cannot_be_compared_is_refused(a, b, relative, message):
    with pytest.raises(MunuError, match=message):
        munu.compare(saved(a), saved(b), relative=relative)


def test_what_is_no_result_is_refused(tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"a": 1}), encoding="utf-8")
    for given, message in (
        (path, "other.json: this JSON holds no result"),
        (tmp_path / "none.json", "cannot read .*none.json"),
        (3, "3 is neither JSON nor a path"),
    ):
        with pytest.raises(MunuError, match=message):
            munu.compare(SAVED[0], given)


def test_the_noise_of_a_vanishing_chi2_is_no_difference():
    first = replace(saved("limit"), chi2_min=0.0)
    second = replace(first, chi2_min=3e-25)
    assert not munu.compare(first, second)
    assert munu.compare(first, second, relative=1e-9)
    assert not munu.compare(first, replace(first, chi2_min=3e-9), relative=1e-9)
