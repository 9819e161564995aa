"""Errors of Gaussian counts: per bin, correlated between bins, or different up and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.locate import placed
from munu.experiments.schema.backgrounds import build_variance
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import Number, Section
from munu.experiments.schema.table import CountsPerBin, per_bin
from munu.statistics.specification import AsymmetricErrors, Treatment

ASYMMETRY: Final = 1e-6
"""Of √(C_ii C_jj), by which a printed matrix may differ from its transpose."""
LEAST_EIGENVALUE: Final = 1e-10
"""Of the correlation matrix; with a smaller one, a combination of bins has no error."""


@final
class CovarianceFileSection(Section):
    """A file with one row of the matrix per bin, and nothing else."""

    file: str


Covariance: TypeAlias = list[list[Number]] | CovarianceFileSection


@final
class ComponentsFileSection(Section):
    """A file with one row per bin and one column per component, and nothing else."""

    file: str


Components: TypeAlias = list[list[Number]] | ComponentsFileSection
"""What one standard deviation of each independent cause adds to the bins."""


@final
@dataclass(frozen=True, eq=False)
class GaussianErrors:
    """What a file says of the errors of its counts, as `munu.statistics.specification.Counts`."""

    variance: FloatArray | None = None
    covariance: FloatArray | None = None
    asymmetric: AsymmetricErrors | None = None


def build_errors(
    context: Context,
    *,
    variance: CountsPerBin | None,
    error: CountsPerBin | None,
    covariance: Covariance | None,
    components: Components | None,
    up: CountsPerBin | None,
    down: CountsPerBin | None,
    treatment: Treatment | None,
) -> GaussianErrors:
    """Return the errors of Gaussian counts.

    Raises
    ------
    MunuError
        If they contradict each other, are not as many as bins, are not positive, or the covariance
        is not symmetric and positive.
    """
    if (up is None) != (down is None):
        raise MunuError("one of 'error_up' and 'error_down' is given", "Give both")
    with placed("statistic", "error" if variance is None else "variance"):
        own = build_variance(variance, error, context)
    if treatment is not None and up is None:
        with placed("statistic", "treatment"):
            raise MunuError("errors that differ up and down are not given", "Leave treatment out")
    if up is not None and down is not None:
        if own is not None or covariance is not None or components is not None:
            raise MunuError(
                "'error_up' and 'error_down' stand beside another statement of the errors",
                "Leave out error, variance, covariance and components, or these two",
            )
        return _asymmetric(up, down, treatment, context)
    if covariance is None and components is None:
        return GaussianErrors(own)
    matrix = np.zeros((context.n_bins, context.n_bins))
    if covariance is not None:
        with placed("statistic", "covariance"):
            matrix = _checked(_matrix(covariance, context), context.n_bins)
    if components is not None:
        with placed("statistic", "components"):
            vectors = _vectors(components, context)
        matrix = matrix + vectors.T @ vectors
    if own is not None:
        matrix = matrix + np.diag(own)
    with placed("statistic", "components" if covariance is None else "covariance"):
        return GaussianErrors(np.diagonal(matrix).copy(), _positive(matrix))


def _asymmetric(
    up: CountsPerBin, down: CountsPerBin, treatment: Treatment | None, context: Context
) -> GaussianErrors:
    if treatment is None:
        raise MunuError(
            "errors that differ up and down have no 'treatment': the likelihood between and beyond"
            " them is not known",
            'Write treatment = "split" or "variable-width", and compare the two',
        )
    above = per_bin("error_up", up, context)
    below = per_bin("error_down", down, context)
    if not np.all(above > 0) or not np.all(below > 0):
        raise MunuError("an error is not positive", "Write both above 0, without a sign")
    return GaussianErrors(above * below, None, AsymmetricErrors(above, below, treatment))


def _matrix(covariance: Covariance, context: Context) -> FloatArray:
    """Return the numbers of the matrix; `MunuError` if its rows differ in length."""
    if isinstance(covariance, CovarianceFileSection):
        return context.folder.read(covariance.file).numbers()
    lengths = {len(row) for row in covariance}
    if len(lengths) != 1:
        raise MunuError("the rows of the covariance differ in length", "Give a square matrix")
    return np.array(covariance)


def _vectors(components: Components, context: Context) -> FloatArray:
    """Return the components, one per row; `MunuError` unless each has one number per bin."""
    if isinstance(components, ComponentsFileSection):
        rows = [list(row) for row in context.folder.read(components.file).numbers().T]
    else:
        rows = components
    for i, row in enumerate(rows, start=1):
        if len(row) != context.n_bins:
            raise MunuError(
                f"component {i} has {len(row)} numbers for {context.n_bins} bins"
                f"{context.product_of_bins()}",
                "Give what one standard deviation adds to each bin; in a file, a column each",
            )
    return np.array(rows, float).reshape(-1, context.n_bins)


def _checked(matrix: FloatArray, n_bins: int) -> FloatArray:
    """Return a symmetric matrix of one row and column per bin."""
    if matrix.shape != (n_bins, n_bins):
        rows, columns = matrix.shape
        raise MunuError(
            f"the covariance has {rows} rows of {columns} numbers for {n_bins} bins",
            "Give one row and one column per bin; with further axes the energy is the slowest",
        )
    diagonal = np.diagonal(matrix)
    if not np.all(diagonal >= 0):
        worst = int(np.argmin(diagonal))
        raise MunuError(
            f"the variance of bin {worst + 1}, row and column {worst + 1}, is {diagonal[worst]:g}",
            "Allowed: 0 and above",
        )
    scale = np.sqrt(np.outer(diagonal, diagonal))
    wrong = np.argwhere(np.abs(matrix - matrix.T) > ASYMMETRY * scale)
    if wrong.size:
        i, j = wrong[0]
        raise MunuError(
            f"the covariance is not symmetric: row {i + 1}, column {j + 1} holds"
            f" {matrix[i, j]:.7g}, and row {j + 1}, column {i + 1} {matrix[j, i]:.7g}",
            "Give a symmetric matrix",
        )
    return np.asarray(0.5 * (matrix + matrix.T))


def _positive(matrix: FloatArray) -> FloatArray:
    """Return a matrix all of whose eigenvalues are above zero."""
    widths = np.sqrt(np.diagonal(matrix))
    if not np.all(widths > 0):
        raise MunuError(
            f"bin {int(np.argmin(widths)) + 1} of the covariance has no variance",
            "Give it one, or an 'error' beside the covariance",
        )
    least = float(np.linalg.eigvalsh(matrix / np.outer(widths, widths)).min())
    if least < LEAST_EIGENVALUE:
        raise MunuError(
            f"the covariance is not positive: its correlations have an eigenvalue of {least:.3g}",
            "Check its signs and digits; beside a covariance of systematic effects alone, give the"
            " statistical 'error' of each bin",
        )
    return matrix
