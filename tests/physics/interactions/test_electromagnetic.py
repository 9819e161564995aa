"""Charge radii and millicharges against integrals of the squared amplitude, written out here.

The amplitudes below are matrices in flavour space: A on nuclei, g_L and g_R on electrons; for
antineutrinos they are transposed, and g_L and g_R exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi, sqrt
from typing import Any, final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import munu
from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    FINE_STRUCTURE,
    HBAR_C_MEV_FM,
)
from munu.base.typing import ComplexArray, FloatArray
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.identity import Identity
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold_shapes, shape_rates
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.atoms import effective_electrons, steps
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import Helm, momentum_transfer_per_fm
from munu.physics.interactions.base import Amplitude, Interaction, StandardModel
from munu.physics.interactions.charge_radius import ChargeRadius
from munu.physics.interactions.form import densities, forms
from munu.physics.interactions.millicharge import Millicharge
from munu.physics.interactions.registry import interaction_of, parameter
from munu.physics.interactions.weak import SIN2_THETA_W, VECTOR, WeakAngle, standard_amplitude
from munu.physics.mixing import global_fit
from munu.physics.moments import HelicityState
from munu.physics.nuclei import nucleus, parse_material
from munu.sources.base import BeamComponent, Spectrum
from munu.sources.spallation import SpallationSource
from munu.statistics.specification import Projection

GF, ALPHA = FERMI_CONSTANT_PER_MEV2, FINE_STRUCTURE
CM2_PER_KEV = (HBAR_C_MEV_FM * 1e-13) ** 2 * 1e-3
"""(ħc)²/keV·MeV, what 1/MeV³ is in cm²/keV."""
MIXING = global_fit("nufit60-no").with_delta(1.2)
ARGON = NuclearCentre(nucleus("Ar-40"), Helm())
XENON = ElectronCentre("Xe")
LOWEST_MEV, HIGHEST_MEV = 1.0, 9.0
ENTRIES = {"ee": (0, 0), "mumu": (1, 1), "tautau": (2, 2), "emu": (0, 1), "etau": (0, 2)}
ENTRIES["mutau"] = (1, 2)
FLAVOURS = ("e", "mu", "tau")
TREE = StandardModel(
    weak_couplings(0.2386, radiative=False), ElectronCouplings(0.2386, radiative=False)
)
RADIATIVE = StandardModel(weak_couplings(), ElectronCouplings())
BY_FLAVOUR = StandardModel(weak_couplings(flavour_dependent=True), ElectronCouplings())
MODELS = st.sampled_from([TREE, RADIATIVE, BY_FLAVOUR])

NUMBER = st.floats(-3.0, 3.0)
COMPLEX = st.builds(complex, NUMBER, NUMBER)


@st.composite
def hermitian(draw: st.DrawFn) -> ComplexArray:
    matrix = np.diag([draw(NUMBER) for _ in range(3)]).astype(complex)
    for row, column in ((0, 1), (0, 2), (1, 2)):
        matrix[row, column] = draw(COMPLEX)
        matrix[column, row] = np.conj(matrix[row, column])
    return matrix


@st.composite
def mixture(draw: st.DrawFn) -> ComplexArray:
    """Return a density matrix that is not diagonal in flavours, as the Sun's."""
    vectors = np.array([[draw(COMPLEX) for _ in range(3)] for _ in range(2)])
    rho = vectors.T @ vectors.conj() + 1e-3 * np.eye(3)
    return np.asarray(rho / np.trace(rho).real)


SPECIES = [f"nu_{flavour}{bar}" for flavour in FLAVOURS for bar in ("", "_bar")]
MASS_STATES = [f"nu_{k}{bar}" for k in (1, 2, 3) for bar in ("", "_bar")]
STATES = st.one_of(
    st.sampled_from(SPECIES + MASS_STATES).map(HelicityState.of_species),
    mixture().map(lambda rho: HelicityState(rho, np.zeros((3, 3)))),
    mixture().map(lambda rho: HelicityState(np.zeros((3, 3)), rho)),
)


