"""The one Hermitian form against the printed equations, explicit matrices and symmetries."""

from __future__ import annotations

from math import cos, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.typing import ComplexArray
from munu.physics.mixing import Mixing, paper_mixing
from munu.physics.moments import (
    HelicityState,
    blind_directions,
    dirac_moment_squared,
    dirac_to_mass_basis,
    effective_moment_squared,
    majorana_matrix,
    majorana_vector,
    moment_vector,
    propagated_state,
    to_flavour_basis,
    to_mass_basis,
)

PHASE = st.floats(-pi, pi)
FRACTION = st.floats(0.0, 1.0)
MODULI = st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3)
MIXINGS = st.builds(
    lambda s12, s13, s23, delta: Mixing(s12, s13, s23, delta, 7.5e-5, 2.5e-3),
    FRACTION,
    FRACTION,
    FRACTION,
    PHASE,
)
COMPLEX = st.complex_numbers(max_magnitude=1.0)
VECTORS = st.lists(COMPLEX, min_size=3, max_size=3).map(np.array)
SPECIES = st.sampled_from([f"nu_{f}{bar}" for f in ("e", "mu", "tau") for bar in ("", "_bar")])
PROMPT = HelicityState.of_species("nu_mu")
REACTOR = HelicityState.of_species("nu_e_bar")
DELAYED = HelicityState.from_amplitudes(a_minus=(1, 0, 0), a_plus=(0, 1, 0))


class Symbols:
    """The symbols of the printed equations."""

    def __init__(self, mixing: Mixing, moduli: list[float], xi_1: float, xi_2: float) -> None:
        squares = np.array([mixing.sin2_theta12, mixing.sin2_theta13, mixing.sin2_theta23])
        self.s12, self.s13, self.s23 = np.sqrt(squares)
        self.c12, self.c13, self.c23 = np.sqrt(1 - squares)
        self.delta = mixing.delta_cp
        self.l1, self.l2, self.l3 = moduli
        self.xi1, self.xi2, self.xi3 = xi_1, xi_2, xi_1 - xi_2
        self.total = sum(modulus**2 for modulus in moduli)


def eq_11(p: Symbols, zeta: tuple[float, float, float]) -> float:
    z1, z2, z3 = zeta
    return (
        p.total
        - p.c12**2 * p.c13**2 * p.l1**2
        - p.s12**2 * p.c13**2 * p.l2**2
        - p.s13**2 * p.l3**2
        - p.c13**2 * 2 * p.s12 * p.c12 * p.l1 * p.l2 * cos(z1 - z2)
        - p.c12 * 2 * p.s13 * p.c13 * p.l1 * p.l3 * cos(p.delta + z1 - z3)
        - p.s12 * 2 * p.s13 * p.c13 * p.l2 * p.l3 * cos(p.delta + z2 - z3)
    )


def eq_12(p: Symbols) -> float:
    return (
        p.total
        - p.c12**2 * p.c13**2 * p.l1**2
        - p.s12**2 * p.c13**2 * p.l2**2
        - p.s13**2 * p.l3**2
        - p.c13**2 * 2 * p.s12 * p.c12 * p.l1 * p.l2 * cos(p.xi3)
        - p.c12 * 2 * p.s13 * p.c13 * p.l1 * p.l3 * cos(p.delta - p.xi2)
        - p.s12 * 2 * p.s13 * p.c13 * p.l2 * p.l3 * cos(p.delta - p.xi1)
    )


def eq_17(p: Symbols) -> float:
    s12, s13, s23, c12, c13, c23, delta = p.s12, p.s13, p.s23, p.c12, p.c13, p.c23, p.delta
    first = (
        -2 * c12 * c23 * s12 * s13 * s23 * cos(delta)
        + s23**2 * (c13**2 + s12**2 * s13**2)
        + c12**2 * c23**2
    )
    second = (
        2 * c12 * c23 * s13 * s23 * s12 * cos(delta)
        + c23**2 * s12**2
        + s23**2 * (c12**2 * s13**2 + c13**2)
    )
    third = c23**2 + s13**2 * s23**2
    cross_12 = (
        c23 * c12**2 * s13 * s23 * cos(delta + p.xi3)
        - c23 * s12**2 * s13 * s23 * cos(delta - p.xi3)
        + c12 * s12 * (c23**2 - s13**2 * s23**2) * cos(p.xi3)
    )
    cross_13 = c13 * s23 * (c12 * s13 * s23 * cos(delta - p.xi2) + c23 * s12 * cos(p.xi2))
    cross_23 = c13 * s23 * (s12 * s13 * s23 * cos(delta - p.xi1) - c12 * c23 * cos(p.xi1))
    return (
        p.l1**2 * first
        + p.l2**2 * second
        + p.l3**2 * third
        + 2 * (p.l1 * p.l2 * cross_12 + p.l1 * p.l3 * cross_13 + p.l2 * p.l3 * cross_23)
    )


