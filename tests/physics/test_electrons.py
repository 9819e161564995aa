"""Neutrino-electron scattering against limits, published totals and adaptive quadrature."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.constants import ELECTRON_MASS_MEV, SIN2_THETA_W
from munu.base.errors import MunuError
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Gaussian, Perfect
from munu.experiments.identity import Identity
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold
from munu.physics import electrons as es
from munu.physics.atoms import effective_electrons, steps
from munu.physics.centres import ElectronCentre
from munu.physics.coherent import dipole_coefficients
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import Helm
from munu.physics.interactions.base import StandardModel
from munu.physics.interactions.dipole import ON_ELECTRON
from munu.physics.interactions.form import forms
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import Mixing, paper_mixing
from munu.physics.moments import HelicityState
from munu.physics.nuclei import parse_material
from munu.sources.spallation import SpallationSource
from munu.sources.tabulated import monochromatic
from munu.statistics.specification import Projection

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["electron_scattering"]
SPECIES = ("nu_e", "nu_mu", "nu_tau", "nu_e_bar", "nu_mu_bar", "nu_tau_bar")
ENERGIES = st.floats(0.01, 60.0)
TREE = ElectronCouplings(radiative=False)
COUPLINGS = st.builds(ElectronCouplings, st.floats(0.0, 1.0), st.booleans())


@pytest.mark.parametrize("species", REFERENCE["total_cm2_per_s_mev2"])
def test_total_cross_section(species: str) -> None:
    energy = 1e4
    endpoint = es.maximum_recoil_kev(energy)
    total = quad(lambda t: float(es.weak(energy, t, species, TREE)), 0, endpoint)[0]
    per_s = total / (2 * ELECTRON_MASS_MEV * energy)
    assert per_s == pytest.approx(REFERENCE["total_cm2_per_s_mev2"][species], rel=0.03, abs=0)


@given(ENERGIES)
def test_kinematic_limits_are_inverse(energy: float) -> None:
    assert es.minimum_energy_mev(es.maximum_recoil_kev(energy)) == pytest.approx(energy, rel=1e-12)


@given(ENERGIES, st.floats(1e-6, 0.999), st.sampled_from(SPECIES), COUPLINGS)
def test_coefficients_are_the_cross_section(
    energy: float, share: float, species: str, couplings: ElectronCouplings
) -> None:
    recoil = np.array([share * float(es.maximum_recoil_kev(energy))])
    powers = np.array([1.0, 1 / energy, 1 / energy**2])
    left, right = couplings.chiral(species, recoil)
    flat, falling, mixed = (powers @ kernel for kernel in es.chiral_coefficients(recoil))
    weak = left**2 * flat + right**2 * falling + left * right * mixed
    expected = es.weak(energy, recoil, species, couplings)[0]
    assert weak[0] == pytest.approx(expected, rel=1e-9, abs=1e-60)
    dipole = powers @ dipole_coefficients(recoil)
    assert dipole[0] == pytest.approx(es.dipole(energy, recoil)[0], rel=1e-9, abs=0)


@given(ENERGIES, st.sampled_from(("e", "mu", "tau")), COUPLINGS)
def test_neutrinos_and_antineutrinos_agree_as_recoils_vanish(
    energy: float, flavour: str, couplings: ElectronCouplings
) -> None:
    """At T → 0 both see g_L² + g_R²; g_L g_R is symmetric."""
    recoil = 1e-9
    assert es.weak(energy, recoil, f"nu_{flavour}", couplings) == pytest.approx(
        es.weak(energy, recoil, f"nu_{flavour}_bar", couplings), rel=1e-6, abs=0
    )


def test_charged_current_separates_the_flavours() -> None:
    """At T → 0 the ratio ν_e : ν_μ is ((1/2+s²)² + s⁴)/((1/2-s²)² + s⁴)."""
    s2 = SIN2_THETA_W
    ratio = es.weak(10.0, 1e-9, "nu_e", TREE) / es.weak(10.0, 1e-9, "nu_mu", TREE)
    assert ratio == pytest.approx(((0.5 + s2) ** 2 + s2**2) / ((0.5 - s2) ** 2 + s2**2), rel=1e-6)
    assert es.weak(10.0, 1.0, "nu_mu", TREE) == es.weak(10.0, 1.0, "nu_tau", TREE)


def test_vanishing_above_the_endpoint() -> None:
    endpoint = float(es.maximum_recoil_kev(1.0))
    for factor, expected in ((0.999, True), (1.001, False)):
        assert (es.weak(1.0, factor * endpoint, "nu_e", TREE) > 0) == expected
        assert (es.dipole(1.0, factor * endpoint) > 0) == expected


def test_dipole_by_hand() -> None:
    reference = REFERENCE["dipole"]
    energy, recoil = reference["neutrino_energy_mev"], reference["recoil_energy_kev"]
    expected = pytest.approx(reference["cm2_per_kev"], rel=1e-6, abs=0)
    assert es.dipole(energy, recoil) == expected
    in_powers = [1, 1 / energy, 1 / energy**2] @ dipole_coefficients(np.array([recoil]))
    assert in_powers[0] == expected


@given(ENERGIES)
def test_dipole_vanishes_where_the_electron_takes_all_energy(energy: float) -> None:
    """The polynomial does: its zero at T = E lies beyond the kinematic limit."""
    terms = dipole_coefficients(np.array([1e3 * energy]))[:, 0] / [1, energy, energy**2]
    assert abs(terms.sum()) <= 1e-12 * terms[0]


def test_total_cross_section_of_beryllium_neutrinos() -> None:
    """The published one holds photons; all else is here."""
    reference = REFERENCE["beryllium_line"]
    energy, couplings = reference["energy_mev"], ElectronCouplings(reference["sin2_theta_w"])
    endpoint = es.maximum_recoil_kev(energy)
    total = quad(lambda t: float(es.weak(energy, t, "nu_e", couplings)), 0, endpoint)[0]
    with_photons = total * (1 + reference["photons"])
    assert with_photons == pytest.approx(reference["total_cm2"], rel=2e-4, abs=0)


def cross_section(state: HelicityState, mixing: Mixing) -> float:
    """Return the Standard Model's at one recoil on xenon, as the interaction layer makes it."""
    recoil, energy, atom = np.array([5.0]), 0.8, ElectronCentre("Xe")
    amplitude = standard_amplitude(StandardModel(weak_couplings(), ElectronCouplings()))
    total = 0.0
    for shape, q in forms([amplitude], [state], mixing).items():
        if shape.kernel.recoil == "electron":
            kernel = energy ** -np.arange(3.0) @ shape.kernel.coefficients(atom, recoil)
            total += float(q[0, 0, 0] * kernel[0] * shape.profiles(atom, recoil)[0])
    return total


