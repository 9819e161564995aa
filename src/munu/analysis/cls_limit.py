"""CLs limits on the modulus of one moment, asymptotic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from munu.analysis.assumptions import phases_are_free
from munu.analysis.cls_data import named, of_expected_data
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import check_sigma_sys
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_study import free_phases, modulus_study
from munu.base.roots import bracketed_roots
from munu.base.thresholds import ONE_SIDED, delta_chi2, limit_delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike, load_experiments
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import Others
from munu.results.bands import QUANTILES
from munu.results.cls_limit import ClsLimitResult
from munu.statistics.limits import cls_of, expected_rise
from munu.statistics.studies import ToyStudy, without_signal

ROOT_PRECISION: Final = 1e-7
"""Of a limit, relative to it."""
FARTHER, FARTHEST = 1.5, 1e3
"""Steps from the one-sided limit outwards, and times it beyond which CLs does not fall."""
SHOWN, REACH = 41, 1.5
"""Values of CLs in a result, and where the last is over the limit."""


@final
@dataclass(frozen=True)
class ModulusTest:
    """CLs of a modulus.

    Parameters
    ----------
    data : ToyStudy
        One-sided.
    expected : ToyStudy
        The same with data that are expected without moments, the nuisances as the data ask for.
    """

    data: ToyStudy
    expected: ToyStudy

    @classmethod
    def of(cls, data: ToyStudy, *, expected: bool) -> ModulusTest:
        """Return the test of a study's experiments, whose data may be the expected ones."""
        if expected:
            return cls(data, data)
        likelihood = without_signal(data.specifications, data.likelihood, data.model.sm)
        return cls(data, replace(data, model=data.model.with_likelihood(likelihood)))

    def rises(self, moduli_mu_b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return q of the data and of the expected ones."""
        return self.data.observed_rise(moduli_mu_b), self.expected.observed_rise(moduli_mu_b)

    def cls(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return CLs at moduli (μ_B), shape (n,)."""
        return cls_of(*self.rises(moduli_mu_b), bounded=True)

    def limit_mu_b(self, cl: float) -> float:
        """Return the modulus at which CLs falls through 1 - cl, or inf.

        It is not below that at which the data alone would exclude, as CLs is their p-value over
        one that is below one.
        """
        start = self.data.interval(limit_delta_chi2(cl, ONE_SIDED)).upper_mu_b
        if not np.isfinite(start):
            return np.inf

        def over(moduli: FloatArray) -> FloatArray:
            return self.cls(moduli) - (1 - cl)

        low = high = start
        while over(np.array([high]))[0] > 0:
            low, high = high, FARTHER * high
            if high > FARTHEST * start:
                return np.inf
        ends = np.array([low]), np.array([high])
        return float(bracketed_roots(over, *ends, relative_tolerance=ROOT_PRECISION)[0])


def cls_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    others: Others,
) -> ClsLimitResult:
    """Return the CLs limit on the modulus of a moment; arguments as of `munu.limit`.

    Raises
    ------
    MunuError
        As `munu.limit` and `of_expected_data`; for a level that is none of one side.
    """
    one_sided = replace(given, one_sided=True)
    limit_delta_chi2(cl, ONE_SIDED)
    phases_free = phases_are_free(others, one_sided)
    loaded = load_experiments(experiment, setup)
    check_sigma_sys(loaded, given.sigma_sys)
    folded, settled = fold_assumed(loaded, None, one_sided)
    expected = of_expected_data(folded, settled)
    study = modulus_study(folded, parameter, settled, others=others, phases_free=phases_free)
    test = ModulusTest.of(study, expected=expected)
    asymptotic = study.interval(delta_chi2(cl, 1))
    upper = test.limit_mu_b(cl)
    ends = [test.expected.interval(expected_rise(cl, one)).upper_mu_b for one in QUANTILES]
    values = np.linspace(0.0, REACH * upper, SHOWN) if np.isfinite(upper) else np.empty(0)
    observed, asimov = test.rises(values) if values.size else (values, values)
    standard_model = standard_model_fits(folded, settled)
    return ClsLimitResult(
        parameter=parameter,
        unit=parameter_of(parameter).unit.key,
        cl=cl,
        method="cls",
        others=others,
        profiled=(),
        intervals=np.array([[0.0, upper]]),
        unbounded_because=""
        if np.isfinite(upper)
        else asymptotic.unbounded_because or "systematic uncertainty",
        expected_quantiles=np.array([[0.0, end] for end in ends]),
        best_fit=asymptotic.best_fit_mu_b,
        values=values,
        cls=cls_of(observed, asimov, bounded=True),
        observed_delta_chi2=observed,
        expected_delta_chi2=asimov,
        asymptotic_intervals=np.array([[asymptotic.lower_mu_b, asymptotic.upper_mu_b]]),
        standard_model=standard_model,
        assumptions=settled.stored(free_phases(parameter, phases_free)),
        origin=named(origin_of(folded, settled, standard_model), expected=expected),
    )