@final
@dataclass(frozen=True)
class Couplings:
    """Radii (cm²) and charges (e) as matrices, entry ab of ν̄_a ... ν_b, and a Standard Model."""

    radii: ComplexArray
    charges: ComplexArray
    standard: StandardModel

    def nuclear(self, t_kev: float) -> ComplexArray:
        """Return A = g_V^p Z F + g_V^n N F."""
        isotope, t = ARGON.nucleus, 1e-3 * t_kev
        q = momentum_transfer_per_fm(np.array([t_kev]), isotope.mass_mev)
        f = float(ARGON.form_factor(q, isotope)[0])
        q_tilde = sqrt(2) * pi * ALPHA / (3 * GF) * self.radii / (HBAR_C_MEV_FM * 1e-13) ** 2
        charge = 2 * sqrt(2) * pi * ALPHA / (GF * 2 * isotope.mass_mev * t) * self.charges
        quarks = self.standard.quarks
        standard = np.diag([quarks.proton_vector_of(flavour) for flavour in FLAVOURS])
        proton = standard - q_tilde + charge
        return np.asarray(
            isotope.protons * f * proton + isotope.neutrons * f * quarks.neutron_vector * np.eye(3)
        )

    def electron(self, t_kev: float) -> tuple[ComplexArray, ComplexArray]:
        """Return g_L and g_R of neutrinos, from g_V and g_A."""
        t = 1e-3 * t_kev
        both = [self.standard.electron.chiral(f"nu_{one}", t_kev) for one in FLAVOURS]
        left, right = (np.diag([float(g[k]) for g in both]) for k in range(2))
        vector, axial = left + right, left - right
        q_tilde = sqrt(2) * pi * ALPHA / (3 * GF) * self.radii / (HBAR_C_MEV_FM * 1e-13) ** 2
        charge = 2 * sqrt(2) * pi * ALPHA / (GF * 2 * ELECTRON_MASS_MEV * t) * self.charges
        vector = vector + q_tilde - charge
        return (vector + axial) / 2, (vector - axial) / 2

    def cross_section(self, state: HelicityState, e_mev: float, t_kev: float, kind: str) -> float:
        """Return dσ/dT (cm²/keV) of both helicities of a state on argon or on a xenon atom."""
        minus, plus = state.in_flavours(MIXING)
        y, t = 1e-3 * t_kev / e_mev, 1e-3 * t_kev
        if kind == "nuclear":
            a, mass = self.nuclear(t_kev), ARGON.nucleus.mass_mev
            size = GF**2 * mass / pi * (1 - mass * t / (2 * e_mev**2)) * CM2_PER_KEV
            return size * (trace(minus, a, a) + trace(plus, a.T, a.T))
        left, right = self.electron(t_kev)
        mass, electrons = ELECTRON_MASS_MEV, float(effective_electrons("Xe", t_kev))
        total = 0.0
        for rho, first, second in ((minus, left, right), (plus, right.T, left.T)):
            total += trace(rho, first, first) + (1 - y) ** 2 * trace(rho, second, second)
            total -= mass * y / e_mev * trace(rho, first, second)
        return electrons * 2 * GF**2 * mass / pi * total * CM2_PER_KEV


def trace(rho: ComplexArray, one: ComplexArray, other: ComplexArray) -> float:
    return float(np.trace(rho @ one.conj().T @ other).real)


def coordinates(matrix: ComplexArray) -> FloatArray:
    """Return the real coordinates of a Hermitian matrix in the order of the parameters."""
    found: list[float] = []
    for row, column in ENTRIES.values():
        value = matrix[row, column]
        found += [value.real] if row == column else [value.real, value.imag]
    return np.array(found)


def amplitudes_of(
    interaction: Interaction, standard: StandardModel, **assumed: Any
) -> list[Amplitude]:
    given = Assumptions(mixing=MIXING, **assumed)
    own = [p for p in interaction.parameters if not p.name.endswith("_common")]
    return [one for p in own for one in interaction.amplitudes(p, standard, given)]