def test_a_mass_state_is_the_mean_of_its_flavours() -> None:
    mixing = paper_mixing().with_delta(1.0)
    for bar in ("", "_bar"):
        mass = cross_section(HelicityState.of_species(f"nu_2{bar}"), mixing)
        species = [f"nu_{flavour}{bar}" for flavour in ("e", "mu", "tau")]
        flavours = [cross_section(HelicityState.of_species(one), mixing) for one in species]
        weights = np.abs(mixing.pmns()[:, 1]) ** 2
        assert mass == pytest.approx(weights @ flavours, rel=1e-12, abs=0)
        direct = [
            float(es.weak(0.8, 5.0, one, ElectronCouplings())) * effective_electrons("Xe", 5.0)
            for one in species
        ]
        assert flavours == pytest.approx(direct, rel=1e-12, abs=0)


def test_atoms_are_free_electrons_far_above_their_binding() -> None:
    recoil = np.array([1e3])
    found = ON_ELECTRON.kernel.coefficients(ElectronCentre("Ge"), recoil)
    assert found == pytest.approx(32 * dipole_coefficients(recoil), rel=1e-12, abs=0)


EXPERIMENT = CountingExperiment(
    identity=Identity("electrons", "test", "electrons only"),
    source=SpallationSource(baseline_m=20.0, neutrinos_per_proton=0.08, protons_per_s=1e15),
    target=parse_material("CsI"),
    mass_kg=10.0,
    live_time_s=1e7,
    detector=Detector("ionisation", np.array([0.7, 5.2, 40.0]), Unquenched(), Flat(1.0), Perfect()),
    form_factor=Helm(),
    couplings=weak_couplings(),
    statistic=Projection(sigma_stat=0.0, sigma_sys=0.0),
    mixing=paper_mixing(),
    recoils=("electron",),
)


