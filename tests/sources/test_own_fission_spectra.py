"""Spectra of one's own for each fissile isotope: against NumPy and against a packaged model."""

from __future__ import annotations

import re
from math import pi
from pathlib import Path

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.experiments.load import load
from munu.sources.fission_spectra import HIGH_ENERGY_SPECTRA, ISOTOPES
from munu.sources.reactor import ReactorSource

FRACTIONS = {"U235": 0.53, "U238": 0.08, "Pu239": 0.32, "Pu241": 0.07}
FILE = """
format = 1
id = "mine"
title = "spectra of one's own"
reference = "none"
[source]
kind = "reactor"
thermal_power = "1 GW"
baseline = "20 m"
fission_fractions = { U235 = 0.53, U238 = 0.08, Pu239 = 0.32, Pu241 = 0.07 }
energies_per_fission = "kopeikin2004"
high_energy = SPECTRA
low_energy = "continued"
endpoint = "8 MeV"
captures_per_fission = 0
[target]
material = { "Li-7" = 0.9, "F-19" = 0.1 }
mass = "1 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.01, 0.1, 1], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0
"""
PLAIN = ", ".join(f'{isotope} = "{isotope}.csv"' for isotope in ISOTOPES)


def source(tmp_path: Path, spectra: str, energies: np.ndarray) -> ReactorSource:
    """Write tables of Huber and Mueller's exponentials, scaled by isotope, and read them."""
    for place, isotope in enumerate(ISOTOPES):
        fractions = {name: float(name == isotope) for name in ISOTOPES}
        values = (1 + 0.1 * place) * HIGH_ENERGY_SPECTRA["huber2011"].per_fission(
            energies, fractions
        )
        rows = "".join(
            f"{e!r},{v!r}\n" for e, v in zip(energies.tolist(), values.tolist(), strict=True)
        )
        (tmp_path / f"{isotope}.csv").write_text(rows, encoding="utf-8")
    path = tmp_path / "mine.toml"
    text = FILE.replace("SPECTRA", spectra)
    path.write_text(text, encoding="utf-8")
    found = load(path).source
    assert isinstance(found, ReactorSource)
    return found


def test_the_flux_is_the_sum_over_the_isotopes(tmp_path):
    energies = np.linspace(1.0, 9.0, 33)
    reactor = source(tmp_path, f"{{ {PLAIN} }}", energies)
    at = np.array([0.9, 1.1, 1.93, 2.0, 4.44, 7.9, 8.1])
    spectrum = np.zeros(at.size)
    for isotope, fraction in FRACTIONS.items():
        x, y = np.loadtxt(tmp_path / f"{isotope}.csv", delimiter=",", unpack=True)
        spectrum += fraction * np.interp(at, x, y, left=0, right=0)
    joules = 1.602176634e-13 * sum(
        f * e for f, e in zip(FRACTIONS.values(), (201.92, 205.52, 209.99, 213.60), strict=True)
    )
    flux = 1e9 / joules / (4 * pi * 2000.0**2) * spectrum * (at <= 8)
    (component,) = reactor.components()
    assert component.spectrum.density_per_cm2_s_mev(at) == pytest.approx(flux, rel=1e-4)


def test_a_fine_table_of_a_model_is_the_model(tmp_path):
    tables = ", ".join(
        f'{isotope} = {{ file = "{isotope}.csv", interpolation = "log" }}' for isotope in ISOTOPES
    )
    own = source(tmp_path, f"{{ {tables} }}", np.linspace(1.9, 8.1, 621))
    at = np.linspace(2.0, 8.0, 57)
    scaled = {name: (1 + 0.1 * i) * FRACTIONS[name] for i, name in enumerate(ISOTOPES)}
    model = HIGH_ENERGY_SPECTRA["huber2011"].per_fission(at, scaled)
    assert own.per_fission(at) == pytest.approx(model, rel=1e-4)


@pytest.mark.parametrize(
    ("spectra", "energies", "message"),
    [
        ('{ U235 = "U235.csv" }', (1.0, 9.0), "the spectra lack U238, Pu239, Pu241"),
        (f'{{ {PLAIN}, Pu240 = "U235.csv" }}', (1.0, 9.0), "unknown isotope 'Pu240'"),
        (f"{{ {PLAIN} }}", (2.5, 9.0), "the spectrum of U235 starts at 2.5 MeV"),
        (f"{{ {PLAIN} }}", (1.0, 7.0), "a spectrum ends at 7 MeV, below the endpoint"),
        (f"{{ {PLAIN.replace('U238.csv', 'no.csv')} }}", (1.0, 9.0), "cannot read the table no"),
    ],
)
def test_what_is_missing_is_named(tmp_path, spectra, energies, message):
    with pytest.raises(MunuError, match=re.escape(message)):
        source(tmp_path, spectra, np.linspace(*energies, 20))
