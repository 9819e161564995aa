r"""The events of a signal as functions of its parameters: a few forms, and weights in each bin.

.. math:: S_b = S_b(0) + \sum_q a_q(x)\,V_{qb}

with the quadratic forms :math:`a_q` of moments, or of couplings that interfere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np

from munu.analysis.likelihood import Likelihood
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.exporting.hs3_expressions import total
from munu.physics.interactions.registry import parameter
from munu.physics.parameters import PHASE_SYMBOLS
from munu.statistics.models import (
    Chart,
    ChartPiece,
    Circle,
    FormEvents,
    Polar,
    QuadraticEvents,
    Squared,
    Straight,
)

Functions = dict[str, str]
"""Expressions by the names of functions."""


def scales(found: Likelihood) -> FloatArray:
    """Return what one of each parameter is, in the unit of the likelihood: 1e-10 μ_B of moments."""
    return np.array([1.0 if n in PHASE_SYMBOLS else parameter(n).unit.scale for n in found.names])


def forms(found: Likelihood, names: Sequence[str]) -> Functions:
    """Return the forms ``form_0``, ... and what they are made of.

    Parameters
    ----------
    found : Likelihood
    names : sequence of str
        What its parameters are called.

    Raises
    ------
    MunuError
        For phases of moments among the parameters.
    """
    extra, unit = found.extra, scales(found)
    if isinstance(extra, QuadraticEvents):
        scaled = extra.forms * unit[:, None] * unit
        return {f"form_{q}": _quadratic(form, names) for q, form in enumerate(scaled)}
    if isinstance(extra, FormEvents):
        coordinates = _coordinates(extra.chart, names, unit)
        every = ("", *coordinates)
        own = {f"form_{q}": _quadratic(form, every) for q, form in enumerate(extra.forms)}
        return coordinates | own
    phases = ", ".join(name for name in found.names if name in PHASE_SYMBOLS)
    raise MunuError(
        f"the document has forms of moments at fixed phases, and {phases} is a parameter",
        "Fix it: --delta-cp, --xi-1, --xi-2",
    )


def _quadratic(form: FloatArray, names: Sequence[str]) -> str:
    """Return Σ F_jk x_j x_k; the first of the names may be empty, which stands for one."""
    pairs = combinations_with_replacement(range(len(names)), 2)
    terms = [
        (form[j, k] * (1 if j == k else 2), "*".join(filter(None, (names[j], names[k]))))
        for j, k in pairs
    ]
    constant = sum(number for number, text in terms if not text)
    return total([term for term in terms if term[1]], constant)


def _coordinates(chart: Chart, names: Sequence[str], unit: FloatArray) -> Functions:
    """Return the real coordinates x of amplitudes as functions of the parameters."""
    parts = [part for piece in chart.pieces for part in _parts(piece, names, unit)]
    return {
        f"x_{i}": total([(along[i], text) for along, text in parts], constant)
        for i, constant in enumerate(chart.origin)
    }


def _parts(
    piece: ChartPiece, names: Sequence[str], unit: FloatArray
) -> list[tuple[FloatArray, str]]:
    """Return the vectors of a piece of a chart, each with the function that multiplies it."""
    if isinstance(piece, Straight):
        return [(unit[piece.column] * piece.along, names[piece.column])]
    if isinstance(piece, Squared):
        return [(unit[piece.column] ** 2 * piece.along, f"{names[piece.column]}**2")]
    if isinstance(piece, Circle):
        angle = f"({piece.turn!r}*{names[piece.phase]})"
        return [(piece.along, f"cos{angle}"), (piece.across, f"sin{angle}")]
    assert isinstance(piece, Polar)
    angle, size, r = f"({piece.turn!r}*{names[piece.phase]})", unit[piece.modulus], piece.modulus
    return [
        (size * piece.along, f"{names[r]}*cos{angle}"),
        (size * piece.across, f"{names[r]}*sin{angle}"),
    ]
