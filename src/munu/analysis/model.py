"""From experiments to models of their counts, intervals and Δχ² curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.analysis.assumptions import basis_of
from munu.analysis.data_likelihood import likelihood_of
from munu.base.arguments import check_name
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import ComplexArray, FloatArray
from munu.base.units import Range
from munu.experiments.combination import check_combination
from munu.experiments.model import Experiment
from munu.folding.counts import FoldedCounts
from munu.folding.folded import ExperimentLike, Folded, as_sequence, at_mixing, load_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import MOMENT_UNIT, OTHERS, Others
from munu.statistics import limits
from munu.statistics.limits import Curve, Fall, Interval, fall_beyond
from munu.statistics.models import MomentModel, check_distinct, combine_models
from munu.statistics.specification import Bound

MODULUS_MU_B: Final = Range(low=0.0, high=MOMENT_UNIT.largest)
"""Moduli that a curve may have: beyond, only nuisances that undo the signal are left to be told
apart."""


@checked_call
def combine(
    *experiments: ExperimentLike | Sequence[ExperimentLike], setup: str | None = None
) -> tuple[Experiment, ...]:
    """Return experiments to be taken together by `munu.limit`, `munu.region` and the rest.

    Their χ² are added, and nuisances that their files name alike (``flux:sns``) are one.

    Parameters
    ----------
    *experiments : str, Path or Experiment
        Identifiers, paths of TOML files, or loaded experiments, one by one or in a list.
    setup : str, optional
        For each that does not name its own.

    Raises
    ------
    MunuError
        If there is none, one is unknown or appears twice, two hold the same events, or variants of
        one name multiply the flux of a beam by different factors.

    Examples
    --------
    >>> both = munu.combine("conus", "coherent-csi-2021")
    >>> print(*(one.identity.name for one in both))
    conus coherent-csi-2021
    >>> print(f"{munu.limit(both, 'Lambda_3', others='profiled').limit_mu_b:.3g} mu_B")
    4.91e-10 mu_B
    """
    loaded = tuple(load_experiment(one, setup) for each in experiments for one in as_sequence(each))
    check_distinct([experiment.identity.id for experiment in loaded])
    check_combination(loaded)
    return loaded


def moment_model(
    folded: Folded, assumptions: Assumptions, *, effective: bool = False
) -> MomentModel:
    """Return χ²(Λ) of one experiment in the mass basis, phases of Λ not yet applied.

    It is folded at the mixing assumed, if it is not yet and that matters.

    With ``effective`` the coordinates are μ_νe, μ_νμ, μ_ντ instead: independent moments of the
    flavours at the detector.

    Raises
    ------
    MunuError
        For an unknown beam, or effective moments in the published convention.
    """
    counts = at_mixing(folded, assumptions.neutrino_mixing).counts
    sm = counts.sm_of_folds()
    return MomentModel(
        names=(counts.experiment,),
        likelihood=likelihood_of(folded.experiment, counts, assumptions),
        sm=sm,
        w=signal_matrices(counts, assumptions, effective=effective),
    )


def signal_matrices(
    counts: FoldedCounts, assumptions: Assumptions, *, effective: bool = False
) -> ComplexArray:
    """Return W_b in the bins of `FoldedCounts.sm_of_folds`, (n_signal, 3, 3); as `moment_model`.

    Raises
    ------
    MunuError
        As `moment_model`; and for a template fit that sees a dipole as fewer events.
    """
    if any(np.any(one.dipole_events_per_mu_b2 < 0) for one in counts.folds()):
        raise MunuError(
            f"the template fit of '{counts.experiment}' sees a dipole as fewer events, as most of"
            " its events look like the background that is fitted",
            "State how well the background was known (sigma), or the bins and recoils of the fit",
        )
    return np.concatenate(
        [_matrices(one, assumptions, effective=effective) for one in counts.folds()]
    )


def _matrices(counts: FoldedCounts, assumptions: Assumptions, *, effective: bool) -> ComplexArray:
    if not effective:
        return counts.w_matrices(
            assumptions.neutrino_mixing, beam=assumptions.beam, convention=assumptions.convention
        )
    if assumptions.convention != "per-species":
        raise MunuError(
            "effective moments belong to one flavour each, which the published convention mixes",
            "Use the per-species convention",
        )
    return counts.effective_matrices(assumptions.neutrino_mixing, beam=assumptions.beam)


def check_sigma_sys(experiments: Sequence[Experiment], sigma_sys: float | None) -> None:
    """Refuse a signal uncertainty where nothing has one; a bound among others keeps its own.

    Raises
    ------
    MunuError
        If one is asked for and every experiment is a bound on a moment.
    """
    bounds = [isinstance(experiment.statistic, Bound) for experiment in experiments]
    if sigma_sys is not None and all(bounds):
        raise MunuError("a bound on the moment has no signal uncertainty", "Leave sigma_sys out")


def joint_model(
    folded: Sequence[Folded], assumptions: Assumptions, *, effective: bool = False
) -> MomentModel:
    """Return the model of several experiments, shared nuisances minimised together.

    ``effective`` as in `moment_model`.

    Raises
    ------
    MunuError
        If an experiment appears twice, and as `check_combination`.
    """
    experiments = [one.experiment for one in folded]
    check_combination(experiments)
    check_sigma_sys(experiments, assumptions.sigma_sys)
    return combine_models([moment_model(one, assumptions, effective=effective) for one in folded])


def interval(
    model: MomentModel,
    parameter: str,
    assumptions: Assumptions,
    *,
    cl: float = 0.90,
    others: Others = "zero",
    phases_free: bool = True,
) -> Interval:
    """Return the interval of a modulus at a confidence level, Δχ² with one degree of freedom.

    Parameters
    ----------
    model : MomentModel
        As `moment_model` gives it: in the mass basis, or of effective moments.
    parameter : str
        ``Lambda_1`` ... ``Lambda_3`` or ``Lambda_e``, ``Lambda_mu``, ``Lambda_tau``; or ``mu_nu_e``
        ... ``mu_eff`` of a model of effective moments.
    cl : float
        Confidence level, of both ends or of the upper one as the assumptions say.
    others : {"zero", "profiled"}
        The other two moments of the same basis: zero (a slice) or minimised over.
    phases_free : bool
        When profiling, minimise over the phases too.
    """
    check_name("treatment of the other moments", others, OTHERS)
    delta = limit_delta_chi2(cl, assumptions.sided)
    columns, index = basis_of(parameter, assumptions)
    rotated = model.in_basis(columns)
    return limits.interval(rotated, index, delta, others=others, phases_free=phases_free)


def intervals(
    asked: Sequence[tuple[MomentModel, str, Others]], assumptions: Assumptions, *, cl: float = 0.90
) -> list[Interval | MunuError]:
    """Return the intervals of several moduli, or why a fit failed, at once; phases are free.

    Parameters
    ----------
    asked : sequence of (MomentModel, str, {"zero", "profiled"})
        Models of one χ², parameters and their others, as of `interval`.
    assumptions, cl
        As of `interval`.
    """
    turned: list[tuple[MomentModel, int, Others]] = []
    for model, parameter, others in asked:
        columns, index = basis_of(parameter, assumptions)
        turned.append((model.in_basis(columns), index, others))
    return limits.intervals_of(turned, limit_delta_chi2(cl, assumptions.sided))


def fall_again(
    model: MomentModel, parameter: str, assumptions: Assumptions, found: Interval, *, cl: float
) -> Fall | None:
    """Return where Δχ² of a slice falls below its threshold again beyond an interval, or None."""
    columns, index = basis_of(parameter, assumptions)
    return fall_beyond(
        model.in_basis(columns),
        index,
        limit_mu_b=found.upper_mu_b,
        chi2_min=found.chi2_min,
        delta=limit_delta_chi2(cl, assumptions.sided),
    )


def profile_curve(
    model: MomentModel,
    parameter: str,
    assumptions: Assumptions,
    moduli_mu_b: FloatArray,
    *,
    others: Others = "zero",
    phases_free: bool = True,
) -> Curve:
    """Return Δχ² at moduli (μ_B) of a parameter, shape (n,); arguments as for `interval`.

    It counts from the minimum along the modulus (slice) or from the global one (profiled). A point
    whose nuisances do not converge is marked with the reason.
    """
    check_name("treatment of the other moments", others, OTHERS)
    columns, index = basis_of(parameter, assumptions)
    rotated = model.in_basis(columns)
    return limits.curve(rotated, index, moduli_mu_b, others=others, phases_free=phases_free)
