"""Forms of amplitudes against the trace of the squared amplitude, and that they are made once."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.typing import ComplexArray, FloatArray
from munu.physics.interactions import form
from munu.physics.interactions.base import Amplitude, AmplitudeTerm, One, Shape
from munu.physics.interactions.form import densities, forms
from munu.physics.interactions.weak import (
    FALLING,
    FLAT,
    LEFT,
    MIXED,
    RIGHT,
    VECTOR,
    Kappa,
    NeutronForm,
    ProtonForm,
)
from munu.physics.mixing import paper_mixing
from munu.physics.moments import HelicityState

PROFILES = {ProtonForm(): 1.7, NeutronForm(): -0.4, One(): 1.0, Kappa("e"): 0.6}
KERNELS = {FLAT: 1.3, FALLING: 0.7, MIXED: -0.9}
TERMS = (
    (VECTOR, ProtonForm()),
    (VECTOR, NeutronForm()),
    (VECTOR, ProtonForm()),  # twice in one amplitude: they add
    (LEFT, One()),
    (LEFT, Kappa("e")),
    (RIGHT, One()),
)
MIXING = paper_mixing()


def random_matrix(rng: np.random.Generator) -> ComplexArray:
    return rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))


def random_state(rng: np.random.Generator) -> HelicityState:
    one, other = random_matrix(rng), random_matrix(rng)
    return HelicityState(one @ one.conj().T, other @ other.conj().T)


def value(shape: Shape) -> float:
    return KERNELS.get(shape.kernel, 1.0) * PROFILES[shape.left] * PROFILES[shape.right]


def squared(amplitudes: list[Amplitude], x: FloatArray, rho: ComplexArray, turned: bool) -> float:
    """Sum K Re Tr[ρ A†B] over the structures, with A = Σ x h C."""
    total = {structure.name: np.zeros((3, 3), complex) for structure in (VECTOR, LEFT, RIGHT)}
    for coordinate, amplitude in zip(x, amplitudes, strict=True):
        for term in amplitude:
            total[term.structure.name] += coordinate * PROFILES[term.profile] * term.matrix

    def trace(one: str, other: str) -> float:
        return float(np.trace(rho @ total[one].conj().T @ total[other]).real)

    flat, falling = KERNELS[FLAT], KERNELS[FALLING]
    of_left, of_right = (falling, flat) if turned else (flat, falling)
    found = trace("vector", "vector") + KERNELS[MIXED] * trace("left", "right")
    return found + of_left * trace("left", "left") + of_right * trace("right", "right")


@pytest.mark.parametrize("seed", range(5))
def test_a_form_is_the_trace_of_the_squared_amplitude(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states = [random_state(rng) for _ in range(2)]
    some = [TERMS, TERMS[:2], TERMS[3:], TERMS[5:]]
    amplitudes = [tuple(AmplitudeTerm(*t, random_matrix(rng)) for t in terms) for terms in some]
    x = np.array([1.0, *rng.normal(size=3)])
    whole = sum(value(shape) * q for shape, q in forms(amplitudes, states, MIXING).items())
    assert np.array_equal(whole, np.swapaxes(whole, 1, 2))
    minus, plus = densities(states, MIXING)
    for s in range(2):
        expected = squared(amplitudes, x, minus[s], False) + squared(amplitudes, x, plus[s], True)
        assert x @ whole[s] @ x == pytest.approx(expected, rel=1e-12)


def test_equal_amplitudes_share_their_form_and_others_do_not() -> None:
    rng = np.random.default_rng(1)
    state, matrix = random_state(rng), random_matrix(rng)

    def of(own: ComplexArray, seen: HelicityState = state) -> dict[Shape, FloatArray]:
        return forms([(AmplitudeTerm(VECTOR, ProtonForm(), own),)], [seen], MIXING)

    (first,), (again,) = of(matrix).values(), of(matrix.copy()).values()
    assert again is first
    assert not first.flags.writeable
    (turned,) = of(2 * matrix).values()
    assert turned == pytest.approx(4 * first, rel=1e-14)
    (other,) = of(matrix, HelicityState(2 * state.negative, 2 * state.positive)).values()
    assert other == pytest.approx(2 * first, rel=1e-14)
    assert form._forms.cache_info().maxsize == form.MOST_FORMS