def vector_of(
    couplings: Couplings, interactions: tuple[Interaction, ...]
) -> tuple[list[Amplitude], FloatArray]:
    """Return the amplitudes over (1, x), and it."""
    found, y = [standard_amplitude(couplings.standard)], [np.ones(1)]
    for interaction in interactions:
        own = couplings.radii if isinstance(interaction, ChargeRadius) else couplings.charges
        found += amplitudes_of(interaction, couplings.standard)
        y.append(coordinates(own))
    return found, np.concatenate(y)


def density(energy: FloatArray) -> FloatArray:
    return np.asarray(1e5 * energy**2 * (10.0 - energy))


BEAM = Spectrum(np.array([LOWEST_MEV, HIGHEST_MEV]), density)


def rate(
    couplings: Couplings, state: HelicityState, centre: ScatteringCentre, t_kev: float
) -> float:
    """Return events per second, keV and centre as the interaction layer makes them."""
    amplitudes, y = vector_of(couplings, (ChargeRadius(), Millicharge()))
    found = forms(amplitudes, [state], MIXING)
    own = [shape for shape in found if shape.kernel.recoil == centre.recoil]
    component = BeamComponent("nu", "beam", state, BEAM)
    rates = shape_rates([component], centre, own, np.array([t_kev]))[:, 0, 0]
    return float(sum(y @ found[s][0] @ y * one for s, one in zip(own, rates, strict=True)))


def couplings_of_size(radii: ComplexArray, charges: ComplexArray, kind: str) -> tuple[Any, Any]:
    """Return a matrix of radii and one of charges whose amplitudes are like the weak one."""
    size = 1e-6 if kind == "nuclear" else 1e-11
    return 1e-31 * radii, size * charges


@settings(max_examples=30)
@given(hermitian(), hermitian(), MODELS, STATES, st.floats(0.05, 0.95))
@pytest.mark.parametrize(("kind", "centre"), [("nuclear", ARGON), ("electron", XENON)])
def test_rates_are_integrals_of_the_squared_amplitude(
    kind: str,
    centre: ScatteringCentre,
    radii: ComplexArray,
    charges: ComplexArray,
    standard: StandardModel,
    state: HelicityState,
    share: float,
) -> None:
    couplings = Couplings(*couplings_of_size(radii, charges, kind), standard)
    end = float(centre.maximum_recoil_kev(np.array([HIGHEST_MEV]))[0])
    t_kev = end * share ** (1 if kind == "nuclear" else 4)
    low = max(float(centre.minimum_energy_mev(np.array([t_kev]))[0]), LOWEST_MEV)

    def integrand(energy: float) -> float:
        flux = float(density(np.array([energy]))[0])
        return flux * couplings.cross_section(state, energy, t_kev, kind)

    expected = quad(integrand, low, HIGHEST_MEV, epsrel=1e-11, epsabs=0)[0]
    plain = Couplings(0 * radii, 0 * charges, standard)
    scale = rate(plain, state, centre, t_kev)
    found = rate(couplings, state, centre, t_kev)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-8 * scale)
    assert found >= -1e-12 * scale


def experiment(kind: str, standard: StandardModel, edges: FloatArray) -> CountingExperiment:
    return CountingExperiment(
        identity=Identity("electromagnetic", "test", "perfect detector at a spallation source"),
        source=SpallationSource(baseline_m=20.0, neutrinos_per_proton=0.08, protons_per_s=1e15),
        target=parse_material("Ar-40" if kind == "nuclear" else "Xe"),
        mass_kg=10.0,
        live_time_s=1e7,
        detector=Detector(
            "recoil" if kind == "nuclear" else "ionisation",
            edges,
            Unquenched(),
            Flat(1.0),
            Perfect(),
        ),
        form_factor=Helm(),
        couplings=standard.quarks,
        statistic=Projection(sigma_stat=0.0, sigma_sys=0.0),
        mixing=MIXING,
        recoils=("nuclear",) if kind == "nuclear" else ("electron",),
        electron_couplings=standard.electron,
    )


