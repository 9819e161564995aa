"""What the state of a study holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray, IntArray
from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.table import Table, csv_text, significant


@final
@dataclass(frozen=True, kw_only=True)
class StateResult(Result, kind="state"):
    """How many pieces and toys of a study are finished.

    Parameters
    ----------
    question : str
        Whose study it is: ``coverage``, ``feldman-cousins``, ``feldman-cousins-region`` or
        ``scan``.
    parameter : str
    states : tuple of str
        Names of the files whose pieces are here.
    values : array, shape (n,)
        True values of the toys, increasing, a moment's in μ_B and those of other couplings as
        coordinates of their fit; of a plane the numbers of its points; or values that are scanned.
    pieces, toys : array of int, shape (n,)
        Finished pieces of each value, and the toys in them; a scan has none.
    failed : array of int, shape (n,)
        Toys whose fit failed, or the value of a scan that did.
    """

    question: str
    parameter: str
    states: tuple[str, ...]
    values: FloatArray
    pieces: IntArray
    toys: IntArray
    failed: IntArray

    def summary(self) -> tuple[str, ...]:
        """Return what there is, and of how many values."""
        toys = f", {self.toys.sum()} toys" if self.toys.any() else ""
        return (
            f"Study ({self.question}) of {self.parameter}, {experiments_of(self)}: "
            f"{self.pieces.sum()} pieces of {self.values.size} values{toys}, "
            f"{self.failed.sum()} failed",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return a row per value."""
        rows = zip(self.values, self.pieces, self.toys, self.failed, strict=True)
        return (
            Table(
                title=f"Study ({self.question}) of {self.parameter}, {experiments_of(self)}",
                columns=("value", "pieces", "toys", "failed"),
                rows=tuple(
                    (significant(float(value), 4), *map(str, numbers)) for value, *numbers in rows
                ),
                notes=(*self._values_in_words(), f"From {', '.join(self.states)}."),
            ),
        )

    def _values_in_words(self) -> tuple[str, ...]:
        """Return what values are, where they are not those that were asked for."""
        if self.question == "scan":
            return ()
        if "," in self.parameter:
            return ("Values are the numbers of points of the plane.",)
        if self.parameter in SYMBOLS:
            return ("Values are true moments in μ_B.",)
        return (
            "Values are coordinates of the fit: of a mediator's g its square, of other couplings "
            "the difference from the Standard Model's.",
        )

    def to_csv(self) -> str:
        """Return a row per value."""
        rows = zip(self.values, self.pieces, self.toys, self.failed, strict=True)
        return csv_text(("value", "pieces", "toys", "failed"), rows)
