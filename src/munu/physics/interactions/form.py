r"""The form of source states: what each folded shape counts for, over (1, x)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.physics.interactions.base import HELICITIES, Amplitude, AmplitudeTerm, Shape
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState

Pair = tuple[int, int, AmplitudeTerm, AmplitudeTerm]


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

    summed over the terms of the amplitudes j and k that make the shape, and symmetric. Shapes that
    no state makes are left out.

    Parameters
    ----------
    amplitudes : sequence of Amplitude
        The Standard Model's, then that of each coordinate x.
    states : sequence of HelicityState
    mixing : Mixing
    """
    pairs = list(_interfering(amplitudes))
    if not pairs:
        return {}
    products = np.array([one.matrix.conj().T @ other.matrix for _, _, one, other in pairs])
    overlaps = np.einsum("hsij,pji->phs", densities(states, mixing), products).real
    found: dict[Shape, FloatArray] = {}
    for (j, k, one, other), overlap in zip(pairs, overlaps, strict=True):
        # A product of two structures counts both orders, which are two pairs here.
        share = 0.5 if one.structure == other.structure else 0.25
        for by_helicity, helicity in zip(overlap, HELICITIES, strict=True):
            if not by_helicity.any():
                continue
            for kernel in one.structure.times(other.structure)[helicity]:
                shape = Shape.of(kernel, one.profile, other.profile)
                if shape not in found:
                    found[shape] = np.zeros((len(states), len(amplitudes), len(amplitudes)))
                found[shape][:, j, k] += share * by_helicity
                found[shape][:, k, j] += share * by_helicity
    return found


def _interfering(amplitudes: Sequence[Amplitude]) -> Iterator[Pair]:
    """Yield the pairs of terms that interfere, with the numbers of their amplitudes."""
    for (j, left), (k, right) in product(enumerate(amplitudes), repeat=2):
        for one, other in product(left, right):
            if any(one.structure.times(other.structure).values()):
                yield j, k, one, other
