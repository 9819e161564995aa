"""The fold against adaptive integrals of the plain formulas, in the other order of integration.

The reference integrates over recoil energy inside and, adaptively, over neutrino energy outside;
the package does the opposite through moments of the flux.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from math import exp, log, pi
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad_vec, trapezoid
from scipy.optimize import brentq
from scipy.stats import norm, poisson

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Lindhard, Unquenched
from munu.detectors.resolution import Gaussian
from munu.experiments.load import load, setups
from munu.experiments.model import CountingExperiment, MomentBound
from munu.experiments.named import catalogue
from munu.folding.counts import FoldedCounts
from munu.folding.fold import fold, recoil_spectrum
from munu.physics.couplings import WeakCouplings, weak_couplings
from munu.physics.form_factors import Helm
from munu.physics.nuclei import Nucleus, Target, nucleus
from munu.sources.base import BeamComponent
from munu.sources.reactor import ReactorSource

COUNTING = [
    (name, setup)
    for name in catalogue()
    for setup in setups(name)
    if isinstance(load(name, setup), CountingExperiment)
    and load(name, setup).identity.references[0] == "arXiv:1905.03750"
]
HBAR_C_MEV_FM = 197.3269804
INNER_NODES, INNER_WEIGHTS = np.polynomial.legendre.leggauss(40)


def counting(name: str, setup: str = "current") -> CountingExperiment:
    experiment = load(name, setup)
    assert isinstance(experiment, CountingExperiment)
    return experiment


def form_factor(momentum_per_fm: FloatArray, mass_number: int) -> FloatArray:
    """Eqs. (22)-(23) as printed."""
    c, a = 1.23 * mass_number ** (1 / 3) - 0.60, 0.52
    x, y = momentum_per_fm * c, pi * momentum_per_fm * a
    bracket = y * np.sin(x) / np.tanh(y) - x * np.cos(x)
    return 3 / (x * (x**2 + y**2)) * (y / np.sinh(y)) * bracket


def charges(isotope: Nucleus) -> tuple[float, float]:
    """Eqs. (20)-(21) as printed: Q_V and Q_A."""
    rho, kappa, s2 = 1.0082, 0.9972, 0.23120
    up_left = rho * (1 / 2 - 2 / 3 * kappa * s2) - 0.0031
    down_left = rho * (-1 / 2 + 1 / 3 * kappa * s2) - 0.0025
    up_right = rho * (-2 / 3 * kappa * s2) + 3.7e-5 / 2
    down_right = rho * (1 / 3 * kappa * s2) + 3.7e-5
    z, n = isotope.protons, isotope.neutrons
    vector = (2 * (up_left + up_right) + down_left + down_right) * z
    vector += (up_left + up_right + 2 * (down_left + down_right)) * n
    axial = (2 * (up_left - up_right) + down_left - down_right) * (z % 2)
    axial += (up_left - up_right + 2 * (down_left - down_right)) * (n % 2)
    return vector, axial


def cross_sections(energy_mev: float, recoil_kev: FloatArray, isotope: Nucleus) -> FloatArray:
    """Eqs. (19) and (24) as printed (cm²/keV), shape (2, n)."""
    mass = isotope.mass_mev
    vector, axial = charges(isotope)
    recoil = recoil_kev * 1e-3
    squared = form_factor(np.sqrt(2 * mass * recoil) / HBAR_C_MEV_FM, isotope.mass_number) ** 2
    ratio = mass * recoil / (2 * energy_mev**2)
    cm2 = (HBAR_C_MEV_FM * 1e-13) ** 2
    weak = 1.1663787e-11**2 * mass / pi * (vector**2 * (1 - ratio) + axial**2 * (1 + ratio))
    dipole = pi * 7.2973525693e-3**2 * isotope.protons**2 / 0.51099895**2
    dipole = dipole * (1 - recoil / energy_mev) / recoil
    return np.stack([weak, dipole]) * squared * cm2 * 1e-3


def lindhard_ionisation_kev(recoil_kev: float, isotope: Nucleus) -> float:
    """Eq. (26) as printed, times T."""
    z = isotope.protons
    gamma = 11.5 * recoil_kev * z ** (-7 / 3)
    kappa_g = 0.133 * z ** (2 / 3) / isotope.mass_number**0.5
    kappa_g *= 3 * gamma**0.15 + 0.7 * gamma**0.6 + gamma
    return recoil_kev * kappa_g / (1 + kappa_g)


def threshold_kev(experiment: CountingExperiment, isotope: Nucleus) -> float:
    detector = experiment.detector
    if detector.observable == "photoelectrons":
        return detector.recoil_threshold_kev
    edge = float(detector.bin_edges[0])
    if detector.observable == "recoil" or isinstance(detector.quenching, Unquenched):
        return edge
    assert detector.quenching == Lindhard()
    return float(
        brentq(lambda t: lindhard_ionisation_kev(t, isotope) - edge, edge, 1e3 * edge, rtol=1e-14)
    )


def accepted(experiment: CountingExperiment, recoil_kev: FloatArray) -> FloatArray:
    """Flat efficiency, or Eqs. (28)-(30) with Poisson photoelectrons in the window [6, 30)."""
    efficiency = experiment.detector.efficiency
    if isinstance(efficiency, Flat):
        return np.full(recoil_kev.shape, efficiency.value)
    n = np.arange(6, 30)
    kept = 0.6655 / (1 + np.exp(-0.4942 * (n + 0.5 - 10.8507)))
    return np.asarray(poisson.pmf(n, 1.17 * recoil_kev[:, None]) @ kept)


def counts_at_energy(
    energy_mev: float, experiment: CountingExperiment, isotope: Nucleus, start_kev: float
) -> FloatArray:
    """Accepted cross sections (cm²) of one neutrino energy: the inner integral, in ln T."""
    end_kev = 2e3 * energy_mev**2 / isotope.mass_mev
    if end_kev <= start_kev:
        return np.zeros(2)
    half = 0.5 * log(end_kev / start_kev)
    recoil = start_kev * np.exp(half * (1 + INNER_NODES))
    weight = half * INNER_WEIGHTS * recoil * accepted(experiment, recoil)
    return cross_sections(energy_mev, recoil, isotope) @ weight


def reference_counts(
    experiment: CountingExperiment, component: BeamComponent, isotope: Nucleus, per_kg: float
) -> FloatArray:
    """Standard Model events and dipole events per μ_B² of one species on one isotope."""
    start = threshold_kev(experiment, isotope)
    spectrum = component.spectrum
    total = np.zeros(2)
    for energy, flux in spectrum.lines:
        total += flux * counts_at_energy(energy, experiment, isotope, start)
    lowest = (start * 1e-3 * isotope.mass_mev / 2) ** 0.5
    if spectrum.knots_mev.size and spectrum.knots_mev[-1] > lowest:
        knots = [lowest, *spectrum.knots_mev[spectrum.knots_mev > lowest * (1 + 1e-9)]]
        scale = counts_at_energy(knots[-1], experiment, isotope, start)

        def integrand(energy: float) -> FloatArray:
            # Just inside the knots, where a density may jump.
            inside = min(max(energy, knots[0] * (1 + 1e-14)), knots[-1] * (1 - 1e-14))
            density = spectrum.density_per_cm2_s_mev(np.array([inside]))[0]
            return density * counts_at_energy(energy, experiment, isotope, start) / scale

        result, _ = quad_vec(
            integrand, knots[0], knots[-1], points=knots[1:-1], epsrel=1e-9, epsabs=0, norm="max"
        )
        total += result * scale
    return total * per_kg * experiment.mass_kg * experiment.live_time_s


@pytest.mark.parametrize(("name", "setup"), COUNTING)
def test_fold_against_adaptive_integration(name: str, setup: str) -> None:
    experiment = counting(name, setup)
    counts = fold(experiment)
    components = experiment.source.components()
    assert counts.species == tuple(component.species for component in components)
    for index, component in enumerate(components):
        expected = sum(
            reference_counts(experiment, component, isotope, per_kg)
            for isotope, per_kg in experiment.target.nuclei_per_kg()
        )
        found = [counts.sm_events[index].sum(), counts.dipole_events_per_mu_b2[index].sum()]
        np.testing.assert_allclose(found, expected, rtol=2e-7)


def test_nested_adaptive_integration() -> None:
    """Both integrals adaptive, in the order of Eq. (32): ν_e on argon above 20 keV."""
    experiment = counting("coherent-lar")
    component = experiment.source.components()[2]
    isotope = nucleus("Ar-40")
    endpoint = component.spectrum.endpoint_mev

    def dipole(energy: float, log_recoil: float) -> float:
        recoil = np.array([exp(log_recoil)])
        density = float(component.spectrum.density_per_cm2_s_mev(np.array([energy]))[0])
        return density * float(cross_sections(energy, recoil, isotope)[1, 0] * recoil[0]) * 1e33

    result, _ = dblquad(
        dipole,
        log(20.0),
        log(2e3 * endpoint**2 / isotope.mass_mev),
        lambda u: (exp(u) * 1e-3 * isotope.mass_mev / 2) ** 0.5,
        endpoint,
        epsrel=1e-9,
        epsabs=0,
    )
    only = replace(experiment, target=Target(((isotope, 1.0),)))
    per_kg = only.target.nuclei_per_kg()[0][1]
    expected = result * 1e-33 * 0.5 * per_kg * only.exposure_kg_s
    assert fold(only).dipole_events_per_mu_b2[2, 0] == pytest.approx(expected, rel=1e-8)


def test_smeared_ionisation() -> None:
    """Gaussian resolution in ionisation energy: the fold against a two-dimensional sum."""
    experiment = counting("texono")
    detector = replace(
        experiment.detector,
        bin_edges=np.array([0.1, 0.15, 0.3, np.inf]),
        resolution=Gaussian(noise=0.02, stochastic=0.01),
        recoil_threshold_kev=0.3,
    )
    isotope = nucleus("Ge-74")
    smeared = replace(experiment, detector=detector, target=Target(((isotope, 1.0),)))
    component = smeared.source.components()[0]
    end = 2e3 * component.spectrum.endpoint_mev**2 / isotope.mass_mev

    def integrand(log_recoil: float) -> FloatArray:
        recoil = exp(log_recoil)
        rate = recoil_spectrum(smeared, recoil)
        mean = lindhard_ionisation_kev(recoil, isotope)
        sigma = (0.02**2 + 0.01**2 * mean) ** 0.5
        kept = np.diff(norm.cdf((detector.bin_edges - mean) / sigma)) * 0.5
        densities = [rate.sm_per_kg_kev_day[0, 0], rate.dipole_per_mu_b2_kg_kev_day[0, 0] * 1e-20]
        return recoil * np.outer(densities, kept)

    kinks = 2e3 * component.spectrum.knots_mev**2 / isotope.mass_mev
    points = np.log(kinks[(kinks > 0.3) & (kinks < end)])
    expected, _ = quad_vec(integrand, log(0.3), log(end), points=points, epsrel=1e-8, epsabs=0)
    counts = fold(smeared)
    days = smeared.exposure_kg_s / 86400
    np.testing.assert_allclose(counts.sm_events[0], expected[0] * days, rtol=1e-6)
    np.testing.assert_allclose(
        counts.dipole_events_per_mu_b2[0] * 1e-20, expected[1] * days, rtol=1e-6
    )


GERMANIUM = Nucleus("Ge", 32, 72.63 - 32, 72.63, 1.0, 0.0, 4.07)


def test_germanium_at_a_reactor() -> None:
    """One nucleus A = 72.63 at T = 0.5 keV, computed independently: reference.toml."""
    path = Path(__file__).parents[1] / "reference.toml"
    reference = tomllib.loads(path.read_text(encoding="utf-8"))["rates"]["germanium_at_a_reactor"]
    tree = weak_couplings(0.2312, radiative=False)
    up, down = tree.up_left + tree.up_right, tree.down_left + tree.down_right
    source = ReactorSource(
        thermal_power_gw=reference["thermal_power_gw"],
        baseline_m=reference["baseline_m"],
        fission_fractions=reference["fission_fractions"],
        energies_per_fission_mev=reference["energies_per_fission_mev"],
        high_energy="mueller2011",
        low_energy="constant",
        endpoint_mev=reference["endpoint_mev"],
    )
    experiment = replace(
        counting("conus"),
        source=source,
        target=Target(((GERMANIUM, 1.0),)),
        form_factor=Helm(),
        couplings=WeakCouplings(up / 2, up / 2, down / 2, down / 2),
    )
    rate = recoil_spectrum(experiment, reference["recoil_energy_kev"])
    weak = rate.sm_per_kg_kev_day[0, 0]
    dipole = rate.dipole_per_mu_b2_kg_kev_day[0, 0] * reference["moment_mu_b"] ** 2
    assert weak == pytest.approx(reference["sm_per_kg_kev_day"], rel=1e-3)
    assert dipole == pytest.approx(reference["dipole_per_kg_kev_day"], rel=1e-3)


@pytest.mark.parametrize("name", ["coherent-csi", "miner", "connie"])
def test_spectrum_integrates_to_the_events(name: str) -> None:
    """Events of a perfect detector are the integral of the spectrum over its window."""
    experiment = counting(name, "future")
    detector = replace(
        experiment.detector,
        observable="recoil",
        quenching=Unquenched(),
        efficiency=Flat(1.0),
        bin_edges=np.array([0.5, 1.0, 1.2]),
    )
    counts = fold(replace(experiment, detector=detector))
    recoil = np.linspace(0.5, 1.2, 7001)
    spectrum = recoil_spectrum(experiment, recoil)
    days = experiment.exposure_kg_s / 86400
    for rate, events in (
        (spectrum.sm_per_kg_kev_day, counts.sm_events),
        (spectrum.dipole_per_mu_b2_kg_kev_day, counts.dipole_events_per_mu_b2),
    ):
        first = trapezoid(rate[:, :5001], recoil[:5001]) * days
        second = trapezoid(rate[:, 5000:], recoil[5000:]) * days
        np.testing.assert_allclose(events, np.stack([first, second], axis=1), rtol=2e-5)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_mass_times_exposure(mass: float, time: float) -> None:
    experiment = counting("red-100")
    scaled = replace(
        experiment, mass_kg=mass * experiment.mass_kg, live_time_s=time * experiment.live_time_s
    )
    expected, found = red_100(), fold(scaled)
    np.testing.assert_allclose(found.sm_events, mass * time * expected.sm_events)
    np.testing.assert_allclose(
        found.dipole_events_per_mu_b2, mass * time * expected.dipole_events_per_mu_b2
    )


@cache
def red_100() -> FoldedCounts:
    return fold(counting("red-100"))


@settings(max_examples=25)
@given(st.tuples(st.floats(0.01, 0.25), st.floats(0.01, 0.25)), st.sampled_from(["conus", "miner"]))
def test_monotone_in_the_threshold(thresholds: tuple[float, float], name: str) -> None:
    experiment = counting(name)
    pairs = []
    for threshold in sorted(thresholds):
        detector = replace(experiment.detector, bin_edges=np.array([threshold, np.inf]))
        counts = fold(replace(experiment, detector=detector))
        pairs.append([counts.sm_events[0, 0], counts.dipole_events_per_mu_b2[0, 0]])
    assert np.all(np.array(pairs) > 0)
    assert np.all(pairs[1] <= np.array(pairs[0]) * (1 + 1e-10))


def test_dipole_dominates_at_low_recoil() -> None:
    """dσ/dT of the dipole goes as 1/T, the Standard Model is flat."""
    spectrum = recoil_spectrum(counting("conus"), [1e-6, 1e-5])
    dipole, weak = spectrum.dipole_per_mu_b2_kg_kev_day[0], spectrum.sm_per_kg_kev_day[0]
    assert dipole[0] / dipole[1] == pytest.approx(10, rel=1e-3)
    assert weak[0] / weak[1] == pytest.approx(1, rel=5e-3)


def test_bound_weighs_mass_states_by_their_flux() -> None:
    experiment = load("borexino")
    assert isinstance(experiment, MomentBound)
    counts = fold(experiment)
    assert counts.dipole_events_per_mu_b2.sum() == pytest.approx(1 / 2.8e-11**2)
    assert np.all(counts.sm_events == 0)


def test_threshold_above_the_endpoint() -> None:
    experiment = counting("coherent-lar")
    detector = replace(experiment.detector, bin_edges=np.array([400.0, np.inf]))
    with pytest.raises(MunuError, match="above the endpoint"):
        fold(replace(experiment, detector=detector))


@pytest.mark.parametrize("energies", [[], [0.0], [-1.0, 1.0], [float("nan")]])
def test_recoil_energies_must_be_positive(energies: list[float]) -> None:
    with pytest.raises(MunuError, match=r"recoil_energy_kev = .*above 0 keV"):
        recoil_spectrum(counting("conus"), energies)


@pytest.mark.parametrize("upper", [None, 0.08])
def test_a_quenching_factor_that_falls_measures_two_recoils_alike(upper: float | None) -> None:
    """T (0.2 - T/10 keV) keVee is 0.05 twice, at 0.29 and 1.71 keV, and 0.1 at most."""
    window = {"detector.threshold": "0.05 keVee"}
    if upper is not None:
        window["detector.upper"] = f"{upper} keVee"
    falling = {"model": "linear", "intercept": 0.2, "slope_per_kev": -0.1, "valid_from": "0 keV"}
    experiment = load(
        "conus", changes={"target.material": "Ge-74", "detector.quenching": falling, **window}
    )
    assert isinstance(experiment, CountingExperiment)

    def recoils(ionisation: float) -> FloatArray:
        root = np.sqrt(0.04 - 0.4 * ionisation)
        return np.array([0.2 - root, 0.2 + root]) / 0.2

    def between(low: float, high: float) -> float:
        borders = np.geomspace(low, high, 400)
        half = 0.5 * np.diff(borders)[:, None]
        energies = 0.5 * (borders[1:] + borders[:-1])[:, None] + half * INNER_NODES
        rates = recoil_spectrum(experiment, energies.ravel()).sm_per_kg_kev_day.sum(axis=0)
        return float((half * INNER_WEIGHTS).ravel() @ rates)

    ends = recoils(0.05) if upper is None else np.sort([*recoils(0.05), *recoils(upper)])
    expected = sum(between(*piece) for piece in ends.reshape(-1, 2))
    days = experiment.live_time_s / 86400
    found = fold(experiment).sm_total()[0] / (0.5 * experiment.mass_kg * days)
    assert found == pytest.approx(expected, rel=1e-6)
