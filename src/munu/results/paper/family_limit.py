"""Limits on a coupling from one set of data, observed and expected, as cells of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from munu.base.alike import ByContent
from munu.base.typing import FloatArray
from munu.physics.caveats import caveats_of
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.cells import intervals_cell, signed_ends
from munu.results.core.codec import later
from munu.results.paper.today_limit import EXPECTED

UNREACHED = "–"
FAILED = "✗"


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FamilyLimit(ByContent):
    """All intervals of a coupling from one set of data.

    Parameters
    ----------
    table : str
        Title of the table that it stands in.
    data : str
        Name of the set.
    experiments : tuple of str
        ``id@setup``.
    parameter, mass : str
        Mass of the mediator or of the sterile neutrino; empty for a parameter without.
    intervals : array, shape (k, 2)
        In the parameter's unit; none where there is no limit for the reason in ``failure``.
    best_fit : float or None
    unreached : bool
        Whether no neutrino of the sources makes a sterile one of this mass.
    failure : str
        Why there is no limit: a property of the source, or of the fit.
    expected : array, shape (k, 2)
        Intervals from data as the Standard Model predicts; none where the data are such.
    expected_failure : str
        Why there are none.
    unit : str
        That of the intervals, the parameter's: ``mu_b``, ``cm2``, ``e``, empty for a pure number.
    """

    table: str
    data: str
    experiments: tuple[str, ...]
    parameter: str
    mass: str
    intervals: FloatArray
    best_fit: float | None
    unreached: bool = False
    failure: str = ""
    expected: FloatArray
    expected_failure: str = ""
    unit: str = later("")

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not, and the unit of the parameter."""
        object.__setattr__(self, "unit", parameter_of(self.parameter).unit.key)
        for name in ("intervals", "expected"):
            object.__setattr__(self, name, signed_ends(getattr(self, name)))

    @property
    def heading(self) -> str:
        """The parameter with its unit, and the mass below."""
        parameter = parameter_of(self.parameter)
        return f"{parameter.symbol}\n{self.mass}" if self.mass else parameter.symbol

    @property
    def cell(self) -> str:
        """The intervals in the parameter's unit."""
        if self.failure:
            return UNREACHED if self.unreached else FAILED
        return self._text(self.intervals)

    @property
    def expected_cell(self) -> str:
        """The same from expected data; empty for none."""
        return FAILED if self.expected_failure else self._text(self.expected)

    def by_kind(self) -> tuple[tuple[str, FloatArray, str], ...]:
        """Return kind, intervals and failure: ``limit``, and ``expected`` where there is one."""
        found = ("limit", self.intervals, self.failure)
        expected = ("expected", self.expected, self.expected_failure)
        return (found, expected) if self.expected_cell else (found,)

    def _text(self, intervals: FloatArray) -> str:
        parameter = parameter_of(self.parameter)
        return intervals_cell(intervals / parameter.unit.scale, parameter.low)


def limit_notes(limits: Sequence[FamilyLimit]) -> tuple[str, ...]:
    """Return what parameters leave out, and why there are limits missing."""
    parameters = dict.fromkeys(parameter_of(one.parameter) for one in limits)
    caveats = [caveat for one in parameters for caveat in one.caveats]
    texts = caveats_of(caveats, of_mass_states=True)
    found = [f"{text[0].upper()}{text[1:]}." for text in texts]
    if any(one.unreached for one in limits):
        found.append(f"{UNREACHED}: no neutrino of the source makes a sterile one of this mass.")
    found += [
        f"{FAILED} {one.data}, {' '.join(one.heading.split())}: {one.failure}"
        for one in limits
        if one.failure and not one.unreached
    ]
    found += [
        f"{FAILED} {one.data}, {' '.join(one.heading.split())}, expected: {one.expected_failure}"
        for one in limits
        if one.expected_failure
    ]
    return tuple(found)


def limit_rows(data: str, limits: Sequence[FamilyLimit]) -> tuple[tuple[str, ...], ...]:
    """Return the row of a set of data, and that of what was expected of it."""
    observed = (data, *(one.cell for one in limits))
    expected = tuple(one.expected_cell for one in limits)
    return (observed, (EXPECTED, *expected)) if any(expected) else (observed,)
