"""The numbers of Figs. 1 to 3 of arXiv:1905.03750: curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, finite_cell
from munu.results.core.table import Table, csv_text, percent, significant
from munu.results.limit import LimitResult, ProfileResult, expected_cell


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class QuenchingCurve(ByContent):
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

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

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

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return the limit of each curve."""
        first = self.limits[0]
        rows = tuple(
            (
                experiments_of(limit),
                limit.assumptions.beam,
                SYMBOLS[limit.parameter],
                significant(limit.limit_mu_b / 1e-10, 4),
                expected_cell(limit),
            )
            for limit in self.limits
        )
        title = (
            f"Fig. 2 of arXiv:1905.03750: limits in 10⁻¹⁰ μ_B, {percent(first.cl)} C.L. "
            f"{first.assumptions.sided} (Δχ² = {first.delta_chi2:.3f})"
        )
        columns = ("<experiment", "<beam", "<parameter", "limit", "expected")
        return (Table(title=title, columns=columns, rows=rows, notes=self.remarks),)

    def to_csv(self) -> str:
        """Return every point of every curve."""
        rows = (
            (experiments_of(curve), curve.assumptions.beam, curve.parameter, moment, delta)
            for curve in self.profiles
            for moment, delta in zip(curve.moment_mu_b, curve.delta_chi2, strict=True)
        )
        return csv_text(("experiment", "beam", "parameter", "moment_mu_b", "delta_chi2"), rows)


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class LuminosityCurve(ByContent):
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
    assumptions : Assumptions
        Those that curves share; beam and σ_sys are each curve's own.
    remarks : tuple of str
    """

    stated_by_rows: ClassVar[tuple[str, ...]] = ("beam", "sigma_sys")
    curves: tuple[LuminosityCurve, ...]
    cl: float
    delta_chi2: float
    assumptions: Assumptions
    remarks: tuple[str, ...]

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

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
                title=f"Fig. 3 of arXiv:1905.03750: limits in 10⁻¹⁰ μ_B, {percent(self.cl)} C.L. "
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
            (curve.experiment, curve.beam, curve.parameter, ratio, finite_cell(limit))
            for curve in self.curves
            for ratio, limit in zip(curve.luminosity_ratio, curve.limit_mu_b, strict=True)
        )
        return csv_text(columns, rows)
