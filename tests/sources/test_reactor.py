from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.sources.fission_spectra import (
    HIGH_ENERGY_SPECTRA,
    ISOTOPES,
    LOW_ENERGY_SPECTRA,
    ExponentialPolynomial,
)
from munu.sources.reactor import ReactorSource
from munu.sources.tables import packaged_table

INPUTS: dict[str, Any] = {
    "thermal_power_gw": 3.9,
    "baseline_m": 17.0,
    "fission_fractions": "typical-pwr",
    "energies_per_fission_mev": "kopeikin2004",
    "high_energy": "mueller2011",
    "low_energy": "kopeikin2012",
}


def reactor(**changes: Any) -> ReactorSource:
    return ReactorSource(**(INPUTS | changes))


def total_flux(source: ReactorSource) -> float:
    return source.components()[0].spectrum.total_flux_per_cm2_s


def antineutrinos_per_fission(source: ReactorSource) -> float:
    return float(dict(source.describe())["antineutrinos per fission"])


@pytest.mark.parametrize("name", ["mueller2011", "huber2011"])
def test_polynomials_agree_with_the_published_tables(name: str, reference: dict[str, Any]) -> None:
    table = reference[f"{name}_table"]
    energy = np.array(table["energy_mev"])
    for isotope in set(ISOTOPES) & set(table):
        spectrum = ExponentialPolynomial(name).per_fission(energy, {isotope: 1.0})
        assert spectrum == pytest.approx(table[isotope], rel=table["relative_tolerance"])


def inverse_beta_decay_cm2(energy_mev: np.ndarray) -> np.ndarray:
    """Eq. (25) of astro-ph/0302055."""
    positron, log = energy_mev - 1.293, np.log(energy_mev)
    momentum = np.sqrt(np.maximum(positron**2 - 0.511**2, 0.0))
    power = -0.07056 + 0.02018 * log - 0.001953 * log**3
    return np.asarray(1e-43 * momentum * positron * energy_mev**power)


def test_measured_spectrum_has_the_measured_yields(reference: dict[str, Any]) -> None:
    """Bin by bin those of the release, and in all the total that its abstract prints."""
    known = reference["daya_bay2025"]
    table = packaged_table("reactor/daya_bay2025.csv")
    spectrum = HIGH_ENERGY_SPECTRA["daya-bay2025"]
    yields = []
    for low, high in zip(table["energy_low_mev"], table["energy_high_mev"], strict=True):
        edges = np.linspace(max(low, 1.806), high, 2001)
        energy = 0.5 * (edges[1:] + edges[:-1])
        density = spectrum.per_fission(energy, known["fission_fractions"])
        yields.append(np.sum(density * inverse_beta_decay_cm2(energy)) * np.diff(edges)[0])
    widths = table["energy_high_mev"] - table["energy_low_mev"]
    assert yields / widths == pytest.approx(1e-43 * table["ibd_yield"], rel=2e-4)
    assert sum(yields) == pytest.approx(known["yield_cm2_per_fission"], abs=known["error"])


def test_measured_spectrum_follows_the_fuel() -> None:
    """239Pu gives fewer antineutrinos above 5 MeV than 235U."""
    energy = np.linspace(5, 9.5, 20)
    spectrum = HIGH_ENERGY_SPECTRA["daya-bay2025"]
    uranium, plutonium = (spectrum.per_fission(energy, {i: 1.0}) for i in ("U235", "Pu239"))
    assert np.all(plutonium < 0.75 * uranium)


def test_flux_agrees_with_an_independent_integration(reference: dict[str, Any]) -> None:
    source = reactor(low_energy="constant", endpoint_mev=10.0)
    flux = source.components()[0].spectrum.moments_above(0.010)[0, 0]
    expected = reference["reactor_flux"]["flux_above_10_kev_per_cm2_s"]
    assert flux == pytest.approx(expected, rel=4e-4)


def test_antineutrinos_per_fission(reference: dict[str, Any]) -> None:
    known = reference["antineutrinos_per_fission"]
    tolerance = known["relative_tolerance"]
    fragments = antineutrinos_per_fission(reactor(low_energy="vogel-engel1989"))
    captures = antineutrinos_per_fission(
        reactor(low_energy="vogel-engel1989", captures_per_fission=0.6)
    )
    assert fragments == pytest.approx(known["fragments"], rel=tolerance)
    assert captures == pytest.approx(known["with_capture"], rel=tolerance)
    assert antineutrinos_per_fission(reactor()) == pytest.approx(
        known["with_capture"], rel=tolerance
    )
    assert captures - fragments == pytest.approx(2 * 0.6, rel=2e-3)


def test_flux_agrees_with_what_experiments_quote(reference: dict[str, Any]) -> None:
    known = reference["quoted_reactor_fluxes"]
    rows = zip(known["power_gw"], known["baseline_m"], known["flux_per_cm2_s"], strict=True)
    for power, baseline, flux in rows:
        source = reactor(thermal_power_gw=power, baseline_m=baseline)
        assert total_flux(source) == pytest.approx(flux, rel=known["relative_tolerance"])


