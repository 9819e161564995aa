"""The numbers that the reference paper prints (``data/published.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, final

PARAMETERS = ("Lambda_1", "Lambda_2", "Lambda_3")
SETUPS = ("current", "future")


@final
@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Parameters
    ----------
    text : str
        Its digits.
    unit : float
        What one stands for.
    """

    text: str
    unit: float

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text) * self.unit

    @property
    def half_width(self) -> float:
        """Half of the last printed digit: how far rounding may have moved the number."""
        decimals = len(self.text.partition(".")[2])
        return 0.5 * 10.0**-decimals * self.unit


@final
@dataclass(frozen=True)
class PrintedLimits:
    """The limits on |Λ₁|, |Λ₂|, |Λ₃| of one setup and beam.

    Parameters
    ----------
    group, label : str
        Heading and name in Table II.
    experiment, setup, beam : str
    limits : tuple of Printed
        In μ_B.
    source : str
        Where in the paper.
    """

    group: str
    label: str
    experiment: str
    setup: str
    beam: str
    limits: tuple[Printed, ...]
    source: str


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    text = files("munu").joinpath("data/published.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def confidence_level() -> float:
    """Return the confidence level of every printed limit."""
    return float(_content()["cl"])


def limits() -> tuple[PrintedLimits, ...]:
    """Return the limits of Table II and of the text, in the order of the paper."""
    return tuple(_limits())


def _limits() -> Iterator[PrintedLimits]:
    unit = _content()["unit_mu_b"]
    for block in _content()["limits"]:
        for row in block["rows"]:
            for setup in SETUPS:
                if setup in row:
                    yield PrintedLimits(
                        group=block["group"],
                        label=row["label"],
                        experiment=row["experiment"],
                        setup=setup,
                        beam=block["beam"],
                        limits=tuple(Printed(text, unit) for text in row[setup]),
                        source=block["source"],
                    )


def setups() -> tuple[dict[str, Any], ...]:
    """Return the rows of Table I, values as printed."""
    return tuple(_content()["setups"])