def eq_18(p: Symbols) -> float:
    s12, s13, s23, c12, c13, c23, delta = p.s12, p.s13, p.s23, p.c12, p.c13, p.c23, p.delta
    first = (
        -2 * c12 * c23 * s12 * s13 * s23 * cos(delta)
        + c13**2 * (s12**2 + s23**2)
        + c12**2 * c23**2
        + s13**2 * (s12**2 * s23**2 + 1)
    )
    second = (
        2 * c23 * c12 * s12 * s13 * s23 * cos(delta)
        + c12**2 * (c13**2 + s13**2 * s23**2)
        + c23**2 * s12**2
        + c13**2 * s23**2
        + s13**2
    )
    third = c13**2 + c23**2 + s13**2 * s23**2
    cross_12 = (
        -c23 * c12**2 * s13 * s23 * cos(delta + p.xi3)
        + c23 * s12**2 * s13 * s23 * cos(delta - p.xi3)
        + c12 * s12 * (c13**2 - c23**2 + s13**2 * s23**2) * cos(p.xi3)
    )
    cross_13 = c13 * c23 * (s12 * s23 * cos(p.xi2) - c12 * c23 * s13 * cos(delta - p.xi2))
    cross_23 = c13 * c23 * (c23 * s12 * s13 * cos(delta - p.xi1) + c12 * s23 * cos(p.xi1))
    return (
        p.l1**2 * first
        + p.l2**2 * second
        + p.l3**2 * third
        + 2 * (-p.l1 * p.l2 * cross_12 + p.l1 * p.l3 * cross_13 - p.l2 * p.l3 * cross_23)
    )


def squared(state: HelicityState, mixing: Mixing, moments: ComplexArray) -> float:
    return float(effective_moment_squared(moments, state.moment_matrix(mixing)))


def eq_5(state_minus: ComplexArray, state_plus: ComplexArray, matrix: ComplexArray) -> float:
    """Eq. (5) with explicit matrices."""
    minus = state_minus.conj() @ matrix.conj().T @ matrix @ state_minus
    plus = state_plus.conj() @ matrix @ matrix.conj().T @ state_plus
    return float((minus + plus).real)


@given(MIXINGS, MODULI, PHASE, PHASE)
def test_eqs_12_17_18(mixing: Mixing, moduli: list[float], xi_1: float, xi_2: float) -> None:
    moments = moment_vector(moduli, xi_1=xi_1, xi_2=xi_2)
    printed = Symbols(mixing, moduli, xi_1, xi_2)
    assert squared(REACTOR, mixing, moments) == pytest.approx(eq_12(printed), abs=1e-12)
    assert squared(PROMPT, mixing, moments) == pytest.approx(eq_17(printed), abs=1e-12)
    assert squared(DELAYED, mixing, moments) == pytest.approx(eq_18(printed), abs=1e-12)


@given(MIXINGS, MODULI, st.tuples(PHASE, PHASE, PHASE))
def test_eq_11(mixing: Mixing, moduli: list[float], zeta: tuple[float, float, float]) -> None:
    moments = np.array(moduli) * np.exp(1j * np.array(zeta))
    printed = eq_11(Symbols(mixing, moduli, 0.0, 0.0), zeta)
    assert squared(REACTOR, mixing, moments) == pytest.approx(printed, abs=1e-12)


