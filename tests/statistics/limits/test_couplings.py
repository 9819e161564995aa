"""Every interval and island of couplings that interfere, against SciPy on a dense grid.

The data are the experiments' own or drawn. `benchmarks/brute_force_couplings.py` asks the same of
more of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import pytest

from munu.analysis.couplings import at_shapes
from munu.analysis.model import specification_of
from munu.base.terms import Terms
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import AmplitudeTerm
from munu.physics.interactions.weak import VECTOR, NeutronForm, ProtonForm, standard_amplitude
from munu.statistics.build import build
from munu.statistics.likelihoods import NewtonLikelihood, as_newton
from munu.statistics.limits import coupling_intervals
from munu.statistics.models import CouplingModel
from munu.statistics.toys import toy_data

ASSUMPTIONS = Assumptions(mixing="desalas2018-no")
NINETY = delta_chi2(0.90, 1)
NO_OTHERS = np.zeros((2, 0))
QUARKS = {"u": (2.0, 1.0), "d": (1.0, 2.0)}
"""Quarks in a proton and in a neutron."""
COUPLINGS = ("u e", "d e", "d mu")


@final
@dataclass(frozen=True)
class Data:
    """A model of two couplings, and how its likelihood is to be drawn."""

    model: CouplingModel
    specification: Any
    variants: tuple[str, ...]

    def drawn(self, seed: int) -> CouplingModel:
        """Return the model with toy data; those of seed 0 are the experiment's own."""
        if seed == 0:
            return self.model
        own = self.model.likelihood
        rng = np.random.default_rng(seed)
        drawn = next(iter(toy_data(self.specification, own, self.model.sm, rng)))
        toy = drawn.likelihood(self.model.names[0], self.model.sm, self.variants)
        assert isinstance(toy, NewtonLikelihood)
        return CouplingModel(self.model.names, toy, self.model.forms)


def data_of(name: str, couplings: tuple[str, str]) -> Data:
    """Return the couplings of quarks, vector and diagonal in flavour, to an experiment's nuclei."""
    folded = fold_experiment(name)
    experiment = folded.experiment
    assert isinstance(experiment, CountingExperiment)
    amplitudes = [standard_amplitude(experiment.standard_model)]
    for one in couplings:
        quark, flavour = one.split()
        to_proton, to_neutron = QUARKS[quark]
        matrix = np.diag([float(flavour == f) for f in ("e", "mu", "tau")]).astype(complex)
        amplitudes.append(
            (
                AmplitudeTerm(VECTOR, ProtonForm(), to_proton * matrix),
                AmplitudeTerm(VECTOR, NeutronForm(), to_neutron * matrix),
            )
        )
    response = at_shapes(folded, amplitudes, ASSUMPTIONS)
    mixing = ASSUMPTIONS.neutrino_mixing
    forms = [one.form(amplitudes, mixing).sum(axis=0) for one in response.folds()]
    specification = specification_of(experiment, ASSUMPTIONS)
    variants = tuple(variant.name for variant in response.variants)
    built = build(specification, name, response.signal(), variants)
    likelihood = as_newton([built], response.signal())
    return Data(CouplingModel((name,), likelihood, np.concatenate(forms)), specification, variants)


def lowest_by_scipy(
    likelihood: NewtonLikelihood, signals: FloatArray, starts: int = 1
) -> FloatArray:
    """Return χ² minimised over the nuisances along a path of signals, by SciPy both ways."""
    from scipy.optimize import minimize

    nominal = np.zeros(len(likelihood.names))
    rest = nominal if likelihood.auxiliary is None else likelihood.auxiliary
    rng = np.random.default_rng(7)
    best = np.full(len(signals), np.inf)
    for order in (range(len(signals)), range(len(signals) - 1, -1, -1)):
        theta = nominal
        for row in order:

            def terms(at: FloatArray, row: int = row) -> Terms:
                return likelihood.terms(signals[row : row + 1], at[None])

            tried = [theta, rest, *rng.normal(rest, size=(9, rest.size))][:starts]
            found = [
                minimize(
                    lambda at: float(terms(at).chi2[0]),
                    start,
                    jac=lambda at: terms(at).gradient[0],
                    hess=lambda at: terms(at).hessian[0],
                    method="trust-exact",
                )
                for start in tried
            ]
            lowest = min(found, key=lambda one: float(one.fun))
            best[row], theta = min(best[row], lowest.fun), lowest.x
    return best


def check_line(model: CouplingModel, along: FloatArray, points: int, starts: int = 1) -> int:
    """Compare the intervals along a direction with the grid; return their number."""
    found = coupling_intervals(model, along, NO_OTHERS, NINETY)
    ends = found.intervals.ravel()
    span = np.ptp(ends)
    grid = np.linspace(ends[0] - 0.5 * span, ends[-1] + 0.5 * span, points)
    both = np.column_stack([np.ones(points), grid[:, None] * along])
    signals = np.einsum("mi,bij,mj->mb", both, model.forms, both)
    chi2 = lowest_by_scipy(model.likelihood, signals, starts)
    assert found.chi2_min <= chi2.min() + 1e-6
    rise = chi2 - found.chi2_min - NINETY
    inside = np.zeros(points, bool)
    for low, high in found.intervals:
        inside |= (grid >= low) & (grid <= high)
    # SciPy stops at about 1e-5 of χ²; a deeper valley than either found would show as a large rise.
    assert not np.any(rise[inside] > 1e-3), (grid[inside], rise[inside])
    assert not np.any(rise[~inside] < -1e-3), (grid[~inside], rise[~inside])
    return len(found.intervals)


@pytest.mark.parametrize(
    ("name", "couplings", "seed"),
    [
        ("conus-plus", ("u e", "d e"), 0),
        ("conus-plus", ("u e", "d e"), 1),
        ("dresden-ii", ("u e", "d e"), 0),
        ("dresden-ii", ("u e", "d e"), 2),
        ("coherent-csi-2021", ("d e", "d mu"), 0),
        ("coherent-csi-2021", ("d e", "d mu"), 3),
    ],
)
def test_every_interval_is_found(name: str, couplings: tuple[str, str], seed: int) -> None:
    model = data_of(name, couplings).drawn(seed)
    assert check_line(model, np.array([0.0, 1.0]), points=61) >= 1
