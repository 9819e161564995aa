"""What a statement about moments rests on: folded experiments and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from munu.analysis import joint_model
from munu.assumptions import FIXED, Assumptions, make_assumptions, make_conditions
from munu.folded import ExperimentLike, Folded, fold_moments
from munu.interactions import Channels
from munu.mixing import Mixing
from munu.origin import make_origin, systematic_notes
from munu.response import Convention
from munu.results.base import Conditions, Origin
from munu.statistics.fusion import fused
from munu.statistics.model import MomentModel


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
        """Return χ²(Λ) of all the experiments, as `munu.analysis.joint_model`."""
        return fused(joint_model(self.folded, self.assumptions, effective=effective))

    def conditions(self, free: Mapping[str, str] = FIXED) -> Conditions:
        """Return how a result names the assumptions; ``free`` as in `make_conditions`."""
        return make_conditions(self.assumptions, free=free, channels=self.channels)

    def origin(self) -> Origin:
        """Return where a result comes from, with its notes on systematics."""
        experiments = [one.experiment for one in self.folded]
        notes = systematic_notes(experiments, self.assumptions.sigma_sys)
        return make_origin(experiments, self.assumptions.mixing, extra_notes=notes)


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
    mixing: str | Mixing,
    expected: bool,
) -> Premises:
    """Return premises from names; see `munu.limit`.

    Raises
    ------
    MunuError
        As `make_assumptions` and `munu.folded.fold_moments`.
    """
    assumptions = make_assumptions(
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing,
        expected=expected,
    )
    return Premises(fold_moments(experiment, setup, channels), assumptions, channels)
