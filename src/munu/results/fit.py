"""The Standard Model against data: events by component, nuisances, goodness of fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import floor, log10
from typing import Final, final

from munu.base.alike import ByContent
from munu.base.frozen import FrozenMapping
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, intervals_text, signed_ends
from munu.results.core.codec import later
from munu.results.core.couplings import couplings_text, mixing_note
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, rounded_up, significant
from munu.results.fit_data import BACKGROUND, SIGNAL, BinnedData, FitData
from munu.results.fit_shares import Chi2Share, share_table

WELL_FIXED: Final = 0.1
"""Uncertainty (σ) below which two decimals do not show a pull, as of a free normalisation."""


OF_PULLS: Final = "Uncertainties are those of the parabola at the minimum, the others minimised."


@final
@dataclass(frozen=True, kw_only=True)
class Pull:
    """A nuisance at the best fit, in standard deviations, and how well the data fix it.

    Parameters
    ----------
    name : str
    value, uncertainty : float
        The uncertainty is that of the parabola at the minimum, the other nuisances minimised over;
        1 means that the data say nothing about it.
    """

    name: str
    value: float
    uncertainty: float


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FittedParameter(ByContent):
    """A coupling where χ² is smallest, and all intervals of Δχ² <= 1, the others minimised over.

    Parameters
    ----------
    name, unit : str
    best_fit : float
    intervals : array, shape (k, 2)
        An end that is not reached is infinite, ``null`` in JSON.
    """

    name: str
    unit: str
    best_fit: float
    intervals: FloatArray

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        object.__setattr__(self, "intervals", signed_ends(self.intervals))


@final
@dataclass(frozen=True, kw_only=True)
class PartsFit:
    """χ² of a combination with one strength of the signal over that with one of each experiment.

    Parameters
    ----------
    chi2 : float
    degrees_of_freedom : int
        Experiments beyond the first.
    p_value : float
        By the χ² distribution.
    p_value_toys : float or None
        By toy experiments, where bins are too sparse for that distribution.
    toys, failed_toys : int
    """

    chi2: float
    degrees_of_freedom: int
    p_value: float
    p_value_toys: float | None
    toys: int
    failed_toys: int

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return the rows of a table."""
        degrees = f"{self.degrees_of_freedom} degree{'s' * (self.degrees_of_freedom > 1)}"
        found = (
            ("χ² of one strength over one of each", significant(self.chi2, 3)),
            (f"  p-value, χ² distribution of {degrees}", significant(self.p_value, 2)),
        )
        if self.p_value_toys is None:
            return found
        kept = self.toys - self.failed_toys
        return (*found, (f"  p-value, {kept} toys", significant(self.p_value_toys, 2)))


