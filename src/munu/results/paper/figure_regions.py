"""The numbers of Figs. 4 to 8 of arXiv:1905.03750: regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, finite_cell
from munu.results.core.table import Table, csv_text, percent, significant
from munu.results.region import EnvelopeResult, RegionResult


def _extent_rows(regions: tuple[RegionResult, ...]) -> Iterator[tuple[str, ...]]:
    for region in regions:
        vertices = np.concatenate(region.polygons)
        reach = vertices.max(axis=0) / 1e-10
        yield (
            experiments_of(region),
            region.assumptions.beam,
            ", ".join(SYMBOLS[name] for name in region.plane),
            f"{region.degrees_of_freedom}",
            *(significant(value, 4) for value in reach),
            "yes" if region.unbounded else "no",
        )


@final
@dataclass(frozen=True, kw_only=True)
class RegionsResult(Result, kind="regions"):
    """Figs. 4, 5, 6 and 8: regions of planes of two moduli.

    Parameters
    ----------
    figure : int
        Number of the figure.
    regions : tuple of RegionResult
    remarks : tuple of str
    """

    figure: int
    regions: tuple[RegionResult, ...]
    remarks: tuple[str, ...]

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return the largest moduli of each region."""
        return (
            Table(
                title=f"Fig. {self.figure} of arXiv:1905.03750: largest moduli in the regions, in "
                f"10⁻¹⁰ μ_B, {percent(self.regions[0].cl)} C.L.",
                columns=("<experiment", "<beam", "<x, y", "dof", "x up to", "y up to", "unbounded"),
                rows=tuple(_extent_rows(self.regions)),
                notes=self.remarks,
            ),
        )

    def to_csv(self) -> str:
        """Return every vertex of every region."""
        columns = (
            "experiment",
            "beam",
            "x",
            "y",
            "degrees_of_freedom",
            "piece",
            "x_mu_b",
            "y_mu_b",
        )
        return csv_text(columns, _vertex_rows(self.regions))


def _vertex_rows(regions: tuple[RegionResult, ...]) -> Iterator[tuple[object, ...]]:
    for region in regions:
        head = (experiments_of(region), region.assumptions.beam, *region.plane)
        for number, polygon in enumerate(region.polygons, start=1):
            for vertex in polygon:
                yield (*head, region.degrees_of_freedom, number, *vertex)


@final
@dataclass(frozen=True, kw_only=True)
class PhaseStatement:
    """Which phases give the extreme contour of a plane, found and as the paper says.

    Parameters
    ----------
    experiment, which : str
        ``outer`` (most conservative) or ``inner`` (strongest).
    plane : tuple of str
    phase : str
        The ξ of the plane.
    found_xi, found_delta_cp : float
        Phases (rad) that give the extreme at most angles.
    share : float
        Fraction of the rays, the axes apart, on which they do (to 1e-6 in the radius).
    paper_xi, paper_delta_cp : float
        Phases (rad) that the paper names.
    paper_share : float
        Fraction of the rays on which the paper's phases give the extreme.
    """

    experiment: str
    which: str
    plane: tuple[str, ...]
    phase: str
    found_xi: float
    found_delta_cp: float
    share: float
    paper_xi: float
    paper_delta_cp: float
    paper_share: float


@final
@dataclass(frozen=True, kw_only=True)
class Figure7Result(Result, kind="figure7"):
    """Fig. 7: contours for some CP phases, and the envelope over all of them.

    Parameters
    ----------
    contours : tuple of RegionResult
    envelopes : tuple of EnvelopeResult
    statements : tuple of PhaseStatement
    remarks : tuple of str
    """

    contours: tuple[RegionResult, ...]
    envelopes: tuple[EnvelopeResult, ...]
    statements: tuple[PhaseStatement, ...]
    remarks: tuple[str, ...]

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return the phases that give the extreme contours, beside the paper's."""
        rows = tuple(
            (
                s.experiment,
                ", ".join(SYMBOLS[name] for name in s.plane),
                s.which,
                f"{_turns(s.found_xi)}, {_turns(s.found_delta_cp)}",
                f"{100 * s.share:.0f} %",
                f"{_turns(s.paper_xi)}, {_turns(s.paper_delta_cp)}",
                f"{100 * s.paper_share:.0f} %",
            )
            for s in self.statements
        )
        return (
            Table(
                title="Fig. 7 of arXiv:1905.03750: phases ξ_k, δ_CP that give the extreme contours",
                columns=(
                    "<experiment",
                    "<x, y",
                    "<contour",
                    "found",
                    "of rays",
                    "paper",
                    "of rays",
                ),
                rows=rows,
                notes=self.remarks,
            ),
        )

    def to_csv(self) -> str:
        """Return every vertex of every contour, the envelopes among them."""
        columns = (
            "contour",
            "experiment",
            "x",
            "y",
            "xi_1_rad",
            "xi_2_rad",
            "delta_cp_rad",
            "x_mu_b",
            "y_mu_b",
        )
        return csv_text(columns, [*self._contour_rows(), *self._envelope_rows()])

    def _contour_rows(self) -> Iterator[tuple[object, ...]]:
        for contour in self.contours:
            c = contour.assumptions
            head = ("phases", experiments_of(contour), *contour.plane, c.xi_1, c.xi_2, c.delta_cp)
            for polygon in contour.polygons:
                for vertex in polygon:
                    yield (*head, *vertex)

    def _envelope_rows(self) -> Iterator[tuple[object, ...]]:
        for envelope in self.envelopes:
            c = envelope.assumptions
            fixed = {"xi_1": c.xi_1, "xi_2": c.xi_2, "delta_cp": c.delta_cp}
            for which in ("outer", "inner"):
                points = getattr(envelope, f"{which}_mu_b")
                for point, phases in zip(points, getattr(envelope, f"{which}_phases"), strict=True):
                    named = fixed | dict(zip(envelope.varied, phases, strict=True))
                    head = (f"envelope, {which}", experiments_of(envelope), *envelope.plane)
                    yield (*head, *named.values(), *map(finite_cell, point))


def _turns(phase: float) -> str:
    """Return 0 or π by name."""
    return "0" if phase == 0 else "π" if np.isclose(phase, np.pi) else significant(phase)
