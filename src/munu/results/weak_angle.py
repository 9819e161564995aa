"""sin²θ_W from data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import COMMON_PARAMETER, SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, significant


@final
@dataclass(frozen=True, kw_only=True)
class WeakAngleResult(Result, kind="weak-angle"):
    """sin²θ_W that fits data best, and its intervals.

    An interval's end at 0 or 1 is that of the physical range.

    Parameters
    ----------
    channels : str
        ``all``, ``nuclear`` or ``electron``.
    moment : str or None
        The moment minimised over; None for none.
    equal_low, equal_high : float
        Ends of the range in which every value fits best, for example where one count has
        to tell both the angle and a moment; both ``best_fit`` where one value does.
    best_fit, low, high, low_90, high_90 : float
        sin²θ_W, its interval at Δχ² = 1 and the one at 90 % C.L. (Δχ² = 2.71).
    sin2_theta_w, delta_chi2 : array, shape (n,)
        Values from 0 to 1, close together up to Δχ² = 6, and Δχ² there.
    chi2_min, chi2_standard : float
        χ² there, and at the experiments' own value without moments.
    standard : tuple of float
        The experiments' own values.
    moment_mu_b : float
        The moment at the best fit (μ_B).
    """

    channels: str
    moment: str | None
    best_fit: float
    equal_low: float
    equal_high: float
    low: float
    high: float
    low_90: float
    high_90: float
    sin2_theta_w: FloatArray
    delta_chi2: FloatArray
    chi2_min: float
    chi2_standard: float
    standard: tuple[float, ...]
    moment_mu_b: float
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the value and its interval in one line."""
        free = "moments zero" if self.moment is None else f"{SYMBOLS[self.moment]} free"
        return (
            f"sin²θ_W = {self.best_fit:.3f} ({self.low:.3f} to {self.high:.3f} at Δχ² = 1), "
            f"{free}, {experiments_of(self)}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return the value and its intervals."""
        if self.moment is None:
            moments = f"Moments zero; {self.assumptions.text()}."
        else:
            others = "common to all" if self.moment == COMMON_PARAMETER else "the others zero"
            moments = (
                f"{SYMBOLS[self.moment]} free ({significant(self.moment_mu_b / 1e-10)} at "
                f"{self.best_fit:.3f}, in 10⁻¹⁰ μ_B), {others}; {self.assumptions.text()}."
            )
        best = f"{self.best_fit:.3f}"
        flat: tuple[str, ...] = ()
        if self.equal_high > self.equal_low:
            best = f"{self.equal_low:.3f} to {self.equal_high:.3f}"
            flat = (f"The data cannot tell sin²θ_W from a moment: {best} fit equally well.",)
        standard = ", ".join(f"{value:g}" for value in self.standard)
        rise = max(self.chi2_standard - self.chi2_min, 0.0)
        return (
            Table(
                title=f"sin²θ_W from {experiments_of(self)}",
                columns=("best fit", "Δχ² = 1", "90 % C.L."),
                rows=(
                    (
                        best,
                        f"{self.low:.3f} to {self.high:.3f}",
                        f"{self.low_90:.3f} to {self.high_90:.3f}",
                    ),
                ),
                notes=(
                    f"Recoils in the prediction: {self.channels}. {moments}",
                    f"The Standard Model has {standard}, with Δχ² = {rise:.2f}.",
                    *flat,
                    *self.origin.notes,
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return one row."""
        columns = (
            "best_fit",
            "equal_low",
            "equal_high",
            "low",
            "high",
            "low_90",
            "high_90",
            "chi2_min",
            "chi2_standard",
        )
        return stated_csv(self, columns, [[getattr(self, name) for name in columns]])
