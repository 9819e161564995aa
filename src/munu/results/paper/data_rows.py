"""What is computed of a data set beside what its experiment printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.physics.parameters import SYMBOLS
from munu.results.core.codec import later
from munu.results.fit import FitResult
from munu.results.paper.today_limit import TodayLimit
from munu.results.weak_angle import WeakAngleResult

PRINTED_BOUNDS: Final = ("no_signal", "no_signal_alone")
"""Quantities that are printed as upper bounds."""


@final
@dataclass(frozen=True, kw_only=True)
class DataRow:
    """One number, computed and printed.

    Parameters
    ----------
    experiment : str
        ``id@setup``.
    quantity : str
        ``observed``, ``background``, ``predicted`` or ``fitted`` (events), ``significance`` (σ),
        ``fitted_flux_8B`` (10⁶/(cm² s)), ``no_signal`` or ``no_signal_alone`` (p-value with and
        without control regions, printed as an upper bound), ``fitted_rate_pp`` (interactions per
        day and 100 t where the fit has the flux free), ``predicted_rate_pp`` or
        ``measured_rate_pp`` (the same; ours is the prediction in both),
        ``..._7Be``, ``..._pep``, or a parameter of `munu.limit` (10⁻¹⁰ μ_B).
    value, low, high : float
        Ours, with its interval at Δχ² = 1, of ``fitted_rate_`` that of the parabola at the minimum
        (both equal the value for none).
    printed, printed_error : float
        Theirs; an error of 0 for none.
    printed_error_low : float or None
        How far theirs reaches down, where that is another error.
    ratio : float
        Ours over theirs.
    source, note : str
    sided : str
        Of a limit: ``one-sided`` or ``two-sided`` where the source says so, and ours is the same;
        else ``not stated``, and ours two-sided. Empty for what is not a limit.
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
    sided: str = later("")
    printed_error_low: float | None = later(None)

    @property
    def is_bound(self) -> bool:
        """Whether the printed number is an upper bound of a p-value."""
        return self.quantity in PRINTED_BOUNDS

    @property
    def unit(self) -> str:
        """Unit of the numbers; empty for a probability."""
        if "rate_" in self.quantity:
            return "1/(day 100 t)"
        if self.quantity in SYMBOLS:
            return "1e-10 mu_B"
        if self.quantity.startswith("fitted_flux_"):
            return "1e6/(cm2 s)"
        without = (*PRINTED_BOUNDS, "significance")
        return "" if self.quantity in without else "events"


@final
@dataclass(frozen=True, kw_only=True)
class DataFit:
    """One data set with some of its recoils in the prediction.

    Parameters
    ----------
    fit : FitResult
    weak_angle : WeakAngleResult
    limits : tuple of TodayLimit
        Slices and profiled limits on |Λ₁|, |Λ₂|, |Λ₃|, and the limits on effective moments.
    """

    fit: FitResult
    weak_angle: WeakAngleResult
    limits: tuple[TodayLimit, ...]

    def find(self, parameter: str, others: str = "zero") -> TodayLimit:
        """Return the limit on a parameter."""
        return next(x for x in self.limits if (x.parameter, x.others) == (parameter, others))
