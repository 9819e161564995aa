"""What data allow of two couplings for some phases, and for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_of_others


@final
@dataclass(frozen=True, kw_only=True)
class CouplingEnvelopeResult(Result, kind="coupling-envelope"):
    """The region of two couplings for the most and the least favourable phases.

    Parameters
    ----------
    plane, units : tuple of str
        The axes, and their units; empty for a pure number.
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with two degrees of freedom.
    varied : tuple of str
        The phases.
    outer, inner : tuple of array, shape (n, 2)
        Closed outlines of what is allowed for some phases, and for all of them; the latter may be
        nothing.
    chi2_min, standard_model_delta_chi2 : float
        Smallest χ² over plane and phases, and by how much it rises to the Standard Model;
        as `CouplingLimitResult`.
    standard_model : array, shape (2,)
    assumptions : Assumptions
    """

    plane: tuple[str, ...]
    units: tuple[str, ...]
    cl: float
    delta_chi2: float
    varied: tuple[str, ...]
    outer: tuple[FloatArray, ...]
    inner: tuple[FloatArray, ...]
    chi2_min: float
    standard_model_delta_chi2: float
    standard_model: FloatArray
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the plane, what varies, and the extent of both."""
        (table,) = self.tables()
        x, y = (parameter_of(name) for name in self.plane)
        extents = [
            f"{kind}: {x.symbol} {a} to {b}{x.unit.behind}, {y.symbol} {c} to {d}{y.unit.behind}"
            for kind, a, b, c, d in table.rows
        ]
        return (f"{table.title}, {experiments_of(self)}", "; ".join(extents))

    def tables(self) -> tuple[Table, ...]:
        """Return the extent of each piece of both regions."""
        axes = [parameter_of(name) for name in self.plane]
        scales = [one.unit.scale for one in axes]
        rows = []
        for kind, pieces in (("some phases", self.outer), ("all phases", self.inner)):
            for piece in pieces:
                low, high = piece.min(axis=0) / scales, piece.max(axis=0) / scales
                ends = [significant(v, 4) for v in (low[0], high[0], low[1], high[1])]
                rows.append((kind, *ends))
        x, y = (one.symbol for one in axes)
        units = [f"{one.symbol} in {one.unit.text}" for one in axes if one.unit.text]
        nothing = () if self.inner else ("No point is allowed for all phases.",)
        varied = ", ".join(parameter_of(name).symbol for name in self.varied)
        return (
            Table(
                title=f"Envelope of {x} and {y} over {varied} at {percent(self.cl)} C.L.",
                columns=("<allowed for", f"{x} from", "to", f"{y} from", "to"),
                rows=tuple(rows),
                notes=(
                    experiments_of(self),
                    f"{'; '.join([*units, ''])}Δχ² = {self.delta_chi2:.3f}, 2 degrees of freedom.",
                    *nothing,
                    conditions_of_others((), self.assumptions),
                    *self.origin.notes,
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return every vertex with the region and the number of its piece."""
        names = (f"{n}_{u}" if u else n for n, u in zip(self.plane, self.units, strict=True))
        rows = [
            (kind, number, *vertex)
            for kind, pieces in (("outer", self.outer), ("inner", self.inner))
            for number, piece in enumerate(pieces, start=1)
            for vertex in piece.tolist()
        ]
        return stated_csv(self, ("region", "piece", *names), rows)
