"""Sensitivities: data as the Standard Model predicts in the place of those observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.load import load
from munu.folding.folded import fold_experiment
from munu.results import read_json
from munu.statistics.build import build, with_expected_data
from munu.statistics.specification import Counts


@pytest.mark.parametrize("name", ["coherent-csi-2021", "xenonnt-sr0-er", "conus-plus"])
def test_expected_data_are_the_standard_model_and_the_backgrounds(name: str) -> None:
    """As if the experiment had counted exactly what it predicts."""
    experiment = load(name)
    spec = experiment.statistic
    assert isinstance(spec, Counts)
    sm = fold_experiment(name).counts.sm_total()
    predicted = sm + sum((b.events for b in spec.backgrounds), np.zeros(sm.size))
    counted = replace(experiment, statistic=replace(spec, observed=predicted))
    expected, own = (munu.limit(one, expected=x) for one, x in ((name, True), (counted, False)))
    assert expected.limit_mu_b == pytest.approx(own.limit_mu_b, rel=1e-9)
    assert expected.limit_mu_b != pytest.approx(munu.limit(name).limit_mu_b, rel=0.01)


@pytest.mark.parametrize("name", ["coherent-csi", "coherent-lar-2020", "dresden-ii"])
def test_expected_data_fit_without_pulls(name: str) -> None:
    folded = fold_experiment(name)
    sm, variants = folded.counts.sm_of_folds(), folded.counts.variants
    names = tuple(variant.name for variant in variants)
    spec = with_expected_data(folded.experiment.statistic, folded.counts.sm_total())
    likelihood = build(spec, name, sm, names)
    assert likelihood.chi2(sm) == pytest.approx(0, abs=1e-9)
    curve = munu.profile(name, "mu_nu_e", expected=True)
    assert curve.delta_chi2[0] == 0
    assert np.all(np.diff(curve.delta_chi2) > 0)


def test_the_first_run_has_a_closed_form() -> None:
    """Eq. (33) of arXiv:1905.03750 with N_meas = N_SM + B."""
    experiment = load("coherent-csi")
    sm = fold_experiment("coherent-csi").counts.sm_total()
    spec = experiment.statistic
    counted = replace(spec, observed=float(sm[0]) + spec.prompt_neutrons)
    own = munu.limit(replace(experiment, statistic=counted), "mu_eff")
    assert munu.limit("coherent-csi", "mu_eff", expected=True).limit_mu_b == own.limit_mu_b


@pytest.mark.parametrize("name", ["conus", "borexino-phase-ii"])
def test_projections_and_bounds_are_expectations_already(name: str) -> None:
    assert munu.limit(name, expected=True).limit_mu_b == munu.limit(name).limit_mu_b


def test_every_statement_says_that_it_is_expected() -> None:
    name = "conus-plus"
    for statement in (munu.limit, munu.profile, munu.region, munu.envelope):
        result = statement(name, expected=True)
        assert result.assumptions.asimov
        assert "expected without moments" in " ".join(str(result).split())
        assert read_json(result.to_json()).to_json() == result.to_json()
        assert "expected without moments" not in str(statement(name))
    assert munu.region(name, expected=True).standard_model_delta_chi2 == pytest.approx(0, abs=1e-9)
    with pytest.raises(MunuError, match="expected"):
        munu.limit(name, expected="yes")
