"""Posteriors: evidence, credible intervals and regions beside the profiled ones, and samples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import named
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, intervals_text, signed_ends
from munu.results.core.codec import later
from munu.results.core.table import Table, csv_text, percent, significant

NUISANCES: Final = ("marginalised", "profiled")
"""What becomes of the nuisances."""
NUMBER: Final = re.compile(r"-?\b\d+\.?\d*(?:e[-+]?\d+)?")
"""In the text of a prior, which holds all its digits."""
SAMPLE_COLUMNS: Final = ("weight", "-2lnL")
"""Columns of samples in CSV before those of the parameters."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Credible(ByContent):
    """What the posterior says of one parameter.

    Parameters
    ----------
    parameter, unit : str
        The unit of all numbers; empty for a pure number.
    prior : str
        As it is written, ``flat(0, 1e-09)``.
    mean, sigma, median, upper : float
        Of the posterior; ``upper`` is above the true value with the probability of the result.
    equal_tailed : array, shape (2,)
        Quantiles.
    equal_tailed_error : array, shape (2,), or None
        Their standard deviations over other sets of as many samples.
    highest_density : array, shape (k, 2)
        Intervals, shortest in the coordinate in which the prior is flat.
    profiled : array, shape (k, 2)
        Intervals by Δχ², one degree of freedom, the other parameters minimised over; none if they
        were not asked for or do not exist.
    grid, density : array, shape (n,)
        The smoothed density, its maximum one, per unit of that coordinate.
    """

    parameter: str
    unit: str
    prior: str
    mean: float
    sigma: float
    median: float
    upper: float
    equal_tailed: FloatArray
    highest_density: FloatArray
    profiled: FloatArray
    grid: FloatArray
    density: FloatArray
    equal_tailed_error: FloatArray | None = later(None)

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        object.__setattr__(self, "profiled", signed_ends(self.profiled))


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class CredibleRegion(ByContent):
    """What the posterior says of two parameters.

    Parameters
    ----------
    plane : tuple of str
    polygons : tuple of array, shape (n, 2)
        Closed outlines of the region of highest density, holes among them.
    profiled : tuple of array, shape (n, 2)
        Closed outlines of the region by Δχ², two degrees of freedom, the other parameters minimised
        over; none if it was not asked for or does not exist.
    """

    plane: tuple[str, ...]
    polygons: tuple[FloatArray, ...]
    profiled: tuple[FloatArray, ...]


@final
@dataclass(frozen=True, kw_only=True)
class PosteriorResult(Result, kind="posterior"):
    r"""The posterior of parameters, from nested sampling.

    Parameters
    ----------
    method : str
        The sampler and its version.
    parameters : tuple of Credible
    regions : tuple of CredibleRegion
        Of each pair.
    cl : float
        Probability that intervals and regions hold.
    nuisances : str
        ``marginalised``, drawn from their normal priors, or ``profiled``, minimised over.
    nuisance_names : tuple of str
        Those that were drawn, in standard deviations.
    log_evidence, log_evidence_error : float
        ln Z of L over that of the saturated model, and its standard deviation.
    live_points, seed, evaluations : int
    effective_samples : float
        :math:`1/\sum w^2`.
    samples : array, shape (m, p + k)
        Of the parameters, then of the nuisances.
    weights : array, shape (m,)
        They add up to one.
    minus_two_log_likelihood : array, shape (m,)
        -2 ln L over the saturated model's, at each sample; without the terms of the nuisances,
        which are their priors, unless they are profiled.
    remarks : tuple of str
        Why something does not stand beside, and the like.
    assumptions : Assumptions
    """

    method: str
    parameters: tuple[Credible, ...]
    regions: tuple[CredibleRegion, ...]
    cl: float
    nuisances: str
    nuisance_names: tuple[str, ...]
    log_evidence: float
    log_evidence_error: float
    live_points: int
    seed: int
    evaluations: int
    effective_samples: float
    samples: FloatArray
    weights: FloatArray
    minus_two_log_likelihood: FloatArray
    remarks: tuple[str, ...]
    assumptions: Assumptions

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(one.parameter for one in self.parameters)

    def summary(self) -> tuple[str, ...]:
        """Return of what and how, the intervals, and what is assumed."""
        symbols = ", ".join(named(name).symbol for name in self.names)
        intervals = "; ".join(
            f"{named(one.parameter).symbol} {_intervals(one, one.highest_density)}{_unit(one)}"
            for one in self.parameters
        )
        return (
            f"Posterior of {symbols}, {experiments_of(self)}, {self._evidence()}",
            f"{percent(self.cl)} of highest density: {intervals}",
            f"Nuisances {self.nuisances}; {self.assumptions.text()}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each parameter."""
        level = percent(self.cl)
        rows = tuple(
            (
                f"{named(one.parameter).symbol}{_unit(one, ' ({})')}",
                NUMBER.sub(lambda number: f"{float(number[0]):.6g}", one.prior),
                significant(one.median / _scale(one), 4),
                _intervals(one, one.equal_tailed[None]),
                _intervals(one, one.highest_density),
                _intervals(one, one.profiled) if len(one.profiled) else "-",
            )
            for one in self.parameters
        )
        return (
            Table(
                title=f"Posterior, {level} credible, {experiments_of(self)}",
                columns=(
                    "<parameter",
                    "~prior",
                    "median",
                    "~equal-tailed",
                    "~highest density",
                    "~profiled",
                ),
                rows=rows,
                notes=(
                    f"{self._evidence()}, of L over that of the saturated model.",
                    "Priors in the units of the JSON keys. Highest density: per unit of the "
                    "coordinate in which the prior is flat. Profiled: Δχ², one degree of freedom, "
                    "the other parameters minimised over, no prior.",
                    f"{self.weights.size} samples, worth {self.effective_samples:.0f} of equal "
                    f"weight; {self.live_points} live points, {self.evaluations} evaluations, seed "
                    f"{self.seed}; {self.method}.",
                    *self._errors(),
                    *self.remarks,
                    f"Nuisances {self.nuisances}; {self.assumptions.text()}",
                    *self.origin.notes,
                ),
            ),
        )

    def _errors(self) -> tuple[str, ...]:
        """Return how well so many samples know the ends."""
        found = [
            one.equal_tailed_error.max() / (0.5 * np.ptp(one.equal_tailed))
            for one in self.parameters
            if one.equal_tailed_error is not None and np.ptp(one.equal_tailed) > 0
        ]
        if not found:
            return ()
        return (
            f"Equal-tailed ends are known to {100 * max(found):.1g} % of half their distance, one "
            "standard deviation.",
        )

    def _evidence(self) -> str:
        return f"ln Z = {self.log_evidence:.2f} ± {self.log_evidence_error:.2f}"

    def to_csv(self) -> str:
        """Return the samples: weight, -2lnL, then a column for each parameter and nuisance."""
        columns = [f"{one.parameter}_{one.unit}".strip("_") for one in self.parameters]
        table = np.column_stack([self.weights, self.minus_two_log_likelihood, self.samples])
        return csv_text((*SAMPLE_COLUMNS, *columns, *self.nuisance_names), table.tolist())


def _scale(one: Credible) -> float:
    return named(one.parameter).unit.scale


def _unit(one: Credible, form: str = " {}") -> str:
    """Return the unit in which a table counts, in its place; empty for a pure number."""
    text = named(one.parameter).unit.text
    return form.format(text) if text else ""


def _intervals(one: Credible, ends: FloatArray) -> str:
    return intervals_text(ends, _scale(one))