@final
@dataclass(frozen=True, kw_only=True)
class FitResult(Result, kind="fit"):
    """The Standard Model, or that with couplings, against data of one experiment or several.

    Parameters
    ----------
    channels : str
        ``all``, ``nuclear`` or ``electron``: the recoils in the prediction.
    data : tuple of FitData
    chi2 : float
        −2 ln L of the prediction over the saturated model, minimised over the nuisances.
    n_bins, degrees_of_freedom : int
        Bins, those of control regions too, and bins less unconstrained backgrounds.
    p_value : float or None
        Probability of a larger χ², by the χ² distribution; None without degrees of freedom, where
        there is nothing to test.
    p_value_toys : float or None
        By toy experiments, where bins are too sparse for that distribution.
    toys, failed_toys, seed : int
        Toys drawn, how many of them did not converge and are left out, and their seed.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    first_failure : str
        Number and reason of the first toy that failed; empty if none did.
    strength, strength_low, strength_high : float
        Events of the signal over the Standard Model's, with their interval at Δχ² = 1. Shape
        nuisances keep their number, and what is uncertain of it (the flux, how much is detected) is
        not in the interval: it is that of the events and not of a flux or a cross section.
    no_signal_delta_chi2 : float
        By how much χ² rises without a signal.
    pulls : tuple of Pull
        Nuisances at the prediction.
    with_values : dict of str to float
        Couplings of the prediction besides the Standard Model's: what was given or fitted.
    settings : dict of str to str
        The masses and charges that these depend on; of transition moments the mixing and phases, of
        mass states the mixing and δ_CP.
    fitted : tuple of FittedParameter
        Those that were fitted.
    parts : PartsFit or None
        How the combination fits beside its parts; None of one experiment.
    shares : tuple of Chi2Share
        What each data set of a combination adds to χ², and the nuisances that they share; none of
        one experiment.
    """

    channels: str
    data: tuple[FitData, ...]
    chi2: float
    n_bins: int
    degrees_of_freedom: int
    p_value: float | None
    p_value_toys: float | None
    toys: int
    failed_toys: int
    first_failure: str
    seed: int
    workers: int | None = later(1)
    strength: float
    strength_low: float
    strength_high: float
    no_signal_delta_chi2: float
    pulls: tuple[Pull, ...]
    with_values: dict[str, float] = later(FrozenMapping({}))
    settings: dict[str, str] = later(FrozenMapping({}))
    fitted: tuple[FittedParameter, ...] = later(())
    parts: PartsFit | None = later(None)
    shares: tuple[Chi2Share, ...] = later(())

    @property
    def prediction(self) -> str:
        """What is compared with the data."""
        return "the Standard Model with couplings" if self.with_values else "the Standard Model"

    def toy_p_value_text(self) -> str:
        """Return the p-value by toys, a bound where no toy is as far off; empty without toys."""
        if self.p_value_toys is None:
            return ""
        least = 1 / (1 + self.toys - self.failed_toys)
        if self.p_value_toys <= least:
            return f"< {rounded_up(least)}"
        return significant(self.p_value_toys, 2)

    def summary(self) -> tuple[str, ...]:
        """Return how well the Standard Model fits, and the strength of the signal."""
        toys, bins = self.toy_p_value_text(), "1 bin" if self.n_bins == 1 else f"{self.n_bins} bins"
        by_chi2 = "not defined" if self.p_value is None else significant(self.p_value, 2)
        p_value = f"{toys} by toys" if toys else by_chi2
        strength = _interval(self.strength, self.strength_low, self.strength_high, 3)
        return (
            f"χ² = {significant(self.chi2, 4)} of {self.prediction} in {bins} "
            f"(p-value {p_value}), {experiments_of(self)}",
            f"Signal over that of {self.prediction}: {strength}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return the events of each data set and control region, then the fit."""
        events = (table for one in self.data for table in _event_tables(one, self.prediction))
        return (*events, *self._nuisances(), *self._fitted(), *self._shares(), self._summary())

    def _fitted(self) -> tuple[Table, ...]:
        if not self.fitted:
            return ()
        rows = []
        for one in self.fitted:
            parameter = parameter_of(one.name)
            texts = intervals_text(one.intervals, parameter.unit.scale)
            best = significant(one.best_fit / parameter.unit.scale, 4)
            rows.append((parameter.symbol, parameter.unit.text, best, texts))
        columns = ("<parameter", "<unit", "best fit", "Δχ² ≤ 1")
        return (Table(title="Couplings that fit best", columns=columns, rows=tuple(rows)),)

    def _shares(self) -> tuple[Table, ...]:
        if not self.shares:
            return ()
        return (share_table(self.shares, self.prediction, is_standard=not self.with_values),)

    def _couplings(self) -> tuple[str, ...]:
        if not self.with_values:
            return mixing_note(self.settings)
        return (f"Couplings: {couplings_text(self.with_values, self.settings)}.",)

    def _nuisances(self) -> tuple[Table, ...]:
        if not self.pulls:
            return ()
        rows = tuple((p.name, *_pull(p)) for p in self.pulls)
        columns = ("<nuisance", "pull (σ)", "uncertainty (σ)")
        title = f"Nuisances at {self.prediction}"
        return (Table(title=title, columns=columns, rows=rows, notes=(OF_PULLS,)),)

    def _summary(self) -> Table:
        toys: tuple[tuple[str, str], ...] = ()
        if self.p_value_toys is not None:
            kept = self.toys - self.failed_toys
            failed = f", {self.failed_toys} more failed" if self.failed_toys else ""
            name = f"p-value, {kept} toys (seed {self.seed}{failed})"
            toys = ((name, self.toy_p_value_text()),)
        failure = (f"The first that failed: {self.first_failure}.",) if self.first_failure else ()
        p_value = "not defined" if self.p_value is None else significant(self.p_value, 2)
        rows = (
            (f"χ² of {self.prediction}", significant(self.chi2, 4)),
            ("bins, degrees of freedom", f"{self.n_bins}, {self.degrees_of_freedom}"),
            ("p-value, χ² distribution", p_value),
            *toys,
            *(self.parts.rows() if self.parts else ()),
            (
                f"signal over that of {self.prediction}",
                _interval(self.strength, self.strength_low, self.strength_high, 3),
            ),
            *(
                (
                    f"signal events, {one.experiment}",
                    _interval(one.signal_events, one.signal_low, one.signal_high, 3),
                )
                for one in self.data
            ),
            ("Δχ² without a signal", significant(self.no_signal_delta_chi2)),
        )
        return Table(
            title="Goodness of fit, and the signal that fits best",
            columns=("<", "value"),
            rows=rows,
            notes=(
                f"Recoils in the prediction: {self.channels}. The best signal: a number of events, "
                "free, that shape uncertainties keep; the interval at Δχ² = 1 is that of the "
                "events, without what is uncertain of flux, cross section and detection.",
                *self._couplings(),
                *failure,
                *self.origin.notes,
            ),
        )

    def to_csv(self) -> str:
        """Return one row per data set, region and bin: data, prediction and each component."""
        found = [(one, *region) for one in self.data for region in _regions(one)]
        names = list(dict.fromkeys(c.label for _, _, bins in found for c in bins.components))
        edges = dict.fromkeys(
            column for _, _, bins in found for axis in bins.axes for column in axis.columns()
        )
        return stated_csv(
            self,
            ("experiment", "region", *edges, "observed", "fitted", *names),
            [
                (one.experiment, region, *row)
                for one, region, bins in found
                for row in _rows(bins, tuple(edges), names)
            ],
        )


def _regions(data: FitData) -> list[tuple[str, BinnedData]]:
    """Return the bins of the signal, then the control regions, each with its name."""
    return [(SIGNAL, data), *((region.name, region) for region in data.control_regions)]


def _rows(
    data: BinnedData, edges: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    """Yield the edges of each bin, empty for observables of other data sets, and its events."""
    columns = {c.label: c.fitted_per_bin for c in data.components}
    own = list(chain.from_iterable(axis.columns() for axis in data.axes))
    fitted = data.fitted_per_bin()
    for i, bin_ in enumerate(product(*(list(axis) for axis in data.axes))):
        ends = dict(zip(own, chain(*bin_), strict=True))
        values = [columns[n][i] if n in columns else None for n in names]
        yield (*(ends.get(edge) for edge in edges), data.observed_per_bin[i], fitted[i], *values)


def _event_tables(data: FitData, prediction: str) -> Iterator[Table]:
    title = f"{prediction[0].upper()}{prediction[1:]} against the data of {data.experiment}"
    yield _event_table(data, title)
    for region in data.control_regions:
        yield _event_table(region, f"Control region {region.name} of {data.experiment}")


def _event_table(data: BinnedData, title: str) -> Table:
    rows, sections = [], []
    kinds = ((SIGNAL, "all signals"), (BACKGROUND, "all backgrounds"))
    for kind, total in kinds:
        components = [c for c in data.components if c.kind == kind]
        if not components:
            continue
        rows += [
            (c.label, _events(c.expected_events), _events(c.fitted_events)) for c in components
        ]
        if len(components) > 1:
            rows.append((total, _events(data.expected(kind)), _events(data.fitted(kind))))
        sections.append(len(rows))
    if len(sections) == len(kinds):
        expected = sum(data.expected(kind) for kind, _ in kinds)
        fitted = sum(data.fitted(kind) for kind, _ in kinds)
        rows.append(("signals and backgrounds", _events(expected), _events(fitted)))
    rows.append(("observed", "", _events(float(data.observed_per_bin.sum()))))
    return Table(
        title=title,
        columns=("<component", "before the fit", "fitted"),
        rows=tuple(rows),
        sections=tuple(sections),
        notes=(f"Bins: {'; '.join(axis.text() for axis in data.axes)}.",),
    )


def _events(events: float) -> str:
    return f"{events:.1f}" if abs(events) >= 1 else significant(events, 2)


def _pull(pull: Pull) -> tuple[str, str]:
    """Return a pull and its uncertainty, with three digits of it where data fix it well."""
    small = 0 < pull.uncertainty < WELL_FIXED
    decimals = 2 - floor(log10(pull.uncertainty)) if small else 2
    return f"{pull.value:+z.{decimals}f}", f"{pull.uncertainty:.{decimals}f}"


def _interval(best: float, low: float, high: float, digits: int) -> str:
    """Return ``best (low to high)``."""
    numbers = [significant(value, digits) for value in (best, low, high)]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})"
