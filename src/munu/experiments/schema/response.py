"""``response`` of a detector: a matrix from true recoils to measured bins."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Final, Literal, final

import numpy as np
from pydantic import Field

from munu import detectors
from munu.base.errors import MunuError, unknown
from munu.base.typing import FloatArray
from munu.base.units import BARE_NUMBERS, PROBABILITY, Range
from munu.experiments.csv_table import CsvTable
from munu.experiments.locate import PlacedError
from munu.experiments.schema.column_units import check_unit
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import Count, Number, Section
from munu.experiments.schema.table import ColumnSection, per_bin

if TYPE_CHECKING:
    from munu.detectors.detector import Detector
    from munu.detectors.matrix import MatrixResponse, MeasuredAxis, ResponseMatrix

KEV: Final = {"eV": 1e-3, "keV": 1.0, "MeV": 1e3}
"""Units of recoil energies in tables (keV)."""


def check_recoils(detector: Detector, recoils: Collection[str]) -> None:
    """Raise `PlacedError` for one matrix where both nuclei and electrons recoil."""
    matrix = detector.matrix
    if matrix is not None and matrix.electrons is None and len(recoils) > 1:
        raise PlacedError(
            ("detector", "response"),
            MunuError(
                "nuclei and electrons recoil, and one table of the response is given",
                'Give the electrons\' with electrons = { file = "electrons.csv" }, or one of'
                " channels",
            ),
        )


def check_light_yield(detector: Detector, recoils: Collection[str]) -> None:
    """Raise `PlacedError` for a light yield of nuclear recoils that electrons would have, too."""
    quenching = detector.quenching
    models = detectors.quenching
    whole = isinstance(quenching, models.Unquenched) or (
        isinstance(quenching, models.Polynomial) and quenching.coefficients == (1.0,)
    )
    by_parts = detector.matrix is None and detector.observable == "photoelectrons"
    if by_parts and whole and {"nuclear", "electron"} <= set(recoils):
        error = MunuError(
            "nuclei and electrons recoil, and without quenching both give"
            f" {detector.light_yield_pe_per_kev:g} PE per keV",
            "Give the light_yield of electrons, as in PE/keVee, and the quenching of nuclei, such"
            ' as { model = "constant", factor = 0.0878 }; a yield per keV of nuclear recoil holds'
            ' the quenching, and is one for channels = ["nuclear"] alone',
        )
        raise PlacedError(("detector", "quenching"), error)


@final
class MeasuredAxisSection(Section):
    """Bins of one more observable, in any unit: `munu.detectors.matrix.MeasuredAxis`."""

    edges: Annotated[list[Number], Field(min_length=2)]
    unit: str | None = None

    def build(self, name: str) -> MeasuredAxis:
        """Return the axis under its name."""
        return detectors.matrix.MeasuredAxis(name, self.unit or "", np.array(self.edges))


class _MatrixTableSection(Section):
    """A table with recoil energies in its first column and the bins' probabilities beside it."""

    file: str
    energies: str | None = None
    columns: Annotated[list[str], Field(min_length=1)] | None = None
    prefix: str | Annotated[list[str], Field(min_length=1)] | None = None
    factors: ColumnSection | Annotated[list[Count], Field(min_length=1)] | None = None
    unit: Literal["eV", "keV", "MeV"] = "keV"
    interpolation: Literal["linear", "log"] = "linear"

    def matrix(self, context: Context) -> ResponseMatrix:
        """Return the matrix; `MunuError` names the line of a row that is not a response."""
        table = context.folder.read(self.file)
        energy = 0 if self.energies is None else table.column(self.energies)
        table.check_increasing(energy)
        check_unit(table, energy, self.unit, "State its unit as unit")
        energies = table.values(energy, Range(0, BARE_NUMBERS.high)) * KEV[self.unit]
        columns = [table.values(column, PROBABILITY) for column in self._bins(table, energy)]
        probabilities = self._factors(context, len(columns)) * np.stack(columns, axis=1)
        detectors.matrix.check_rows(probabilities, [table.place(i) for i in range(energies.size)])
        return detectors.matrix.ResponseMatrix(energies, probabilities, self.interpolation)

    def _factors(self, context: Context, n_bins: int) -> FloatArray:
        """Return what multiplies the probabilities of each bin: one without factors."""
        if self.factors is None:
            return np.ones(n_bins)
        return per_bin("factors", self.factors, replace(context, n_bins=n_bins))

    def _bins(self, table: CsvTable, energy: int) -> list[int]:
        """Return the columns of the bins: those named, numbered, or all but the energies."""
        if self.columns is not None and self.prefix is not None:
            raise MunuError("both 'columns' and 'prefix' are given", "Leave one out")
        if self.columns is None and self.prefix is None:
            others = [i for i in range(table.rows.shape[1]) if i != energy]
            if not others:
                message = f"{table.file} has one column, and a response has energies and bins"
                raise MunuError(message, "Write one column per bin beside the recoil energies")
            return others
        if self.columns is not None:
            chosen = [table.column(name) for name in self.columns]
        else:
            prefixes = [self.prefix] if isinstance(self.prefix, str) else self.prefix or []
            chosen = [column for prefix in prefixes for column in _numbered(table, prefix)]
        taken = [energy, *chosen]
        for column in chosen:
            if taken.count(column) > 1:
                name = table.names[column] if table.names else str(column + 1)
                message = f"column '{name}' of {table.file} is that of two bins, or of the energies"
                raise MunuError(message, "Name each column once")
        return chosen


def _numbered(table: CsvTable, prefix: str) -> list[int]:
    """Return the columns PREFIX0, PREFIX1, ... or PREFIX_0, ... in the order of their numbers."""
    found = sorted(
        (int(match[1]), i)
        for i, name in enumerate(table.names)
        if (match := re.fullmatch(re.escape(prefix) + r"_?([0-9]+)", name))
    )
    if not found:
        raise unknown("column", f"{prefix}0", table.names, where=table.file)
    for (number, one), (following, other) in pairwise(found):
        if following != number + 1:
            names = f"'{table.names[one]}' and '{table.names[other]}'"
            message = f"{names} of {table.file} do not follow each other"
            raise MunuError(message, "Number the bins one by one, or name their columns")
    return [column for _, column in found]


@final
class ElectronMatrixSection(_MatrixTableSection):
    """The response to electrons where nuclei recoil too."""


@final
class MatrixSection(_MatrixTableSection):
    """Probabilities of the measured bins at true recoil energies, whose sum is the efficiency.

    The first column of the file, or that named energies, holds recoil energies in unit, the others
    (or those of columns, or PREFIX0, PREFIX1, ... of one prefix after the other) the bins. Below
    the first and above the last energy nothing is counted. factors, one for each bin, multiply its
    probabilities: the part of the exposure in which a bin is counted, or another efficiency.
    """

    model: Literal["matrix"]
    electrons: ElectronMatrixSection | None = None
    axes: dict[str, MeasuredAxisSection] = Field(default_factory=dict)

    def build(self, context: Context) -> MatrixResponse:
        """Return the response with its tables, read from the experiment file's folder."""
        electrons = None if self.electrons is None else self.electrons.matrix(context)
        axes = tuple(section.build(name) for name, section in self.axes.items())
        return detectors.matrix.MatrixResponse(self.matrix(context), electrons, axes)
