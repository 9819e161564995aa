r"""Nested sampling: the evidence, and weighted samples of the posterior.

.. math:: Z = \int L(x)\,\pi(x)\,dx

by live points that climb in L (J. Skilling, Bayesian Anal. 1 (2006) 833), with dynesty
(J. S. Speagle, arXiv:1904.02180).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.typing import FloatArray
from munu.statistics.nested_walk import LogLikelihood, Rounds, WalksInStep, made_anew

PIP_LINE: Final = "pip install 'munu[posterior]'"

STEPS: Final = (25, 5)
"""Of a walk: so many, and so many more for each dimension."""
QUEUE: Final = 0.2
"""Of the live points, those asked for at once: most are still above when it is their turn."""
REMAINING: Final = 0.05
"""ln of what the live points may still add to Z where the climb ends."""
KEPT: Final = 1e-9
"""Weight, of the largest, below which samples are left out."""
REPORTED: Final = 100
"""Steps after which progress is told."""


@final
@dataclass(frozen=True, eq=False)
class Nested:
    """What nested sampling found.

    Parameters
    ----------
    points : array, shape (m, n)
        Of the unit cube.
    weights : array, shape (m,)
        Of the posterior; they add up to one.
    log_likelihood : array, shape (m,)
    log_evidence, log_evidence_error : float
        ln Z, and the standard deviation from the statistics of the climb.
    evaluations : int
        Of the likelihood.
    version : str
        Of dynesty.
    """

    points: FloatArray
    weights: FloatArray
    log_likelihood: FloatArray
    log_evidence: float
    log_evidence_error: float
    evaluations: int
    version: str

    @property
    def effective_size(self) -> float:
        r"""Kish's number of samples, :math:`1/\sum w^2`."""
        return float(1 / np.sum(self.weights**2))


def sampler_version() -> str:
    """Return dynesty's version; raises `MunuError` with the line that installs it."""
    return str(_dynesty().__version__)


def nested_samples(
    log_likelihood: LogLikelihood,
    names: Sequence[str],
    *,
    turns: Sequence[int] = (),
    live_points: int,
    seed: int,
    progress: Progress | None = None,
    rounds: Rounds = made_anew,
) -> Nested:
    """Return samples of a likelihood over the unit cube.

    Parameters
    ----------
    log_likelihood : callable
        Of points, shape (m, n) to (m,).
    names : sequence of str
        Of the dimensions of the cube, as an error has them.
    turns : sequence of int
        Dimensions that are angles, whose ends are one.
    live_points, seed : int
    progress : callable, optional
        Called with the steps done and about how many there will be.
    rounds : callable, optional
        What knows rounds of walks of a run that was interrupted.

    Raises
    ------
    MunuError
        If dynesty is not installed, or where the likelihood is large is narrower than numbers
        between 0 and 1 can tell apart.
    """
    dynesty, dimension = _dynesty(), len(names)
    rng = np.random.default_rng(seed)
    start = rng.random((live_points, dimension))
    values = log_likelihood(start)
    sampler = dynesty.NestedSampler(
        lambda u: float(log_likelihood(np.atleast_2d(u))[0]),
        np.array,
        dimension,
        nlive=live_points,
        live_points=[start, start.copy(), values],
        sample="rwalk",
        walks=STEPS[0] + STEPS[1] * dimension,
        periodic=list(turns) or None,
        rstate=rng,
        pool=WalksInStep(log_likelihood, names, max(2, int(QUEUE * live_points)), rounds),
        use_pool={"update_bound": False},
    )
    tell = _Told(live_points, progress)
    sampler.run_nested(dlogz=REMAINING, print_progress=progress is not None, print_func=tell)
    return _found(sampler.results, live_points, dynesty.__version__)


@final
@dataclass(frozen=True)
class _Told:
    """Tells progress: every step of the live points lets 1/n of ln Z's remainder go."""

    live_points: int
    progress: Progress | None

    def __call__(self, results: Any, done: int, calls: int, **rest: Any) -> None:
        if self.progress is None or done % REPORTED:
            return
        left = max(log(max(float(results.delta_logz), 1e-300) / REMAINING), 0.0)
        self.progress(done, done + int(self.live_points * min(left, 100.0)) + self.live_points)


def _found(results: Any, live_points: int, version: str) -> Nested:
    log_weights = results.logwt - results.logz[-1]
    weights = np.exp(log_weights - log_weights.max())
    kept = weights > KEPT
    return Nested(
        points=np.asarray(results.samples_u)[kept],
        weights=weights[kept] / weights[kept].sum(),
        log_likelihood=np.asarray(results.logl)[kept],
        log_evidence=float(results.logz[-1]),
        log_evidence_error=float(results.logzerr[-1]),
        evaluations=int(np.sum(results.ncall)) + live_points,
        version=version,
    )


def _dynesty() -> Any:
    try:
        import dynesty
    except ImportError as error:
        raise MunuError("posteriors need dynesty, which is not installed", PIP_LINE) from error
    return dynesty
