"""Goodness of fit by toy experiments: of the Standard Model, and of a combination's parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.analysis.data_likelihood import specification_of
from munu.analysis.model import joint_model
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.thresholds import tail_probability
from munu.engine import Workers
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.results.fit import PartsFit
from munu.statistics.studies import ConsistencyToys, Outcome, StandardModelToys


@final
@dataclass(frozen=True)
class ToyPValue:
    """A goodness of fit from toy experiments.

    Parameters
    ----------
    p_value : float
        Share of the toys with a χ² at least as large, the data being one of them.
    failed : int
        Toys whose nuisances did not converge; they are left out.
    first_failure : str
        Number and reason of the first of them; empty if there is none.
    """

    p_value: float
    failed: int
    first_failure: str


def standard_model_toys(
    folded: Sequence[Folded], assumptions: Assumptions, toys: int, seed: int
) -> StandardModelToys:
    """Return toy experiments of the Standard Model.

    What constrains the nuisances is drawn too, once for those that experiments share.
    """
    specifications = [specification_of(one.experiment, assumptions) for one in folded]
    return StandardModelToys.of(specifications, joint_model(folded, assumptions), toys, seed)


def toy_p_value(
    drawn: StandardModelToys,
    chi2: float,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> ToyPValue:
    """Return how often toy experiments of the Standard Model have a χ² as large as the data.

    Raises
    ------
    MunuError
        If every toy fails; single ones are counted and left out.
    """
    return _p_value(_all_outcomes(drawn, workers or Workers(), progress), chi2)


def parts_fit(
    folded: Sequence[Folded],
    drawn: StandardModelToys,
    progress: Progress | None,
    assumptions: Assumptions,
    workers: Workers,
) -> PartsFit:
    """Return how a combination fits beside its parts, by toys if any are drawn.

    Raises
    ------
    MunuError
        If every toy fails.
    """
    specifications = [specification_of(one.experiment, assumptions) for one in folded]
    found = ConsistencyToys.of(specifications, drawn)
    freedom, excess, by_toys = found.degrees_of_freedom, found.of_data(), None
    if drawn.toys:
        by_toys = _p_value(_all_outcomes(found, workers, progress), excess)
    return PartsFit(
        chi2=excess,
        degrees_of_freedom=freedom,
        p_value=tail_probability(excess, freedom),
        p_value_toys=by_toys.p_value if by_toys else None,
        toys=drawn.toys,
        failed_toys=by_toys.failed if by_toys else 0,
    )


def _p_value(outcomes: Sequence[Outcome], chi2: float) -> ToyPValue:
    """Return how many toys are as large; raises `MunuError` if all failed."""
    found = [one for one in outcomes if not isinstance(one, str)]
    failures = [
        f"toy {number}: {one}" for number, one in enumerate(outcomes, 1) if isinstance(one, str)
    ]
    if outcomes and not found:
        raise MunuError(
            f"all {len(outcomes)} toys of the goodness of fit failed, the first so: {failures[0]}",
            "Ask for no toys (toys = 0), or check the uncertainties of the experiment",
        )
    larger = int(np.count_nonzero(np.array(found) >= chi2))
    return ToyPValue(
        p_value=(1 + larger) / (1 + len(found)),
        failed=len(failures),
        first_failure=failures[0] if failures else "",
    )


def _all_outcomes(
    drawn: StandardModelToys | ConsistencyToys, workers: Workers, progress: Progress | None
) -> list[Outcome]:
    """Return χ² of every toy, in the order of their blocks, or why it failed."""
    blocks: dict[int, list[Outcome]] = {}
    with workers.running(drawn) as run:
        for number, outcomes in run(drawn.blocks):
            blocks[number] = outcomes
            if progress:
                progress(sum(map(len, blocks.values())), drawn.toys)
    return [one for number in drawn.blocks for one in blocks[number]]
