"""Interactions that flip the helicity against traces with explicit Dirac matrices.

The amplitudes are written as their Lagrangians have them, with four-vectors of the laboratory, and
know nothing of the package's formulas. The cross sections are those of a line of neutrinos.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from munu.folding.fold import shape_rates
from munu.physics.assumptions import Assumptions
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import Helm
from munu.physics.interactions import registry
from munu.physics.interactions.base import StandardModel
from munu.physics.interactions.form import forms
from munu.physics.mixing import global_fit
from munu.physics.moments import HelicityState
from munu.physics.nuclei import nucleus
from munu.sources.base import BeamComponent, Spectrum

MIXING = global_fit("nufit60-no")
STANDARD = StandardModel(weak_couplings(0.2312), ElectronCouplings())
ALPHA, ELECTRON_MEV, HBAR_C_CM = 7.2973525693e-3, 0.51099895, 197.3269804e-13
SPECIES = ("nu_e", "nu_mu_bar", "nu_tau")

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
NONE, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array(
    [np.block([[NONE, ONE], [ONE, NONE]])] + [np.block([[NONE, s], [-s, NONE]]) for s in PAULI]
)
GAMMA5 = np.diag([-1.0, -1.0, 1.0, 1.0])
LEFT = 0.5 * (np.eye(4) - GAMMA5)
SIGMA = 0.5j * (np.einsum("aij,bjk->abik", GAMMA, GAMMA) - np.einsum("bij,ajk->abik", GAMMA, GAMMA))


def slash(momentum: Any) -> Any:
    return np.einsum("a,aij->ij", METRIC @ momentum, GAMMA)


def barred(vertices: Any) -> Any:
    """Return γ⁰ Γ† γ⁰ of each."""
    return GAMMA[0] @ np.conj(np.swapaxes(vertices, -1, -2)) @ GAMMA[0]


def squared(neutrino: Any, target: Any, momenta: Any, masses: Any) -> float:
    """Return Σ|M|² of M = Σ_k (ū Γ_k P_L u)(ū Ω_k u), averaged over the spins of the target.

    ``neutrino`` and ``target`` are the Γ_k and the Ω_k, shape (n, 4, 4).
    """
    p, after, k, recoiled = (slash(one) for one in momenta)
    sterile, mass = masses
    unit = np.eye(4)
    left, right = neutrino @ LEFT, barred(neutrino @ LEFT)
    upper = np.einsum("ij,ajk,kl,bli->ab", after + sterile * unit, left, p, right)
    lower = np.einsum(
        "ij,ajk,kl,bli->ab", recoiled + mass * unit, target, k + mass * unit, barred(target)
    )
    return float(0.5 * np.sum(upper * lower).real)


def kinematics(energy: float, recoil: float, mass: float, sterile: float) -> Any:
    """Return the four-momenta of ν, N and of the target before and after, in MeV."""
    momentum = sqrt(recoil**2 + 2 * mass * recoil)
    cosine = (recoil * (energy + mass) + 0.5 * sterile**2) / (energy * momentum)
    sine = sqrt(max(1 - cosine**2, 0.0))
    before = np.array([energy, 0.0, 0.0, energy])
    rest = np.array([mass, 0.0, 0.0, 0.0])
    recoiled = np.array([mass + recoil, momentum * sine, 0.0, momentum * cosine])
    return before, before + rest - recoiled, rest, recoiled


def scalar(q: Any, x: float) -> Any:
    return x * np.eye(4)[None], np.eye(4)[None]


def pseudoscalar(q: Any, x: float) -> Any:
    return x * np.eye(4)[None], 1j * GAMMA5[None]


def tensor(q: Any, x: float) -> Any:
    """The sum over all α and β."""
    lowered = np.einsum("ac,bd,cdij->abij", METRIC, METRIC, SIGMA)
    return x * SIGMA.reshape(16, 4, 4), lowered.reshape(16, 4, 4)


def moment(q: Any, mu_b: float) -> Any:
    """μ ū iσ^{αβ}q_β P_L u, μ_B = e/2m_e, times the charge e and the photon's propagator."""
    vertex = 1j * np.einsum("abij,b->aij", SIGMA, METRIC @ q)
    size = mu_b * 4 * pi * ALPHA / (2 * ELECTRON_MEV) / (q @ METRIC @ q)
    return size * vertex, np.einsum("ab,bij->aij", METRIC, GAMMA)