def test_flux_scales_with_power_and_inverse_square_distance() -> None:
    ratio = total_flux(reactor(thermal_power_gw=7.8, baseline_m=34.0)) / total_flux(reactor())
    assert ratio == pytest.approx(0.5, rel=1e-12)


def test_a_stated_total_flux_scales_the_whole_spectrum() -> None:
    """Whatever power and distance say; the shape stays, and `describe` shows both."""
    plain, stated = reactor(), reactor(total_flux_per_cm2_s=4.8e13, baseline_m=300.0)
    ratio = 4.8e13 / total_flux(plain)
    minimum = np.array([0.0, 0.5, 3.0, 7.0])
    moments = [s.components()[0].spectrum.moments_above(minimum) for s in (plain, stated)]
    assert moments[1] == pytest.approx(ratio * moments[0], rel=1e-12)
    known = dict(stated.describe())
    assert known["total flux"] == "4.8e+13 /cm2/s"
    far = total_flux(reactor(baseline_m=300.0))
    assert known["flux of power and baseline, not used"] == f"{far:.4g} /cm2/s"
    assert plain.overridden() == ()


@pytest.mark.parametrize("flux", [0.0, -1.0, float("inf"), float("nan")])
def test_an_impossible_total_flux_is_refused(flux: float) -> None:
    with pytest.raises(MunuError, match="total_flux_per_cm2_s"):
        reactor(total_flux_per_cm2_s=flux)


@pytest.mark.parametrize("high", HIGH_ENERGY_SPECTRA)
@pytest.mark.parametrize("low", LOW_ENERGY_SPECTRA)
def test_every_pair_of_models_is_non_negative_and_ends(high: str, low: str) -> None:
    spectrum = reactor(high_energy=high, low_energy=low).components()[0].spectrum
    density = spectrum.density_per_cm2_s_mev(np.linspace(0, 9, 901))
    assert density.min() >= 0
    assert density[-1] == 0
    assert 2.0 in spectrum.knots_mev


def test_constant_and_absent_below_2_mev() -> None:
    energy = np.array([0.1, 1.9, 2.0])
    held = reactor(low_energy="constant").per_fission(energy)
    assert held == pytest.approx(np.full(3, held[2]))
    absent = reactor(low_energy="none").per_fission(energy)
    assert absent.tolist() == [0.0, 0.0, held[2]]


def test_mixture_is_linear_in_the_fractions() -> None:
    energy = np.linspace(0.05, 7.9, 50)
    pure = [
        reactor(
            fission_fractions={i: float(i == isotope) for i in ISOTOPES},
            low_energy="estienne2019",
        ).per_fission(energy)
        for isotope in ISOTOPES
    ]
    mixed = reactor(low_energy="estienne2019").per_fission(energy)
    weights = list(reactor().fractions.values())
    assert mixed == pytest.approx(np.tensordot(weights, pure, 1), rel=1e-12)


def test_one_antineutrino_component() -> None:
    (component,) = reactor().components()
    assert (component.species, component.beam) == ("nu_e_bar", "reactor")
    assert component.state.positive[0, 0] == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"thermal_power_gw": 0.0}, "thermal_power_gw"),
        ({"baseline_m": -1.0}, "baseline_m"),
        ({"endpoint_mev": 2.0}, "endpoint_mev"),
        ({"high_energy": "muller2011"}, "Did you mean 'mueller2011'"),
        ({"low_energy": "kopeykin2012"}, "Did you mean 'kopeikin2012'"),
        ({"fission_fractions": "typical"}, "typical-pwr"),
        ({"energies_per_fission_mev": "ma2012"}, "Did you mean 'ma2013'"),
        ({"fission_fractions": {"U235": 1.0}}, "lacks U238"),
        ({"fission_fractions": {"U233": 1.0}}, "unknown isotope 'U233'"),
        (
            {"fission_fractions": {"U235": 0.5, "U238": 0.1, "Pu239": 0.3, "Pu241": 0.0}},
            "sum to 0.9",
        ),
        (
            {"energies_per_fission_mev": {"U235": 0.0, "U238": 205, "Pu239": 210, "Pu241": 214}},
            "energy per fission",
        ),
        ({"captures_per_fission": 0.6}, "already counts"),
        (
            {"captures_per_fission": 0.6, "high_energy": "kopeikin2012", "low_energy": "continued"},
            "captures_per_fission = 0.6 with continued kopeikin2012. Use 0: .* already counts",
        ),
        ({"captures_per_fission": -0.6, "low_energy": "constant"}, "captures_per_fission"),
        ({"captures_per_fission": float("nan"), "low_energy": "constant"}, "captures_per_fission"),
        ({"high_energy": "kopeikin2012", "endpoint_mev": 10.0}, 'or write endpoint = "9 MeV"'),
        ({"high_energy": "estienne2019", "endpoint_mev": 11.0}, "ends at 10.05 MeV"),
        ({"fission_fractions": dict.fromkeys(ISOTOPES, float("nan"))}, "sum to nan"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MunuError, match=words):
        reactor(**changes)
