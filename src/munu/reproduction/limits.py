"""Every limit from one set of data, a fit that fails being marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis import interval, joint_model
from munu.assumptions import Assumptions
from munu.errors import MunuError
from munu.folded import Folded
from munu.parameters import Others, is_effective
from munu.results.today import EFFECTIVE_LIMITS, MASS_LIMITS, TodayLimit
from munu.statistics.model import MomentModel


def limits_of(folded: Sequence[Folded], assumptions: Assumptions) -> tuple[TodayLimit, ...]:
    """Return the 90 % limits on transition and effective moments from data taken together."""
    models = [joint_model(folded, assumptions, effective=one) for one in (False, True)]
    return tuple(
        _limit(models[is_effective(name)], name, how, assumptions)
        for name, how in (*MASS_LIMITS, *EFFECTIVE_LIMITS)
    )


def _limit(
    model: MomentModel, parameter: str, others: Others, assumptions: Assumptions
) -> TodayLimit:
    try:
        found = interval(model, parameter, assumptions, others=others)
    except MunuError as error:
        return TodayLimit(parameter=parameter, others=others, limit_mu_b=np.inf, failure=str(error))
    return TodayLimit(
        parameter=parameter,
        others=others,
        limit_mu_b=found.upper_mu_b,
        unbounded_because=found.unbounded_because,
    )
