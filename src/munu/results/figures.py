"""The numbers of the figures of arXiv:1905.03750, each figure one result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.parameters import SYMBOLS
from munu.results.base import Conditions, Result
from munu.results.limit import LimitResult, ProfileResult
from munu.results.region import EnvelopeResult, RegionResult
from munu.results.table import Table, csv_text, significant
from munu.typing import FloatArray


def _cell(value: float) -> float | None:
    """Return a number for CSV: an infinite one is an empty cell."""
    return float(value) if np.isfinite(value) else None


@final
@dataclass(frozen=True, kw_only=True)
class QuenchingCurve:
    """The quenching factor of one nucleus.

    Parameters
    ----------
    nucleus : str
        As in ``Ge-74``.
    recoil_energy_kev, quenching_factor : array, shape (n,)
    """

    nucleus: str
    recoil_energy_kev: FloatArray
    quenching_factor: FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class Figure1Result(Result, kind="figure1"):
    """Fig. 1: quenching factors.

    Parameters
    ----------
    curves : tuple of QuenchingCurve
    model : str
    """

    curves: tuple[QuenchingCurve, ...]
    model: str

    def tables(self) -> tuple[Table, ...]:
        """Return the factor of each nucleus at some energies."""
        energies = self.curves[0].recoil_energy_kev
        shown = np.searchsorted(energies, (0.1, 1.0, 10.0, 100.0))
        return (
            Table(
                title="Fig. 1 of arXiv:1905.03750: quenching factor Q",
                columns=("<nucleus", *(f"{energies[i]:.3g} keV" for i in shown)),
                rows=tuple(
                    (c.nucleus, *(significant(c.quenching_factor[i]) for i in shown))
                    for c in self.curves
                ),
                notes=(self.model,),
            ),
        )

    def to_csv(self) -> str:
        """Return every point of every curve."""
        rows = (
            (curve.nucleus, energy, factor)
            for curve in self.curves
            for energy, factor in zip(curve.recoil_energy_kev, curve.quenching_factor, strict=True)
        )
        return csv_text(("nucleus", "recoil_energy_kev", "quenching_factor"), rows)


@final
@dataclass(frozen=True, kw_only=True)
class Figure2Result(Result, kind="figure2"):
    """Fig. 2: Δχ² profiles of the moduli.

    Parameters
    ----------
    profiles : tuple of ProfileResult
    limits : tuple of LimitResult
        Where each of them reaches the Δχ² of the confidence level.
    remarks : tuple of str
        Assumptions, and how the figure compares with the paper's statements.
    """

    profiles: tuple[ProfileResult, ...]
    limits: tuple[LimitResult, ...]
    remarks: tuple[str, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the limit of each curve."""
        first = self.limits[0]
        rows = tuple(
            (
                _experiment(limit),
                limit.conditions.beam,
                SYMBOLS[limit.parameter],
                significant(limit.limit_mu_b / 1e-10, 4),
            )
            for limit in self.limits
        )
        title = (
            f"Fig. 2 of arXiv:1905.03750: limits in 10⁻¹⁰ μ_B, {100 * first.cl:g} % C.L. "
            f"(Δχ² = {first.delta_chi2:.3f}, one degree of freedom)"
        )
        columns = ("<experiment", "<beam", "<parameter", "limit")
        return (Table(title=title, columns=columns, rows=rows, notes=self.remarks),)

    def to_csv(self) -> str:
        """Return every point of every curve."""
        rows = (
            (_experiment(curve), curve.conditions.beam, curve.parameter, moment, delta)
            for curve in self.profiles
            for moment, delta in zip(curve.moment_mu_b, curve.delta_chi2, strict=True)
        )
        return csv_text(("experiment", "beam", "parameter", "moment_mu_b", "delta_chi2"), rows)


def _experiment(result: Result) -> str:
    return " + ".join(result.origin.experiments)


