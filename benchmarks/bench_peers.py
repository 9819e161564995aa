"""Curves of Δχ² by general tools: the "floor" of these rows is the time that the tool takes.

iminuit minimises the same χ², written in NumPy, over the nuisances at each point; pyhf fits the
workspace that `munu.export` writes, with its NumPy backend and iminuit.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.bench_core import ASSUMPTIONS, LARGEST
from iminuit import Minuit

import munu
from munu.analysis.model import interval, moment_model
from munu.base.typing import FloatArray
from munu.folding.folded import fold_experiment
from munu.statistics.likelihoods.newton import NewtonLikelihood

POINTS = 20
"""Of a curve."""
CLOSE = 1e-3
"""Of χ² minimised twice: iminuit ends at an estimated distance of 1e-3 of a standard deviation."""
APPROXIMATE = 0.25
"""Of χ², by which what pyhf does not have may change a curve: shapes that bend otherwise."""


@pytest.mark.parametrize("name", LARGEST)
def test_curve_against_iminuit(name, measure):
    model = moment_model(fold_experiment(name), ASSUMPTIONS)
    limit = interval(model, "Lambda_3", ASSUMPTIONS).upper_mu_b
    moments = np.zeros((POINTS, 3))
    moments[:, 2] = np.linspace(0.0, 1.5 * limit, POINTS)
    signals = model.sm + model.dipole_events(moments)
    likelihood = model.likelihood
    assert isinstance(likelihood, NewtonLikelihood)

    def minimised(signal: FloatArray) -> float:
        def chi2(theta: FloatArray) -> float:
            return float(likelihood.value(signal[None], theta[None])[0])

        found = Minuit(chi2, np.zeros(len(likelihood.names))).migrad()
        assert found.fval is not None
        return found.fval

    ours, theirs = likelihood.chi2(signals), np.array([minimised(signal) for signal in signals])
    assert np.all(theirs > ours - CLOSE)
    assert np.median(theirs - ours) < 0.1
    measure(
        lambda: likelihood.chi2(signals),
        lambda: [minimised(signal) for signal in signals],
        aim="1/38",
        rounds=5,
    )


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("xenonnt-sr0-er", "mu_eff"),
        ("coherent-ge-mini", "mu_nu_mu"),
        ("coherent-csi-2021", "mu_nu_mu"),
        ("xenonnt-s2only", "mu_eff"),
    ],
)
@pytest.mark.filterwarnings("ignore:jsonschema.RefResolver:DeprecationWarning")
def test_curve_against_pyhf(name, parameter, measure):
    pyhf = pytest.importorskip("pyhf", reason="pyhf is not installed")
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer())
    ours = munu.likelihood(name, parameter)
    workspace = pyhf.Workspace(json.loads(munu.export(ours, format="pyhf", approximate=True)))
    model = workspace.model()
    unit = float(model.config.poi_name.split("_squared_in_")[1].split("_mu_B2")[0])
    data = workspace.data(model)
    moments = np.linspace(0.0, 1.5 * munu.limit(name, parameter).limit_mu_b, POINTS)

    def theirs() -> FloatArray:
        fits = [
            pyhf.infer.mle.fixed_poi_fit(square, data, model, return_fitted_val=True)[1]
            for square in moments**2 / unit
        ]
        return np.array(fits, float)

    difference = theirs() - ours.chi2(moments[:, None])
    assert np.ptp(difference) < APPROXIMATE
    measure(lambda: ours.chi2(moments[:, None]), theirs, aim="1/458", rounds=3)
