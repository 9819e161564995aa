"""Toy experiments of couplings, of one experiment or of several."""

from __future__ import annotations

from collections.abc import Sequence

from munu.analysis.coupling_axes import Axes
from munu.analysis.couplings import counting, form_of
from munu.analysis.data_likelihood import specification_of
from munu.analysis.toy_study import check_fluctuates
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.statistics.build import with_expected_data
from munu.statistics.studies import FormStudy


def coupling_toys(folded: Sequence[Folded], axes: Axes, assumptions: Assumptions) -> FormStudy:
    """Return the toys of what axes show.

    Parameters
    ----------
    folded : sequence of Folded
    axes : Axes
        Of these experiments.
    assumptions : Assumptions
        Settled.

    Raises
    ------
    MunuError
        If one of the experiments has no data to draw.
    """
    check_fluctuates(folded)
    specifications = []
    for one in folded:
        own = specification_of(counting(one), assumptions)
        if assumptions.asimov:
            own = with_expected_data(own, form_of(one, (), assumptions)[0].sm_total())
        specifications.append(own)
    return FormStudy(
        tuple(specifications),
        axes.model,
        axes.parametrisation,
        axes.domain,
        assumptions.one_sided,
    )
