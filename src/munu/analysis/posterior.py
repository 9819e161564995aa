r"""Posteriors of parameters: priors, the likelihood with its nuisances, and nested sampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final, Unpack, final

import numpy as np

from munu.analysis.assumptions import assume
from munu.analysis.likelihood import Likelihood, likelihood
from munu.analysis.posterior_beside import NONE, Beside, beside
from munu.analysis.posterior_priors import Written, read_priors, text_of
from munu.analysis.posterior_state import kept_rounds
from munu.base.arguments import (
    check_callable,
    check_name,
    checked_flag,
    checked_integer,
    checked_names,
    checked_path,
)
from munu.base.calls import checked_call
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import checked_level, delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import named
from munu.results.posterior import NUISANCES, Credible, CredibleRegion, PosteriorResult
from munu.statistics import credible
from munu.statistics.credible import SampledAxis
from munu.statistics.nested import Nested, nested_samples, sampler_version
from munu.statistics.priors import Prior, standard_normal

FEWEST_LIVE_POINTS: Final = 50
LOWEST: Final = -1e250
"""ln L that stands for that of an impossible point."""


@final
@dataclass(frozen=True)
class _Cube:
    """The likelihood over the unit cube, in which all priors are flat.

    Parameters
    ----------
    likelihood : Likelihood
    priors : tuple of Prior
    drawn : tuple of str
        The nuisances that are dimensions too; none if they are minimised over.
    """

    likelihood: Likelihood
    priors: tuple[Prior, ...]
    drawn: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the dimensions of the cube, with the units that priors are in."""
        keys = [(name, named(name).unit.key) for name in self.likelihood.names]
        parameters = [f"{name}, which is in {key}" if key else name for name, key in keys]
        return (*parameters, *self.drawn)

    @property
    def turns(self) -> tuple[int, ...]:
        """The dimensions that are full turns of an angle."""
        pairs = zip(self.likelihood.names, self.priors, strict=True)
        return tuple(i for i, pair in enumerate(pairs) if _goes_round(*pair))

    def values(self, u: FloatArray) -> FloatArray:
        """Return parameters, then nuisances, at points (m, n)."""
        x, theta, _, _ = self._places(u)
        return np.column_stack([x, theta])

    def log_likelihood(self, u: FloatArray) -> FloatArray:
        r"""Return what is to be integrated over the cube at points (m, n).

        .. math:: \ln\left[L(x, \theta)\,\frac{N(\theta)}{N(z)}\det A\right] =
                  -\tfrac12\left[\chi^2(x, \theta) - z^2\right] + \ln\det A

        with θ = θ₀(x) + A(x) z, and the square of θ in χ². It is the likelihood of x and θ in
        variables z that hardly depend on x: z may be anything where χ² is a parabola in θ.
        """
        x, theta, z, volume = self._places(u)
        if not self.drawn:
            return _finite(-0.5 * self.likelihood.chi2(x))
        chi2 = self.likelihood.chi2(x, nuisances=theta) - np.sum(z**2, axis=1)
        return _finite(volume - 0.5 * chi2)

    def minus_two_log_likelihood(self, values: FloatArray) -> FloatArray:
        """Return -2 ln L over that of the saturated model at parameters and nuisances (m, n).

        Without the squares of the nuisances in χ², which are their priors.
        """
        p = len(self.priors)
        x, theta = values[:, :p], values[:, p:]
        if not self.drawn:
            return self.likelihood.chi2(x)
        chi2 = self.likelihood.chi2(x, nuisances=theta) - np.sum(theta**2, axis=1)
        return np.asarray(chi2)

    def _places(self, u: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return parameters, nuisances, z and ln det A at points (m, n)."""
        p = len(self.priors)
        x = np.column_stack([prior.at(u[:, i]) for i, prior in enumerate(self.priors)])
        z = standard_normal(u[:, p:])
        if not self.drawn:
            return x, z, z, np.zeros(len(u))
        centre, width = self.likelihood.nuisance_shape(x)
        theta = centre + np.einsum("mij,mj->mi", width, z)
        return x, theta, z, np.linalg.slogdet(width)[1]

    def axes(self, values: FloatArray) -> list[SampledAxis]:
        """Return the samples of each parameter where its prior is flat."""
        found = []
        rows = zip(self.likelihood.names, self.priors, values.T, strict=False)
        for name, prior, samples in rows:
            ends = prior.coordinate(np.array([prior.low, prior.high]))
            turns = _goes_round(name, prior)
            found.append(
                SampledAxis(prior.coordinate(samples), float(ends[0]), float(ends[1]), turns)
            )
        return found


def _finite(values: FloatArray) -> FloatArray:
    return np.asarray(np.nan_to_num(values, nan=LOWEST, neginf=LOWEST))


def _goes_round(name: str, prior: Prior) -> bool:
    """Whether a prior is of an angle and goes all round."""
    one = named(name)
    return one.kind == "phase" and (prior.low, prior.high) == (one.low, one.high)


@checked_call
@on_one_thread
def posterior(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameters: str | Sequence[str],
    *,
    prior: Written = (),
    setup: str | None = None,
    cl: float | str = 0.90,
    nuisances: str = "marginalised",
    profiled: bool = True,
    live_points: int = 500,
    seed: int = 1,
    state: str | Path | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> PosteriorResult:
    r"""Return the posterior of parameters: evidence, credible intervals and regions, samples.

    .. math:: p(x) = \frac{\pi(x)}{Z}\int L(x, \theta)\,\prod_k N(\theta_k)\,d\theta,\qquad
              -2\ln L(x, \theta) = \chi^2(x, \theta) - \sum_k\theta_k^2

    with the priors π, the nuisances θ in standard deviations and χ² as in `munu.likelihood`; by
    nested sampling (J. Skilling, Bayesian Anal. 1 (2006) 833) with dynesty (J. S. Speagle,
    arXiv:1904.02180), many points of the likelihood at once.

    Beside them stand the profiled intervals and regions, which know no priors. They agree where the
    posterior is Gaussian; where it is not, at a boundary or along a blind direction, a posterior
    depends on the priors, and its intervals are none with a coverage.

    Parameters
    ----------
    experiment, setup
        As in `munu.limit`; several experiments are combined.
    parameters : str or sequence of str
        As in `munu.likelihood`: moments of one basis, with phases if you like, or couplings.
    prior : mapping of str to str, or sequence of "NAME=PRIOR"
        One for each parameter: ``flat(LOW, HIGH)``; ``log(LOW, HIGH)``, flat in the logarithm;
        ``square(LOW, HIGH)``, flat in the square, as in μ²; ``gaussian(MEAN, SIGMA)``. In the
        parameter's unit (μ_B, rad), or with one. Phases are flat over the whole turn unless they
        are given another.
    cl : float or str
        Probability that intervals and regions hold, between 0 and 1, or as in ``90 %``.
    nuisances : {"marginalised", "profiled"}
        Integrated over with their normal priors, or minimised over at each point.
    profiled : bool
        Whether intervals and regions by Δχ² stand beside: with phases they take seconds each.
    live_points, seed : int
        The error of the evidence falls as one over the root of the former; the latter reproduces.
    state : path, optional
        File that keeps finished rounds of walks; the same question goes on from it, to the same
        samples.
    progress : callable, optional
        Called with the steps done and about how many there will be.
    assumptions, **options
        As in `munu.limit`, without ``one_sided``: a posterior has no sides.

    Raises
    ------
    MunuError
        As `munu.likelihood`; for a prior that is missing, unknown, improper or not within the
        values that its parameter may have; for a state of another question, or a damaged one; and
        if dynesty is not installed.

    Examples
    --------
    >>> flat_in_the_square = {"Lambda_3": "square(0, 2e-9)"}
    >>> found = munu.posterior("conus", "Lambda_3", prior=flat_in_the_square, live_points=100)
    >>> (one,) = found.parameters
    >>> print(f"{one.highest_density[0, 1]:.0e} mu_B, profiled {one.profiled[0, 1]:.0e} mu_B")
    4e-10 mu_B, profiled 4e-10 mu_B
    """
    given = assume(posterior, assumptions, options)
    cl = checked_level(cl)
    names = checked_names("parameters", parameters)
    check_name("treatment of the nuisances", nuisances, NUISANCES)
    checked_flag("profiled", profiled)
    live_points = checked_integer("live_points", live_points, smallest=FEWEST_LIVE_POINTS)
    seed = checked_integer("seed", seed, smallest=0)
    check_callable("progress", progress)
    delta_chi2(cl, 1)
    sampler_version()
    found = likelihood(experiment, names, setup=setup, assumptions=given)
    drawn = found.nuisance_names if nuisances == "marginalised" else ()
    cube = _Cube(found, read_priors(names, prior), drawn)
    rounds = kept_rounds(
        None if state is None else checked_path("state", state),
        found.origin,
        found.assumptions,
        found.names,
        cube.priors,
        drawn,
        live_points=live_points,
        seed=seed,
    )
    with rounds.state.working():
        aside = beside(experiment, names, setup, given, cl) if profiled else Beside({}, {}, ())
        run = nested_samples(
            cube.log_likelihood,
            cube.names,
            turns=cube.turns,
            live_points=live_points,
            seed=seed,
            progress=progress,
            rounds=rounds,
        )
        return _result(
            cube, run, aside, cl=cl, nuisances=nuisances, live_points=live_points, seed=seed
        )


def _result(
    cube: _Cube,
    run: Nested,
    aside: Beside,
    *,
    cl: float,
    nuisances: str,
    live_points: int,
    seed: int,
) -> PosteriorResult:
    """Return what a run says of each parameter, and of each pair."""
    values, weights, names = cube.values(run.points), run.weights, cube.likelihood.names
    axes = cube.axes(values)
    pairs = combinations(range(len(names)), 2)
    return PosteriorResult(
        method=f"nested sampling, dynesty {run.version}",
        parameters=tuple(
            _credible(cube, i, axis, values[:, i], weights, aside, cl)
            for i, axis in enumerate(axes)
        ),
        regions=tuple(_region(cube, i, j, axes, weights, aside, cl) for i, j in pairs),
        cl=cl,
        nuisances=nuisances,
        nuisance_names=cube.drawn,
        log_evidence=run.log_evidence,
        log_evidence_error=run.log_evidence_error,
        live_points=live_points,
        seed=seed,
        evaluations=run.evaluations,
        effective_samples=run.effective_size,
        samples=values,
        weights=weights,
        minus_two_log_likelihood=cube.minus_two_log_likelihood(values),
        remarks=aside.remarks,
        assumptions=cube.likelihood.assumptions,
        origin=cube.likelihood.origin,
    )


def _credible(
    cube: _Cube,
    index: int,
    axis: SampledAxis,
    values: FloatArray,
    weights: FloatArray,
    aside: Beside,
    cl: float,
) -> Credible:
    name, prior = cube.likelihood.names[index], cube.priors[index]
    below = np.array([0.5, cl, 0.5 * (1 - cl), 0.5 * (1 + cl)])
    median, upper, *tails = credible.quantiles(values, weights, below)
    mean = float(np.average(values, weights=weights))
    grid, density = credible.marginal(axis, weights)
    return Credible(
        parameter=name,
        unit=named(name).unit.key,
        prior=text_of(prior),
        mean=mean,
        sigma=float(np.sqrt(np.average((values - mean) ** 2, weights=weights))),
        median=float(median),
        upper=float(upper),
        equal_tailed=np.array(tails),
        equal_tailed_error=credible.quantile_errors(values, weights, below[2:]),
        highest_density=prior.value(credible.highest_density(axis, weights, cl)),
        profiled=aside.intervals.get(name, NONE),
        grid=prior.value(grid),
        density=density,
    )


def _region(
    cube: _Cube,
    i: int,
    j: int,
    axes: Sequence[SampledAxis],
    weights: FloatArray,
    aside: Beside,
    cl: float,
) -> CredibleRegion:
    x, y = cube.likelihood.names[i], cube.likelihood.names[j]
    pieces = credible.region(axes[i], axes[j], weights, cl)
    return CredibleRegion(
        plane=(x, y),
        polygons=tuple(
            np.column_stack([cube.priors[i].value(one[:, 0]), cube.priors[j].value(one[:, 1])])
            for one in pieces
        ),
        profiled=aside.regions.get((x, y), ()),
    )