@pytest.mark.parametrize("standard", [RADIATIVE, BY_FLAVOUR])
@pytest.mark.parametrize("kind", ["nuclear", "electron"])
def test_events_are_integrals_of_the_squared_amplitude(kind: str, standard: StandardModel) -> None:
    """Two nested ones, with every coupling at once, on the three species of a pion source."""
    edges = np.array([2.0, 9.0, 31.0]) if kind == "nuclear" else np.array([1.5, 4.2, 30.0])
    random = np.random.default_rng(5)
    radii, charges = (
        (m + m.conj().T) / 2
        for m in random.normal(size=(2, 3, 3)) + 1j * random.normal(size=(2, 3, 3))
    )
    couplings = Couplings(*couplings_of_size(radii, charges, kind), standard)
    own = experiment(kind, standard, edges)
    amplitudes, y = vector_of(couplings, (ChargeRadius(), Millicharge()))
    states = [component.state for component in own.source.components(MIXING)]
    shapes = [s for s in forms(amplitudes, states, MIXING) if s.kernel.recoil == kind]
    counts = fold_shapes(own, MIXING, shapes)
    found = np.einsum("j,sbjk,k->sb", y, counts.form(amplitudes), y)
    per_kg = sum(number for _, number in own.target.nuclei_per_kg())
    jumps = steps("Xe") if kind == "electron" else np.empty(0)
    for row, component in zip(found, own.source.components(MIXING), strict=True):
        for events, low, high in zip(row, edges[:-1], edges[1:], strict=True):
            cuts = np.unique([low, high, *jumps[(jumps > low) & (jumps < high)]])
            expected = sum(
                integral(couplings, component, kind, a, b)
                for a, b in zip(cuts[:-1] * (1 + 1e-13), cuts[1:] * (1 - 1e-13), strict=True)
            )
            assert events == pytest.approx(expected * per_kg * own.exposure_kg_s, rel=1e-8)


def integral(
    couplings: Couplings, component: BeamComponent, kind: str, low: float, high: float
) -> float:
    """Return ∫dT∫dE φ dσ/dT; at each T the cross section is a + b/E + c/E², by three values."""
    spectrum, mass = component.spectrum, ARGON.nucleus.mass_mev
    nodes = np.array([20.0, 30.0, 50.0])

    def at(t_kev: float) -> float:
        t = 1e-3 * t_kev
        least = sqrt(mass * t / 2)
        if kind == "electron":
            least = (t + sqrt(t * t + 2 * ELECTRON_MASS_MEV * t)) / 2
        values = [couplings.cross_section(component.state, e, t_kev, kind) for e in nodes]
        powers = np.linalg.solve(nodes[:, None] ** -np.arange(3.0), values)
        lines = sum(f * powers @ e ** -np.arange(3.0) for e, f in spectrum.lines if e > least)
        if not spectrum.knots_mev.size:
            return float(lines)
        top = float(spectrum.knots_mev[-1])
        energies, weights = np.polynomial.legendre.leggauss(16)
        energies = least + (top - least) * (energies + 1) / 2
        flux = spectrum.density_per_cm2_s_mev(energies) * weights * (top - least) / 2
        return float(lines + flux @ (energies[:, None] ** -np.arange(3.0) @ powers))

    return float(quad(at, low, high, epsrel=1e-10, epsabs=0)[0])


def at_recoil(
    amplitudes: list[Amplitude],
    y: FloatArray,
    state: HelicityState,
    centre: ScatteringCentre,
    t_kev: float,
) -> float:
    found = forms(amplitudes, [state], MIXING)
    own = [shape for shape in found if shape.kernel.recoil == centre.recoil]
    component = BeamComponent("nu", "beam", state, BEAM)
    rates = shape_rates([component], centre, own, np.array([t_kev]))[:, 0, 0]
    return float(sum(y @ found[s][0] @ y * one for s, one in zip(own, rates, strict=True)))


