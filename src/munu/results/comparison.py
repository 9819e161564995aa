"""What differs between two results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.calls import checked_call
from munu.results.core.base import Result
from munu.results.core.table import Table, csv_text


@final
@dataclass(frozen=True, kw_only=True)
class Difference:
    """One key that two results do not share.

    Parameters
    ----------
    about : str
        ``inputs``, what was asked and assumed, of which experiments; ``results``, what was found;
        or ``notes``.
    key : str
        Of the JSON, as in ``components[1].sm_events``.
    first, second : str
        What each holds; of lists of numbers where they differ most.
    relative : float or None
        The size of the difference over the larger of the two, of a list over its largest number, ∞
        where one of them is infinite; None for what is no number.
    number : int
        How many numbers of a list differ; 1 of all else.
    """

    about: str
    key: str
    first: str
    second: str
    relative: float | None
    number: int


@final
@dataclass(frozen=True, kw_only=True)
class ComparisonResult(Result, kind="comparison"):
    """What differs between two results of one kind; true where nothing does.

    Parameters
    ----------
    compared : str
        The kind of both results.
    relative : float
        Relative difference up to which numbers count as equal.
    differences : tuple of Difference
        Inputs first, then results, then notes.
    """

    compared: str
    relative: float
    differences: tuple[Difference, ...]

    def __bool__(self) -> bool:
        """Whether the two are equal."""
        return not self.differences

    @checked_call
    def of(self, about: str) -> tuple[Difference, ...]:
        """Return the differences of inputs, results or notes."""
        return tuple(one for one in self.differences if one.about == about)

    def summary(self) -> tuple[str, ...]:
        """Return how much differs, and the number that differs most."""
        names = f"Two results of kind {self.compared}"
        if self:
            return (f"{names} are equal{self._within()}",)
        counts = ((len(self.of(about)), about) for about in ("inputs", "results", "notes"))
        counted = (f"{n} {about[:-1] if n == 1 else about}" for n, about in counts if n)
        numbers = [one for one in self.of("results") if one.relative is not None]
        most = max(numbers, key=lambda one: one.relative or 0.0, default=None)
        text = "" if most is None else f"; most in {most.key}: {_text(most.relative)}, relative"
        return (f"{names} differ in {', '.join(counted)}{self._within()}{text}",)

    def _within(self) -> str:
        return f" within {self.relative:g}" if self.relative else ""

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each key that differs."""
        return (
            Table(
                title=self.summary()[0],
                columns=("<about", "~key", "~first", "~second", "relative"),
                rows=tuple(
                    (
                        one.about,
                        _key(one),
                        _short(one.first),
                        _short(one.second),
                        _text(one.relative),
                    )
                    for one in self.differences
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return a row for each key that differs; an infinite relative difference is ``inf``."""
        columns = ("about", "key", "first", "second", "relative", "number")
        return csv_text(
            columns, [[getattr(one, name) for name in columns] for one in self.differences]
        )


def _key(one: Difference) -> str:
    return one.key if one.number == 1 else f"{one.key} ({one.number} numbers)"


def _short(value: str) -> str:
    """Return a value for a table: of a number the digits that fit a line; CSV and JSON have all."""
    try:
        return f"{float(value):.12g}"
    except ValueError:
        return value


def _text(relative: float | None) -> str:
    """Return a relative difference; of what is no number a dash."""
    if relative is None:
        return "\N{EN DASH}"
    return "∞" if relative == float("inf") else f"{relative:.2g}"
