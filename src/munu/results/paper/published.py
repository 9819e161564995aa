"""Published limits on moments, charge radii and charges of neutrinos."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, final

from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.codec import later
from munu.results.core.table import Table, csv_text, percent

QUANTITIES: Final = {
    "magnetic_moment": ("Magnetic moments, 10⁻¹⁰ μ_B", 1e-10),
    "charge_radius_squared": ("Squared charge radii, 10⁻³² cm²", 1e-32),
    "charge": ("Charges, 10⁻¹² e", 1e-12),
}
"""Titles of the tables, and what one stands for in them."""
MOMENTS: Final = {**SYMBOLS, "Lambda": "|Λ|", "solar_effective": "μ_ν, solar"}
FLAVOURS: Final = {
    "nu_e": "ν_e",
    "nu_e_bar": "ν̄_e",
    "nu_mu": "ν_μ",
    "nu_tau": "ν_τ",
    "solar": "solar",
    "Majorana": "Majorana",
}
NOT_STATED: Final = "not stated"


@final
@dataclass(frozen=True, kw_only=True)
class PublishedLimit:
    """One published number.

    Parameters
    ----------
    quantity : str
        ``magnetic_moment``, ``charge_radius_squared`` or ``charge``.
    flavour : str
        ``nu_e``, ``nu_e_bar``, ``nu_mu``, ``nu_tau``, ``solar`` (the mixture that the Sun sends),
        ``Majorana`` (transition moments); empty where it is none of these.
    parameter : str
        A parameter of `munu.limit`, ``solar_effective`` or ``Lambda``, the modulus of all
        transition moments; empty for none.
    kind : str
        ``limit`` (upper, in ``high``), ``limits`` (from ``low`` to ``high``, by model),
        ``interval``, ``measurement`` (within one standard deviation), ``other`` (no number).
    low, high : float or None
        In the unit.
    unit : str
        ``mu_B``, ``cm2`` or ``e``.
    text : str
        The number as printed.
    cl : float or None
        Confidence level, where it is stated.
    sided : str
        ``one-sided``, ``two-sided``, or ``not stated`` by the listing or the paper.
    data : str
        Whose data.
    analysis : str
        ``experiment``, or ``others`` who take its data, or the sky's.
    source, doi : str
    document, pdg_place : str
        In the listing of the Particle Data Group: its name there, and ``B`` (summary), ``L``
        (latest best), ``U`` (used for the summary) or ``N`` (not used); empty for what it lacks.
    note : str
    condition : str
        What tells it from another limit of the same data and source; empty for none.
    """

    quantity: str
    flavour: str
    parameter: str
    kind: str
    low: float | None
    high: float | None
    unit: str
    text: str
    cl: float | None
    sided: str
    data: str
    analysis: str
    source: str
    doi: str
    document: str
    pdg_place: str
    note: str
    condition: str = later("")

    @property
    def label(self) -> str:
        """Whose data, and that others than the experiment analysed them."""
        return self.data if self.analysis == "experiment" else f"{self.data}, by others"

    @property
    def told_apart(self) -> str:
        """The label, and what tells it from another limit of the same data."""
        return f"{self.label}, {self.condition}" if self.condition else self.label

    def cell(self, unit: float) -> str:
        """Return the number in units of ``unit``."""
        low, high = (None if x is None else f"{x / unit:.4g}" for x in (self.low, self.high))
        if high is None:
            return "see note"
        if low is None:
            return f"< {high}"
        return f"< {low} to {high}" if self.kind == "limits" else f"{low} to {high}"


@final
@dataclass(frozen=True, kw_only=True)
class PublishedResult(Result, kind="published"):
    """The published numbers, those of the Particle Data Group and some beside them.

    Parameters
    ----------
    limits : tuple of PublishedLimit
    """

    limits: tuple[PublishedLimit, ...]

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return one table per quantity, and what their columns mean below the last."""
        *first, last = (self._table(quantity) for quantity in QUANTITIES)
        return (*first, replace(last, notes=self.origin.notes))

    def _table(self, quantity: str) -> Table:
        title, unit = QUANTITIES[quantity]
        return Table(
            title=f"{title}: published limits",
            columns=("~data", "<flavour", "~limit", "C.L.", "<sides", "~source", "<PDG"),
            rows=tuple(
                (
                    one.told_apart,
                    FLAVOURS.get(one.flavour, ""),
                    one.cell(unit),
                    "" if one.cl is None else percent(one.cl),
                    one.sided,
                    one.source,
                    one.pdg_place,
                )
                for one in self.limits
                if one.quantity == quantity
            ),
            compact=True,
        )

    def to_csv(self) -> str:
        """Return one row per number, with everything that is known of it."""
        names = [field.name for field in fields(PublishedLimit)]
        return csv_text(names, ([getattr(one, name) for name in names] for one in self.limits))
