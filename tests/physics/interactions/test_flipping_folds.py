"""Folds of interactions that flip the helicity against adaptive integrals of published formulas.

The reference integrates over recoils inside and, adaptively, over neutrino energies outside; the
package does the opposite. Flavours are counted by the moduli of amplitudes, with columns of the
mixing matrix for the Sun's mass states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import pi, sqrt
from typing import TypeAlias

import numpy as np
import pytest
from scipy.integrate import quad_vec

import munu
from munu.base.typing import ComplexArray, FloatArray
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold_shapes
from munu.physics.assumptions import Assumptions
from munu.physics.centres import NuclearCentre, ScatteringCentre
from munu.physics.interactions import registry
from munu.physics.interactions.form import forms
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import global_fit
from munu.physics.nuclei import Target, nucleus
from munu.sources.base import Spectrum
from munu.sources.solar import SolarSource

MIXING = global_fit("nufit60-no").with_delta(1.1)
ALPHA, ELECTRON_MEV, HBAR_C_CM = 7.2973525693e-3, 0.51099895, 197.3269804e-13
FLAVOURS = ("e", "mu", "tau")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
MEDIATORS = ("g_scalar", "g_pseudoscalar", "g_tensor")
Rate: TypeAlias = Callable[[float, FloatArray, "Recoiling"], FloatArray]


@dataclass(frozen=True)
class Recoiling:
    """What recoils, by its mass (MeV), and its charges at recoils (MeV)."""

    centre: ScatteringCentre
    mass: float

    @classmethod
    def of(cls, centre: ScatteringCentre) -> Recoiling:
        nuclear = isinstance(centre, NuclearCentre)
        return cls(centre, centre.nucleus.mass_mev if nuclear else ELECTRON_MEV)

    def squared(self, recoil: FloatArray, proton: float, neutron: float) -> FloatArray:
        """Return the square of the charge of all protons and neutrons; or the electrons."""
        if not isinstance(self.centre, NuclearCentre):
            return np.full_like(recoil, {"Xe": 54.0, "Ge": 32.0}[self.centre.name.split()[0]])
        own = self.centre.nucleus
        form = self.centre.form_factor(np.sqrt(2 * self.mass * recoil) / 197.3269804, own)
        return np.asarray(((proton * own.protons + neutron * own.neutrons) * form) ** 2)

    def ends(self, energy: float, sterile: float) -> tuple[float, float]:
        """Return T₋ and T₊ (MeV): exact, but of massless neutrinos on nuclei for E far below M."""
        m, e, f = self.mass, energy, sterile
        if isinstance(self.centre, NuclearCentre) and f == 0:
            return 0.0, 2 * e**2 / m
        root = e * sqrt(max(4 * m**2 * e**2 - 4 * m * f**2 * (m + e) + f**4, 0.0))
        middle, width = 2 * m * e**2 - f**2 * (m + e), 2 * m * (m + 2 * e)
        return (middle - root) / width, (middle + root) / width


def moment(sterile: float) -> Rate:
    """The bracket as printed, for 1 μ_B."""

    def rate(energy: float, recoil: FloatArray, target: Recoiling) -> FloatArray:
        e, t, m, f = energy, recoil, target.mass, sterile
        bracket = 1 / t - 1 / e + f**2 * (t - 2 * e - m) / (4 * e**2 * t * m)
        bracket = bracket + f**4 * (t - m) / (8 * e**2 * t**2 * m**2)
        scale = pi * ALPHA**2 / ELECTRON_MEV**2
        return np.asarray(scale * bracket * target.squared(recoil, 1.0, 0.0))

    return rate


def exchange(name: str, mediator: float) -> Rate:
    def rate(energy: float, recoil: FloatArray, target: Recoiling) -> FloatArray:
        e, t, m = energy, recoil, target.mass
        nuclear = isinstance(target.centre, NuclearCentre)
        one = {
            "g_scalar": m**2 * t * (1 + t / (2 * m)) / (4 * pi * e**2),
            "g_pseudoscalar": 0.0 if nuclear else m * t**2 / (8 * pi * e**2),
            "g_tensor": 0.0
            if nuclear
            else m / pi * (1 + 2 * (1 - t / e) + (1 - t / e) ** 2 - m * t / e**2),
        }[name]
        return np.asarray(one / (2 * m * t + mediator**2) ** 2 * target.squared(recoil, 15.1, 14.0))

    return rate


def detected(edges: list[float]) -> Detector:
    return Detector("recoil", np.array(edges), Unquenched(), Flat(1.0), Perfect())


def experiment(where: str) -> CountingExperiment:
    """Return a source and a target with a perfect detector."""
    name, recoil, edges = {
        "SNS": ("coherent-lar", "nuclear", [5.0, 20.0, 60.0, 90.0, np.inf]),
        "reactor": ("conus", "nuclear", [0.05, 0.3, 0.9, 2.0]),
        "reactor electrons": ("conus", "electron", [12.0, 100.0, 700.0, 5000.0]),
        "Sun electrons": ("xenonnt-sr0-er", "electron", [36.0, 150.0, 300.0, 700.0, 1300.0]),
        "Sun": ("xenonnt-sr0-er", "nuclear", [0.2, 1.0, 2.0]),
    }[where]
    loaded = munu.load(name)
    assert isinstance(loaded, CountingExperiment)
    source = loaded.source
    if isinstance(source, SolarSource):
        source = replace(source, nuclides=("7Be", "pep") if recoil == "electron" else ("8B",))
    target = loaded.target
    if where == "Sun":
        target = Target(((nucleus("Xe132"), 1.0),))
    return replace(
        loaded,
        source=source,
        target=target,
        recoils=(recoil,),
        detector=detected(edges),
        axes=(),
        variants=(),
    )


def by_hand(given: CountingExperiment, rate: Rate, sterile: float) -> FloatArray:
    """Return counts of each component for an amplitude of one, shape (n_s, n_bins)."""
    edges = given.detector.bin_edges * 1e-3
    found = []
    for component in given.source.components(MIXING):
        total = np.zeros(edges.size - 1)
        for centre, per_kg in given.centres():
            target = Recoiling.of(centre)

            def inner(
                energy: float, target: Recoiling = target, edges: FloatArray = edges
            ) -> FloatArray:
                low, high = target.ends(energy, sterile)
                a = np.log(np.clip(edges[:-1], low, high).clip(1e-30))
                b = np.log(np.clip(edges[1:], low, high).clip(1e-30))
                t = np.exp(0.5 * (a + b)[:, None] + 0.5 * (b - a)[:, None] * NODES)
                return np.asarray(
                    0.5
                    * (b - a)
                    * ((rate(energy, t.ravel(), target).reshape(t.shape) * t) @ WEIGHTS)
                )

            spectrum = component.spectrum
            for energy, flux in spectrum.lines:
                if energy > sterile + sterile**2 / (2 * target.mass):
                    total += per_kg * flux * inner(energy)
            if spectrum.knots_mev.size:
                total += per_kg * continuum(spectrum, inner, target, edges, sterile)
        found.append(total * HBAR_C_CM**2 * given.exposure_kg_s)
    return np.array(found)


def continuum(
    spectrum: Spectrum,
    inner: Callable[[float], FloatArray],
    target: Recoiling,
    edges: FloatArray,
    sterile: float,
) -> FloatArray:
    """Integrate over the density, between its knots and where an end crosses an edge."""
    inside = edges[np.isfinite(edges)]
    nuclear = isinstance(target.centre, NuclearCentre)
    massless = np.sqrt(0.5 * target.mass * inside)
    if not nuclear:
        massless = 0.5 * (inside + np.sqrt(inside**2 + 2 * target.mass * inside))
    crossing = massless * (1 + sterile**2 / (2 * target.mass * inside))
    least = sterile if nuclear else sterile + sterile**2 / (2 * target.mass)
    knots = spectrum.knots_mev
    borders = np.unique(np.concatenate([knots, crossing, [least]]))
    borders = borders[(borders >= max(least, knots[0])) & (borders <= knots[-1])]

    def outer(u: float, low: float, high: float) -> FloatArray:
        # u² from either end: ends of recoils go as the root of the distance to the threshold.
        energy = low + (high - low) * u**2 * (3 - 2 * u)
        density = spectrum.density_per_cm2_s_mev(np.array([energy]))[0]
        return np.asarray(density * inner(energy) * (high - low) * 6 * u * (1 - u))

    total = np.zeros(edges.size - 1)
    for low, high in pairwise(borders):
        if high - low > 1e-12 * high and inner(0.5 * (low + high)).any():
            total += quad_vec(
                lambda u, low=low, high=high: outer(u, low, high), 0, 1, epsrel=1e-10, epsabs=0
            )[0]
    return total


def amplitude_of(species: str) -> ComplexArray:
    """Return a₋, or a₊ of antineutrinos, in flavours."""
    name, _, bar = species.partition("_bar")
    label = name.removeprefix("nu_")
    if label in FLAVOURS:
        return np.eye(3, dtype=complex)[FLAVOURS.index(label)]
    column = MIXING.pmns()[:, int(label) - 1]
    return np.asarray(column.conj() if bar else column)


def counted(
    given: CountingExperiment, names: list[str], values: list[complex], options: Assumptions
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the form's counts of couplings, shape (n_s, n_bins), and the species."""
    model = given.standard_model
    amplitudes, x = [standard_amplitude(model)], []
    for name, value in zip(names, values, strict=True):
        parameter = registry.parameter(name)
        amplitudes += registry.interaction_of(name).amplitudes(parameter, model, options)
        x += [value.real, value.imag] if parameter.kind == "modulus" else [value.real]
    states = [one.state for one in given.source.components(MIXING)]
    shapes = [
        shape for shape in forms(amplitudes, states, MIXING) if shape.kernel.recoil in given.recoils
    ]
    counts = fold_shapes(given, MIXING, shapes)
    form = counts.form(amplitudes, MIXING)
    np.testing.assert_allclose(form[:, :, 0, 1:], 0.0, atol=0)
    return np.einsum("j,sbjk,k->sb", x, form[:, :, 1:, 1:], x), counts.species


