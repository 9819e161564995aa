"""Observed limits beside expected ones, and data that exclude the Standard Model."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2 as chi2_distribution

import munu
from munu.analysis import limit as limits
from munu.analysis.goodness import TOYS, standard_model_fits
from munu.analysis.statement import fold_assumed
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import OTHERS, Others
from munu.results import read_json
from munu.results.core.standard_model import APART, StandardModelFit, comparison, differ, exclusions
from munu.results.paper import today_limit

BACKGROUND = 40.0
TEXT = """
format = 1
id = "one-count"
title = "one count of a detector of its own"
reference = "tests"
[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[1.8, 2e11], [5, 1e11], [8, 1e9]]
[target]
material = "Si"
mass = "3 g"
[exposure]
live_time = "90 days"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.2, 3], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = [OBSERVED]
sigma_signal = 0
backgrounds = [{ name = "b", events = [40], sigma = 0 }]
"""


def counted(observed: float) -> CountingExperiment:
    experiment = munu.loads(TEXT.replace("OBSERVED", str(observed)))
    assert isinstance(experiment, CountingExperiment)
    return experiment


def deviance(observed: float, expected: float) -> float:
    """Return -2 ln L over the saturated model of one Poisson count."""
    logarithm = observed * np.log(observed / expected) if observed else 0.0
    return float(2 * (expected - observed + logarithm))


def by_hand(observed: float, threshold: float) -> float:
    """Return the limit on mu_nu_e of the count, solved here."""
    rate = munu.rate(counted(10))
    nothing = rate.sm_events + BACKGROUND
    dipole = sum(c.dipole_events_per_mu_b2 for c in rate.components)
    least = deviance(observed, max(nothing, observed))

    def over(excess: float) -> float:
        return deviance(observed, nothing + excess) - least - threshold

    return float(np.sqrt(brentq(over, max(observed - nothing, 0.0), 1e4) / dipole))


@pytest.mark.parametrize("observed", [0, 12, 41, 60])
@pytest.mark.parametrize(("one_sided", "threshold"), [(False, 2.70554), (True, 1.64237)])
def test_observed_and_expected_by_hand(observed: int, one_sided: bool, threshold: float) -> None:
    found = munu.limit(counted(observed), "mu_nu_e", one_sided=one_sided)
    expected = munu.rate(counted(10)).sm_events + BACKGROUND
    assert found.delta_chi2 == pytest.approx(threshold, abs=1e-5)
    assert found.limit_mu_b == pytest.approx(by_hand(observed, threshold), rel=1e-5)
    assert found.expected_limit_mu_b == pytest.approx(by_hand(expected, threshold), rel=1e-5)
    (fit,) = found.standard_model
    assert fit.chi2 == pytest.approx(deviance(observed, expected), rel=1e-6)
    assert fit.p_value == pytest.approx(chi2_distribution.sf(fit.chi2, 1), rel=1e-6)
    assert fit.is_excluded == (observed in (0, 12))
    document = json.loads(found.to_json())
    assert document["sided"] == ("one-sided" if one_sided else "two-sided")
    assert document["expected_limit_mu_b"] == found.expected_limit_mu_b
    assert read_json(found.to_json()).to_json() == found.to_json()


def flat(result: object) -> str:
    return " ".join(str(result).split())


def test_a_deficit_that_excludes_the_standard_model_is_told_everywhere() -> None:
    few = counted(12)
    text = flat(munu.limit(few, "mu_nu_e"))
    assert "The observed limit is stronger than the expected one by a factor of" in text
    assert "No moment fits the data better than the Standard Model does." in text
    remark = "one-count: the data exclude the Standard Model: χ² = "
    for statement in (munu.limit, munu.profile, munu.region, munu.envelope):
        assert remark in flat(statement(few)), statement.__name__
        assert remark not in flat(statement(few, expected=True))
        assert remark not in flat(statement(counted(41)))
    assert remark in flat(munu.coverage(few, "mu_nu_e", toys=25, moment_mu_b=[1e-10]))


def test_an_excess_is_weaker_and_its_interval_begins_above_zero() -> None:
    many = counted(75)
    two, one = (munu.limit(many, "mu_nu_e", one_sided=x) for x in (False, True))
    assert differ(two.limit_mu_b, two.expected_limit_mu_b) == "weaker"
    assert two.lower_mu_b > 0
    best = munu.profile(many, "mu_nu_e", moment_mu_b=[0.0, two.best_fit_mu_b]).delta_chi2
    assert two.standard_model_delta_chi2 == pytest.approx(best[0] - best[1], abs=1e-6)
    assert "The Standard Model, no moment, is outside the two-sided interval: Δχ² = " in flat(two)
    assert "each end alone" not in flat(two)
    assert "each end alone is at 90 % C.L., both together at 80 %" in flat(one)
    assert two.lower_mu_b < one.lower_mu_b < one.limit_mu_b < two.limit_mu_b


def test_expected_and_projected_data_show_no_second_number() -> None:
    for found in (
        munu.limit("conus"),
        munu.limit("borexino-phase-ii"),
        munu.limit(counted(12), expected=True),
    ):
        assert not found.has_expected
        assert found.standard_model == ()
        assert "expected one" not in flat(found)
        assert "expected" not in found.tables()[0].columns
        assert json.loads(found.to_json())["expected_limit_mu_b"] is None
        (row,) = csv.DictReader(io.StringIO(found.to_csv()))
        assert row["expected_limit_mu_b"] == ""
        assert row["data"] == ("expected" if found.assumptions.asimov else "observed")


def test_a_blind_experiment_has_no_expected_limit_either() -> None:
    found = munu.limit(counted(41), "Lambda_e")
    assert found.unbounded
    assert found.has_expected
    assert found.expected_unbounded_because == "blind direction"
    row = dict(zip(found.tables()[0].columns, found.tables()[0].rows[0], strict=True))
    assert row["limit"] == row["expected"] == "unbounded"
    assert comparison(found.limit_mu_b, found.expected_limit_mu_b) == ()


@pytest.mark.parametrize("expected", [False, True])
def test_an_expected_limit_is_that_of_the_option(expected: bool) -> None:
    both = ["coherent-csi-2017", "conus"]
    for options in ({}, {"others": "profiled"}, {"cl": 0.95, "one_sided": True}):
        options: dict[str, Any]
        found = munu.limit(both, "Lambda_3", **options)
        alone = munu.limit(both, "Lambda_3", expected=True, **options)
        assert found.expected_limit_mu_b == pytest.approx(alone.limit_mu_b, rel=1e-9)


def test_each_experiment_is_tested_alone() -> None:
    """One bad bin is not lost among the many of another."""
    experiments = [counted(12), "coherent-csi-2017", "conus"]
    folded, assumptions = fold_assumed(experiments, None, Assumptions(mixing="desalas2018-no"))
    bad, good = standard_model_fits(folded, assumptions)
    assert (bad.is_excluded, good.is_excluded) == (True, False)
    assert chi2_distribution.sf(bad.chi2 + good.chi2, bad.n_bins + good.n_bins) > 0.02
    assert good.chi2 == pytest.approx(munu.fit("coherent-csi-2017", toys=0).chi2, rel=1e-6)


@pytest.mark.parametrize("name", ["dresden-ii", "coherent-csi", "coherent-lar-2020"])
def test_the_standard_model_fits_as_in_a_fit(name: str) -> None:
    """Free normalisations and bins of control regions counted alike."""
    (fit,) = munu.limit(name, "mu_nu_e").standard_model
    whole = munu.fit(name, toys=0)
    assert fit.chi2 == pytest.approx(whole.chi2, rel=1e-6)
    assert (fit.n_bins, fit.degrees_of_freedom) == (whole.n_bins, whole.degrees_of_freedom)
    assert fit.p_value == pytest.approx(whole.p_value, rel=1e-5)


def test_sparse_bins_are_judged_by_toys() -> None:
    """−2 ln L of counts of one or two is larger than its χ² distribution has it."""
    bins, rng = 900, np.random.default_rng(5)
    edges = ", ".join(f"{x:.6f}" for x in np.linspace(0.2, 3, bins + 1))
    counts = ", ".join(map(str, rng.poisson(1.5, bins)))
    text = TEXT.replace("edges = [0.2, 3]", f"edges = [{edges}]")
    text = text.replace("[OBSERVED]", f"[{counts}]")
    text = text.replace("events = [40]", f"events = [{', '.join(['1.5'] * bins)}]")
    text = text.replace('mass = "3 g"', 'mass = "0.01 g"')
    folded = fold_experiment(munu.loads(text))
    (fit,) = standard_model_fits([folded], Assumptions(mixing="desalas2018-no"))
    assert chi2_distribution.sf(fit.chi2, bins) < 0.01
    assert fit.toys == TOYS
    assert not fit.is_excluded


def test_what_is_far_apart_is_about_a_standard_deviation() -> None:
    """Of a Gaussian count that limits μ² ≥ 0: x = μ² in its standard deviations, 2.71 above."""
    usual = np.sqrt(2.70554)
    weaker = np.sqrt((1 + usual) / usual)
    stronger = np.sqrt(usual / (np.sqrt(1 + 2.70554) - 1))
    assert weaker == pytest.approx(1.268, abs=1e-3)
    assert stronger == pytest.approx(1.333, abs=1e-3)
    assert weaker > APART
    assert stronger > APART
    assert differ(1.0, 1.2) == differ(1.2, 1.0) == differ(np.inf, np.inf) == ""
    assert differ(1.0, 1.3) == differ(1.0, np.inf) == "stronger"
    assert differ(1.3, 1.0) == differ(np.inf, 1.0) == "weaker"
    assert comparison(1.0, 2.0)[0].endswith("stronger than the expected one by a factor of 2.00.")
    assert "no limit" in comparison(1.0, np.inf)[0]
    assert "set none" in comparison(np.inf, 1.0)[0]


def test_a_profiled_limit_is_stronger_than_its_slice_from_observed_data_alone() -> None:
    """The minimum that Δχ² counts from is lower with a second moment free, if data prefer one."""

    def limit(*, others: Others, expected: bool) -> float:
        options: dict[str, Any] = {"channels": "electron", "expected": expected, "others": others}
        return float(munu.limit("coherent-csi-2017", "mu_nu_e", **options).limit_mu_b)

    alone, profiled = (limit(others=x, expected=False) for x in OTHERS)
    assert (alone, profiled) == (pytest.approx(205.7e-10, 1e-3), pytest.approx(203.7e-10, 1e-3))
    alone, profiled = (limit(others=x, expected=True) for x in OTHERS)
    assert profiled >= alone * (1 - 1e-6)


def test_a_fit_to_expected_data_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    original = limits.interval

    def failing(model: Any, parameter: str, assumptions: Any, **options: Any) -> Any:
        if assumptions.asimov:
            raise MunuError("the nuisance 'x' does not converge", "Widen it")
        return original(model, parameter, assumptions, **options)

    monkeypatch.setattr(limits, "interval", failing)
    found = munu.limit(counted(41))
    assert np.isfinite(found.limit_mu_b)
    assert not found.has_expected
    assert "The fit to expected data failed: the nuisance 'x' does not converge" in flat(found)
    limit = today_limit.TodayLimit(
        parameter="Lambda_1", others="zero", limit_mu_b=1e-10, expected_failure="why"
    )
    assert today_limit.rows_of(("set",), [limit]) == (("set", "1.00"), (" expected", "✗"))
    assert limit.differs() == ""


def test_words_of_a_fit() -> None:
    fit = StandardModelFit(
        experiment="a@future", chi2=4e3, n_bins=2, degrees_of_freedom=2, p_value=0.0
    )
    assert (
        "a@future: the data exclude the Standard Model: χ² = 4000 for 2 bins, p < 1e-300"
        in (exclusions([fit])[0])
    )
    by_toys = replace(fit, p_value=1 / (1 + TOYS), toys=TOYS)
    assert "p < 0.0050 by 200 toys" in by_toys.text()
    assert exclusions([replace(fit, p_value=None), replace(fit, p_value=0.011)]) == ()


LATER = (
    "sided",
    "expected",
    "expected_limit_mu_b",
    "expected_unbounded_because",
    "expected_failure",
    "has_expected",
    "standard_model_delta_chi2",
    "standard_model",
)


def test_files_of_earlier_versions_load() -> None:
    document = json.loads(munu.limit(counted(41)).to_json())
    earlier = {key: value for key, value in document.items() if key not in LATER}
    assert len(earlier) == len(document) - len(LATER)
    found = read_json(json.dumps(earlier))
    assert isinstance(found, type(munu.limit("conus")))
    assert found.assumptions.sided == "two-sided"
    assert not found.has_expected
    assert "expected" not in found.tables()[0].columns
    for key in ("limit_mu_b", "version", "beam", "notes"):
        with pytest.raises(MunuError, match="lacks"):
            read_json(json.dumps({k: v for k, v in earlier.items() if k != key}))


@pytest.mark.parametrize(
    ("name", "parameter", "known"),
    [
        ("coherent-csi-2021", "mu_nu_mu", True),
        ("coherent-csi-2021", "mu_nu_tau", True),
        ("conus", "mu_nu_mu", False),
        ("conus", "mu_nu_e", False),
        ("conus-plus", "epsilon_u_ee", True),
        ("conus-plus", "epsilon_u_mumu", True),
        ("conus", "epsilon_u_ee", False),
    ],
)
def test_json_tells_what_is_unbounded_from_what_is_not_computed(
    name: str, parameter: str, known: bool
) -> None:
    document = json.loads(munu.limit(name, parameter).to_json())
    assert document["has_expected"] is known
    if "expected_intervals" in document:
        assert bool(document["expected_intervals"]) is known
    # Files of earlier versions lack the key, and the other keys tell most of it.
    del document["has_expected"]
    earlier = read_json(json.dumps(document))
    assert json.loads(earlier.to_json())["has_expected"] is known
