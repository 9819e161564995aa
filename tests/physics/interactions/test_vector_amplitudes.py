"""Non-standard interactions and light vectors against integrals of the squared amplitude.

The cross sections stand here once more, as published: matrices in flavour space, squared as a
trace with the density matrix of the source, and integrated over energies by SciPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

import munu
from munu.analysis.couplings import at_shapes
from munu.analysis.statement import fold_assumed
from munu.base.typing import ComplexArray, FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.fold import shape_rates
from munu.folding.panels import recoil_panels_kev, recoil_range
from munu.physics.assumptions import Assumptions
from munu.physics.atoms import effective_electrons
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.couplings import WeakCouplings, weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import Helm
from munu.physics.interactions.base import Amplitude, StandardModel
from munu.physics.interactions.form import forms
from munu.physics.interactions.registry import interaction_of, parameter
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import Mixing
from munu.physics.moments import FLAVOURS, HelicityState
from munu.physics.nuclei import nucleus, parse_material
from munu.sources.base import BeamComponent, Spectrum

G_F, HBAR_C_CM = 1.1663787e-11, 197.3269804e-13
ALPHA = 7.2973525693e-3
M_E, M_MU, M_TAU = 0.51099895, 105.6583745, 1776.86
MIXING = munu.global_fit("desalas2018-no").with_delta(1.2)
MODEL = StandardModel(weak_couplings(0.23), ElectronCouplings(0.2386, radiative=False))
END_MEV = 52.83
CESIUM, GERMANIUM, XENON = (
    NuclearCentre(nucleus("Cs-133"), Helm()),
    NuclearCentre(nucleus("Ge-73"), Helm()),
    ElectronCentre("Xe"),
)
FLUX = Spectrum(np.array([0.0, END_MEV]), lambda e: 1e5 * e**2 * (END_MEV - e) / END_MEV**4)
UNIT = np.eye(3, dtype=complex)
BINS = 1
"""Of a whole experiment, those of the lowest recoils, where a light mediator makes most."""
FIRST = 3
"""Components of a source that are added: the three mass states of pp neutrinos."""


def random_state(seed: int, basis: str, *, anti: bool) -> HelicityState:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    rho = a @ a.conj().T / np.trace(a @ a.conj().T).real
    none = np.zeros((3, 3), complex)
    return HelicityState(*((none, rho) if anti else (rho, none)), basis)


STATES = {
    **{name: HelicityState.of_species(name) for name in ("nu_e", "nu_mu_bar", "nu_tau")},
    "solar": HelicityState.of_species("nu_2"),
    "mixture": random_state(1, "flavour", anti=False),
    "antimixture": random_state(2, "flavour", anti=True),
    "mass mixture": random_state(3, "mass", anti=False),
    "mass antimixture": random_state(4, "mass", anti=True),
}


def densities(state: HelicityState, mixing: Mixing = MIXING) -> tuple[ComplexArray, ComplexArray]:
    """Return ρ of neutrinos and of antineutrinos in flavours: a = U ã, and a₊ = U* ã₊."""
    u = MIXING.pmns() if state.basis == "mass" else UNIT
    return u @ state.negative @ u.conj().T, u.conj() @ state.positive @ u.T


def loop(q2: float) -> float:
    def integrand(x: float) -> float:
        y = x * (1 - x)
        return y * float(np.log((M_TAU**2 + y * q2) / (M_MU**2 + y * q2)))

    return float(quad(integrand, 0, 1, epsabs=0, epsrel=1e-12)[0])


def entry(a: int, b: int, value: complex) -> ComplexArray:
    found = np.zeros((3, 3), complex)
    found[a, b] += value
    if a != b:
        found[b, a] += np.conj(value)
    return found


@dataclass
class Added:
    """What stands beside ZF_p, NF_n, g_L and g_R, as functions of 2MT (MeV²)."""

    proton: Callable[[float], ComplexArray]
    neutron: Callable[[float], ComplexArray]
    left: Callable[[float], ComplexArray]
    right: Callable[[float], ComplexArray]


def constant(p: ComplexArray, n: ComplexArray, left: ComplexArray, right: ComplexArray) -> Added:
    return Added(lambda _: p, lambda _: n, lambda _: left, lambda _: right)


NONE = np.zeros((3, 3), complex)


def vector(charges: Sequence[float], targets: Sequence[float], g2: float, m: float) -> Added:
    """Return a light vector with charges of ν_e, ν_μ, ν_τ and of p, n, e."""
    who = np.diag(charges).astype(complex)

    def over(q: float, factor: float) -> Callable[[float], ComplexArray]:
        return lambda q2: who * g2 * q * factor / (np.sqrt(2) * G_F * (q2 + m**2))

    p, n, e = targets
    return Added(over(p, 1), over(n, 1), over(e, 0.5), over(e, 0.5))


def lmu_ltau(g2: float, m: float) -> Added:
    who = np.diag([0.0, 1.0, -1.0]).astype(complex)

    def size(q2: float) -> float:
        return np.sqrt(2) * ALPHA * g2 * loop(q2) / (np.pi * G_F * (q2 + m**2))

    def half(q2: float) -> ComplexArray:
        return -0.5 * size(q2) * who

    return Added(lambda q2: size(q2) * who, lambda _: NONE, half, half)


def axial(g2: float, m: float) -> Added:
    def half(sign: float) -> Callable[[float], ComplexArray]:
        return lambda q2: sign * 0.5 * g2 / (np.sqrt(2) * G_F * (q2 + m**2)) * UNIT

    return Added(lambda _: NONE, lambda _: NONE, half(-1), half(1))


CASES = {
    "u and d": (
        {"epsilon_u_ee": 0.3, "epsilon_u_emu": 0.2 - 0.1j, "epsilon_d_mutau": -0.1 + 0.4j},
        Assumptions(),
        constant(
            2 * entry(0, 0, 0.3) + 2 * entry(0, 1, 0.2 - 0.1j) + entry(1, 2, -0.1 + 0.4j),
            entry(0, 0, 0.3) + entry(0, 1, 0.2 - 0.1j) + 2 * entry(1, 2, -0.1 + 0.4j),
            NONE,
            NONE,
        ),
    ),
    "electrons": (
        {"epsilon_eL_mumu": 0.3, "epsilon_eL_etau": 0.2 - 0.1j, "epsilon_eR_emu": -0.1 + 0.4j},
        Assumptions(),
        constant(
            NONE,
            NONE,
            entry(1, 1, 0.3) + entry(0, 2, 0.2 - 0.1j),
            entry(0, 1, -0.1 + 0.4j),
        ),
    ),
    "universal": (
        {"g_universal": 2e-9},
        Assumptions(mediator_mass="30 MeV"),
        vector((1, 1, 1), (3, 3, 1), 2e-9, 30.0),
    ),
    "B-L": (
        {"g_b-l": 2e-10},
        Assumptions(mediator_mass="1 MeV"),
        vector((-1, -1, -1), (1, 1, -1), 2e-10, 1.0),
    ),
    "Lmu-Ltau": (
        {"g_lmu-ltau": 1e-6},
        Assumptions(mediator_mass="20 MeV"),
        lmu_ltau(1e-6, 20.0),
    ),
    "stated": (
        {"g_vector": 1e-9},
        Assumptions(mediator_mass="5 MeV", charges="nu_e=0.5, nu_tau=-2, u=1/4, d=-0.75, e=0.3"),
        vector((0.5, 0, -2), (-0.25, -1.25, 0.3), 1e-9, 5.0),
    ),
    "axial": (
        {"g_axial": 3e-10},
        Assumptions(mediator_mass="100 keV"),
        axial(3e-10, 0.1),
    ),
}


def nuclear_cross_section(
    centre: NuclearCentre,
    recoil: float,
    state: HelicityState,
    added: Added,
    quarks: WeakCouplings = MODEL.quarks,
) -> Callable[[float], float]:
    own = centre.nucleus
    mass, t = own.mass_mev, recoil * 1e-3
    q2 = 2 * mass * t
    form = float(centre.form_factor(np.sqrt(q2) / 197.3269804, own))
    amplitude = own.protons * (quarks.proton_vector * UNIT + added.proton(q2))
    amplitude = form * (
        amplitude + own.neutrons * (quarks.neutron_vector * UNIT + added.neutron(q2))
    )
    spin = (
        form**2
        * (
            quarks.proton_axial * own.unpaired_protons
            + quarks.neutron_axial * own.unpaired_neutrons
        )
        ** 2
    )
    vector_part = spin_part = 0.0
    for rho, a in zip(densities(state), (amplitude, amplitude.T), strict=True):
        vector_part += np.trace(rho @ a.conj().T @ a).real
        spin_part += spin * np.trace(rho).real
    scale = G_F**2 * mass / np.pi * HBAR_C_CM**2 * 1e-3

    def at(energy: float) -> float:
        ratio = mass * t / (2 * energy**2)
        return scale * (vector_part * (1 - ratio) + spin_part * (1 + ratio))

    return at


def electron_cross_section(
    freed: float,
    recoil: float,
    state: HelicityState,
    added: Added,
    couplings: ElectronCouplings = MODEL.electron,
) -> Callable[[float], float]:
    t = recoil * 1e-3
    q2 = 2 * M_E * t
    standard = [couplings.chiral(f"nu_{one}", recoil) for one in FLAVOURS]
    left, right = (np.diag(one) for one in np.array(standard).T)
    left, right = left + added.left(q2), right + added.right(q2)
    neutrinos, antineutrinos = densities(state)
    parts = np.zeros(3)
    for rho, one, other in ((neutrinos, left, right), (antineutrinos, right.T, left.T)):
        pairs = ((one, one), (other, other), (one, other))
        parts += [np.trace(rho @ a.conj().T @ b).real for a, b in pairs]
    scale = 2 * G_F**2 * M_E / np.pi * HBAR_C_CM**2 * 1e-3 * freed

    def at(energy: float) -> float:
        y = t / energy
        return scale * (parts[0] + parts[1] * (1 - y) ** 2 - parts[2] * M_E * y / energy)

    return at


def coordinates(values: dict[str, complex]) -> FloatArray:
    found = [1.0]
    for name, value in values.items():
        modulus = parameter(name).kind == "modulus"
        found += [value.real, value.imag] if modulus else [complex(value).real]
    return np.array(found)


def amplitudes_of(
    values: dict[str, complex], assumptions: Assumptions, model: StandardModel = MODEL
) -> list[Amplitude]:
    found = [standard_amplitude(model)]
    for name in values:
        found += interaction_of(name).amplitudes(parameter(name), model, assumptions)
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("case", CASES)
def test_rates_are_integrals_of_squared_amplitudes(case: str, state: str) -> None:
    values, assumptions, added = CASES[case]
    component = BeamComponent("nu_e", "any", STATES[state], FLUX)
    x = coordinates(values)
    wanted = forms(amplitudes_of(values, assumptions), [component.state], MIXING)
    places: list[tuple[ScatteringCentre, float]] = [
        (CESIUM, 3.0),
        (CESIUM, 22.0),
        (GERMANIUM, 0.5),
        (XENON, 0.06),
        (XENON, 40.0),
    ]
    for centre, recoil in places:
        shapes = [shape for shape in wanted if shape.kernel.recoil == centre.recoil]
        at = np.array([recoil])
        rates = shape_rates([component], centre, shapes, at)[:, 0, 0]
        found = sum(r * (x @ wanted[s][0] @ x) for r, s in zip(rates, shapes, strict=True))
        if isinstance(centre, NuclearCentre):
            section = nuclear_cross_section(centre, recoil, component.state, added)
        else:
            freed = float(effective_electrons("Xe", at)[0])
            section = electron_cross_section(freed, recoil, component.state, added)
        lowest = float(centre.minimum_energy_mev(at)[0])
        expected = quad(
            lambda e, section: float(FLUX.density_per_cm2_s_mev(e)) * section(e),
            lowest,
            END_MEV,
            args=(section,),
            epsabs=0,
            epsrel=1e-11,
        )[0]
        assert found == pytest.approx(expected, rel=1e-8, abs=0), (centre.name, recoil)


def over_energies(
    spectrum: Spectrum, lowest: float, section: Callable[[FloatArray], FloatArray]
) -> float:
    """Return the flux times a cross section above an energy, by panels of ratio 1.1."""
    total = sum(
        flux * float(section(np.array([energy]))[0])
        for energy, flux in spectrum.lines
        if energy >= lowest
    )
    knots = spectrum.knots_mev[spectrum.knots_mev > lowest]
    if knots.size == 0:
        return total
    borders = np.unique(
        np.concatenate(
            [[max(lowest, spectrum.knots_mev[0])], np.geomspace(lowest, knots[-1], 40), knots]
        )
    )
    borders = borders[borders >= max(lowest, spectrum.knots_mev[0])]
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * np.diff(borders)[:, None]
    energies = (half * nodes + 0.5 * (borders[1:] + borders[:-1])[:, None]).ravel()
    density = spectrum.density_per_cm2_s_mev(energies) * section(energies)
    return total + float(density @ (half * weights).ravel())


def integrated(experiment: CountingExperiment, mixing: Mixing, added: Added) -> FloatArray:
    """Return the events in the first energy bins, on panels half as wide as the fold's."""
    components = experiment.source.components(mixing)
    detector = experiment.detector
    nodes, weights = np.polynomial.legendre.leggauss(8)
    total = np.zeros(BINS)
    for centre, number in experiment.centres():
        within = recoil_range([detector], centre, components)
        borders = recoil_panels_kev([detector], centre, components, [], within)
        borders = np.unique(np.concatenate([np.linspace(*ends, 3) for ends in pairwise(borders)]))
        half = 0.5 * np.diff(borders)[:, None]
        recoils = (half * nodes + 0.5 * (borders[1:] + borders[:-1])[:, None]).ravel()
        accepted = detector.acceptance(recoils, centre.nucleus)[:, :BINS]
        seen = accepted.sum(axis=1) > 1e-13 * accepted.sum(axis=1).max()
        lowest_energy = centre.minimum_energy_mev(recoils)
        rate = np.zeros(recoils.size)
        for i in np.flatnonzero(seen):
            recoil, energy = float(recoils[i]), float(lowest_energy[i])
            for component in components[:FIRST]:
                if isinstance(centre, NuclearCentre):
                    section = nuclear_cross_section(
                        centre, recoil, component.state, added, experiment.couplings
                    )
                else:
                    assert isinstance(centre, ElectronCentre)
                    freed = float(effective_electrons(centre.symbol, np.array([recoil]))[0])
                    section = electron_cross_section(
                        freed, recoil, component.state, added, experiment.electron_couplings
                    )
                rate[i] += over_energies(component.spectrum, energy, section)
        total += accepted.T @ (rate * (half * weights).ravel()) * number
    return total * experiment.exposure_kg_s


