from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.errors import MunuError
from munu.sources import SpallationSource, Spectrum
from munu.sources.base import moments_of_all
from munu.sources.reactor import ReactorSource


def adaptive_moments(spectrum: Spectrum, minimum: float) -> list[float]:
    """Moments by adaptive quadrature between the kinks, and the lines above the minimum."""
    knots = spectrum.knots_mev
    borders = [minimum, *knots[knots > minimum]]
    moments = []
    for n in range(3):

        def integrand(e: float, n: int = n) -> float:
            return float(spectrum.density_per_cm2_s_mev(np.array([e]))[0]) / e**n

        total = sum(quad(integrand, a, b, epsrel=1e-12, epsabs=0)[0] for a, b in pairwise(borders))
        total += sum(flux / energy**n for energy, flux in spectrum.lines if energy >= minimum)
        moments.append(total)
    return moments


SPECTRA = {
    **{
        component.species: component.spectrum
        for component in SpallationSource(
            baseline_m=19.3, neutrinos_per_proton=0.08, protons_per_s=6.6e15
        ).components()
    },
    **{
        f"{high}/{low}": ReactorSource(
            thermal_power_gw=3.9,
            baseline_m=17.0,
            fission_fractions="typical-pwr",
            energies_per_fission_mev="kopeikin2004",
            high_energy=high,
            low_energy=low,
            captures_per_fission=captures,
        )
        .components()[0]
        .spectrum
        for high, low, captures in (
            ("mueller2011", "kopeikin2012", 0.0),
            ("huber2011", "vogel-engel1989", 0.6),
            ("mueller2011", "constant", 0.0),
            ("mueller2011", "none", 0.0),
        )
    },
}


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("minimum", [0.003, 0.3, 1.99, 2.0, 3.7, 29.0])
def test_moments_agree_with_adaptive_quadrature(name: str, minimum: float) -> None:
    spectrum = SPECTRA[name]
    expected = adaptive_moments(spectrum, minimum)
    assert spectrum.moments_above(minimum)[:, 0] == pytest.approx(expected, rel=1e-8)


def test_moments_of_several_spectra_are_those_of_each() -> None:
    spectra = [*SPECTRA.values(), Spectrum(np.array([]), np.zeros_like, ((2.0, 8.0),))]
    minimum = np.geomspace(0.01, 60.0, 300)
    each = np.array([spectrum.moments_above(minimum) for spectrum in spectra])
    np.testing.assert_array_equal(moments_of_all(spectra, minimum), each)


@given(st.lists(st.floats(0.0, 60.0), min_size=2, max_size=20))
def test_moments_fall_with_the_lower_limit(energies: list[float]) -> None:
    for spectrum in (SPECTRA["nu_e"], SPECTRA["mueller2011/kopeikin2012"]):
        moments = spectrum.moments_above(np.sort(energies))
        assert np.all(np.diff(moments, axis=1) <= 1e-12 * moments[:, :1])


def test_no_flux_above_the_endpoint() -> None:
    for spectrum in SPECTRA.values():
        assert np.all(spectrum.moments_above(spectrum.endpoint_mev * (1 + 1e-12)) == 0)


def test_a_line_counts_up_to_its_own_energy() -> None:
    spectrum = Spectrum(np.array([]), np.zeros_like, ((2.0, 8.0),))
    assert spectrum.moments_above([2.0, 2.1]).T.tolist() == [[8.0, 4.0, 2.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("knots", "lines"),
    [
        ([], ()),
        ([1.0], ()),
        ([1.0, 1.0], ()),
        ([-1.0, 1.0], ()),
        ([2.0, 1.0], ()),
        ([], ((0.0, 1.0),)),
    ],
)
def test_an_impossible_spectrum_is_refused(
    knots: list[float], lines: tuple[tuple[float, float], ...]
) -> None:
    with pytest.raises(MunuError):
        Spectrum(np.array(knots), np.ones_like, lines)
