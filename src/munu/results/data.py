"""Data sets of the catalogue beside what their experiments print of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.parameters import SYMBOLS
from munu.results.base import Result
from munu.results.fit import FitResult
from munu.results.table import Table, csv_text, significant
from munu.results.weak_angle import WeakAngleResult
from munu.typing import FloatArray

QUANTITIES = {
    "predicted": "signal predicted",
    "fitted": "signal fitted",
    **{name: f"{symbol} (10⁻¹⁰ μ_B)" for name, symbol in SYMBOLS.items()},
}


@final
@dataclass(frozen=True, kw_only=True)
class DataRow:
    """One number, computed and printed.

    Parameters
    ----------
    experiment : str
        ``id@setup``.
    quantity : str
        ``predicted`` or ``fitted`` (events), or a parameter of `munu.limit` (10⁻¹⁰ μ_B).
    value, low, high : float
        Ours, with its interval at Δχ² = 1 (both equal the value for none).
    printed, printed_error : float
        Theirs; an error of 0 for none.
    ratio : float
        Ours over theirs.
    source, note : str
    """

    experiment: str
    quantity: str
    value: float
    low: float
    high: float
    printed: float
    printed_error: float
    ratio: float
    source: str
    note: str


@final
@dataclass(frozen=True, kw_only=True)
class DataFit:
    """One data set with some of its recoils in the prediction.

    Parameters
    ----------
    fit : FitResult
    weak_angle : WeakAngleResult
    limits_mu_b : array, shape (3,)
        Slice limits on |Λ₁|, |Λ₂|, |Λ₃| (μ_B).
    """

    fit: FitResult
    weak_angle: WeakAngleResult
    limits_mu_b: FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class DataResult(Result, kind="data"):
    """Every data set of the catalogue against its experiment's own numbers.

    Parameters
    ----------
    rows : tuple of DataRow
    fits : tuple of DataFit
    """

    rows: tuple[DataRow, ...]
    fits: tuple[DataFit, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the comparison, then the fits with the recoils switched."""
        numbers = {note: i + 1 for i, note in enumerate(self._notes())}
        comparison = Table(
            title="Data sets against what their experiments print",
            columns=("<data", "<quantity", "munu", "printed", "ratio", "<note", "<source"),
            rows=tuple(
                (
                    row.experiment,
                    QUANTITIES[row.quantity],
                    _number(row.value, max(row.high - row.value, row.value - row.low)),
                    _number(row.printed, row.printed_error),
                    f"{row.ratio:.3f}",
                    f"[{numbers[row.note]}]" if row.note else "",
                    row.source,
                )
                for row in self.rows
            ),
            notes=(
                "Errors of munu: half the interval at Δχ² = 1, its larger side.",
                *(f"[{number}] {note}" for note, number in numbers.items()),
            ),
            compact=True,
        )
        return (comparison, self._fits())

    def _notes(self) -> list[str]:
        return list(dict.fromkeys(row.note for row in self.rows if row.note))

    def _fits(self) -> Table:
        return Table(
            title="The Standard Model against the data, sin²θ_W, and 90 % C.L. slices in 10⁻¹⁰ μ_B",
            columns=(
                "<data",
                "<recoils",
                "χ²",
                "bins",
                "p-value",
                "signal",
                "sin²θ_W",
                *(SYMBOLS[name] for name in ("Lambda_1", "Lambda_2", "Lambda_3")),
            ),
            rows=tuple(_fit_row(one) for one in self.fits),
            notes=(
                "signal: fitted events; sin²θ_W: best fit and interval at Δχ² = 1, moments zero; "
                "p-values by toy experiments where bins are sparse.",
                "Electron recoils alone leave the nuclear signal of COHERENT and of the reactors "
                "unexplained: their limits answer what electrons would add, not what is excluded.",
            ),
            compact=True,
        )

    def to_csv(self) -> str:
        """Return the comparison, one row per number."""
        names = tuple(DataRow.__dataclass_fields__)
        return csv_text(names, [[getattr(row, name) for name in names] for row in self.rows])


def _number(value: float, error: float) -> str:
    if error == 0:
        return significant(value)
    digits = 0 if value >= 10 else 3
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def _fit_row(one: DataFit) -> tuple[str, ...]:
    (data,) = one.fit.data
    p_value = one.fit.p_value if one.fit.p_value_toys is None else one.fit.p_value_toys
    angle = one.weak_angle
    return (
        data.experiment,
        one.fit.channels,
        significant(one.fit.chi2, 4),
        str(one.fit.n_bins),
        significant(p_value, 2),
        f"{significant(data.signal_low)} – {significant(data.signal_high)}",
        f"{angle.best_fit:.3f} ({angle.low:.3f} – {angle.high:.3f})",
        *(significant(limit / 1e-10) for limit in one.limits_mu_b),
    )
