"""The Standard Model against data: goodness of fit and the best signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np

from munu.analysis.assumptions import assume, mixing_of
from munu.analysis.coupling_fit import fitted_parameters
from munu.analysis.couplings import at_values
from munu.analysis.drawn_toys import USUAL_SEED
from munu.analysis.fit_components import data_of, fitted_data
from munu.analysis.fit_shares import fit_shares, sizes_of
from munu.analysis.goodness import SPARSE, unconstrained
from munu.analysis.goodness_toys import parts_fit, standard_model_toys, toy_p_value
from munu.analysis.model import joint_model, moment_model
from munu.analysis.origin import make_origin, mixing_notes
from munu.analysis.prediction_settings import check_mixing_and_phases, settings_of
from munu.analysis.question import question
from munu.analysis.statement import caveats, shared_notes
from munu.base.arguments import check_callable, checked_integer, checked_names
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.progress import Progress, progress_of_stage
from munu.base.scalar import ScalarMinimum, minimise_scalar
from munu.base.threads import on_one_thread
from munu.base.thresholds import tail_probability
from munu.base.typing import FloatArray
from munu.engine import Workers
from munu.experiments.model import Experiment
from munu.folding.fold import mixing_parameters
from munu.folding.folded import ExperimentLike, Folded, fold_experiment, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions, Recoils
from munu.physics.mixing import Mixing
from munu.results.fit import FitResult, Pull
from munu.results.fit_data import FitData
from munu.statistics.likelihoods import NewtonLikelihood, as_newton
from munu.statistics.models import MomentModel
from munu.statistics.specification import Counts

STRENGTHS = np.linspace(0.0, 4.0, 41)
LARGEST_STRENGTH = 1e12
USUAL_TOYS = 300
NOT_DRAWN = (
    "No toys were drawn: no bin is sparse, so that the p-value is that of the distribution of χ²."
)


@checked_call
@on_one_thread
def fit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameters: str | Sequence[str] = (),
    *,
    setup: str | None = None,
    toys: int = USUAL_TOYS,
    seed: int = USUAL_SEED,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> FitResult:
    r"""Return a prediction against the data of one experiment, or of several together.

    It is the Standard Model, or that with couplings: those that have values, and parameters that
    are fitted, each with all its intervals of Δχ² <= 1, the others minimised over.

    χ² is -2 ln L over that of the saturated model, minimised over the nuisances θ:

    .. math:: \chi^2 = \min_\theta\Big\{2\sum_b\Big[\mu_b - n_b + n_b\ln\frac{n_b}{\mu_b}\Big]
              + \sum_j\theta_j^2\Big\}

    for Poisson counts n and predictions μ(θ), with :math:`(n_b-\mu_b)^2/\sigma_b^2` for Gaussian
    ones (S. Baker and R. D. Cousins, Nucl. Instrum. Meth. 221 (1984) 437). The p-value is the
    probability of a larger χ² with as many degrees of freedom as bins less unconstrained
    backgrounds. The strength of the signal minimises χ², its interval is that of Δχ² = 1: of the
    number of events, without the uncertainty of flux, cross section and detection. Of several
    experiments, χ² with one strength over that with a strength of each says whether they agree
    (after M. Maltoni and T. Schwetz, hep-ph/0304176), the signals' uncertainties being those of
    the files; and ``shares`` says what each adds to χ², of the prediction and of the Standard
    Model.

    Parameters
    ----------
    experiment, setup
        As in `munu.limit`; experiments with observed counts.
    parameters : str or sequence of str
        Couplings that are fitted, moments among them; a phase that is not named is zero.
    toys, seed : int
        Toy experiments for the goodness of fit where an experiment has sparse Poisson counts; 0 for
        none. Fitted couplings stay as they are in the toys, whose p-value is too large then.
    workers, scheduler
        Who draws them, as in `munu.coverage`.
    progress : callable, optional
        Called with the numbers of toys done and in all; those of several experiments count twice,
        once with one strength and once with a strength of each.
    assumptions, **options
        Of `munu.Assumptions`: ``channels``, the recoils in the prediction; ``values`` of couplings,
        with their ``mediator_mass``, ``sterile_mass``, ``charges`` or ``radius_kind``; of
        transition moments ``mixing``, ``delta_cp``, ``xi_1`` and ``xi_2``; the first two whatever
        the couplings where mass states scatter, as the Sun's.

    Raises
    ------
    MunuError
        For an experiment without observed counts, an unknown name, a number of toys or a seed that
        is not a whole number from 0, toys that all fail, or files that differ in the mixing
        of the mass states that scatter.

    Examples
    --------
    >>> found = munu.fit("coherent-csi-2021", toys=0)
    >>> print(f"chi2 = {found.chi2:.1f} in {found.n_bins} bins, signal x {found.strength:.2f}")
    chi2 = 83.2 in 99 bins, signal x 0.87
    >>> (angle,) = munu.fit("coherent-csi-2021", "sin2_theta_w", toys=0).fitted
    >>> print(f"{angle.best_fit:.3f}, {angle.intervals.round(3).tolist()}")
    0.204, [[0.18, 0.231]]
    >>> both = munu.fit(["coherent-csi-2021", "dresden-ii"], "epsilon_u_ee", toys=0)
    >>> for one in both.shares:
    ...     print(f"{one.data}: {one.chi2:.1f}, {one.delta_chi2:+.1f}")
    coherent-csi-2021@current: 82.6, -0.6
    dresden-ii@current: 218.4, -0.1
    """
    given = assume(fit, assumptions, options)
    names = checked_names("parameters", parameters)
    toys = checked_integer("toys", toys, smallest=0)
    seed = checked_integer("seed", seed, smallest=0)
    crew = Workers.checked(workers, scheduler)
    check_callable("progress", progress)
    if not toys and (crew != Workers() or seed != USUAL_SEED):
        raise MunuError(
            "a seed, workers and a scheduler are of toys, and none are asked for",
            "Leave them out, or ask for toys",
        )
    loaded = load_experiments(experiment, setup)
    settled = own_assumptions(loaded, given)
    folded = fold_counts(loaded, given.recoils, settled.neutrino_mixing)
    check_data(folded)
    check_mixing_and_phases((*names, *given.values), given, folded)
    found_parameters, best, starts = fitted_parameters(folded, names, settled, given)
    asked = question((), (), replace(given, values={**given.values, **best}))
    standard = folded
    if asked.values:
        folded = [at_values(one, asked, settled) for one in standard]
    model = joint_model(folded, settled)
    likelihood = as_newton([model.likelihood], model.sm)
    found = likelihood.profile(model.sm[None], starts if names else None)
    nuisances = dict(zip(likelihood.names, found.x[0].tolist(), strict=True))
    signal = signal_strength(folded, settled)
    strength = (signal.best, *signal.interval(1.0))
    data = tuple(
        fitted_data(one, moment_model(one, settled).likelihood, nuisances, strength)
        for one in folded
    )
    chi2, n_bins = float(found.chi2[0]), sum(_n_bins(one) for one in data)
    freedom = n_bins - sum(unconstrained(data_of(one)) for one in folded) - len(names)
    testable = freedom > 0 and toys > 0
    sparse = testable and any(map(_is_sparse, folded, data))
    by_toys, parts, several = None, None, len(folded) > 1
    is_asked = toys not in (0, USUAL_TOYS) or crew != Workers() or seed != USUAL_SEED
    undrawn = (NOT_DRAWN,) if is_asked and freedom > 0 and not sparse and not several else ()
    if sparse or several:
        drawn = standard_model_toys(folded, settled, toys if sparse else 0, seed)
        first, last = (progress_of_stage(progress, number, 1 + several) for number in (0, 1))
        by_toys = toy_p_value(drawn, chi2, first, crew) if sparse else None
        parts = parts_fit(folded, drawn, last, settled, crew) if several else None
    sizes = [(one.experiment, _n_bins(one)) for one in data]
    return FitResult(
        channels=given.recoils,
        data=data,
        chi2=chi2,
        n_bins=n_bins,
        degrees_of_freedom=freedom,
        p_value=tail_probability(chi2, freedom) if freedom > 0 else None,
        p_value_toys=by_toys.p_value if by_toys else None,
        toys=toys if by_toys else 0,
        failed_toys=by_toys.failed if by_toys else 0,
        first_failure=by_toys.first_failure if by_toys else "",
        seed=seed,
        workers=crew.processes,
        strength=strength[0],
        strength_low=strength[1],
        strength_high=strength[2],
        no_signal_delta_chi2=_without_signal(signal),
        pulls=_pulls(likelihood, found.x[0], found.hessian[0]),
        with_values=asked.values,
        settings=settings_of(asked, settled, folded),
        fitted=found_parameters,
        parts=parts,
        shares=fit_shares(folded, standard, settled, nuisances, sizes) if several else (),
        origin=make_origin(
            [one.experiment for one in folded],
            settled.neutrino_mixing if given.mixing else None,
            extra_notes=(
                *undrawn,
                *caveats(asked, folded),
                *shared_notes(folded, settled),
                *(mixing_notes(loaded, settled.neutrino_mixing) if given.mixing else ()),
            ),
        ),
    )


def own_assumptions(
    experiments: Sequence[Experiment], given: Assumptions | None = None
) -> Assumptions:
    """Return the mixing given, or of the files whose events depend on it; all else as given."""
    assumed = given or Assumptions()
    concerned = [one for one in experiments if mixing_parameters(one)]
    return assumed.settled(mixing_of(concerned or experiments[:1], assumed.mixing))


def fold_counts(
    loaded: Sequence[Experiment], recoils: Recoils, mixing: Mixing | None = None
) -> list[Folded]:
    """Fold experiments with some of their recoils in the whole prediction; see `fit`."""
    return [fold_experiment(one, None, recoils, mixing) for one in loaded]


def check_data(folded: Sequence[Folded]) -> None:
    """Raise `MunuError` for an experiment without observed counts."""
    for one in folded:
        data_of(one)


def signal_strength(folded: Sequence[Folded], settled: Assumptions) -> ScalarMinimum:
    """Return χ² of the signal over the Standard Model's, which is common to all the experiments.

    The signal's normalisation has no uncertainty of its own, and its shape nuisances keep the
    number of events, as experiments do that fit a number of signal events.
    """
    model = joint_model(folded, replace(settled, sigma_sys=0.0))
    signal = np.concatenate([_at_nominal_total(one, model) for one in _split(folded, model.sm)])

    def chi2(strength: FloatArray) -> FloatArray:
        return model.likelihood.chi2(strength[:, None] * signal)

    found = minimise_scalar(chi2, STRENGTHS)
    while found.interval(1.0)[1] >= found.grid[-1] and found.grid[-1] < LARGEST_STRENGTH:
        found = minimise_scalar(chi2, 4 * found.grid)
    return found


def _without_signal(signal: ScalarMinimum) -> float:
    """Return by how much χ² rises without a signal: nothing where none fits best."""
    rise = float(signal.chi2(np.zeros(1))[0]) - signal.chi2_min
    return max(rise, 0.0) if signal.best > 0 else 0.0


def _split(folded: Sequence[Folded], sm: FloatArray) -> list[FloatArray]:
    """Return the signal of each experiment, shape (blocks, n_bins): nominal, then variants."""
    pieces = np.split(sm, np.cumsum(sizes_of(folded))[:-1])
    return [piece.reshape(-1, one.counts.n_bins) for one, piece in zip(folded, pieces, strict=True)]


def _at_nominal_total(blocks: FloatArray, model: MomentModel) -> FloatArray:
    """Return variants scaled to the number of events of the nominal signal, flattened."""
    total = blocks.sum(axis=1, keepdims=True)
    if not np.all(total > 0):
        raise MunuError(
            f"{' + '.join(model.names)} expects no events in these channels",
            "Take all channels",
        )
    return np.asarray(blocks * (total[0] / total)).ravel()


def _n_bins(data: FitData) -> int:
    return sum(bins.observed_per_bin.size for bins in (data, *data.control_regions))


def _is_sparse(folded: Folded, data: FitData) -> bool:
    statistic = folded.experiment.statistic
    if not isinstance(statistic, Counts) or statistic.kind != "poisson":
        return False
    return any(np.any(bins.fitted_per_bin() < SPARSE) for bins in (data, *data.control_regions))


def _pulls(
    likelihood: NewtonLikelihood, theta: FloatArray, hessian: FloatArray
) -> tuple[Pull, ...]:
    """Return the nuisances with uncertainties from the curvature, Δχ² = 1."""
    if not likelihood.names:
        return ()
    uncertainty = np.sqrt(np.diag(2 * np.linalg.inv(hessian)))
    return tuple(
        Pull(name=name, value=float(value), uncertainty=float(width))
        for name, value, width in zip(likelihood.names, theta, uncertainty, strict=True)
    )
