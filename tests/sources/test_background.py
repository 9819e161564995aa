from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.physics.mixing import paper_mixing
from munu.physics.moments import propagated_state
from munu.sources import (
    SOURCES,
    AtmosphericSource,
    DecoheredSource,
    GeoneutrinoSource,
    SolarSource,
    Source,
    SupernovaBackgroundSource,
)

MIXING = paper_mixing()


def total_flux(source: Source) -> float:
    return sum(c.spectrum.total_flux_per_cm2_s for c in source.components())


def test_total_fluxes(reference: dict[str, Any]) -> None:
    known = reference["neutrino_fog_fluxes"]
    assert total_flux(SupernovaBackgroundSource()) == pytest.approx(known["supernova"], rel=1e-5)
    assert total_flux(AtmosphericSource()) == pytest.approx(known["atmospheric"], rel=0.02)
    geo = GeoneutrinoSource(fluxes="gran-sasso")
    assert total_flux(geo) == pytest.approx(4.34e6 + 4.23e6 + 2.054e7, rel=1e-5)


def test_atmospheric_muon_neutrinos_are_twice_the_electron_ones() -> None:
    """The chain π → μ → e gives 2 : 1 where all muons decay."""
    flux = {c.species: c.spectrum.total_flux_per_cm2_s for c in AtmosphericSource().components()}
    ratio = (flux["nu_mu"] + flux["nu_mu_bar"]) / (flux["nu_e"] + flux["nu_e_bar"])
    assert ratio == pytest.approx(2.0, rel=0.03)


def test_mean_energy_of_potassium(reference: dict[str, Any]) -> None:
    known = reference["potassium40"]
    (component,) = GeoneutrinoSource(fluxes={"K": 1.0}).components()
    spectrum = component.spectrum
    energy = np.linspace(*spectrum.knots_mev[[0, -1]], 20001)
    mean = np.trapezoid(energy * spectrum.density_per_cm2_s_mev(energy), energy)
    assert mean == pytest.approx(known["mean_neutrino_energy_mev"], rel=known["relative_tolerance"])


def test_decohered_state_is_the_average_over_the_baseline() -> None:
    source = DecoheredSource(source=GeoneutrinoSource(fluxes={"U": 2.0}))
    components = source.components(MIXING)
    weighted = sum(
        c.spectrum.total_flux_per_cm2_s / 2.0 * c.state.moment_matrix(MIXING) for c in components
    )
    baselines = np.random.default_rng(1).uniform(1e5, 1.2e7, 4000)
    average = np.mean(
        [
            propagated_state("nu_e_bar", MIXING, baseline_m=baseline, energy_mev=2.0).moment_matrix(
                MIXING
            )
            for baseline in baselines
        ],
        axis=0,
    )
    assert np.abs(weighted - average).max() < 0.02
    assert np.abs(weighted - np.diag(np.diag(weighted))).max() == 0
    total = sum(c.spectrum.total_flux_per_cm2_s for c in components)
    assert total == pytest.approx(2.0, rel=1e-5)
    assert dict(source.describe())["propagation"] == "decohered"


def test_mass_states_cannot_be_decohered_again() -> None:
    with pytest.raises(MunuError, match="SolarSource is not a source of flavour states"):
        DecoheredSource(source=SolarSource(fluxes={"8B": 1.0}))


@pytest.mark.parametrize(
    "source",
    [AtmosphericSource(), SupernovaBackgroundSource(), GeoneutrinoSource(fluxes="gran-sasso")],
)
def test_description_states_the_total_flux(source: Source) -> None:
    assert dict(source.describe())["total flux"] == f"{total_flux(source):.4g} /cm2/s"


def test_bad_input_is_refused() -> None:
    with pytest.raises(MunuError, match="gran-sasso"):
        GeoneutrinoSource(fluxes="gran-saso")
    with pytest.raises(MunuError, match="decay chain"):
        GeoneutrinoSource(fluxes={"Rb": 1.0})
    with pytest.raises(MunuError, match="empty set of geoneutrino fluxes"):
        GeoneutrinoSource(fluxes={})
    with pytest.raises(MunuError, match="K = -1"):
        GeoneutrinoSource(fluxes={"K": -1.0})
    with pytest.raises(MunuError, match="supernova"):
        SupernovaBackgroundSource(flux_per_cm2_s=0.0)


def test_registry_holds_sources() -> None:
    assert all(issubclass(source, Source) for source in SOURCES.values())