@given(MODULI, st.tuples(PHASE, PHASE, PHASE))
def test_flavour_basis_eqs_10_15_16(moduli: list[float], zeta: tuple[float, ...]) -> None:
    moments = np.array(moduli) * np.exp(1j * np.array(zeta))
    e, mu, tau = (modulus**2 for modulus in moduli)
    for state, expected in (
        (REACTOR, mu + tau),
        (PROMPT, e + tau),
        (DELAYED, e + mu + 2 * tau),
    ):
        matrix = state.moment_matrix(paper_mixing(), basis="flavour")
        assert effective_moment_squared(moments, matrix) == pytest.approx(expected, abs=1e-12)


@given(FRACTION, FRACTION, MODULI)
def test_eq_13(s12: float, s13: float, moduli: list[float]) -> None:
    mixing = Mixing(s12, s13, 0.5, 0.0, 7.5e-5, 2.5e-3)
    p = Symbols(mixing, moduli, 0.0, 0.0)
    printed = p.total - (p.c12 * p.c13 * p.l1 + p.s12 * p.c13 * p.l2 + p.s13 * p.l3) ** 2
    assert squared(REACTOR, mixing, moment_vector(moduli)) == pytest.approx(printed, abs=1e-12)


@given(MIXINGS)
def test_eq_14_is_the_blind_direction(mixing: Mixing) -> None:
    directions = blind_directions(REACTOR.moment_matrix(mixing))
    assert directions.shape == (1, 3)
    p = Symbols(mixing, [0, 0, 0], 0.0, 0.0)
    expected = [p.c12 * p.c13, p.s12 * p.c13, p.s13]
    np.testing.assert_allclose(np.abs(directions[0]), expected, atol=1e-7)
    assert squared(REACTOR, mixing, directions[0]) == pytest.approx(0, abs=1e-12)
    # The phases at which the cosines of Eq. (12) are one.
    blind = moment_vector(expected, xi_1=mixing.delta_cp, xi_2=mixing.delta_cp)
    assert squared(REACTOR, mixing, blind) == pytest.approx(0, abs=1e-12)


@given(FRACTION, FRACTION, MODULI, st.tuples(PHASE, PHASE, PHASE), PHASE)
def test_eq_37(
    s13: float, p_e1: float, moduli: list[float], zeta: tuple[float, ...], delta: float
) -> None:
    """Solar neutrinos arrive as mass states, with the probabilities of Eq. (38)."""
    mixing = Mixing(0.32, s13, 0.5, delta, 7.5e-5, 2.5e-3)
    c13_2 = 1 - s13
    probabilities = np.diag([c13_2 * p_e1, c13_2 * (1 - p_e1), s13])
    state = HelicityState(probabilities, np.zeros((3, 3)), basis="mass")
    l1, l2, l3 = (modulus**2 for modulus in moduli)
    printed = l1 + l2 + l3 - c13_2 * l2 + (c13_2 - 1) * l3 + c13_2 * p_e1 * (l2 - l1)
    moments = np.array(moduli) * np.exp(1j * np.array(zeta))
    assert squared(state, mixing, moments) == pytest.approx(printed, abs=1e-12)


@given(MIXINGS, VECTORS, VECTORS, VECTORS)
def test_eq_5_of_pure_states(
    mixing: Mixing, minus: ComplexArray, plus: ComplexArray, flavour_moments: ComplexArray
) -> None:
    expected = eq_5(minus, plus, majorana_matrix(flavour_moments))
    state = HelicityState.from_amplitudes(minus, plus)
    flavour = state.moment_matrix(mixing, basis="flavour")
    assert effective_moment_squared(flavour_moments, flavour) == pytest.approx(expected, abs=1e-12)
    mass_moments = to_mass_basis(flavour_moments, mixing)
    assert squared(state, mixing, mass_moments) == pytest.approx(expected, abs=1e-12)


@given(MIXINGS, st.lists(VECTORS, min_size=4, max_size=4), VECTORS)
def test_eq_9_of_mixed_states(
    mixing: Mixing, amplitudes: list[ComplexArray], mass_moments: ComplexArray
) -> None:
    """A mixture's μ² is the sum of Eq. (9) over its amplitudes, in either basis."""
    matrix = majorana_matrix(mass_moments)
    expected = sum(eq_5(a, b, matrix) for a, b in (amplitudes[:2], amplitudes[2:]))
    minus, plus = (
        sum(np.outer(a, a.conj()) for a in pair) for pair in (amplitudes[::2], amplitudes[1::2])
    )
    state = HelicityState(minus, plus, basis="mass")
    assert squared(state, mixing, mass_moments) == pytest.approx(expected, abs=1e-12)
    flavour_moments = to_flavour_basis(mass_moments, mixing)
    in_flavour = state.moment_matrix(mixing, basis="flavour")
    assert effective_moment_squared(flavour_moments, in_flavour) == pytest.approx(
        expected, abs=1e-12
    )


