"""Entries of a Hermitian matrix of couplings in flavour space, and what each adds to it."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import ComplexArray

ENTRIES: Final = {
    "ee": (0, 0),
    "mumu": (1, 1),
    "tautau": (2, 2),
    "emu": (0, 1),
    "etau": (0, 2),
    "mutau": (1, 2),
}
"""Rows and columns by the name of an entry: of ν̄_a ... ν_b, which takes ν_b to ν_a."""
SUBSCRIPTS: Final = dict(zip(ENTRIES, ("ee", "μμ", "ττ", "eμ", "eτ", "μτ"), strict=True))
"""As they are printed."""
EVERY_FLAVOUR: Final[ComplexArray] = np.diag([1.0 + 0j] * 3)
"""Of a coupling that all flavours have alike."""


def is_diagonal(entry: str) -> bool:
    """Whether an entry is real and keeps the flavour."""
    row, column = ENTRIES[entry]
    return row == column


def hermitian_units(entry: str) -> tuple[ComplexArray, ...]:
    r"""Return the matrices of an entry's real coordinates, each of shape (3, 3).

    One of a diagonal entry. Of :math:`c_{ab}` with a < b there are two, those of its real and its
    imaginary part: :math:`c_{ab} = x_1 + ix_2` stands at (a, b), its conjugate at (b, a).
    """
    row, column = ENTRIES[entry]
    single = np.zeros((3, 3), complex)
    single[row, column] = 1.0
    if row == column:
        return (single,)
    return tuple(turn * single + np.conj(turn) * single.T for turn in (1.0, 1j))
