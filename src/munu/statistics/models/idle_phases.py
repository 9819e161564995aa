r"""Phases that nothing tells: of couplings that do not interfere with the rest, only differences.

Forms :math:`G_b` do not change while phases turn at rates :math:`c_i` if

.. math:: \sum_ic_i\,(G_b\Omega_i+\Omega_i^TG_b)=0

with :math:`\Omega_i` what turns the plane of a complex coupling; for every such c one of the
phases may be anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.base.typing import FloatArray

NOTHING: Final = 1e-10
"""Change of forms, relative to their size, that is the rounding of none."""


def idle_phases(
    forms: FloatArray, planes: Sequence[tuple[FloatArray, FloatArray]], first: int
) -> tuple[int, ...]:
    """Return which of the first complex couplings may be real without loss, in order.

    Parameters
    ----------
    forms : array, shape (n_signal, 1 + n, 1 + n)
        G_b.
    planes : sequence of tuple of array, shape (n,)
        x for a real and for an imaginary coupling of one, of each complex coupling that is free
        to turn.
    first : int

    Examples
    --------
    Of the square of a + 2 b only the difference of the phases of a and b is seen; with the real
    part of a beside it both are:

    >>> real, imaginary = np.array([[1, 0, 2, 0], [0, 1, 0, 2]])
    >>> forms = np.zeros((1, 5, 5))
    >>> forms[0, 1:, 1:] = np.outer(real, real) + np.outer(imaginary, imaginary)
    >>> axes = np.eye(4)
    >>> planes = [(axes[0], axes[1]), (axes[2], axes[3])]
    >>> idle_phases(forms, planes, 2)
    (0,)
    >>> forms[0, 0, 1] = forms[0, 1, 0] = 0.5
    >>> idle_phases(forms, planes, 2)
    ()
    """
    if not first:
        return ()
    size = np.sqrt(np.maximum(forms.diagonal(axis1=1, axis2=2).max(axis=0), 0.0))
    size = np.where(size > 0, size, 1.0)
    scaled = forms / np.outer(size, size)
    changes = np.stack([_turned(scaled, size[1:], *plane).ravel() for plane in planes], axis=1)
    _, values, rates = np.linalg.svd(changes, full_matrices=False)
    without = rates[values <= NOTHING * np.linalg.norm(scaled)].T
    found = []
    for column in range(without.shape[1]):
        row = int(np.argmax(np.abs(without[:first, column])))
        if abs(without[row, column]) <= NOTHING:
            continue
        found.append(row)
        # No other combination uses this phase any more.
        without = without - np.outer(without[:, column], without[row] / without[row, column])
    return tuple(sorted(found))


def _turned(
    forms: FloatArray, size: FloatArray, along: FloatArray, across: FloatArray
) -> FloatArray:
    """Return how forms change as a plane turns, for coordinates in units of 1 / size."""
    first, second = size * along, size * across
    turn = np.zeros(forms.shape[1:])
    turn[1:, 1:] = np.outer(second, first) / (first @ first)
    turn[1:, 1:] -= np.outer(first, second) / (second @ second)
    changed = forms @ turn
    return np.asarray(changed + changed.swapaxes(1, 2))