@given(MIXINGS, VECTORS)
def test_eq_8_with_explicit_matrices(mixing: Mixing, flavour_moments: ComplexArray) -> None:
    u = mixing.pmns()
    np.testing.assert_allclose(u @ u.conj().T, np.eye(3), atol=1e-15)
    rotated = u.T @ majorana_matrix(flavour_moments) @ u
    mass_moments = to_mass_basis(flavour_moments, mixing)
    np.testing.assert_allclose(majorana_vector(rotated), mass_moments, atol=1e-14)
    np.testing.assert_allclose(to_flavour_basis(mass_moments, mixing), flavour_moments, atol=1e-14)


def test_moments_of_the_smallest_numbers_are_antisymmetric_to_rounding() -> None:
    u = paper_mixing().pmns()
    rotated = u.T @ majorana_matrix([2e-313, 1e-313, 3e-313]) @ u
    assert np.abs(majorana_vector(rotated)).max() < 1e-312


def test_eq_6() -> None:
    expected = [[0, 3, -2], [-3, 0, 1], [2, -1, 0]]
    np.testing.assert_array_equal(majorana_matrix([1, 2, 3]), expected)
    np.testing.assert_array_equal(majorana_vector(expected), [1, 2, 3])


@given(MIXINGS, SPECIES, VECTORS, PHASE)
def test_rephasing_and_positivity(
    mixing: Mixing, species: str, moments: ComplexArray, phase: float
) -> None:
    state = HelicityState.of_species(species)
    value = squared(state, mixing, moments)
    assert value >= 0
    rephased = squared(state, mixing, moments * np.exp(1j * phase))
    assert rephased == pytest.approx(value, abs=1e-12)


@given(MODULI, PHASE, PHASE, PHASE)
def test_phases_of_the_text_below_eq_11(
    moduli: list[float], xi_1: float, xi_2: float, overall: float
) -> None:
    moments = moment_vector(np.array(moduli) + 0.1, xi_1=xi_1, xi_2=xi_2, overall_phase=overall)
    unit = moments / np.abs(moments)
    assert unit[2] / unit[1] == pytest.approx(np.exp(1j * xi_1))
    assert unit[2] / unit[0] == pytest.approx(np.exp(1j * xi_2))
    assert unit[0] / unit[1] == pytest.approx(np.exp(1j * (xi_1 - xi_2)))
    np.testing.assert_allclose(np.abs(moments), np.array(moduli) + 0.1)


@given(MIXINGS, VECTORS, VECTORS)
def test_matrix_of_a_normalised_state(
    mixing: Mixing, minus: ComplexArray, plus: ComplexArray
) -> None:
    norm = sqrt(float((np.abs(minus) ** 2).sum() + (np.abs(plus) ** 2).sum())) + 1e-3
    state = HelicityState.from_amplitudes(minus / norm, plus / norm)
    for basis in ("flavour", "mass"):
        matrix = state.moment_matrix(mixing, basis=basis)
        assert np.trace(matrix).real == pytest.approx(2 * state.norm, abs=1e-12)
        np.testing.assert_allclose(matrix, matrix.conj().T, atol=1e-15)
        assert np.linalg.eigvalsh(matrix).min() > -1e-12


@given(MIXINGS, SPECIES)
def test_one_flavour_sees_two_moments_fully(mixing: Mixing, species: str) -> None:
    """Eigenvalues 0, 1, 1: trace 2 and one blind direction."""
    matrix = HelicityState.of_species(species).moment_matrix(mixing)
    np.testing.assert_allclose(np.linalg.eigvalsh(matrix), [0, 1, 1], atol=1e-12)


@given(SPECIES, VECTORS)
def test_mixed_beam_has_no_blind_direction(species: str, moments: ComplexArray) -> None:
    beam = HelicityState(np.diag([0.5, 0.0, 0.0]), np.diag([0.0, 0.5, 0.0]))
    assert blind_directions(beam.moment_matrix(paper_mixing())).shape == (0, 3)
    assert squared(beam, paper_mixing(), moments) >= 0.499 * float((np.abs(moments) ** 2).sum())


