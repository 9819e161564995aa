r"""The form of source states: what each folded shape counts for, over (1, x)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.frozen import read_only
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.interactions.base import HELICITIES, Amplitude, Profile, Shape, Structure
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState

MOST_FORMS: Final = 8
"""Amplitudes, of the states of a source, whose forms are kept."""


def densities(states: Sequence[HelicityState], mixing: Mixing) -> ComplexArray:
    r"""Return the flavour density matrices of neutrinos and antineutrinos, shape (2, n_s, 3, 3).

    They are :math:`\rho_-` and :math:`\rho_+^*`: on antineutrinos a coupling A acts as its
    conjugate, which is the transpose of a Hermitian one, and
    :math:`{\rm Tr}[\rho_+(A^*)^\dagger A^*] = {\rm Tr}[\rho_+^*A^\dagger A]`.
    """
    found = [state.in_flavours(mixing) for state in states]
    return np.array([[minus for minus, _ in found], [plus.conj() for _, plus in found]])


def forms(
    amplitudes: Sequence[Amplitude], states: Sequence[HelicityState], mixing: Mixing
) -> dict[Shape, FloatArray]:
    r"""Return q of each shape, shape (n_s, 1 + n, 1 + n): counts are its folds times (1,x)ᵀq(1,x).

    .. math:: q_{jk} = {\rm Re\,Tr}[\rho\,C_j^\dagger C_k]

    summed over the terms of the amplitudes j and k that make the shape, symmetric and read-only.
    Shapes that no state makes are left out.

    Parameters
    ----------
    amplitudes : sequence of Amplitude
        The Standard Model's, then that of each coordinate x.
    states : sequence of HelicityState
    mixing : Mixing
    """
    density = densities(states, mixing)
    terms = tuple(
        (number, term.structure, term.profile, np.asarray(term.matrix, complex).tobytes())
        for number, amplitude in enumerate(amplitudes)
        for term in amplitude
    )
    return dict(
        _forms(_FormKey(terms, len(amplitudes), density.tobytes(), tuple(amplitudes), density))
    )


@final
@dataclass(frozen=True)
class _FormKey:
    """The content of amplitudes and states, and what they are."""

    terms: tuple[object, ...]
    size: int
    states: bytes
    amplitudes: tuple[Amplitude, ...] = field(compare=False)
    density: ComplexArray = field(compare=False)


@lru_cache(maxsize=MOST_FORMS)
def _forms(key: _FormKey) -> dict[Shape, FloatArray]:
    """Return `forms`, read-only: folded counts and their variants ask for the same ones."""
    found: dict[Shape, FloatArray] = {}
    size = (key.density.shape[1], key.size, key.size)
    for (one, left), (other, right) in product(_matrices(key.amplitudes).items(), repeat=2):
        structure, profile = one
        kernels = structure.times(other[0])
        if not any(kernels.values()):
            continue
        # A product of two structures counts both orders, which are two pairs here.
        share = 0.5 if structure == other[0] else 0.25
        overlaps = _overlaps(key.density, np.array([*left.values()]), np.array([*right.values()]))
        for overlap, helicity in zip(overlaps, HELICITIES, strict=True):
            if not overlap.any():
                continue
            for kernel in kernels[helicity]:
                total = found.setdefault(Shape.of(kernel, profile, other[1]), np.zeros(size))
                j, k = np.ix_([*left], [*right])
                total[:, j, k] += share * overlap
    return {shape: read_only(q + q.swapaxes(1, 2)) for shape, q in found.items()}


def _overlaps(density: ComplexArray, left: ComplexArray, right: ComplexArray) -> FloatArray:
    r"""Return :math:`{\rm Re\,Tr}[\rho_{hs}\,C_j^\dagger C_k]`, shape (2, n_s, n_j, n_k)."""
    products = left.conj().swapaxes(1, 2)[:, None] @ right
    found = density.swapaxes(2, 3).reshape(-1, 9) @ products.reshape(-1, 9).T
    return np.asarray(found.real.reshape(*density.shape[:2], len(left), len(right)))


def _matrices(
    amplitudes: Sequence[Amplitude],
) -> dict[tuple[Structure, Profile], dict[int, ComplexArray]]:
    """Return the C of each structure and profile, by the numbers of the amplitudes that have it."""
    found: dict[tuple[Structure, Profile], dict[int, ComplexArray]] = {}
    for number, amplitude in enumerate(amplitudes):
        for term in amplitude:
            own = found.setdefault((term.structure, term.profile), {})
            own[number] = own.get(number, 0) + np.asarray(term.matrix, complex)
    return found