def by_hand(
    amplitude: Any, x: float, energy: float, recoil: float, mass: float, sterile: float
) -> float:
    """Return dσ/dT = Σ|M|²/(32π M E²) of a target of charge one in cm²/keV, without mediator."""
    momenta = kinematics(energy, recoil, mass, sterile)
    vertices = amplitude(momenta[0] - momenta[1], x)
    rate = squared(*vertices, momenta, (sterile, mass)) / (32 * pi * mass * energy**2)
    return float(rate * HBAR_C_CM**2 * 1e-3)


def by_munu(
    name: str, given: Assumptions, centre: ScatteringCentre, species: str, at: tuple[float, float]
) -> float:
    """Return dσ/dT in cm²/keV at a neutrino energy (MeV) and a recoil energy (MeV)."""
    energy, recoil = at
    state = HelicityState.of_species(species)
    spectrum = Spectrum(np.empty(0), np.zeros_like, ((energy, 1.0),))
    interaction = registry.interaction_of(name)
    amplitudes = interaction.amplitudes(registry.parameter(name), STANDARD, given)
    total = 0.0
    for shape, q in forms([(), amplitudes[0]], [state], MIXING).items():
        if shape.kernel.recoil == centre.recoil:
            component = BeamComponent(species, "line", state, spectrum)
            rates = shape_rates([component], centre, [shape], np.array([1e3 * recoil]))
            total += float(rates[0, 0, 0] * q[0, 1, 1])
    return total


def target_of(centre: ScatteringCentre, recoil: float) -> tuple[float, float, float, float]:
    """Return mass, electric charge, scalar charge and how many scatter."""
    if isinstance(centre, NuclearCentre):
        own = centre.nucleus
        form = float(centre.form_factor(sqrt(2 * own.mass_mev * recoil) / 197.3269804, own))
        scalars = (15.1 * own.protons + 14 * own.neutrons) * form
        return own.mass_mev, own.protons * form, scalars, 1.0
    return ELECTRON_MEV, 1.0, 1.0, 54.0


CENTRES = {
    "nuclear": NuclearCentre(nucleus("Ge73"), Helm()),
    "electron": ElectronCentre("Xe"),
}


@pytest.mark.parametrize("kind", sorted(CENTRES))
@pytest.mark.parametrize(
    ("name", "amplitude"),
    [("g_scalar", scalar), ("g_pseudoscalar", pseudoscalar), ("g_tensor", tensor)],
)
@settings(max_examples=15)
@given(
    energy=st.floats(1.0, 50.0),
    share=st.floats(0.05, 0.98),
    mass=st.floats(0.01, 100.0),
    species=st.sampled_from(SPECIES),
)
def test_mediators(
    kind: str, name: str, amplitude: Any, energy: float, share: float, mass: float, species: str
) -> None:
    centre = CENTRES[kind]
    recoil = share * float(centre.maximum_recoil_kev(np.array([energy]))[0]) * 1e-3
    given_ = Assumptions(mixing=MIXING, mediator_mass=f"{mass!r} MeV")
    found = by_munu(name, given_, centre, species, (energy, recoil))
    if kind == "nuclear" and name != "g_scalar":
        assert found == 0
        return
    target, _, scalars, number = target_of(centre, recoil)
    momentum_squared = 2 * target * recoil
    expected = by_hand(amplitude, 1 / (momentum_squared + mass**2), energy, recoil, target, 0.0)
    assert found == pytest.approx(number * scalars**2 * expected, rel=1e-8, abs=0)


