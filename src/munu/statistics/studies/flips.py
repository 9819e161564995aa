"""Signs and phases that no event tells: a best fit beyond a bound may be another one within it.

Events are forms of amplitudes. What interferes with no other amplitude, nor with the Standard
Model's, may change its sign together; and a modulus does with half a turn of its phase.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import pi
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models import ChartPiece, Circle, Polar, Straight

ROUNDING: Final = 1e-12
"""Of an interference, relative to what interferes, that is none."""


@final
@dataclass(frozen=True, eq=False)
class Flip:
    """Coordinates y and sign · y + shift make the same events.

    Parameters
    ----------
    sign, shift : array, shape (p,)
    axes : array of int
        Coordinates with bounds that change their sign.
    domain : array, shape (len(axes), 2)
        Their bounds.
    """

    sign: FloatArray
    shift: FloatArray
    axes: IntArray
    domain: FloatArray

    def better(self, y: FloatArray) -> BoolArray:
        """Return which points outside, shape (n, p), are flipped: inside, or to be positive."""
        own = y[:, self.axes]
        here, there = within(self.domain, own), within(self.domain, -own)
        largest = own[np.arange(len(own)), np.argmax(np.abs(own), axis=1)]
        return np.asarray(~here & (there | (largest < 0)))

    def upright(self, found: Minimum) -> Minimum:
        """Return minima over y and nuisances, those flipped that are better so."""
        p, rows = self.sign.size, self.better(found.x)[:, None]
        x, turn = found.x.copy(), np.ones_like(found.x)
        turn[:, :p] = np.where(rows, self.sign, 1.0)
        x[:, :p] = turn[:, :p] * x[:, :p] + rows * self.shift
        hessian = found.hessian * turn[:, :, None] * turn[:, None, :]
        return Minimum(found.chi2, x, hessian, found.step * turn)


def within(domain: FloatArray, y: FloatArray) -> BoolArray:
    """Return which points, shape (n, a), are in a domain (a, 2)."""
    return np.asarray(np.all((y >= domain[:, 0]) & (y <= domain[:, 1]), axis=1))


def flips_of(
    forms: FloatArray, pieces: Sequence[ChartPiece], dimension: int, domain: FloatArray
) -> tuple[Flip, ...]:
    """Return the flips of a chart's coordinates, of which the first ones have bounds.

    Those of moduli come first.

    Parameters
    ----------
    forms : array, shape (n_signal, 1 + n, 1 + n)
        Over the Standard Model and the amplitudes.
    pieces : sequence of ChartPiece
    dimension : int
        Number of coordinates.
    domain : array, shape (a, 2)
    """
    bounded = [axis for axis, ends in enumerate(domain) if np.isfinite(ends).any()]
    found = []
    for signs, turns in (*_moduli(pieces), *_groups(forms, pieces)):
        axes = np.array([axis for axis in bounded if axis in signs], int)
        if axes.size:
            sign, shift = np.ones(dimension), np.zeros(dimension)
            sign[signs] = -1.0
            for phase, turn in turns:
                shift[phase] = pi / turn
            found.append(Flip(sign, shift, axes, domain[axes]))
    return tuple(found)


Change = tuple[list[int], list[tuple[int, float]]]
"""Coordinates that change their sign, and phases that take half a turn, with their units."""


def _moduli(pieces: Sequence[ChartPiece]) -> Iterator[Change]:
    for one in pieces:
        if isinstance(one, Polar):
            yield [one.modulus], [(one.phase, one.turn)]


def _groups(forms: FloatArray, pieces: Sequence[ChartPiece]) -> Iterator[Change]:
    """Yield those of amplitudes that interfere with each other, and with nothing else."""
    left = set(range(len(pieces)))
    touching = _touching(forms, pieces)
    while left:
        group, new = set[int](), {left.pop()}
        while new:
            group |= new
            new = {i for i in left if touching[1:, 1:][list(group), i].any()}
            left -= new
        own = [pieces[i] for i in sorted(group)]
        if touching[0, 1:][list(group)].any():
            continue
        if all(isinstance(one, Straight | Polar | Circle) for one in own):
            phases = [(one.phase, one.turn) for one in own if isinstance(one, Polar | Circle)]
            yield [one.column for one in own if isinstance(one, Straight)], phases


def _touching(forms: FloatArray, pieces: Sequence[ChartPiece]) -> BoolArray:
    """Return what interferes: the Standard Model and the pieces, shape (1 + m, 1 + m)."""
    columns: list[FloatArray] = []
    owner = [0]
    for number, one in enumerate(pieces, 1):
        columns += one.directions
        owner += [number] * len(one.directions)
    turn = np.zeros((forms.shape[1], len(owner)))
    turn[0, 0], turn[1:, 1:] = 1.0, np.column_stack(columns)
    turned = turn.T @ forms @ turn
    size = np.sqrt(np.abs(turned.diagonal(axis1=1, axis2=2)))
    interferes = (np.abs(turned) > ROUNDING * size[:, :, None] * size[:, None, :]).any(axis=0)
    found = np.zeros((1 + len(pieces), 1 + len(pieces)), np.bool_)
    np.logical_or.at(found, np.ix_(owner, owner), interferes)
    return found
