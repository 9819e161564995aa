"""Limits from one set of data as tables show them: observed, expected, and how they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.physics.parameters import COMMON_PARAMETER, MASS_PARAMETERS, OTHERS, SYMBOLS, Others
from munu.results.core.codec import later
from munu.results.core.standard_model import APART, differ
from munu.results.core.table import significant

MASS_LIMITS: Final[tuple[tuple[str, Others], ...]] = tuple(
    (name, others) for others in OTHERS for name in MASS_PARAMETERS
)
EFFECTIVE_LIMITS: Final[tuple[tuple[str, Others], ...]] = (
    *((name, others) for others in OTHERS for name in ("mu_nu_e", "mu_nu_mu")),
    (COMMON_PARAMETER, "zero"),
)
"""Limits from data that tables show: the moment, and what happens to the others of its kind."""
EXPECTED: Final = " expected"
"""Name of the row of expected limits."""


@final
@dataclass(frozen=True, kw_only=True)
class TodayLimit:
    """A limit from one set of data.

    Parameters
    ----------
    parameter, others : str
        As in `munu.limit`.
    limit_mu_b : float
        Infinite where there is none.
    unbounded_because, failure : str
        Why there is none: a property of the data, or of the fit.
    expected_limit_mu_b : float
        With data as the Standard Model predicts; infinite where there is none, or no data.
    expected_unbounded_because, expected_failure : str
        Why there is none from expected data.
    has_expected : bool
        Whether it is known what expected data say, be it that they set no limit.
    """

    parameter: str
    others: str
    limit_mu_b: float
    unbounded_because: str = ""
    failure: str = ""
    expected_limit_mu_b: float = later(np.inf)
    expected_unbounded_because: str = later("")
    expected_failure: str = later("")
    has_expected: bool = later(False)

    def __post_init__(self) -> None:
        """Say what files without the key know."""
        why = self.expected_unbounded_because or self.expected_failure
        known = bool(np.isfinite(self.expected_limit_mu_b) or why)
        object.__setattr__(self, "has_expected", self.has_expected or known)

    def differs(self) -> str:
        """Return ``stronger`` or ``weaker`` where it is so than expected; empty otherwise."""
        if self.failure or self.expected_failure or not self.has_expected:
            return ""
        return differ(self.limit_mu_b, self.expected_limit_mu_b)

    @property
    def symbol(self) -> str:
        """The moment; |Λ| for one along a direction."""
        return SYMBOLS.get(self.parameter, "|Λ|")


def limit_headings(wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the headings of columns of limits: how the others are treated, and the moment."""
    treatments = {"zero": "slice", "profiled": "profiled"}
    return tuple(
        SYMBOLS[name] if name == COMMON_PARAMETER else f"{treatments[others]}\n{SYMBOLS[name]}"
        for name, others in wanted
    )


def limit_cell(limit: TodayLimit) -> str:
    """Return a limit in 10⁻¹⁰ μ_B, or a cross where its fit failed."""
    return "✗" if limit.failure else significant(limit.limit_mu_b / 1e-10)


def expected_cell(limit: TodayLimit) -> str:
    """Return the expected limit in 10⁻¹⁰ μ_B, a cross where its fit failed; empty for none."""
    if limit.expected_failure:
        return "✗"
    return significant(limit.expected_limit_mu_b / 1e-10) if limit.has_expected else ""


def rows_of(names: tuple[str, ...], limits: Sequence[TodayLimit]) -> tuple[tuple[str, ...], ...]:
    """Return the row of a set of data, and that of its expected limits where it has data."""
    observed = (*names, *map(limit_cell, limits))
    if not any(limit.has_expected for limit in limits):
        return (observed,)
    rest = ("",) * (len(names) - 1)
    return (observed, (EXPECTED, *rest, *map(expected_cell, limits)))


def differences(named: Iterable[tuple[str, Iterable[TodayLimit]]]) -> tuple[str, ...]:
    """Return which sets have limits stronger or weaker than expected, and by what factors."""
    found: dict[str, list[str]] = {"stronger": [], "weaker": []}
    for name, limits in named:
        factors: dict[str, list[float]] = {}
        for limit in limits:
            if word := limit.differs():
                factors.setdefault(word, []).append(_factor(limit))
        for word, several in factors.items():
            found[word].append(f"{name} ({_range(several)})")
    return tuple(
        f"{word.capitalize()} than expected by more than {100 * (APART - 1):.0f} %: "
        f"{'; '.join(texts)}."
        for word, texts in found.items()
        if texts
    )


def _factor(limit: TodayLimit) -> float:
    """Return the larger of observed and expected limit over the other, inf for one alone."""
    if not np.isfinite(max(limit.limit_mu_b, limit.expected_limit_mu_b)):
        return np.inf
    ratio = limit.limit_mu_b / limit.expected_limit_mu_b
    return max(ratio, 1 / ratio)


def _range(factors: Sequence[float]) -> str:
    low, high = significant(min(factors)), significant(max(factors))
    return f"{low} times" if low == high else f"{low} to {high} times"