@pytest.mark.parametrize("kind", sorted(CENTRES))
@settings(max_examples=25)
@given(
    energy=st.floats(1.0, 50.0),
    part=st.floats(0.0, 0.95),
    share=st.floats(0.02, 0.98),
    species=st.sampled_from(SPECIES),
)
def test_portal(kind: str, energy: float, part: float, share: float, species: str) -> None:
    centre = CENTRES[kind]
    target = target_of(centre, 1e-3)[0]
    sterile = part * (sqrt(target**2 + 2 * target * energy) - target) + 1e-8
    # The ends of the exact kinematics, from the masses and energies in the centre-of-mass system.
    s = target**2 + 2 * target * energy
    before, after = (s - target**2) / (2 * sqrt(s)), (s + sterile**2 - target**2) / (2 * sqrt(s))
    momentum = sqrt(max(after**2 - sterile**2, 0.0))
    ends = [(before * (after + sign * momentum) - 0.5 * sterile**2) / target for sign in (-1, 1)]
    recoil = max(ends[0], 1e-6 * ends[1]) ** (1 - share) * ends[1] ** share
    assume(kind == "nuclear" or recoil > 0.035)
    given_ = Assumptions(mixing=MIXING, sterile_mass=f"{sterile!r} MeV")
    name = f"mu_N_{species.split('_')[1]}"
    found = by_munu(name, given_, centre, species, (energy, recoil))
    target, charge, _, number = target_of(centre, recoil)
    expected = by_hand(moment, 1.0, energy, recoil, target, sterile)
    assert found == pytest.approx(number * charge**2 * expected, rel=1e-8, abs=0)
    other = "mu_N_mu" if name != "mu_N_mu" else "mu_N_e"
    assert by_munu(other, given_, centre, species, (energy, recoil)) == 0


@pytest.mark.parametrize("species", SPECIES)
@pytest.mark.parametrize("kind", ["nuclear", "electron"])
def test_dirac_moments(kind: str, species: str) -> None:
    """An entry ab acts on ν_b and on the antineutrino of b, whatever a is."""
    centre, recoil = CENTRES[kind], 0.04
    target, charge, _, number = target_of(centre, recoil)
    expected = number * charge**2 * by_hand(moment, 1.0, 80.0, recoil, target, 0.0)
    flavour = species.split("_")[1]
    for parameter in registry.interaction_of("dirac_ee").parameters:
        found = by_munu(parameter.name, Assumptions(mixing=MIXING), centre, species, (80.0, recoil))
        seen = parameter.name.removeprefix("dirac_") in {a + flavour for a in ("e", "mu", "tau")}
        assert found == pytest.approx(expected if seen else 0.0, rel=1e-8, abs=0)


@pytest.mark.parametrize("helicity", ["a_minus", "a_plus"])
def test_states_that_are_coherent(helicity: str) -> None:
    """Neutrinos see λ and μ†, antineutrinos their conjugates."""
    random = np.random.default_rng(3)
    matrix, vector, state = (
        random.normal(size=size) + 1j * random.normal(size=size) for size in ((3, 3), 3, 3)
    )
    given_ = Assumptions(mixing=MIXING, sterile_mass="1 MeV")
    source = HelicityState.from_amplitudes(**{helicity: state})
    seen = (lambda one: one) if helicity == "a_minus" else np.conj
    for name, values, coupling in (
        ("dirac_ee", matrix.ravel(), matrix),
        ("mu_N_e", vector, vector.conj()[None]),
    ):
        interaction = registry.interaction_of(name)
        amplitudes = [()]
        for parameter in interaction.parameters:
            amplitudes += interaction.amplitudes(parameter, STANDARD, given_)
        x = np.column_stack([values.real, values.imag]).ravel()
        expected = np.linalg.norm(seen(coupling) @ state) ** 2
        for q in forms(amplitudes, [source], MIXING).values():
            assert x @ q[0, 1:, 1:] @ x == pytest.approx(expected, rel=1e-12)