@given(MIXINGS, SPECIES, st.floats(0.0, 1e6), st.floats(0.1, 50.0), VECTORS)
def test_eq_36(
    mixing: Mixing, species: str, baseline_m: float, energy_mev: float, moments: ComplexArray
) -> None:
    """Eq. (36) element by element; antineutrinos have U for U* (the a₊ of Eq. 8)."""
    u = mixing.pmns() if species.endswith("_bar") else mixing.pmns().conj()
    row = u[["e", "mu", "tau"].index(species.removesuffix("_bar").removeprefix("nu_"))]
    masses_squared = [0.0, mixing.dm2_21_ev2, mixing.dm2_31_ev2]
    matrix = majorana_matrix(moments)
    matrix = matrix.conj() if species.endswith("_bar") else matrix
    per_mev_m = 1e-12 / 197.3269804e-15
    expected = 0.0
    for j in range(3):
        amplitude = 0j
        for i in range(3):
            splitting = masses_squared[i] - masses_squared[j]
            phase = splitting * baseline_m * per_mev_m / (2 * energy_mev)
            amplitude += row[i] * np.exp(-1j * phase) * matrix[i, j]
        expected += abs(amplitude) ** 2
    state = propagated_state(species, mixing, baseline_m=baseline_m, energy_mev=energy_mev)
    assert squared(state, mixing, moments) == pytest.approx(expected, abs=1e-9)


@given(MIXINGS, SPECIES)
def test_no_baseline_no_oscillation(mixing: Mixing, species: str) -> None:
    state = propagated_state(species, mixing, baseline_m=0.0, energy_mev=3.0)
    expected = HelicityState.of_species(species).moment_matrix(mixing)
    np.testing.assert_allclose(state.moment_matrix(mixing), expected, atol=1e-14)


def test_oscillation_length() -> None:
    """Two flavours at maximal mixing swap after half an oscillation length, 1.2398 E/Δm² (m)."""
    mixing = Mixing(0.5, 0.0, 0.0, 0.0, 2e-3, 3e-3)
    half = 1.239842 * 4.0 / 2e-3
    state = propagated_state("nu_e", mixing, baseline_m=half, energy_mev=4.0)
    weights = state.flavour_weights(mixing)
    np.testing.assert_allclose(weights, [[0, 1, 0], [0, 0, 0]], atol=1e-6)


@given(MIXINGS, SPECIES)
def test_flavour_weights_of_a_flavour(mixing: Mixing, species: str) -> None:
    propagated = propagated_state(species, mixing, baseline_m=0.0, energy_mev=1.0)
    direct = HelicityState.of_species(species).flavour_weights(mixing)
    np.testing.assert_allclose(propagated.flavour_weights(mixing), direct, atol=1e-14)


@given(MIXINGS, st.lists(COMPLEX, min_size=9, max_size=9), st.integers(0, 2))
def test_dirac_moments(mixing: Mixing, entries: list[complex], flavour: int) -> None:
    """μ² of a flavour α is the sum of |λ_βα|² over β; a mass rotation changes nothing."""
    matrix = np.array(entries).reshape(3, 3)
    expected = (np.abs(matrix[:, flavour]) ** 2).sum()
    assert dirac_moment_squared(matrix, np.eye(3)[flavour]) == pytest.approx(expected, abs=1e-12)
    rotated = dirac_to_mass_basis(matrix, mixing)
    mass_amplitude = mixing.pmns()[flavour].conj()
    assert dirac_moment_squared(rotated, mass_amplitude) == pytest.approx(expected, abs=1e-12)


@given(VECTORS, VECTORS)
def test_dirac_form_of_a_majorana_matrix(moments: ComplexArray, amplitude: ComplexArray) -> None:
    """For neutrinos Eq. (5) is the Dirac expression with an antisymmetric λ."""
    matrix = HelicityState.from_amplitudes(amplitude).moment_matrix(paper_mixing(), "flavour")
    expected = dirac_moment_squared(majorana_matrix(moments), amplitude)
    assert effective_moment_squared(moments, matrix) == pytest.approx(expected, abs=1e-12)
