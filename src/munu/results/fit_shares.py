"""What each data set of a combination adds to χ²."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from munu.results.core.table import Table

SHARED: Final = "nuisances that they share"
NOTE: Final = (
    "The nuisances are those of the common fit; the squares of those that one data set has alone "
    "are in its share."
)
OF_DIFFERENCES: Final = "Δχ² is that to the Standard Model: below zero the prediction fits better."


@final
@dataclass(frozen=True, kw_only=True)
class Chi2Share:
    """What one data set of a combination adds to χ², with the nuisances of the common fit.

    Parameters
    ----------
    data : str
        ``id@setup``; or ``nuisances that they share``, the squares of these: they are of no data
        set alone. The shares add up to χ².
    n_bins : int
        Bins, those of control regions too.
    chi2 : float
        Of the prediction.
    standard_model_chi2 : float
        Of the Standard Model, its nuisances fitted to it.
    """

    data: str
    n_bins: int
    chi2: float
    standard_model_chi2: float

    @property
    def delta_chi2(self) -> float:
        """By how much the prediction is worse than the Standard Model; below zero if better."""
        return self.chi2 - self.standard_model_chi2


def share_table(shares: Sequence[Chi2Share], prediction: str, *, is_standard: bool) -> Table:
    """Return the shares and their sum, beside the Standard Model where the prediction is another.

    Parameters
    ----------
    shares : sequence of Chi2Share
    prediction : str
        What it is called.
    is_standard : bool
        Whether it is the Standard Model.
    """
    whole = Chi2Share(
        data="all",
        n_bins=sum(one.n_bins for one in shares),
        chi2=sum(one.chi2 for one in shares),
        standard_model_chi2=sum(one.standard_model_chi2 for one in shares),
    )
    beside = () if is_standard else ("Standard Model", "Δχ²")
    return Table(
        title=f"χ² of {prediction} by data set",
        columns=("~data", "bins", "χ²", *beside),
        rows=tuple(_row(one)[: 3 + len(beside)] for one in (*shares, whole)),
        sections=(len(shares),),
        notes=(NOTE,) if is_standard else (NOTE, OF_DIFFERENCES),
    )


def _row(share: Chi2Share) -> tuple[str, ...]:
    numbers = (f"{one:.2f}" for one in (share.chi2, share.standard_model_chi2))
    return (share.data, str(share.n_bins or ""), *numbers, f"{share.delta_chi2:+z.2f}")
