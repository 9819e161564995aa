"""Data sets of the catalogue beside what their experiments print of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor, log10
from typing import final

from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.standard_model import StandardModelFit, exclusions
from munu.results.core.table import Table, csv_text, significant
from munu.results.fit import FitResult
from munu.results.paper.data_csv import COLUMNS, compared, fitted
from munu.results.paper.data_rows import DataFit, DataRow
from munu.results.paper.published import NOT_STATED
from munu.results.paper.today_limit import (
    EFFECTIVE_LIMITS,
    MASS_LIMITS,
    differences,
    limit_headings,
    rows_of,
)

SOLAR_RATES = ("pp", "7Be", "pep")
"""Solar neutrinos whose interactions are printed, per day and 100 t."""
QUANTITIES = {
    "observed": "events observed",
    "background": "background predicted",
    "predicted": "signal predicted",
    "fitted": "signal fitted",
    "no_signal": "p-value of no signal",
    "no_signal_alone": "p-value of no signal, without control regions",
    "significance": "significance (σ)",
    "fitted_flux_8B": "flux of 8B fitted (10⁶/cm²/s)",
    **{f"fitted_rate_{beam}": f"{beam} fitted (cpd/100 t)" for beam in SOLAR_RATES},
    **{f"predicted_rate_{beam}": f"{beam} predicted (cpd/100 t)" for beam in SOLAR_RATES},
    **{f"measured_rate_{beam}": f"{beam} measured (cpd/100 t)" for beam in SOLAR_RATES},
    **{name: f"{symbol} (10⁻¹⁰ μ_B)" for name, symbol in SYMBOLS.items()},
}


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

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return the comparison, then the fits with the recoils switched."""
        return (self._comparison(), self._fits(), self._limits(), self._effective())

    def _comparison(self) -> Table:
        """Return our numbers beside the printed ones, under the name of each data set."""
        numbers = {note: i + 1 for i, note in enumerate(self._notes())}
        rows: list[tuple[str, ...]] = []
        for name, group in groupby(self.rows, key=lambda row: _name(row.experiment)):
            rows.append((name, "", "", "", ""))
            rows += [
                (
                    f" {QUANTITIES[row.quantity]}",
                    _number(row.value, row.high - row.value, row.value - row.low),
                    ("< " if row.is_bound else "") + _printed(row),
                    f"{row.ratio:.3f}",
                    _source(row, numbers.get(row.note)),
                )
                for row in group
            ]
        return Table(
            title="Data sets against what their experiments print",
            columns=("~data, quantity", "munu", "printed", "ratio", "~source"),
            rows=tuple(rows),
            notes=(
                "Errors of munu: the interval at Δχ² = 1, the nuisances minimised over; of rates "
                "per 100 t that of the parabola at the minimum. Of events the signal's own "
                "uncertainty is left out; of a flux all but that of the flux is in it. Limits of "
                "munu are one-sided where the printed one says so, else two-sided.",
                *(f"[{number}] {note}" for note, number in numbers.items()),
            ),
            compact=True,
        )

    def _notes(self) -> list[str]:
        return list(dict.fromkeys(row.note for row in self.rows if row.note))

    def _fits(self) -> Table:
        return Table(
            title="The Standard Model against the data, and sin²θ_W",
            columns=(
                "<data",
                "<recoils",
                "χ²/bins",
                "p-value",
                "<by",
                "signal",
                "sin²θ_W",
            ),
            rows=tuple(_fit_row(one) for one in self.fits),
            notes=(
                "signal: fitted events; sin²θ_W: best fit and interval at Δχ² = 1, moments zero; "
                "p-values: by toy experiments where bins are sparse, with all recoils; else by χ² "
                "distribution. Recoils: those in the prediction; nuclear and electron leave out "
                "the others, all is the Standard Model's.",
                *self._rates(),
                *exclusions(self._standard_model()),
            ),
            compact=True,
        )

    def _rates(self) -> tuple[str, ...]:
        """Return which data sets are rates, whose events are those of a unit."""
        data = [one.fit.data[0] for one in self.fits if one.fit.data[0].unit_of_rates]
        units = dict.fromkeys(one.unit_of_rates for one in data)
        named = {u: [_name(x.experiment) for x in data if x.unit_of_rates == u] for u in units}
        return tuple(
            f"Rates, whose events are those in {unit}: {', '.join(dict.fromkeys(names))}."
            for unit, names in named.items()
        )

    def _standard_model(self) -> list[StandardModelFit]:
        """Return the fits with all recoils, where the prediction is the Standard Model's."""
        return [
            StandardModelFit(
                experiment=one.fit.data[0].experiment,
                chi2=one.fit.chi2,
                n_bins=one.fit.n_bins,
                degrees_of_freedom=one.fit.degrees_of_freedom,
                p_value=one.fit.p_value if one.fit.p_value_toys is None else one.fit.p_value_toys,
                toys=one.fit.toys - one.fit.failed_toys,
            )
            for one in self.fits
            if one.fit.channels == "all"
        ]

    def _limits(self) -> Table:
        return Table(
            title="Limits on transition moments, two-sided, 90 % C.L., 10⁻¹⁰ μ_B",
            columns=("<data", "<recoils", *limit_headings(MASS_LIMITS)),
            rows=self._rows(MASS_LIMITS),
            notes=(
                "Slice: others zero; profiled: minimised over the others and their phases; "
                "∞: blind. Recoils: those by which moments are seen; the Standard Model has all. "
                "Expected: with data as the Standard Model predicts.",
                *self._differences(MASS_LIMITS),
            ),
            compact=True,
        )

    def _effective(self) -> Table:
        return Table(
            title="Limits on effective moments, two-sided, 90 % C.L., 10⁻¹⁰ μ_B",
            columns=("<data", "<recoils", *limit_headings(EFFECTIVE_LIMITS)),
            rows=self._rows(EFFECTIVE_LIMITS),
            notes=(
                "Slice: the moments of the other flavours zero; profiled: minimised over them; "
                "μ_eff: one moment of all.",
                *self._differences(EFFECTIVE_LIMITS),
                *(
                    f"✗ {one.fit.data[0].experiment}, {limit.parameter}: {limit.failure}"
                    for one in self.fits
                    for limit in one.limits
                    if limit.failure
                ),
                *(
                    f"✗ {one.fit.data[0].experiment}, {limit.parameter}, expected: "
                    f"{limit.expected_failure}"
                    for one in self.fits
                    for limit in one.limits
                    if limit.expected_failure
                ),
            ),
            compact=True,
        )

    def _rows(self, wanted: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
        return tuple(
            row
            for one in self.fits
            for row in rows_of(
                (_name(one.fit.data[0].experiment), one.fit.channels),
                [one.find(*which) for which in wanted],
            )
        )

    def _differences(self, wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        return differences(
            (
                f"{_name(one.fit.data[0].experiment)}, {one.fit.channels}",
                [one.find(*which) for which in wanted],
            )
            for one in self.fits
        )

    def to_csv(self) -> str:
        """Return the numbers of all tables, one a row, with its unit in a column of its own."""
        rows = [*map(compared, self.rows), *(row for one in self.fits for row in fitted(one))]
        return csv_text(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])


def _name(experiment: str) -> str:
    """Return ``id@setup``, without the setup where it is the default one."""
    return experiment.removesuffix("@current")


def _number(value: float, up: float, down: float) -> str:
    """Return a number with its errors to two digits of the larger, or to the unit."""
    larger = max(up, down)
    if larger == 0:
        return significant(value)
    decimals = max(1 - floor(log10(larger)), 0)
    above, below = f"{up:.{decimals}f}", f"{down:.{decimals}f}"
    errors = f"± {above}" if above == below else f"+{above} -{below}"
    return f"{value:.{decimals}f} {errors}"


def _printed(row: DataRow) -> str:
    low = row.printed_error if row.printed_error_low is None else row.printed_error_low
    return _number(row.printed, row.printed_error, low)


def _source(row: DataRow, number: int | None) -> str:
    """Return the source of a number, the sides of a limit, and the number of its note."""
    sides = "sides not stated" if row.sided == NOT_STATED else row.sided
    named = f"{row.source}, {sides}" if sides else row.source
    return f"{named} [{number}]" if number else named


def _fit_row(one: DataFit) -> tuple[str, ...]:
    (data,) = one.fit.data
    angle = one.weak_angle
    return (
        _name(data.experiment),
        one.fit.channels,
        f"{significant(one.fit.chi2, 4)}/{one.fit.n_bins}",
        *_goodness(one.fit),
        f"{significant(data.signal_low)}–{significant(data.signal_high)}",
        f"{angle.best_fit:.3f} ({angle.low:.3f}–{angle.high:.3f})",
    )


def _goodness(fit: FitResult) -> tuple[str, str]:
    """Return the p-value and what it is by."""
    if fit.p_value_toys is not None:
        return fit.toy_p_value_text(), "toys"
    return ("—", "") if fit.p_value is None else (significant(fit.p_value, 2), "χ²")