@settings(max_examples=20)
@given(STATES, st.floats(-0.2, 0.2), st.sampled_from([ARGON, XENON]))
def test_equal_radii_of_all_flavours_are_a_shift_of_the_weak_angle(
    state: HelicityState, shift: float, centre: ScatteringCentre
) -> None:
    """At tree level on nuclei and electrons alike: Q̃ = 2 Δ sin²θ_W."""
    angle = WeakAngle().amplitudes(SIN2_THETA_W, TREE, Assumptions(mixing=MIXING))
    radius = 2 * shift / (sqrt(2) * pi * ALPHA / (3 * GF) / (HBAR_C_MEV_FM * 1e-13) ** 2)
    one = at_recoil([standard_amplitude(TREE), *angle], np.array([1.0, shift]), state, centre, 3.0)
    radii = Couplings(radius * np.eye(3, dtype=complex), np.zeros((3, 3), complex), TREE)
    assert rate(radii, state, centre, 3.0) == pytest.approx(one, rel=1e-10, abs=0)


@pytest.mark.parametrize(
    ("standard", "slope"),
    [(RADIATIVE, 2 * 1.0082 * 0.9972), (BY_FLAVOUR, 2 * 1.00063 * 0.23857 / 0.23121)],
)
def test_with_corrections_the_shift_is_that_on_nuclei(
    standard: StandardModel, slope: float
) -> None:
    """Q̃ = 2ρκ Δ sin²θ_W; on electrons ρκ(T) is another number."""
    state, shift = HelicityState.of_species("nu_2"), 0.03
    angle = WeakAngle().amplitudes(SIN2_THETA_W, standard, Assumptions(mixing=MIXING))
    per_cm2 = sqrt(2) * pi * ALPHA / (3 * GF) / (HBAR_C_MEV_FM * 1e-13) ** 2
    radii = Couplings(slope * shift / per_cm2 * np.eye(3) + 0j, np.zeros((3, 3), complex), standard)
    y = np.array([1.0, shift])
    one = at_recoil([standard_amplitude(standard), *angle], y, state, ARGON, 0.5)
    assert rate(radii, state, ARGON, 0.5) == pytest.approx(one, rel=1e-10, abs=0)


@settings(max_examples=20)
@given(hermitian(), STATES, st.floats(0.1, 3.0), st.sampled_from([ARGON, XENON]), MODELS)
def test_a_charge_is_a_radius_of_six_charges_over_q_squared(
    charges: ComplexArray,
    state: HelicityState,
    t_kev: float,
    centre: ScatteringCentre,
    standard: StandardModel,
) -> None:
    mass = ELECTRON_MASS_MEV if centre.nucleus is None else centre.nucleus.mass_mev
    q2 = -2 * mass * 1e-3 * t_kev
    size = 1e-6 if centre.nucleus is not None else 1e-11
    none = np.zeros((3, 3), complex)
    radii = 6 * size * charges / q2 * (HBAR_C_MEV_FM * 1e-13) ** 2
    one = rate(Couplings(none, size * charges, standard), state, centre, t_kev)
    other = rate(Couplings(radii, none, standard), state, centre, t_kev)
    assert one == pytest.approx(other, rel=1e-10, abs=0)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_antineutrinos_have_the_same_sign(flavour: str) -> None:
    """On nuclei the rates are the same, whichever sign the radius has; as recoils vanish, on
    electrons too."""
    none = np.zeros((3, 3), complex)
    for radius in (-2e-31, 2e-31):
        couplings = Couplings(radius * np.eye(3) + 0j, none, RADIATIVE)
        both = [
            [rate(couplings, HelicityState.of_species(f"nu_{flavour}{bar}"), centre, t_kev)]
            for centre, t_kev in ((ARGON, 0.5), (XENON, 1e-5))
            for bar in ("", "_bar")
        ]
        assert both[0] == pytest.approx(both[1], rel=1e-12, abs=0)
        assert both[2] == pytest.approx(both[3], rel=1e-4, abs=0)


