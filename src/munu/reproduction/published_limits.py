"""Published limits on moments, charge radii and charges (``data/published_limits.csv``)."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from munu.results.core.base import Origin
from munu.results.paper.printed import PrintedLimit
from munu.results.paper.published import PublishedLimit, PublishedResult

PDG: Final = "ParticleDataGroup:2026"
UNIT_MU_B: Final = 1e-10
NOTES: Final = (
    "The listings of the Particle Data Group 2026 (Int. J. Mod. Phys. A 41, 2630011 (2026), CC BY "
    "4.0) and limits beside them. PDG: B in its summary, L its latest best, U used for its "
    "summary, N listed; empty: not in it. Journals are named as there.",
    "sides: of the confidence level; not stated where neither listing nor paper, as far as seen, "
    "says so: at 90 % C.L. Δχ² may be 1.64 or 2.71. by others: not by the experiment. --json and "
    "the CSV file have the listing's footnotes.",
    "Squared charge radii are as listed: half of munu's ⟨r²⟩ for COHERENT CsI, by others, which "
    "the listing divided by two; of the others it does not say in which convention they are.",
)


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    text = files("munu").joinpath("data/published_limits.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(line for line in text.splitlines() if line[:1] != "#"))


def published_limits() -> tuple[PublishedLimit, ...]:
    """Return every published number: those of the Particle Data Group, and some beside them."""
    return tuple(_limit(row) for row in _rows())


def _limit(row: dict[str, str]) -> PublishedLimit:
    numbers = {name: _number(row[name]) for name in ("low", "high", "cl")}
    texts = {name: text for name, text in row.items() if name not in (*numbers, "today")}
    columns: dict[str, Any] = {**texts, **numbers}
    return PublishedLimit(**columns)


def _number(text: str) -> float | None:
    return float(text) if text else None


def shown_today() -> tuple[PrintedLimit, ...]:
    """Return the limits on moments, at 90 % C.L., that stand beside those from today's data."""
    chosen = [_limit(row) for row in _rows() if row["today"]]
    return tuple(
        PrintedLimit(
            label=one.label,
            quantity=one.parameter,
            limit_mu_b=one.high,
            source=one.source,
            sided=one.sided,
            text=_as_printed(one.text),
        )
        for one in chosen
        if one.high is not None
    )


def _as_printed(text: str) -> str:
    """Return the digits of a text like ``< 0.40 E-10`` in 10⁻¹⁰ μ_B, none lost and none added."""
    digits, _, power = text.removeprefix("< ").partition(" E")
    return f"{Decimal(digits).scaleb(int(power) + 10):f}"


def compute() -> PublishedResult:
    """Return the published numbers; nothing is computed."""
    limits = published_limits()
    origin = Origin(experiments=(), inputs_hash=(), notes=NOTES, references=(PDG,))
    return PublishedResult(limits=limits, origin=origin)
