r"""Forms of an experiment's bins over the parameters of a group, and their common factor.

Counts beyond the Standard Model's are :math:`\sum_{j\le k}g_{bjk}\,y_jy_k` with y = (1, x). Bins
differ by far fewer numbers than there are pairs: the columns g of all groups are a product of a few
of them, F, and small tables,

.. math:: g_{bjk} = \sum_r F_{br}\,Q_{rjk}

which is what the page carries (`factored`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from munu.analysis.couplings import form_of, standard_values
from munu.analysis.model import signal_matrices
from munu.base.typing import ComplexArray, FloatArray
from munu.explorer.groups import (
    COMMON_MOMENT,
    COUPLING_GROUP,
    EFFECTIVE_MOMENTS,
    FLAVOUR_MOMENTS,
    MASS_MOMENTS,
    Group,
)
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter
from munu.physics.moments import flavour_columns

ROUNDING: Final = 1e-13
"""Part of a column that is rounding, and is left out of the common factor."""

ZERO: Final = 1e-12
"""Part of the Standard Model's events that is rounding."""


@final
@dataclass(frozen=True, eq=False)
class Form:
    """Columns g of one group for one kind of recoil.

    Parameters
    ----------
    group, recoil : str
    pairs : tuple of tuple of int
        (j, k) of each column.
    columns : array, shape (n_signal, n_pairs)
    """

    group: str
    recoil: str
    pairs: tuple[tuple[int, int], ...]
    columns: FloatArray


def is_of_masses(folded: Folded) -> bool:
    """Whether the neutrinos arrive as mass states, so that no W_b depends on δ_CP in that basis."""
    return any(state.basis == "mass" for state in folded.counts.states)


def moment_forms(folded: Folded, assumptions: Assumptions, recoil: str) -> list[Form]:
    """Return the forms of moments: transition moments in the basis of the source, and effective.

    The coordinates of transition moments are (1, Re z, Im z), z being of the flavour basis where
    neutrinos arrive as flavours, and of the mass basis elsewhere.
    """
    w = signal_matrices(folded.counts, assumptions)
    if not is_of_masses(folded):
        columns = flavour_columns(assumptions.neutrino_mixing)
        w = columns.conj().T @ w @ columns
    effective = signal_matrices(folded.counts, assumptions, effective=True).real
    transition = _kept(MASS_MOMENTS, recoil, _real_form(_without_rounding(w)))
    common = np.trace(effective, axis1=1, axis2=2)
    return [
        transition,
        replace(transition, group=FLAVOUR_MOMENTS),
        _kept(EFFECTIVE_MOMENTS, recoil, _with_one(effective)),
        _kept(COMMON_MOMENT, recoil, _with_one(common[:, None, None])),
    ]


def coupling_form(folded: Folded, group: Group, assumptions: Assumptions, recoil: str) -> Form:
    """Return the form of couplings that interfere with the Standard Model.

    Coordinates are values of the parameters, g² of a mediator; of a complex coupling its real and
    imaginary part, as `Group.columns` has them.
    """
    given = assumptions
    if group.mass_mev is not None:
        given = replace(assumptions, mediator_mass=f"{group.mass_mev} MeV")
    parameters = tuple(parameter(name) for name in group.names)
    counts, form = form_of(folded, parameters, given)
    beyond = np.array(form)
    # What the events at x = 0 are beyond the Standard Model's, whose sin²θ_W is not zero.
    standard = counts.sm_of_folds()
    change = beyond[:, 0, 0] - standard
    beyond[:, 0, 0] = np.where(np.abs(change) > ZERO * standard, change, 0.0)
    return _kept(group.key, recoil, beyond)


def standard_point(folded: Folded, assumptions: Assumptions) -> list[float]:
    """Return the values that the couplings have in the Standard Model of an experiment."""
    parameters = tuple(parameter(name) for name in COUPLING_GROUP.names)
    values = standard_values(folded, parameters, assumptions)
    return [float(values[column]) for column in COUPLING_GROUP.columns]


def _without_rounding(w: ComplexArray) -> ComplexArray:
    """Return Hermitian matrices without entries that are rounding of the largest of their bin."""
    size = np.abs(w).max(axis=(1, 2), keepdims=True)
    real = np.where(np.abs(w.real) > ROUNDING * size, w.real, 0.0)
    imaginary = np.where(np.abs(w.imag) > ROUNDING * size, w.imag, 0.0)
    return np.asarray(real + 1j * imaginary)


def _real_form(w: ComplexArray) -> FloatArray:
    r"""Return the form over (1, Re z, Im z) of :math:`z^\dagger Wz`, shape (n, 7, 7)."""
    return _with_one(np.block([[w.real, -w.imag], [w.imag, w.real]]))


def _with_one(squares: FloatArray) -> FloatArray:
    """Return a form over (1, x) from one over x."""
    return np.pad(squares, ((0, 0), (1, 0), (1, 0)))


def _kept(group: str, recoil: str, form: FloatArray) -> Form:
    """Return the columns of a symmetric form that count anything."""
    size = form.shape[1]
    pairs, columns = [], []
    for j in range(size):
        for k in range(j, size):
            column = form[:, j, k] * (1.0 if j == k else 2.0)
            if np.any(column):
                pairs.append((j, k))
                columns.append(column)
    return Form(group, recoil, tuple(pairs), np.array(columns).reshape(-1, len(form)).T)


def factored(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return F, shape (n, r), and Q, shape (r, n_columns), whose product is the columns.

    Rows and columns of F are of order one, and the columns that it takes are some of those given:
    a pivoted QR factorisation of columns of unit size finds them.

    Parameters
    ----------
    columns : array, shape (n, n_columns)
    """
    from scipy.linalg import lstsq, qr

    size = np.linalg.norm(columns, axis=0)
    unit = columns / np.where(size > 0, size, 1.0)
    triangle, order = qr(unit, mode="r", pivoting=True)
    pivots = np.abs(triangle.diagonal())
    rank = int(np.sum(pivots > ROUNDING * max(pivots.max(initial=0.0), 1e-300)))
    chosen = np.sort(order[:rank])
    factor = unit[:, chosen]
    table = np.asarray(lstsq(factor, unit)[0]) * size
    table[:, chosen] = np.diag(size[chosen])
    return np.asarray(factor), table


def joined(forms: Sequence[Form], standard: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
    """Return the common factor of the Standard Model's events and all forms, and their tables.

    The first table is that of the Standard Model, shape (r, 1).
    """
    pieces = [standard[:, None], *(form.columns for form in forms)]
    factor, table = factored(np.concatenate(pieces, axis=1))
    ends = np.cumsum([piece.shape[1] for piece in pieces])
    return factor, np.split(table, ends[:-1], axis=1)
