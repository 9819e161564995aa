"""What a statement about moments rests on: folded experiments and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

from munu.analysis.assumptions import (
    FIXED,
    Assumptions,
    make_assumptions,
    make_conditions,
    mixing_of,
)
from munu.analysis.goodness import observes, standard_model_fits
from munu.analysis.model import joint_model
from munu.analysis.origin import make_origin, mixing_notes, systematic_notes
from munu.folding.counts import Convention
from munu.folding.folded import ExperimentLike, Folded, fold_moments, load_experiments
from munu.folding.selections import Channels
from munu.physics.mixing import Mixing
from munu.results.core.base import Conditions, Origin
from munu.results.core.standard_model import StandardModelFit, exclusions
from munu.statistics.models import MomentModel
from munu.statistics.specification import Bound


@final
@dataclass(frozen=True)
class Premises:
    """The experiments of a statement about moments, and what it assumes.

    Parameters
    ----------
    folded : list of Folded
    assumptions : Assumptions
    channels : {"all", "nuclear", "electron"}
        The recoils by which moments are seen.
    """

    folded: list[Folded]
    assumptions: Assumptions
    channels: Channels

    def model(self, *, effective: bool = False) -> MomentModel:
        """Return χ²(Λ) of all the experiments, as `munu.analysis.model.joint_model`."""
        return joint_model(self.folded, self.assumptions, effective=effective).fused()

    def conditions(self, free: Mapping[str, str] = FIXED) -> Conditions:
        """Return how a result names the assumptions; ``free`` as in `make_conditions`."""
        return make_conditions(self.assumptions, free=free, channels=self.channels)

    def expected(self) -> Premises | None:
        """Return the same with data as the Standard Model predicts; None if they are such."""
        if self.assumptions.expected or not observes(self.folded):
            return None
        return replace(self, assumptions=replace(self.assumptions, expected=True))

    @cached_property
    def standard_model(self) -> tuple[StandardModelFit, ...]:
        """The Standard Model's fit to the data of each experiment."""
        return standard_model_fits(self.folded, self.assumptions)

    def origin(self) -> Origin:
        """Return where a result comes from, with its notes on data and systematics."""
        experiments = [one.experiment for one in self.folded]
        notes = systematic_notes(experiments, self.assumptions.sigma_sys)
        notes += mixing_notes(experiments, self.assumptions.mixing)
        remarks = (*exclusions(self.standard_model), *self._bounds())
        return make_origin(experiments, self.assumptions.mixing, extra_notes=(*remarks, *notes))

    def _bounds(self) -> tuple[str, ...]:
        """Return that a published bound, whose sides are not known, is taken as two-sided."""
        bounds = [one for one in self.folded if isinstance(one.experiment.statistic, Bound)]
        if not bounds or not self.assumptions.one_sided:
            return ()
        names = ", ".join(one.experiment.identity.id for one in bounds)
        return (f"{names}: the published bound is taken as two-sided at its C.L.",)


def make_premises(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None,
    channels: Channels,
    *,
    beam: str,
    convention: Convention,
    sigma_sys: float | None,
    delta_cp: float,
    xi_1: float | None,
    xi_2: float | None,
    mixing: str | Mixing | None,
    expected: bool,
    one_sided: bool = False,
) -> Premises:
    """Return premises from names; see `munu.limit`.

    Raises
    ------
    MunuError
        As `make_assumptions`, `mixing_of` and `munu.folding.folded.fold_moments`.
    """
    loaded = load_experiments(experiment, setup)
    assumptions = make_assumptions(
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing_of(loaded, mixing),
        expected=expected,
        one_sided=one_sided,
    )
    folded = fold_moments(loaded, None, channels, assumptions.mixing)
    return Premises(folded, assumptions, channels)
