"""Whether the data of an experiment agree with the Standard Model, beside every limit from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from munu.analysis.model import moment_model
from munu.base.errors import MunuError
from munu.base.thresholds import tail_probability
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.results.core.standard_model import EXCLUDED_P_VALUE, StandardModelFit
from munu.statistics.specification import Background, Counts, FirstRun, has_data

SPARSE: Final = 5.0
"""Fewer events than this in a bin and −2 ln L does not follow the χ² distribution."""
UNCONSTRAINED: Final = 1.0
"""Fractional uncertainty above which a background's normalisation is a free parameter."""
TOYS: Final = 200
"""Toy experiments for sparse bins, where the χ² distribution calls the Standard Model excluded."""
SEED: Final = 1


def standard_model_fits(
    folded: Sequence[Folded], assumptions: Assumptions
) -> tuple[StandardModelFit, ...]:
    """Return the Standard Model's fit to each experiment with data; none to expected data.

    Each is tested alone: a bad fit in one bin would be lost among the bins of the others.
    """
    if assumptions.asimov:
        return ()
    return tuple(_fit(one, assumptions) for one in folded if has_data(one.experiment.statistic))


def observes(folded: Sequence[Folded]) -> bool:
    """Whether any of the experiments has data, so that expected ones differ."""
    return any(has_data(one.experiment.statistic) for one in folded)


def unconstrained(statistic: object) -> int:
    """Return how many normalisations are free; regions that share one count it once."""
    if not isinstance(statistic, Counts):
        return 0
    names = {one.name for one in _backgrounds(statistic) if one.sigma > UNCONSTRAINED}
    return len(names)


def _backgrounds(statistic: Counts) -> Iterator[Background]:
    yield from statistic.backgrounds
    for region in statistic.control_regions:
        yield from region.backgrounds


def _fit(folded: Folded, assumptions: Assumptions) -> StandardModelFit:
    """Return χ² with all moments zero and its p-value, by toys where bins are sparse.

    Toys are drawn where they matter: where the χ² distribution would exclude the Standard Model.
    """
    model = moment_model(folded, assumptions)
    chi2, statistic = float(model.likelihood.chi2(model.sm)), folded.experiment.statistic
    n_bins = _n_bins(folded)
    freedom = n_bins - unconstrained(statistic)
    p_value, toys = tail_probability(chi2, freedom) if freedom > 0 else None, 0
    if p_value is not None and p_value < EXCLUDED_P_VALUE and _is_sparse(folded):
        p_value, toys = _by_toys(folded, chi2, assumptions, p_value)
    return StandardModelFit(
        experiment=f"{folded.counts.experiment}@{folded.counts.setup}",
        chi2=chi2,
        n_bins=n_bins,
        degrees_of_freedom=freedom,
        p_value=p_value,
        toys=toys,
    )


def _n_bins(folded: Folded) -> int:
    """Return how many bins are observed, those of control regions too."""
    statistic = folded.experiment.statistic
    if isinstance(statistic, FirstRun):
        return 1
    assert isinstance(statistic, Counts)
    regions = [region.observed for region in statistic.control_regions]
    return sum(one.size for one in (statistic.observed, *regions) if one is not None)


def _is_sparse(folded: Folded) -> bool:
    """Whether a bin is expected to hold few Poisson counts."""
    statistic = folded.experiment.statistic
    if not isinstance(statistic, Counts) or statistic.kind != "poisson":
        return False
    sm = folded.counts.sm_total()
    expected = sm + sum((one.events for one in statistic.backgrounds), np.zeros(sm.size))
    expected = expected + (0.0 if statistic.off_beam is None else statistic.off_beam.steady)
    regions = [region.expected() for region in statistic.control_regions]
    return any(_few(one) for one in (expected, *regions))


def _few(events: FloatArray) -> bool:
    return bool(np.any(events < SPARSE))


def _by_toys(
    folded: Folded, chi2: float, assumptions: Assumptions, otherwise: float
) -> tuple[float, int]:
    """Return the p-value by toys and their number; that of the χ² distribution if all fail."""
    # Imported where it is used: most questions draw no toys.
    from munu.analysis.goodness_toys import standard_model_toys, toy_p_value

    try:
        found = toy_p_value(standard_model_toys([folded], assumptions, TOYS, SEED), chi2)
    except MunuError:
        return otherwise, 0
    return found.p_value, TOYS - found.failed