PORTAL_CASES = [
    ("SNS", 1e-6),
    ("SNS", 3.0),
    ("SNS", 25.0),
    ("SNS", 45.0),
    ("reactor", 0.3),
    ("reactor", 4.0),
    ("reactor electrons", 0.5),
    ("reactor electrons", 2.2),
    ("Sun electrons", 0.05),
    ("Sun electrons", 0.4),
    ("Sun electrons", 0.8),
    ("Sun", 3.0),
]


@pytest.mark.parametrize(("where", "sterile"), PORTAL_CASES)
def test_portal(where: str, sterile: float) -> None:
    random = np.random.default_rng(11)
    given = experiment(where)
    mu = random.normal(size=3) + 1j * random.normal(size=3)
    options = Assumptions(mixing=MIXING, sterile_mass=f"{sterile!r} MeV")
    found, species = counted(given, [f"mu_N_{one}" for one in FLAVOURS], list(mu), options)
    # Tr[ρ μμ†]: |μ†a₋|², and |μᵀa₊|² of antineutrinos.
    weights = [
        abs((mu if one.endswith("_bar") else mu.conj()) @ amplitude_of(one)) ** 2 for one in species
    ]
    expected = np.array(weights)[:, None] * by_hand(given, moment(sterile), sterile)
    assert expected.max() > 0
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10 * expected.max())
    assert np.all(found >= 0)


