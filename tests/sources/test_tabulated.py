from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.sources import TabulatedSource, chromium51
from munu.sources.tabulated import mean_activity


def test_triangle_has_its_area() -> None:
    source = TabulatedSource(
        species="nu_mu_bar",
        beam="test",
        energies_mev=np.array([1.0, 2.0, 4.0]),
        flux_per_cm2_s_mev=np.array([0.0, 3.0, 0.0]),
        lines=((5.0, 2.0),),
    )
    spectrum = source.components()[0].spectrum
    assert spectrum.total_flux_per_cm2_s == pytest.approx(4.5 + 2.0, rel=1e-12)
    assert spectrum.endpoint_mev == 5.0
    assert dict(source.describe())["total flux"] == "6.5 /cm2/s"


@pytest.mark.parametrize(
    "changes",
    [
        {"species": "nu_x"},
        {"energies_mev": [1.0, 2.0, 3.0]},
        {"energies_mev": [2.0, 1.0]},
        {"flux_per_cm2_s_mev": [1.0, -1.0]},
        {"flux_per_cm2_s_mev": [1.0, np.inf]},
        {"energies_mev": [], "flux_per_cm2_s_mev": []},
    ],
)
def test_bad_arrays_are_refused(changes: dict[str, Any]) -> None:
    inputs: dict[str, Any] = {
        "species": "nu_e",
        "beam": "test",
        "energies_mev": [1.0, 2.0],
        "flux_per_cm2_s_mev": [1.0, 1.0],
    }
    with pytest.raises(MunuError):
        TabulatedSource(**(inputs | changes))


def test_chromium_lines_follow_from_the_decay_scheme(reference: dict[str, Any]) -> None:
    """Capture energy minus the K-shell hole, with and without the 320 keV state of 51V."""
    known = reference["chromium51"]
    lines = chromium51(activity_mci=1.0, distance_m=1.0).lines
    q, k, gamma = known["q_value_mev"], known["k_shell_binding_mev"], known["gamma_mev"]
    assert [e for e, _ in lines] == pytest.approx([q - k, q - k - gamma, q, q - gamma], abs=1e-3)
    total = sum(flux for _, flux in lines)
    excited = lines[1][1] + lines[3][1]
    assert excited / total == pytest.approx(known["gamma_intensity"], rel=0.01)
    assert total == pytest.approx(3.7e16 / (4 * np.pi * 1e4), rel=1e-3)


def test_the_mean_activity_counts_the_decays() -> None:
    """In one half-life half of the nuclei decay: A₀ t₁/₂ / (2 ln 2); at once none are missing."""
    mean = mean_activity(3.0, half_life_days=27.7, live_time_days=27.7)
    assert mean == pytest.approx(3.0 / (2 * np.log(2)), rel=1e-12)
    brief = mean_activity(3.0, half_life_days=27.7, live_time_days=1e-6)
    assert brief == pytest.approx(3.0, rel=1e-6)
    days = np.linspace(0, 55, 100001)
    integral = np.trapezoid(3.0 * 2 ** (-days / 27.7), days) / 55
    whole = mean_activity(3.0, half_life_days=27.7, live_time_days=55)
    assert whole == pytest.approx(integral, rel=1e-9)


def test_chromium_needs_positive_values() -> None:
    with pytest.raises(MunuError, match="51Cr"):
        chromium51(activity_mci=0.0, distance_m=1.0)