@final
@dataclass(frozen=True, kw_only=True)
class LuminosityCurve:
    """A limit as a function of the luminosity.

    Parameters
    ----------
    experiment, beam, parameter : str
    sigma_sys : float or None
        None is the experiment's own.
    luminosity_ratio : array, shape (n,)
        Luminosity over that of the setup, F'/F.
    limit_mu_b : array, shape (n,)
    """

    experiment: str
    beam: str
    parameter: str
    sigma_sys: float | None
    luminosity_ratio: FloatArray
    limit_mu_b: FloatArray

    def at(self, ratio: float) -> float:
        """Return the limit (μ_B) at the nearest F'/F of the curve."""
        distance = np.abs(np.log(self.luminosity_ratio / ratio))
        return float(self.limit_mu_b[int(np.argmin(distance))])


@final
@dataclass(frozen=True, kw_only=True)
class Figure3Result(Result, kind="figure3"):
    """Fig. 3: limits as a function of the luminosity.

    Parameters
    ----------
    curves : tuple of LuminosityCurve
    cl, delta_chi2 : float
        One degree of freedom.
    conditions : Conditions
    remarks : tuple of str
    """

    curves: tuple[LuminosityCurve, ...]
    cl: float
    delta_chi2: float
    conditions: Conditions
    remarks: tuple[str, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the limits at some luminosities."""
        ratios = (1.0, 10.0, 40.0, 100.0)
        rows = tuple(
            (
                curve.experiment,
                curve.beam,
                SYMBOLS[curve.parameter],
                *(significant(curve.at(ratio) / 1e-10, 4) for ratio in ratios),
            )
            for curve in self.curves
        )
        return (
            Table(
                title=f"Fig. 3 of arXiv:1905.03750: limits in 10⁻¹⁰ μ_B, {100 * self.cl:g} % C.L. "
                f"(Δχ² = {self.delta_chi2:.3f}, one degree of freedom), luminosity times 1 to 100",
                columns=("<experiment", "<beam", "<parameter", *(f"×{r:g}" for r in ratios)),
                rows=rows,
                notes=self.remarks,
            ),
        )

    def to_csv(self) -> str:
        """Return every point of every curve."""
        columns = ("experiment", "beam", "parameter", "luminosity_ratio", "limit_mu_b")
        rows = (
            (curve.experiment, curve.beam, curve.parameter, ratio, _cell(limit))
            for curve in self.curves
            for ratio, limit in zip(curve.luminosity_ratio, curve.limit_mu_b, strict=True)
        )
        return csv_text(columns, rows)


def _extent_rows(regions: tuple[RegionResult, ...]) -> Iterator[tuple[str, ...]]:
    for region in regions:
        vertices = np.concatenate(region.polygons)
        reach = vertices.max(axis=0) / 1e-10
        yield (
            _experiment(region),
            region.conditions.beam,
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

    def tables(self) -> tuple[Table, ...]:
        """Return the largest moduli of each region."""
        return (
            Table(
                title=f"Fig. {self.figure} of arXiv:1905.03750: largest moduli in the regions, in "
                f"10⁻¹⁰ μ_B, {100 * self.regions[0].cl:g} % C.L.",
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
        head = (_experiment(region), region.conditions.beam, *region.plane)
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
            "xi_1",
            "xi_2",
            "delta_cp",
            "x_mu_b",
            "y_mu_b",
        )
        return csv_text(columns, [*self._contour_rows(), *self._envelope_rows()])

    def _contour_rows(self) -> Iterator[tuple[object, ...]]:
        for contour in self.contours:
            c = contour.conditions
            head = ("phases", _experiment(contour), *contour.plane, c.xi_1, c.xi_2, c.delta_cp)
            for polygon in contour.polygons:
                for vertex in polygon:
                    yield (*head, *vertex)

    def _envelope_rows(self) -> Iterator[tuple[object, ...]]:
        for envelope in self.envelopes:
            for which in ("outer", "inner"):
                points = getattr(envelope, f"{which}_mu_b")
                for point, phases in zip(points, getattr(envelope, f"{which}_phases"), strict=True):
                    values = dict(zip(envelope.varied, phases, strict=True))
                    named = [values.get(n, 0.0) for n in ("xi_1", "xi_2", "delta_cp")]
                    head = (f"envelope, {which}", _experiment(envelope), *envelope.plane)
                    yield (*head, *named, *map(_cell, point))


def _turns(phase: float) -> str:
    """Return 0 or π by name."""
    return "0" if phase == 0 else "π" if np.isclose(phase, np.pi) else significant(phase)
