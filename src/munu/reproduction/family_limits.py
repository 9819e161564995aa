"""Intervals of a coupling from a set of data taken together, observed and expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from munu.analysis.coupling_axes import axes_of
from munu.analysis.coupling_limit import allowed_values
from munu.analysis.couplings import couplings_of
from munu.analysis.question import question
from munu.analysis.statement import asimov_counterpart, fold_assumed
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.folded import load_experiments
from munu.folding.reachable import check_reachable
from munu.physics.assumptions import Assumptions
from munu.reproduction.family_questions import Asked
from munu.results.paper.family_limit import FamilyLimit
from munu.statistics.models import Allowed

CL: Final = 0.90


def family_limit(data: str, members: Sequence[str], asked: Asked) -> FamilyLimit:
    """Return every interval of a parameter from data taken together.

    Data whose source makes no sterile neutrino of the mass are left out; a limit that fails is
    marked and the rest goes on.
    """
    given = Assumptions(mediator_mass=asked.mediator_mass, sterile_mass=asked.sterile_mass)
    reached, reason = _reached(members, given)
    intervals, best, failure = np.empty((0, 2)), None, reason
    expected, expected_failure = np.empty((0, 2)), ""
    if reached:
        try:
            found = _allowed(reached, asked.parameter, given)
            intervals, best, failure = found.intervals, found.best_fit, ""
            expected, expected_failure = _expected(reached, asked.parameter, given)
        except MunuError as error:
            failure = str(error)
    return FamilyLimit(
        table=asked.table,
        data=data,
        experiments=tuple(reached),
        parameter=asked.parameter,
        mass=asked.mass,
        intervals=intervals,
        best_fit=best,
        unreached=not reached,
        failure=failure,
        expected=expected,
        expected_failure=expected_failure,
    )


def _allowed(members: Sequence[str], parameter: str, given: Assumptions) -> Allowed:
    """Return the values of a parameter that data allow."""
    about = question((parameter,), (), given)
    folded, settled = fold_assumed(members, None, given)
    couplings = couplings_of(folded, about, settled)
    return allowed_values(axes_of(about, couplings, given), couplings, delta_chi2(CL, 1))


def _expected(members: Sequence[str], parameter: str, given: Assumptions) -> tuple[FloatArray, str]:
    """Return what data as the Standard Model predicts would allow, or why it is not known."""
    folded, settled = fold_assumed(members, None, given)
    if asimov_counterpart(folded, settled) is None:
        return np.empty((0, 2)), ""
    try:
        return _allowed(members, parameter, replace(given, asimov=True)).intervals, ""
    except MunuError as error:
        return np.empty((0, 2)), str(error)


def _reached(members: Sequence[str], given: Assumptions) -> tuple[list[str], str]:
    """Return the members whose source makes a sterile neutrino of the mass, or why none does."""
    reached, reason = [], ""
    for name, experiment in zip(members, load_experiments(list(members), None), strict=True):
        try:
            if isinstance(experiment, CountingExperiment):
                check_reachable(experiment, given)
            reached.append(name)
        except MunuError as error:
            reason = str(error)
    return reached, "" if reached else reason