@settings(max_examples=20)
@given(COMPLEX, st.sampled_from(SPECIES), st.sampled_from(["emu", "etau", "mutau"]))
def test_transition_radii_do_not_interfere_at_a_source_of_flavours(
    radius: complex, species: str, entry: str
) -> None:
    """They add Z²F_p²|Q̃|² on nuclei, and G_F²m/2π |Q̃|² [1 + (1-y)² - my/E] on electrons."""
    row, column = ENTRIES[entry]
    matrix = np.zeros((3, 3), complex)
    matrix[row, column] = 1e-31 * radius
    matrix[column, row] = np.conj(matrix[row, column])
    none, state = np.zeros((3, 3), complex), HelicityState.of_species(species)
    sees = species.removesuffix("_bar").removeprefix("nu_") in np.array(FLAVOURS)[[row, column]]
    q_tilde = sqrt(2) * pi * ALPHA / (3 * GF) * 1e-31 / (HBAR_C_MEV_FM * 1e-13) ** 2 * abs(radius)
    q_tilde *= float(sees)
    for centre in (ARGON, XENON):
        t_kev = 0.8

        def added(e: float, centre: ScatteringCentre = centre, t_kev: float = t_kev) -> float:
            t, flux = 1e-3 * t_kev, float(density(np.array([e]))[0])
            if centre is ARGON:
                isotope = ARGON.nucleus
                q = momentum_transfer_per_fm(np.array([t_kev]), isotope.mass_mev)
                form = float(ARGON.form_factor(q, isotope)[0]) * isotope.protons
                bracket = 1 - isotope.mass_mev * t / (2 * e**2)
                size = GF**2 * isotope.mass_mev / pi * form**2
            else:
                y = t / e
                bracket = 1 + (1 - y) ** 2 - ELECTRON_MASS_MEV * y / e
                size = GF**2 * ELECTRON_MASS_MEV / (2 * pi)
                size *= float(effective_electrons("Xe", t_kev))
            return flux * q_tilde**2 * size * bracket * CM2_PER_KEV

        low = max(float(centre.minimum_energy_mev(np.array([t_kev]))[0]), LOWEST_MEV)
        expected = quad(added, low, HIGHEST_MEV, epsrel=1e-11)[0]
        standard = rate(Couplings(none, none, BY_FLAVOUR), state, centre, t_kev)
        found = rate(Couplings(matrix, none, BY_FLAVOUR), state, centre, t_kev)
        assert found - standard == pytest.approx(expected, rel=1e-8, abs=1e-10 * standard)


@pytest.mark.parametrize("bar", ["", "_bar"])
@pytest.mark.parametrize("centre", [ARGON, XENON])
def test_transition_radii_interfere_for_solar_states(bar: str, centre: ScatteringCentre) -> None:
    """A mass state is a coherent sum of flavours: the rate changes with the sign of the radius."""
    none, state = np.zeros((3, 3), complex), HelicityState.of_species(f"nu_2{bar}")
    rates = []
    for radius in (1e-32, -1e-32, 1e-32j):
        matrix = np.zeros((3, 3), complex)
        matrix[0, 1], matrix[1, 0] = radius, np.conj(radius)
        rates.append(rate(Couplings(matrix, none, TREE), state, centre, 0.5))
    assert abs(rates[0] / rates[1] - 1) > 1e-3
    assert abs(rates[0] / rates[2] - 1) > 1e-3


