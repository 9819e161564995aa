"""Statements about moments: experiments folded for their assumptions, and a result's origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from munu.analysis.assumptions import settle
from munu.analysis.data_likelihood import specification_of
from munu.analysis.goodness import observes
from munu.analysis.model import joint_model
from munu.analysis.origin import make_origin, mixing_notes, systematic_notes
from munu.analysis.question import Question
from munu.base.thresholds import TWO_SIDED
from munu.experiments.model import counting_part
from munu.folding.folded import ExperimentLike, Folded, fold_moments, load_experiments
from munu.physics.assumptions import Assumptions
from munu.physics.caveats import caveats_of
from munu.results.core.base import Origin
from munu.results.core.standard_model import StandardModelFit, exclusions
from munu.statistics.models import MomentModel
from munu.statistics.shared_nuisances import common_nuisances
from munu.statistics.specification import Bound


def fold_assumed(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None,
    assumptions: Assumptions,
) -> tuple[list[Folded], Assumptions]:
    """Fold one experiment or several for what is assumed, and return that settled for them.

    Raises
    ------
    MunuError
        As `settle` and `munu.folding.folded.fold_moments`.
    """
    loaded = load_experiments(experiment, setup)
    settled = settle(loaded, assumptions)
    return fold_moments(loaded, None, settled.recoils, settled.neutrino_mixing), settled


def reduced_model(
    folded: Sequence[Folded], assumptions: Assumptions, *, effective: bool = False
) -> MomentModel:
    """Return `munu.analysis.model.joint_model` with fewer nuisances and bins, χ² being the same."""
    return joint_model(folded, assumptions, effective=effective).fused().pooled()


def asimov_counterpart(folded: Sequence[Folded], assumptions: Assumptions) -> Assumptions | None:
    """Return the same with data as the Standard Model predicts; None if they are such."""
    if assumptions.asimov or not observes(folded):
        return None
    return replace(assumptions, asimov=True)


def origin_of(
    folded: Sequence[Folded],
    assumptions: Assumptions,
    standard_model: Sequence[StandardModelFit],
    asked: Question | None = None,
    extra_notes: Sequence[str] = (),
) -> Origin:
    """Return where a statement comes from, with its notes on data and systematics.

    Parameters
    ----------
    folded : sequence of Folded
    assumptions : Assumptions
        Settled.
    standard_model : sequence of StandardModelFit
        The Standard Model's fit to the data of each experiment
        (`munu.analysis.goodness.standard_model_fits`).
    asked : Question, optional
        About couplings, some of which have caveats.
    extra_notes : sequence of str, optional
    """
    experiments = [one.experiment for one in folded]
    mixing = assumptions.neutrino_mixing
    notes = systematic_notes(experiments, assumptions.sigma_sys)
    notes += mixing_notes(experiments, mixing)
    remarks = (*extra_notes, *exclusions(standard_model), *_bounds(folded, assumptions))
    remarks += shared_notes(folded, assumptions)
    if asked is not None:
        remarks += caveats(asked, folded)
    return make_origin(experiments, mixing, extra_notes=(*remarks, *notes))


def shared_notes(folded: Sequence[Folded], assumptions: Assumptions) -> tuple[str, ...]:
    """Return which nuisances of several experiments are one."""
    experiments = [one.experiment for one in folded]
    common = common_nuisances(
        {
            one.identity.id: (
                specification_of(one, assumptions),
                [variant.name for variant in getattr(one, "variants", ())],
            )
            for one in experiments
        }
    )
    if not common:
        return ()
    names = (
        name if len(holders) == len(experiments) else f"{name} ({', '.join(holders)})"
        for name, holders in common.items()
    )
    return (f"Nuisances that the experiments share: {', '.join(names)}.",)


def caveats(asked: Question, folded: Sequence[Folded]) -> tuple[str, ...]:
    """Return what statements about the couplings of a question leave out or cannot tell."""
    texts = caveats_of(
        (caveat for one in asked.couplings for caveat in one.caveats),
        of_mass_states=scatter_mass_states(folded),
        of_corrected_atoms=any(map(_corrects_atoms, folded)),
    )
    return tuple(f"{text[0].upper()}{text[1:]}." for text in texts)


def scatter_mass_states(folded: Sequence[Folded]) -> bool:
    """Whether any neutrinos that scatter are mass states, as those of the Sun are."""
    return any(state.basis == "mass" for one in folded for state in one.counts.states)


def _corrects_atoms(folded: Folded) -> bool:
    counting = counting_part(folded.experiment)
    return counting is not None and counting.corrects_atoms


def _bounds(folded: Sequence[Folded], assumptions: Assumptions) -> tuple[str, ...]:
    """Return that a published bound, whose sides are not known, is taken as two-sided."""
    statistics = {one.experiment.identity.id: one.experiment.statistic for one in folded}
    bounds = [
        name
        for name, statistic in statistics.items()
        if isinstance(statistic, Bound) and statistic.sided == TWO_SIDED
    ]
    if not bounds or not assumptions.one_sided:
        return ()
    names = ", ".join(bounds)
    return (f"{names}: the published bound is taken as two-sided at its C.L.",)
