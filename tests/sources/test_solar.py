from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from munu.base.errors import MunuError
from munu.physics.mixing import Mixing, paper_mixing
from munu.physics.moments import effective_moment_squared
from munu.sources.base import BeamComponent
from munu.sources.solar import NUCLIDES, SolarSource
from munu.sources.solar_conversion import mass_probabilities, nu_1_probability
from munu.sources.tables import packaged_table, packaged_toml

MIXING = paper_mixing()


def solar(**changes: Any) -> SolarSource:
    return SolarSource(**({"fluxes": "b16-gs98"} | changes))


@pytest.mark.parametrize("nuclide", [n for n in NUCLIDES if n not in ("pep", "7Be")])
def test_spectra_are_normalised_with_the_published_mean(
    nuclide: str, reference: dict[str, Any]
) -> None:
    table = packaged_table(f"solar/{nuclide}.csv")
    energy, spectrum = table["energy_mev"], table["spectrum_per_mev"]
    known = reference["solar_spectra"]
    assert np.trapezoid(spectrum, energy) == pytest.approx(1, rel=1e-5)
    slope = np.diff(spectrum) / np.diff(energy)
    cubes, squares = np.diff(energy**3) / 3, np.diff(energy**2) / 2
    mean = np.sum(spectrum[:-1] * squares + slope * (cubes - energy[:-1] * squares))
    assert mean == pytest.approx(known[nuclide], rel=known["relative_tolerance"])


@pytest.mark.parametrize("above_mev", ["14.0", "15.0", "15.5"])
def test_the_last_neutrinos_of_boron_are_as_few(above_mev: str, reference: dict[str, Any]) -> None:
    """Recoils of xenon above 3 keV come from there."""
    table = packaged_table("solar/8B.csv")
    energies = np.linspace(float(above_mev), 17.0, 3001)
    spectrum = np.interp(energies, table["energy_mev"], table["spectrum_per_mev"], right=0.0)
    share = np.trapezoid(spectrum, energies)
    assert share == pytest.approx(reference["solar_tail"][above_mev], rel=0.01)


def test_mass_states_share_the_whole_flux() -> None:
    source = solar()
    total = sum(c.spectrum.total_flux_per_cm2_s for c in source.components(MIXING))
    assert total == pytest.approx(sum(source.flux_per_cm2_s().values()), rel=1e-6)
    by_beam: dict[str, list[BeamComponent]] = {}
    for component in source.components(MIXING):
        by_beam.setdefault(component.beam, []).append(component)
    assert {n: [c.species for c in cs] for n, cs in by_beam.items()} == {
        nuclide: ["nu_1", "nu_2", "nu_3"] for nuclide in source.flux_per_cm2_s()
    }
    for nuclide, flux in source.flux_per_cm2_s().items():
        parts = [c.spectrum.total_flux_per_cm2_s for c in by_beam[nuclide]]
        assert sum(parts) == pytest.approx(flux, rel=1e-5)


@pytest.mark.parametrize("nuclide", ["pp", "7Be", "pep", "8B"])
def test_electron_survival_agrees_with_measurements(
    nuclide: str, reference: dict[str, Any]
) -> None:
    """P_ee is the sum of |U_ei|² P_ei."""
    energy, survival, error = reference["solar_survival"][nuclide]
    probabilities = solar().arrival_probabilities(nuclide, energy, MIXING)
    found = np.abs(MIXING.pmns()[0]) ** 2 @ probabilities
    assert found == pytest.approx(survival, abs=1.1 * error)


def test_limits_of_the_conversion() -> None:
    """Vacuum: P = cos²θ₁₂. Infinite density: a ν_e is ν₂ in matter, and arrives as ν₂."""
    vacuum = nu_1_probability(1e-9, MIXING, potential_ev=6e-12)
    dense = nu_1_probability(1e6, MIXING, potential_ev=6e-12)
    assert vacuum == pytest.approx(1 - MIXING.sin2_theta12, rel=1e-6)
    assert dense == pytest.approx(0, abs=1e-6)


def test_resonance_is_where_the_matter_angle_is_maximal() -> None:
    energy = MIXING.dm2_21_ev2 * (1 - 2 * MIXING.sin2_theta12) / (2e6 * 6e-12)
    energy /= 1 - MIXING.sin2_theta13
    assert nu_1_probability(energy, MIXING, potential_ev=6e-12) == pytest.approx(0.5, rel=1e-12)


