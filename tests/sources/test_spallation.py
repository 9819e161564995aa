from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from munu.base.constants import MUON_MASS_MEV
from munu.base.errors import MunuError
from munu.physics.moments import HelicityState
from munu.sources.spallation import (
    MICHEL_ENDPOINT_MEV,
    PION_LINE_MEV,
    SpallationSource,
    michel_nu_e,
    michel_nu_mu_bar,
)

SOURCE = SpallationSource(baseline_m=20.0, neutrinos_per_proton=0.08, protons_per_s=1e15)


def test_prompt_line(reference: dict[str, Any]) -> None:
    assert pytest.approx(reference["spallation"]["line_mev"], abs=0.005) == PION_LINE_MEV


@pytest.mark.parametrize(("spectrum", "mean"), [(michel_nu_e, 0.3), (michel_nu_mu_bar, 0.35)])
def test_michel_spectra_are_normalised_and_share_the_muon_mass(spectrum: Any, mean: float) -> None:
    """Massless electron: the mean energies are 3/10 and 7/20 of m_μ, and the electron's 7/20."""
    norm = quad(spectrum, 0, MICHEL_ENDPOINT_MEV)[0]
    energy = quad(lambda e: e * spectrum(e), 0, MICHEL_ENDPOINT_MEV)[0]
    assert norm == pytest.approx(1, rel=1e-12)
    assert energy == pytest.approx(mean * MUON_MASS_MEV, rel=1e-12)
    assert spectrum(MICHEL_ENDPOINT_MEV * 1.001) == 0


def test_each_species_has_the_same_flux() -> None:
    flux = 0.08 * 1e15 / (4 * pi * 2000.0**2)
    for component in SOURCE.components():
        assert component.spectrum.total_flux_per_cm2_s == pytest.approx(flux, rel=1e-12)


def test_species_beams_and_helicities() -> None:
    labels = [(c.species, c.beam) for c in SOURCE.components()]
    assert labels == [("nu_mu", "prompt"), ("nu_mu_bar", "delayed"), ("nu_e", "delayed")]
    for component in SOURCE.components():
        expected = HelicityState.of_species(component.species)
        assert np.array_equal(component.state.negative, expected.negative)
        assert np.array_equal(component.state.positive, expected.positive)


def test_describe_names_the_flux() -> None:
    assert dict(SOURCE.describe())["flux per flavour"] == "1.592e+06 /cm2/s"


@pytest.mark.parametrize("name", ["baseline_m", "neutrinos_per_proton", "protons_per_s"])
def test_a_value_that_is_not_positive_is_refused(name: str) -> None:
    inputs = {"baseline_m": 20.0, "neutrinos_per_proton": 0.08, "protons_per_s": 1e15, name: 0.0}
    with pytest.raises(MunuError, match=name):
        SpallationSource(**inputs)