@pytest.mark.parametrize("where", ["SNS", "reactor", "Sun electrons"])
def test_dirac_moments(where: str) -> None:
    random = np.random.default_rng(12)
    given = experiment(where)
    matrix = random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))
    names = [f"dirac_{a}{b}" for a in FLAVOURS for b in FLAVOURS]
    found, species = counted(given, names, list(matrix.ravel()), Assumptions(mixing=MIXING))
    weights = [
        np.linalg.norm((matrix.conj() if one.endswith("_bar") else matrix) @ amplitude_of(one)) ** 2
        for one in species
    ]
    expected = np.array(weights)[:, None] * by_hand(given, moment(0.0), 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10 * expected.max())


@pytest.mark.parametrize(
    ("name", "where"),
    [("g_scalar", "SNS"), ("g_scalar", "reactor")]
    + [(name, where) for name in MEDIATORS for where in ("reactor electrons", "Sun electrons")],
)
@pytest.mark.parametrize("mass", [1e-3, 5.0])
def test_mediators(name: str, where: str, mass: float) -> None:
    given = experiment(where)
    options = Assumptions(mixing=MIXING, mediator_mass=f"{mass!r} MeV")
    found, species = counted(given, [name], [0.7 + 0j], options)
    expected = 0.49 * by_hand(given, exchange(name, mass), 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10 * expected.max())
    assert len(species) == len(found)


def test_helicities_of_a_moment_are_conjugates() -> None:
    """What an antineutrino sees is λ*, by the h.c. of its Lagrangian: not λᵀ."""
    given = experiment("SNS")
    names = ["dirac_emu", "dirac_mue"]
    found, species = counted(given, names, [1.0 + 0j, 0j], Assumptions(mixing=MIXING))
    seen = dict(zip(species, found.sum(axis=1), strict=True))
    assert seen["nu_mu"] > 0
    assert seen["nu_mu_bar"] > 0
    assert seen["nu_e"] == 0
