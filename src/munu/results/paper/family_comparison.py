"""Published limits on couplings beside ours in the convention of their authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.thresholds import TWO_SIDED
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.cells import intervals_cell, signed_ends
from munu.results.core.codec import later
from munu.results.core.table import Table, percent, significant
from munu.results.paper.published import NOT_STATED

UNSTATED_CL: Final = 0.90
"""Of our limit where the published number has none."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FamilyComparison(ByContent):
    """A published number, and ours from the nearest data of the catalogue.

    Parameters
    ----------
    parameter, mass : str
    our_data, published_data : str
    is_same_data : bool
        Whether both are from one exposure of one detector.
    ours, published : array, shape (k, 2)
        All intervals in the parameter's unit; a limit on the size of what has a sign is from minus
        to plus.
    cl : float or None
        Of the published number, None where it is not stated.
    sided : str
        Of the published number; ours are two-sided where it is not stated.
    convention : str
        What was chosen to follow the authors.
    reason : str
        Why the numbers differ.
    source : str
    status : str
        How the number is known: ``PDG listing``, ``abstract``, ``second-hand``.
    unit : str
        That of the intervals, the parameter's.
    """

    parameter: str
    mass: str
    our_data: str
    published_data: str
    is_same_data: bool
    ours: FloatArray
    published: FloatArray
    cl: float | None
    sided: str
    convention: str
    reason: str
    source: str
    status: str
    unit: str = later("")

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not, and the unit of the parameter."""
        object.__setattr__(self, "unit", parameter_of(self.parameter).unit.key)
        for name in ("ours", "published"):
            object.__setattr__(self, name, signed_ends(getattr(self, name)))

    @property
    def our_sides(self) -> str:
        """Sides of our limit: those of the published one where they are stated."""
        return TWO_SIDED if self.sided == NOT_STATED else self.sided

    @property
    def our_cl(self) -> float:
        """C.L. of our limit: that of the published one where it is stated."""
        return UNSTATED_CL if self.cl is None else self.cl

    @property
    def ratio(self) -> float:
        """How much is allowed in all, ours over theirs; infinite where ours has no end."""
        ours, published = (float(np.diff(x, axis=1).sum()) for x in (self.ours, self.published))
        return ours / published

    def cells(self) -> tuple[str, str]:
        """Return ours and theirs in the parameter's unit."""
        one = parameter_of(self.parameter)
        ours, theirs = (
            intervals_cell(x / one.unit.scale, one.low) for x in (self.ours, self.published)
        )
        return ours, theirs


def comparisons_table(comparisons: Sequence[FamilyComparison], without: Sequence[str]) -> Table:
    """Return a row for each published number, and reasons in the notes.

    Parameters
    ----------
    comparisons : sequence of FamilyComparison
    without : sequence of str
        Symbols of parameters for which no published number is at hand.
    """
    notes = list(dict.fromkeys(_note(one) for one in comparisons))
    none = (f"No published number at hand: {', '.join(without)}.",) if without else ()
    return Table(
        title="Published limits beside ours in their convention",
        columns=("~coupling", "~data", "~munu", "~published", "ratio", "~source"),
        rows=tuple(
            (
                _symbol(one),
                one.our_data
                if one.is_same_data
                else f"{one.our_data}; published: {one.published_data}",
                *one.cells(),
                significant(one.ratio, 2) if one.ratio < 0.1 else f"{one.ratio:.2f}",
                f"{one.source}, {one.status} ({notes.index(_note(one)) + 1})",
            )
            for one in comparisons
        ),
        notes=(
            "ratio: what is allowed in all, ours over theirs; where sides are not stated ours are "
            "two-sided. "
            "`munu reproduce published` lists limits from other data.",
            *none,
            *(f"({number}) {note}" for number, note in enumerate(notes, start=1)),
        ),
        compact=True,
    )


def _symbol(one: FamilyComparison) -> str:
    parameter = parameter_of(one.parameter)
    unit = f", {parameter.unit.text}" if parameter.unit.text else ""
    return f"{parameter.symbol}{unit}{f', {one.mass}' if one.mass else ''}"


def _note(one: FamilyComparison) -> str:
    sides = f"{'sides ' * (one.sided == NOT_STATED)}{one.sided}"
    ours = f"{percent(one.our_cl)} C.L."
    level = f"C.L. not stated, ours {ours}" if one.cl is None else ours
    return f"{level}, {sides}. {one.convention} {one.reason}"