@given(hermitian(), mixture(), st.integers(0, 2**32 - 1), st.booleans())
def test_a_common_rotation_of_states_and_couplings_changes_nothing(
    radii: ComplexArray, rho: ComplexArray, seed: int, anti: bool
) -> None:
    """Of one unpolarised structure: Tr[ρ A†A] with A → UAU†, ρ → UρU†; U* for antineutrinos."""
    random = np.random.default_rng(seed)
    u, _ = np.linalg.qr(random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3)))
    amplitudes = amplitudes_of(ChargeRadius(), TREE)
    found = []
    for turn in (np.eye(3), u):
        of_state = turn.conj() if anti else turn
        turned = of_state @ rho @ of_state.conj().T
        none = np.zeros((3, 3))
        state = HelicityState(none, turned) if anti else HelicityState(turned, none)
        x = coordinates(turn @ radii @ turn.conj().T)
        by_shape = forms(amplitudes, [state], MIXING)
        (shape,) = [s for s in by_shape if s.kernel in VECTOR.times(VECTOR)["neutrino"]]
        found.append(float(x @ by_shape[shape][0] @ x))
    assert found[1] == pytest.approx(found[0], rel=1e-9)


@given(STATES)
def test_antineutrinos_see_the_transposed_matrices(state: HelicityState) -> None:
    """ρ₊ with A^T is ρ₊* with A."""
    minus, plus = densities([state], MIXING)[:, 0]
    own_minus, own_plus = state.in_flavours(MIXING)
    assert minus == pytest.approx(own_minus)
    assert plus == pytest.approx(own_plus.T)


@pytest.mark.parametrize("name", ["coherent-csi-2021", "dresden-ii"])
def test_counts_are_never_negative(name: str) -> None:
    """G_b is positive semidefinite, every parameter of both families at once."""
    folded = fold_experiment(name)
    own = folded.experiment
    assert isinstance(own, CountingExperiment)
    amplitudes = [standard_amplitude(own.standard_model)]
    for interaction in (ChargeRadius(), Millicharge()):
        amplitudes += amplitudes_of(interaction, own.standard_model)
    needed = forms(amplitudes, folded.counts.states, own.mixing)
    shapes = tuple(s for s in needed if s.kernel.recoil in own.recoils)
    form = fold_shapes(own, own.mixing, shapes).form(amplitudes).sum(axis=0)
    size = np.sqrt(np.einsum("bjj->bj", form))
    size = np.where(size > 0, size, 1.0)
    scaled = form / size[:, :, None] / size[:, None, :]
    assert np.linalg.eigvalsh(scaled).min() > -1e-12


@pytest.mark.parametrize(
    ("name", "interaction", "unit", "kind"),
    [
        ("charge_radius_ee", ChargeRadius, "cm2", "real"),
        ("charge_radius_mutau", ChargeRadius, "cm2", "modulus"),
        ("millicharge_tautau", Millicharge, "e", "real"),
        ("millicharge_emu", Millicharge, "e", "modulus"),
    ],
)
def test_parameters_by_name(name: str, interaction: type, unit: str, kind: str) -> None:
    found = parameter(name)
    assert isinstance(interaction_of(name), interaction)
    assert (found.unit.key, found.kind) == (unit, kind)
    assert found.phase == (f"phase_{name}" if kind == "modulus" else "")


def test_limits_by_name() -> None:
    """The mirror solution of a reactor experiment on germanium, by its ratio of p and n.

    A = g_V^p Z + g_V^n N changes its sign at Q̃ = 2A/Z, for natural germanium on the average.
    """
    found = munu.limit("conus-plus", "charge_radius_ee")
    assert len(found.intervals) == 2
    assert found.intervals[0][0] < -0.55e-30 < found.intervals[0][1]
    assert found.intervals[1][0] < 0 < found.intervals[1][1]
    blind = munu.limit("conus-plus", "charge_radius_mumu")
    assert np.isinf(blind.intervals).all()


def test_flavours_of_the_sun_are_known_by_all_of_the_mixing() -> None:
    """Nuclei whose couplings depend on the flavour tell ν_μ from ν_τ, as electrons do."""
    from munu.folding.fold import mixing_parameters

    loaded = munu.load("xenonnt-sr0-er")
    assert isinstance(loaded, CountingExperiment)
    nuclear = replace(loaded, recoils=("nuclear",))
    by_flavour = replace(nuclear, couplings=weak_couplings(flavour_dependent=True))
    assert "sin2_theta23" not in mixing_parameters(nuclear)
    assert "sin2_theta23" in mixing_parameters(by_flavour)
