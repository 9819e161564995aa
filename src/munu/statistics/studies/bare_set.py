"""The exact Feldman-Cousins set of a parameter of which one count without nuisances tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import NewtonLikelihood
from munu.statistics.specification import Counts, StatisticSpecification
from munu.statistics.studies.bare_count import BareCount, merged
from munu.statistics.studies.bare_gaussian import BareGaussian
from munu.statistics.studies.bare_poisson import BarePoisson
from munu.statistics.toys import variance_of


@final
@dataclass(frozen=True, eq=False)
class BareSet:
    r"""A count whose mean is a parabola of a coordinate x.

    Parameters
    ----------
    count : BareCount
        Its means in counts.
    events : array, shape (3,)
        Of the mean :math:`c_0 + c_1x + c_2x^2`, in counts for powers of x, which is the study's
        coordinate and has its unit.
    domain : array, shape (2,)
        First and last x.
    """

    count: BareCount
    events: FloatArray
    domain: FloatArray

    @classmethod
    def of(
        cls,
        specifications: Sequence[StatisticSpecification],
        likelihood: NewtonLikelihood,
        signal: FloatArray,
        domain: FloatArray,
    ) -> BareSet | None:
        """Return the set of a signal, shape (n_signal, 3), None unless all it meets is one count.

        Parameters
        ----------
        specifications : sequence of StatisticSpecification
            Those of the experiments in the likelihood.
        likelihood : NewtonLikelihood
        signal : array
            Coefficients of the powers of x.
        domain : array, shape (2,)
        """
        spec = specifications[0]
        is_one = len(likelihood.parts) == 1 == len(signal) and not likelihood.names
        if not is_one or not isinstance(spec, Counts):
            return None
        events = signal[0] + [sum(float(one.events[0]) for one in spec.backgrounds), 0.0, 0.0]
        count = _count(spec, _parabola(events, _corners(events, domain)))
        return None if count is None else cls(count, events, domain)

    def means(self, x: FloatArray) -> FloatArray:
        """Return the expected counts, shape (n,)."""
        found = _parabola(self.events, x)
        return np.asarray(np.clip(found, self.count.lowest, self.count.highest))

    def intervals(self, cl: float) -> FloatArray:
        """Return the intervals of x in the set, increasing, shape (k, 2).

        One has no width where of all means only a bound is in the set: that of a corner.
        """
        allowed = self.count.allowed(cl)
        corners = _corners(self.events, self.domain)
        corners = corners[np.isfinite(corners)]
        wide = allowed[allowed[:, 1] > allowed[:, 0]]
        ends = distinct(corners, *(self._where(mean) for mean in wide.ravel()))
        low, high = np.append(ends[:-1], corners), np.append(ends[1:], corners)
        middle = self.means(0.5 * (low + high))[:, None]
        held = np.any((middle >= allowed[:, 0]) & (middle <= allowed[:, 1]), axis=1)
        return merged(np.column_stack([low, high])[held])

    def _where(self, mean: float) -> FloatArray:
        """Return where in the domain a mean is expected, shape (n,)."""
        c_0, c_1, c_2 = self.events.tolist()
        root = np.sqrt(max(c_1**2 - 4 * c_2 * (c_0 - mean), 0.0))
        q = -0.5 * (c_1 + np.copysign(root, c_1))
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.array([q, c_0 - mean]) / np.array([c_2, q])
        held = (found >= self.domain[0]) & (found <= self.domain[1]) & np.isfinite(found)
        return np.asarray(found[held])


def _count(spec: Counts, means: FloatArray) -> BareCount | None:
    """Return the count, None of a χ² whose distribution is not known in closed form."""
    lowest, highest = float(means.min()), float(means.max())
    beside = (spec.off_beam, spec.covariance, spec.asymmetric)
    if spec.observed is None or any(one is not None for one in beside):
        return None
    observed = float(spec.observed[0])
    if spec.kind == "poisson":
        return BarePoisson(observed, lowest, highest)
    sigma = float(np.sqrt(variance_of(spec, means)[0]))
    return BareGaussian(observed, lowest, highest, sigma)


def _parabola(events: FloatArray, x: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        found = events[0] + x * (events[1] + x * events[2])
    return np.asarray(found)


def _corners(events: FloatArray, domain: FloatArray) -> FloatArray:
    """Return the ends of a domain, and where between a parabola turns."""
    if events[2] == 0:
        return domain
    turn = -0.5 * events[1] / events[2]
    return distinct(domain, np.clip(turn, *domain))
