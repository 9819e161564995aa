"""Δχ² along one coupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.language import number_of
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, significant
from munu.results.coupling_limit import conditions_of_others

ROWS = 12
"""About so many points of a curve are printed."""


@final
@dataclass(frozen=True, kw_only=True)
class CouplingProfileResult(Result, kind="coupling-profile"):
    """Δχ² along one coupling, which may have several minima.

    Parameters
    ----------
    parameter : str
    unit : str
        Of the values; empty for a pure number.
    others : str
        ``zero``, or ``profiled`` with the names in ``profiled``.
    profiled : tuple of str
    values : array, shape (n,)
    delta_chi2 : array, shape (n,)
        From the lowest along the parameter; infinite, ``null`` in JSON, where a fit failed.
    chi2_min : float
    assumptions : Assumptions
    """

    parameter: str
    unit: str
    others: str
    profiled: tuple[str, ...]
    values: FloatArray
    delta_chi2: FloatArray
    chi2_min: float
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return what varies, how far, and what is assumed."""
        parameter = parameter_of(self.parameter)
        ends = " to ".join(significant(v / parameter.unit.scale) for v in self.values[[0, -1]])
        return (
            f"Δχ² along {parameter.symbol} from {ends}{parameter.unit.behind} "
            f"({number_of(self.values.size, 'point')}), {experiments_of(self)}",
            conditions_of_others(self.profiled, self.assumptions, self.parameter),
        )

    def tables(self) -> tuple[Table, ...]:
        """Return about a dozen points of the curve."""
        parameter = parameter_of(self.parameter)
        step = max(1, (self.values.size - 1) // ROWS)
        rows = tuple(
            (significant(x / parameter.unit.scale), significant(y) if np.isfinite(y) else "failed")
            for x, y in zip(self.values[::step], self.delta_chi2[::step], strict=True)
        )
        unit = f" ({parameter.unit.text})" if parameter.unit.text else ""
        return (
            Table(
                title=f"Δχ² along {parameter.symbol}, {experiments_of(self)}",
                columns=(f"{parameter.symbol}{unit}", "Δχ²"),
                rows=rows,
                notes=(
                    f"{len(rows)} of {self.values.size} points. "
                    + conditions_of_others(self.profiled, self.assumptions, self.parameter),
                    *self.origin.notes,
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return all points."""
        name = f"{self.parameter}_{self.unit}" if self.unit else self.parameter
        points = zip(self.values, self.delta_chi2, strict=True)
        return stated_csv(self, (name, "delta_chi2"), points)
