"""Nuclear recoils of natural neutrinos."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from munu.base.errors import MunuError
from munu.folding.natural import (
    SOLAR_PARTS,
    events_above,
    expected_limit_mu_b,
    highest_recoil_kev,
    natural_sources,
)
from munu.physics import coherent
from munu.physics.couplings import axial_charge, vector_charge, weak_couplings
from munu.physics.form_factors import Helm
from munu.physics.mixing import paper_mixing
from munu.physics.nuclei import Nucleus, parse_material
from munu.sources.solar import NUCLIDES

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)


def test_solar_rate_on_xenon() -> None:
    expected = REFERENCE["natural_rates"]["boron-8-on-xenon"]["events_per_tonne_yr"]
    sm, _ = events_above(natural_sources()["8B"], "Xe", 1e-3)
    assert sm[0] == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize(("name", "target", "threshold"), [("8B", "Ar", 2.0), ("hep", "Ge", 1.0)])
def test_rates_against_adaptive_quadrature(name: str, target: str, threshold: float) -> None:
    source = natural_sources()[name]
    found = events_above(source, target, threshold)
    top = highest_recoil_kev(source, target)

    def rate(nucleus: Nucleus, recoil: float, kind: int) -> float:
        least = coherent.cevns_minimum_energy_mev([recoil], nucleus)
        moments = sum(c.spectrum.moments_above(least) for c in source.components(paper_mixing()))
        form2 = (
            coherent.form_factor_at(np.array([recoil]), nucleus, Helm("charge-radius", 0.9)) ** 2
        )
        if kind:
            k = nucleus.protons**2 * coherent.dipole_coefficients(np.array([recoil]))
        else:
            charges = (
                vector_charge(nucleus, weak_couplings()),
                axial_charge(nucleus, weak_couplings()),
            )
            k = charges[0] ** 2 * coherent.vector_coefficients(np.array([recoil]), nucleus)
            k += charges[1] ** 2 * coherent.axial_coefficients(np.array([recoil]), nucleus)
        return float(np.sum(k * moments) * form2[0])

    for kind in (0, 1):

        def density(recoil: float, kind: int = kind) -> float:
            total = 0.0
            for nucleus, per_kg in parse_material(target).nuclei_per_kg():
                total += per_kg * rate(nucleus, recoil, kind)
            return total

        per_kg_s = quad(density, threshold, top, epsrel=1e-6, limit=200)[0]
        expected = per_kg_s * 1e3 * DAYS_PER_YEAR * SECONDS_PER_DAY
        assert found[kind][0] == pytest.approx(expected, rel=1e-5)


def test_every_solar_flux_is_in_one_source() -> None:
    named = [nuclide for nuclides in SOLAR_PARTS.values() for nuclide in nuclides]
    assert sorted(named) == sorted(NUCLIDES)


def test_flux_is_conserved_by_the_mixture() -> None:
    for name, source in natural_sources().items():
        assert all(c.species.startswith("nu_") for c in source.components(paper_mixing())), name
        sm, dipole = events_above(source, "Ar", np.geomspace(1e-3, 1, 7))
        assert np.all(np.diff(sm) <= 0)
        assert np.all(dipole >= 0)


def test_events_grow_with_the_exposure() -> None:
    source, thresholds = natural_sources()["8B"], [0.5, 1.0]
    one, four = (events_above(source, "Xe", thresholds, exposure_tonne_yr=x) for x in (1.0, 4.0))
    np.testing.assert_allclose(four, 4 * np.array(one), rtol=1e-12)


def test_no_recoil_no_event() -> None:
    source = natural_sources()["pp"]
    sm, dipole = events_above(source, "Xe", [1e-3, 1.0])
    assert sm[0] > 0
    assert sm[1] == dipole[1] == 0
    assert expected_limit_mu_b(sm, dipole)[1] == np.inf


@given(st.floats(0, 1e8))
def test_expected_limit_solves_its_equation(n: float) -> None:
    excess = float(expected_limit_mu_b(n, 1.0)) ** 2
    logs = n * np.log1p(excess / n) if n > 1e-6 else 0.0
    assert 2 * (excess - logs) == pytest.approx(2.70554, rel=1e-3)


@pytest.mark.parametrize(("cl", "delta_chi2"), [(0.90, 2.70554), (0.95, 3.84146)])
def test_expected_limit_is_gaussian_for_many_events(cl: float, delta_chi2: float) -> None:
    assert float(expected_limit_mu_b(1e10, 1.0, cl)) ** 2 == pytest.approx(
        np.sqrt(delta_chi2 * 1e10), rel=1e-3
    )


def test_mistakes() -> None:
    with pytest.raises(MunuError, match="positive"):
        events_above(natural_sources()["8B"], "Xe", 0.0)
    with pytest.raises(MunuError):
        events_above(natural_sources()["8B"], "Xx", 1.0)