@pytest.mark.parametrize(
    ("name", "values", "assumptions", "added"),
    [
        ("dresden-ii", {"g_universal": 3e-11}, Assumptions(mediator_mass="50 keV"), (1, 3, 1)),
        (
            "xenonnt-sr0-er",
            {"g_b-l": 1e-13},
            Assumptions(mediator_mass="10 keV", delta_cp=1.2),
            (-1, 1, -1),
        ),
    ],
)
def test_a_fold_is_the_integral(
    name: str, values: dict[str, complex], assumptions: Assumptions, added: tuple[float, ...]
) -> None:
    """Masses far below the momenta, where the rates rise as 1/T² towards low recoils."""
    loaded = munu.load(name)
    assert isinstance(loaded, CountingExperiment)
    if "nuclear" in loaded.recoils:
        loaded = replace(loaded, target=parse_material("Ge-73"))
    folded, settled = fold_assumed(loaded, None, assumptions)
    experiment = folded[0].experiment
    assert isinstance(experiment, CountingExperiment)
    x = coordinates(values)
    amplitudes = amplitudes_of(values, settled, experiment.standard_model)
    form = at_shapes(folded[0], amplitudes, settled).form(amplitudes, settled.neutrino_mixing)
    found = (form[:FIRST] @ x @ x).sum(axis=0)[:BINS]
    (g2,) = values.values()
    mass = settled.mediator_mass_mev
    charge, hadron, electron = added
    new = vector((charge,) * 3, (hadron, hadron, electron), complex(g2).real, mass)
    np.testing.assert_allclose(
        found, integrated(experiment, settled.neutrino_mixing, new), rtol=1e-8
    )
