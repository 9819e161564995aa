"""Every limit from one set of data, a fit that fails being marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from munu.analysis.goodness import observes
from munu.analysis.model import intervals, joint_model
from munu.base.errors import MunuError
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others, is_effective
from munu.results.paper.today_limit import EFFECTIVE_LIMITS, MASS_LIMITS, TodayLimit
from munu.statistics.limits import Interval


def limits_of(folded: Sequence[Folded], assumptions: Assumptions) -> tuple[TodayLimit, ...]:
    """Return the 90 % limits on moments from data taken together, expected ones beside them."""
    observed = _limits(folded, assumptions)
    if assumptions.asimov or not observes(folded):
        return observed
    expected = _limits(folded, replace(assumptions, asimov=True))
    return tuple(beside(*pair) for pair in zip(observed, expected, strict=True))


def beside(observed: TodayLimit, expected: TodayLimit) -> TodayLimit:
    """Return a limit from data with that of expected data."""
    return replace(
        observed,
        expected_limit_mu_b=expected.limit_mu_b,
        expected_unbounded_because=expected.unbounded_because,
        expected_failure=expected.failure,
        has_expected=True,
    )


def _limits(folded: Sequence[Folded], assumptions: Assumptions) -> tuple[TodayLimit, ...]:
    models = [joint_model(folded, assumptions, effective=one) for one in (False, True)]
    wanted = (*MASS_LIMITS, *EFFECTIVE_LIMITS)
    asked = [(models[is_effective(name)], name, others) for name, others in wanted]
    return tuple(
        _limit(name, others, found)
        for (name, others), found in zip(wanted, intervals(asked, assumptions), strict=True)
    )


def _limit(parameter: str, others: Others, found: Interval | MunuError) -> TodayLimit:
    if isinstance(found, MunuError):
        return TodayLimit(parameter=parameter, others=others, limit_mu_b=np.inf, failure=str(found))
    return TodayLimit(
        parameter=parameter,
        others=others,
        limit_mu_b=found.upper_mu_b,
        unbounded_because=found.unbounded_because,
    )
