r"""Amplitudes of template fits: what a fit of one shape sees of events of another.

An experiment that fits counts :math:`n_b` with the shape :math:`t_b` of a signal and backgrounds
:math:`B_{kb}` publishes the number of signal events alone. By least squares it is linear in the
counts, :math:`\hat N = \sum_b w_b n_b + \mathrm{const}`, so that further events :math:`s_b` add
:math:`\sum_b w_b s_b` to it, not their number: where they lie beyond the shape, little; where they
look like a background that is fitted too, less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.counts import BinnedAxis, FoldedCounts
from munu.statistics.specification import Background, Counts, TemplateFit


@final
@dataclass(frozen=True, eq=False)
class Estimator:
    """The fitted number of events as a weighted sum of counts.

    Parameters
    ----------
    weights : array, shape (n_bins,)
        w_b; the template itself counts with its number of events.
    error : float
        Standard deviation of the fitted number, for expected counts of template and backgrounds.
    """

    weights: FloatArray
    error: float

    def seen(self, events: FloatArray) -> FloatArray:
        """Return what the fit sees of events per bin, shape (..., n_bins), as shape (..., 1)."""
        return np.asarray(events @ self.weights)[..., None]


def estimator(template: FloatArray, fit: TemplateFit) -> Estimator:
    r"""Return the estimator of a template's number of events.

    The counts :math:`A\,t_b + \sum_k(1+\sigma_k\theta_k)B_{kb} + \ldots`, with a nuisance θ of unit
    width per normalisation and per shape (:math:`\theta\,(B^+_b - B^-_b)/2`), are fitted by least
    squares with variances :math:`V_b = t_b + \sum_k B_{kb}`:

    .. math:: \hat N = N\,\big[(D^TV^{-1}D + P)^{-1}D^TV^{-1}(n - \sum_k B_k)\big]_0

    with t and what each θ moves as the columns of D, P = diag(0, 1, 1, ...), :math:`N=\sum_b t_b`.

    Parameters
    ----------
    template : array, shape (n_bins,)
        t: Standard Model events of the shape.
    fit : TemplateFit

    Raises
    ------
    MunuError
        If the template has no events, or a bin has neither template nor background.

    References
    ----------
    Least squares with constraints as further measurements: R. L. Workman et al. (PDG), Prog. Theor.
    Exp. Phys. 2022, 083C01, section 40.2.
    """
    total = float(template.sum())
    if not total > 0:
        raise MunuError(
            "the template of the fit has no events in the detector's bins",
            "Name the recoils that were fitted in statistic.template, or lower the bins",
        )
    variance = template + sum((b.events for b in fit.backgrounds), np.zeros(template.size))
    if np.any(variance <= 0):
        empty = int(np.argmax(variance <= 0)) + 1
        raise MunuError(
            f"bin {empty} of the template fit expects neither signal nor background",
            "Give the fit a background there, or leave the bin out",
        )
    moved = [row for background in fit.backgrounds for row in _moved(background)]
    design = np.array([template, *moved])
    prior = np.diag([0.0, *np.ones(len(moved))])
    covariance = np.linalg.inv((design / variance) @ design.T + prior)
    weights = total * (covariance @ (design / variance))[0]
    return Estimator(weights, total * float(np.sqrt(covariance[0, 0])))


def _moved(background: Background) -> list[FloatArray]:
    """Return by how many events one standard deviation of each nuisance moves the background."""
    scale = [background.sigma * background.events] if background.sigma > 0 else []
    return [*scale, *(0.5 * (shape.plus - shape.minus) for shape in background.shapes)]


def template_fit_of(experiment: CountingExperiment) -> TemplateFit | None:
    """Return the fit whose amplitude an experiment counts; None if it counts events."""
    statistic = experiment.statistic
    return statistic.template_fit if isinstance(statistic, Counts) else None


def in_bins(experiment: CountingExperiment) -> CountingExperiment:
    """Return an experiment that counts in the bins of its template fit, if it has one."""
    if template_fit_of(experiment) is None:
        return experiment
    assert isinstance(experiment.statistic, Counts)
    return replace(experiment, statistic=replace(experiment.statistic, template_fit=None))


def amplitudes(counts: FoldedCounts, found: Estimator) -> FoldedCounts:
    """Return counts whose one bin is what the fit sees, those of variants too."""
    return replace(
        counts,
        events={shape: found.seen(own) for shape, own in counts.events.items()},
        axes=tuple(BinnedAxis(a.name, a.unit, a.edges[[0, -1]]) for a in counts.axes),
        variants=tuple(
            replace(v, minus=amplitudes(v.minus, found), plus=amplitudes(v.plus, found))
            for v in counts.variants
        ),
    )