def quadrature(experiment: CountingExperiment, species: str, low: float, high: float) -> float:
    """Events by nested adaptive quadrature of the plain cross section, K shell to valence."""
    component = next(c for c in experiment.source.components() if c.species == species)
    couplings = experiment.electron_couplings
    atoms: dict[str, float] = {}
    for nucleus, number in experiment.target.nuclei_per_kg():
        atoms[nucleus.symbol] = atoms.get(nucleus.symbol, 0.0) + number

    def rate(recoil: float) -> float:
        least = float(es.minimum_energy_mev(recoil))
        flux = component.spectrum.density_per_cm2_s_mev
        if component.spectrum.lines:
            lines = component.spectrum.lines
            value = sum(f * float(es.weak(e, recoil, species, couplings)) for e, f in lines)
        else:
            value = quad(
                lambda e: (
                    float(flux(np.array([e]))[0]) * float(es.weak(e, recoil, species, couplings))
                ),
                least,
                component.spectrum.endpoint_mev,
                epsrel=1e-10,
            )[0]
        return value * sum(n * float(effective_electrons(s, recoil)) for s, n in atoms.items())

    edges = np.concatenate([[low, high], *(steps(symbol) for symbol in atoms)])
    edges = np.unique(edges[(edges >= low) & (edges <= high)])
    inside = 1e-12
    total = sum(
        quad(rate, a * (1 + inside), b * (1 - inside), epsrel=1e-9)[0] for a, b in pairwise(edges)
    )
    return total * experiment.exposure_kg_s


def test_fold_is_the_integral() -> None:
    counts = fold(EXPERIMENT)
    edges = EXPERIMENT.detector.bin_edges
    for species in ("nu_mu", "nu_e"):
        row = counts.sm_events[counts.species.index(species)]
        for k in range(2):
            expected = quadrature(EXPERIMENT, species, edges[k], edges[k + 1])
            assert row[k] == pytest.approx(expected, rel=1e-6)


def test_both_channels_add_up() -> None:
    """Nuclei by themselves and electrons by themselves are all there is."""
    parts = [fold(replace(EXPERIMENT, recoils=(i,))) for i in ("nuclear", "electron")]
    both = fold(replace(EXPERIMENT, recoils=("nuclear", "electron")))
    for name in ("sm_events", "dipole_events_per_mu_b2"):
        total = getattr(parts[0], name) + getattr(parts[1], name)
        assert getattr(both, name) == pytest.approx(total, rel=1e-9)


def test_one_shell_opens_at_its_binding_energy() -> None:
    """A bin just above the iodine L1 edge holds two electrons per atom more than one just below."""
    edge = steps("I")[np.argmin(np.abs(steps("I") - 5.19))]
    width = 1e-6
    bins = np.array([edge * (1 - width), edge, edge * (1 + width)])
    source = monochromatic(((10.0, 1e6),), species="nu_mu", beam="line")
    detector = Detector("recoil", bins, Unquenched(), Flat(1.0), Perfect())
    experiment = replace(
        EXPERIMENT, source=source, detector=detector, target=parse_material("I-127")
    )
    below, above = fold(experiment).sm_events[0]
    electrons = effective_electrons("I", edge * np.array([1 - width, 1]))
    assert above / below == pytest.approx(electrons[1] / electrons[0], rel=1e-5)


def test_smeared_fold_does_not_depend_on_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = np.linspace(1.0, 30.0, 30)
    resolution = Gaussian(noise=0.05, stochastic=0.3)
    detector = Detector("ionisation", edges, Unquenched(), Flat(0.8), resolution)
    experiment = replace(EXPERIMENT, detector=detector, target=parse_material("Xe"))
    coarse = fold(experiment)
    monkeypatch.setattr("munu.folding.panels.NODES", (10, 14, 20))
    monkeypatch.setattr("munu.folding.panels.WIDEST_IN_SIGMAS", 1.0)
    monkeypatch.setattr("munu.detectors.cells.CELL_SIGMAS", 0.5)
    fine = fold(experiment)
    assert coarse.sm_events == pytest.approx(fine.sm_events, rel=1e-6)
    assert coarse.dipole_events_per_mu_b2 == pytest.approx(fine.dipole_events_per_mu_b2, rel=1e-6)


def test_a_smeared_bin_without_an_end_counts_what_many_bins_do() -> None:
    """From 1 keVee to the endpoint σ grows from 0.3 to 265 keVee."""
    resolution = Gaussian(stochastic=0.31, proportional=0.0037)
    found = []
    for edges in ([1.0, np.inf], [*np.geomspace(1.0, 5e4, 60), np.inf]):
        detector = Detector(
            "ionisation", np.array(edges), Unquenched(), Flat(1.0), resolution, 1.0, 0.01
        )
        folded = fold(replace(EXPERIMENT, detector=detector, target=parse_material("Xe")))
        found.append((folded.sm_total().sum(), folded.dipole_events_per_mu_b2.sum()))
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_a_resolution_that_reaches_zero_needs_a_threshold() -> None:
    detector = Detector("ionisation", np.array([0.1, 1.0]), Unquenched(), Flat(1.0), Gaussian(0.1))
    experiment = replace(EXPERIMENT, detector=detector, recoils=("nuclear",))
    with pytest.raises(MunuError, match="recoils of vanishing energy"):
        fold(experiment)
