"""Toy studies of experiments, as coverage and Feldman-Cousins limits ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from munu._version import __version__
from munu.analysis.assumptions import ABSENT, FIXED, PROFILED, basis_of
from munu.analysis.conditions import conditions_of
from munu.analysis.data_likelihood import specification_of
from munu.analysis.model import joint_model
from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import OTHERS, Others, is_effective
from munu.statistics.specification import has_toys
from munu.statistics.studies import BLOCK, ToyStudy


def toy_study(
    folded: Sequence[Folded],
    parameter: str,
    assumptions: Assumptions,
    *,
    others: Others,
    phases_free: bool,
) -> ToyStudy:
    """Return the toys of one modulus; arguments as of `munu.analysis.model.interval`.

    Raises
    ------
    MunuError
        If one of the experiments has no data to draw.
    """
    check_fluctuates(folded)
    return modulus_study(folded, parameter, assumptions, others=others, phases_free=phases_free)


def modulus_study(
    folded: Sequence[Folded],
    parameter: str,
    assumptions: Assumptions,
    *,
    others: Others,
    phases_free: bool,
) -> ToyStudy:
    """Return the same of experiments that may have no data to draw; their own are all it asks."""
    check_name("treatment of the other moments", others, OTHERS)
    columns, index = basis_of(parameter, assumptions)
    model = joint_model(folded, assumptions, effective=is_effective(parameter))
    return ToyStudy(
        tuple(specification_of(one.experiment, assumptions) for one in folded),
        model.in_basis(columns),
        index,
        others,
        phases_free,
        assumptions.one_sided,
    )


def study_key(
    question: str,
    folded: Sequence[Folded],
    assumptions: Assumptions,
    parameter: str,
    others: Others,
    seed: int,
    *,
    free: int,
) -> dict[str, Any]:
    """Return what toys depend on besides their true value and block, for the state of a study.

    ``free``, the number of phases or directions that are minimised over, tells phases of moments
    that are free from those fixed at zero, which settled assumptions do not.
    """
    identities = [one.experiment.identity for one in folded]
    return {
        "question": question,
        "version of munu": __version__,
        "experiments": [f"{one.id}@{one.setup}" for one in identities],
        "inputs_hash": [one.experiment.inputs_hash for one in folded],
        "conditions": conditions_of(assumptions),
        "parameter": parameter,
        "others": others,
        "free": free,
        "seed": seed,
        "batch": BLOCK,
    }


def check_fluctuates(folded: Sequence[Folded]) -> None:
    """Raise `MunuError` for a statistic that draws no data: Eq. (34), or a bound."""
    without = [
        one.experiment.identity.name for one in folded if not has_toys(one.experiment.statistic)
    ]
    if without:
        raise MunuError(
            f"{', '.join(without)}: this statistic has no data that could fluctuate",
            "Take experiments with counts (first-run, poisson or gaussian)",
        )


def free_phases(parameter: str, phases_free: bool) -> Mapping[str, str]:
    """Return what ξ₁ and ξ₂ are if they are not fixed; effective moments have none."""
    if is_effective(parameter):
        return ABSENT
    return PROFILED if phases_free else FIXED
