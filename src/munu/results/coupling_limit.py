"""Every interval that data allow of one coupling."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final, final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import SYMBOLS, Parameter, phase_of
from munu.results.core.base import Result
from munu.results.core.cells import (
    EXPECTED,
    data_of,
    end_text,
    experiments_of,
    finite_cell,
    intervals_text,
    signed_ends,
)
from munu.results.core.codec import later
from munu.results.core.standard_model import StandardModelFit
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant, standard_model_text
from munu.results.limit import treatment

BLIND: Final = "blind direction"


@final
@dataclass(frozen=True, kw_only=True)
class CouplingLimitResult(Result, kind="coupling-limit"):
    """The allowed intervals of one coupling: with interference there may be several.

    Parameters
    ----------
    parameter : str
    unit : str
        Of the intervals; empty for a pure number.
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with one degree of freedom.
    others : str
        ``zero``, or ``profiled`` with the names in ``profiled``.
    profiled : tuple of str
    intervals : array, shape (k, 2)
        Increasing; an end that is not reached is infinite, ``null`` in JSON.
    best_fit : float
        One of the places where χ² is smallest.
    chi2_min, standard_model_delta_chi2 : float
        Smallest χ², and by how much it rises to the Standard Model; negative where that fits
        better, as it may with values stated of others.
    limit_mu_b : float or None
        The largest modulus that is allowed (μ_B), of a moment beside couplings; infinite, ``null``
        in JSON, if it is unbounded, and None of a coupling.
    unbounded_because : str
        ``blind direction``, ``systematic uncertainty``, or empty.
    blind_because : str
        Why no event tells the parameter, in a clause; empty if some do.
    assumptions : Assumptions
    expected_intervals : array, shape (k, 2)
        With data as the Standard Model predicts; none where the data are such.
    has_expected : bool
        Whether there are such intervals; one without ends says that nothing is bounded.
    standard_model : tuple of StandardModelFit
        How well the Standard Model fits the data of each experiment that has some.
    """

    parameter: str
    unit: str
    cl: float
    delta_chi2: float
    others: str
    profiled: tuple[str, ...]
    intervals: FloatArray
    best_fit: float
    chi2_min: float
    standard_model_delta_chi2: float
    limit_mu_b: float | None = later(None)
    unbounded_because: str
    blind_because: str = later("")
    assumptions: Assumptions
    expected_intervals: FloatArray
    has_expected: bool = later(False)
    standard_model: tuple[StandardModelFit, ...] = ()

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not, and a moment its limit."""
        for name in ("intervals", "expected_intervals"):
            object.__setattr__(self, name, signed_ends(getattr(self, name)))
        object.__setattr__(self, "has_expected", bool(self.expected_intervals.size))
        if self.parameter in SYMBOLS:
            object.__setattr__(self, "limit_mu_b", float(self.intervals[-1, 1]))
        super().__post_init__()

    def summary(self) -> tuple[str, ...]:
        """Return the intervals with their level and treatment in one line."""
        parameter = parameter_of(self.parameter)
        texts = intervals_text(self.intervals, parameter.unit.scale)
        profiled = lowered(treatment_of(self.profiled, self.assumptions, self.parameter))
        how = f"{percent(self.cl)} C.L., {self.assumptions.sided}, {profiled}"
        found = f"{parameter.symbol} from {texts}{parameter.unit.behind}"
        return (f"{found} ({how}), {experiments_of(self)}",)

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each interval."""
        parameter = parameter_of(self.parameter)
        scale = parameter.unit.scale
        unit = f", in {parameter.unit.text}" if parameter.unit.text else ""
        label = experiments_of(self)
        rows = [
            (label, parameter.symbol, *(end_text(end / scale) for end in ends))
            for ends in self.intervals
        ]
        return (
            Table(
                title=f"Allowed at {percent(self.cl)} C.L., {self.assumptions.sided} "
                f"(Δχ² = {self.delta_chi2:.3f}){unit}",
                columns=("~experiment", "<parameter", "from", "to"),
                rows=tuple(rows),
                notes=(
                    *self._solutions(),
                    self._best_fit(scale),
                    *self._expected(scale),
                    *self._why_unbounded(),
                    conditions_of_others(self.profiled, self.assumptions, self.parameter),
                    *self.origin.notes,
                ),
            ),
        )

    def _solutions(self) -> tuple[str, ...]:
        if len(self.intervals) < 2:
            return ()
        return (f"{len(self.intervals)} solutions: rates are quadratic in a coupling.",)

    def _best_fit(self, scale: float) -> str:
        """Return the value at the lowest χ², and how far the Standard Model is from that.

        A value other than the Standard Model's fits no better where rates have two solutions, or
        where what is profiled undoes it.
        """
        beside, without = (
            (", with what is profiled at its best", ", without any of it,")
            if self.profiled
            else ("", "")
        )
        how = standard_model_text(self.standard_model_delta_chi2)
        found = significant(self.best_fit / scale, 4)
        return f"Best fit {found}{beside}; the Standard Model{without} {how}."

    def _expected(self, scale: float) -> tuple[str, ...]:
        if not self.expected_intervals.size:
            return ()
        texts = " and ".join(
            f"{end_text(low / scale)} to {end_text(high / scale)}"
            for low, high in self.expected_intervals
        )
        return (f"Expected without a new coupling: {texts}.",)

    def _why_unbounded(self) -> tuple[str, ...]:
        if self.unbounded_because == BLIND:
            because = self.blind_because or "no event here tells this coupling"
            return (f"Unbounded: {because}.",)
        if self.unbounded_because:
            return ("Unbounded: the systematic uncertainty alone allows any excess.",)
        return ()

    def to_csv(self) -> str:
        """Return a row for each interval that data allow, and for those expected."""
        columns = ("parameter", "unit", "data", "low", "high", "best_fit")
        found: list[tuple[str, list[float], float | None]] = [
            *((data_of(self), ends, self.best_fit) for ends in self.intervals.tolist()),
            *((EXPECTED, ends, None) for ends in self.expected_intervals.tolist()),
        ]
        rows = [
            (self.parameter, self.unit, data, *map(finite_cell, ends), best)
            for data, ends, best in found
        ]
        return stated_csv(self, columns, rows)


def treatment_of(profiled: Sequence[str], assumptions: Assumptions, *shown: str) -> str:
    """Return what is done with the parameters that are not shown.

    The phase of a modulus that is minimised over is minimised over too, unless it is named.
    """
    if not profiled:
        return "Slice: all others as in the Standard Model"
    named = {*profiled, *assumptions.values, *shown}
    texts = (_with_phase(parameter_of(name), named) for name in profiled)
    return f"Profiled over {', '.join(texts)}"


def _with_phase(one: Parameter, named: Container[str]) -> str:
    phase = phase_of(one)
    is_free = phase is not None and phase.name not in named
    return f"{one.symbol} of any phase" if is_free else one.symbol


def conditions_of_others(profiled: Sequence[str], assumptions: Assumptions, *shown: str) -> str:
    """Return the same, and what is assumed."""
    return f"{treatment_of(profiled, assumptions, *shown)}; {assumptions.text()}"


def conditions_beside(
    parameter: str, others: str, profiled: Sequence[str], assumptions: Assumptions
) -> str:
    """Return the same of a parameter that may be a moment, whose others have no names."""
    if parameter in SYMBOLS and not profiled:
        return f"{treatment(parameter, others)}; {assumptions.text()}"
    return conditions_of_others(profiled, assumptions, parameter)


def lowered(text: str) -> str:
    """Return a text as it goes on in a sentence."""
    return text[0].lower() + text[1:]