def test_spread_of_the_potential_is_its_second_order_average() -> None:
    """Compare with the mean over two equally likely potentials of the same variance."""
    sigma, potential = 0.05, 6e-12
    two = [
        nu_1_probability(4.0, MIXING, potential_ev=potential * (1 + sign * sigma))
        for sign in (-1, 1)
    ]
    expected = nu_1_probability(4.0, MIXING, potential_ev=potential, relative_variance=sigma**2)
    point = nu_1_probability(4.0, MIXING, potential_ev=potential)
    assert expected - point == pytest.approx(np.mean(two) - point, rel=0.01)


@pytest.mark.parametrize("nuclide", NUCLIDES)
def test_each_nuclide_is_produced_at_its_own_range_of_potentials(nuclide: str) -> None:
    table = packaged_toml("solar/solar.toml")
    potential = table["potential_ev"][nuclide]
    sigma = np.sqrt(table["potential_relative_variance"][nuclide])
    energy = 0.05 * MIXING.dm2_21_ev2 / (2e6 * potential)
    two = [
        nu_1_probability(energy, MIXING, potential_ev=potential * (1 + s * sigma)) for s in (-1, 1)
    ]
    point = nu_1_probability(energy, MIXING, potential_ev=potential)
    found = solar().arrival_probabilities(nuclide, energy, MIXING)[0] / (1 - MIXING.sin2_theta13)
    assert found - point == pytest.approx(np.mean(two) - point, rel=0.1, abs=0)
    assert abs(found - point) > 1e-7


moments = arrays(np.float64, 3, elements=st.floats(-1, 1))


@given(moments, moments, st.floats(0, 1))
def test_constant_survival_is_equation_37(real: Any, imaginary: Any, survival: float) -> None:
    source = solar(survival=survival, nuclides=("7Be",))
    moment = real + 1j * imaginary
    total = sum(c.spectrum.total_flux_per_cm2_s for c in source.components(MIXING))
    mu_squared = sum(
        c.spectrum.total_flux_per_cm2_s
        / total
        * effective_moment_squared(moment, c.state.moment_matrix(MIXING))
        for c in source.components(MIXING)
    )
    one, two, three = np.abs(moment) ** 2
    c13 = 1 - MIXING.sin2_theta13
    expected = one + two + three - c13 * two + (c13 - 1) * three + c13 * survival * (two - one)
    assert mu_squared == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.floats(0.01, 19.0), st.floats(0.0, 1.0), st.floats(0.0, 0.1))
def test_probabilities_are_unitary(energy: float, sin2_12: float, sin2_13: float) -> None:
    mixing = Mixing(sin2_12, sin2_13, 0.5, 0.0, 7.5e-5, 2.5e-3)
    first = nu_1_probability(energy, mixing, potential_ev=6.8e-12)
    probabilities = mass_probabilities(first, mixing)
    assert probabilities.sum() == pytest.approx(1, rel=1e-12)
    assert probabilities.min() >= -1e-12


def test_selection_and_custom_fluxes() -> None:
    assert list(solar(nuclides=("7Be", "8B")).flux_per_cm2_s()) == ["7Be", "8B"]
    assert solar(fluxes={"8B": 5e6}).flux_per_cm2_s() == {"8B": 5e6}
    assert dict(solar(fluxes={"8B": 5e6}).describe())["total flux"] == "5e+06 /cm2/s"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fluxes": "b16-gs89"}, "Did you mean 'b16-gs98'"),
        ({"fluxes": {}}, "empty"),
        ({"fluxes": {"8Be": 1.0}}, "unknown solar flux '8Be'"),
        ({"fluxes": {"8B": -1.0}}, "8B = -1.0"),
        ({"nuclides": ("be7",)}, "unknown solar flux 'be7'"),
        ({"fluxes": "bergstrom2016", "nuclides": ("13N",)}, "unknown solar flux '13N'"),
        ({"nuclides": ()}, "names no solar flux"),
        ({"nuclides": ("8B", "7Be", "8B")}, "names one twice"),
        ({"survival": "msw"}, "adiabatic"),
        ({"survival": 1.2}, "survival = 1.2"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MunuError, match=words):
        solar(**changes)


def test_neutrinos_of_one_mass_do_not_convert() -> None:
    """They gave warnings of NumPy, and a nuisance that stood at nan."""
    alike = Mixing(0.3, 0.02, 0.5, 0.0, 0.0, 2.5e-3, name="alike")
    with pytest.raises(MunuError, match="dm2_21_ev2 = 0 in the mixing 'alike'"):
        solar().components(alike)
