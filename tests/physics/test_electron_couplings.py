"""Couplings to the electron against their tree level, the loops behind them and another sum."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from math import log, pi
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MUON_MASS_MEV, TAU_MASS_MEV
from munu.base.errors import MunuError
from munu.experiments.identity import Identity
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.experiments.references import references_of
from munu.physics import electron_couplings
from munu.physics.centres import RecoilKind
from munu.physics.electron_couplings import KAPPA_NU_E, ElectronCouplings, electron_loop

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["electron_scattering"]
FLAVOURS = st.sampled_from(("e", "mu", "tau"))
SIN2 = st.floats(0.0, 1.0)
RECOILS_KEV = st.floats(1e-9, 1e5)
LOOP = FINE_STRUCTURE / (pi * 0.2317)
"""α/πŝ² with the weak mixing angle of Phys. Rev. D 51 (1995) 6146."""


@given(FLAVOURS, SIN2, RECOILS_KEV)
def test_tree_level(flavour: str, sin2: float, recoil: float) -> None:
    left, right = ElectronCouplings(sin2, radiative=False).chiral(f"nu_{flavour}", recoil)
    assert left == pytest.approx((0.5 if flavour == "e" else -0.5) + sin2, abs=1e-15)
    assert right == pytest.approx(sin2, abs=1e-15)


@given(FLAVOURS, SIN2, RECOILS_KEV)
def test_tree_level_is_that_of_unit_corrections(flavour: str, sin2: float, recoil: float) -> None:
    tree = ElectronCouplings(sin2, radiative=False).chiral(f"nu_{flavour}", recoil)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(electron_couplings, "RHO_NU_E", 1.0)
        patch.setattr(electron_couplings, "KAPPA_NU_E", {flavour: (1.0, 0.0)})
        unit = ElectronCouplings(sin2).chiral(f"nu_{flavour}", recoil)
    assert unit == pytest.approx(tree, rel=1e-15)


@given(FLAVOURS, SIN2, RECOILS_KEV, st.booleans())
def test_antineutrinos_exchange_left_and_right(
    flavour: str, sin2: float, recoil: float, radiative: bool
) -> None:
    couplings = ElectronCouplings(sin2, radiative=radiative)
    left, right = couplings.chiral(f"nu_{flavour}", recoil)
    assert couplings.chiral(f"nu_{flavour}_bar", recoil) == (right, left)


@given(FLAVOURS, SIN2, RECOILS_KEV, st.booleans())
def test_couplings_are_linear_in_the_angle(
    flavour: str, sin2: float, recoil: float, radiative: bool
) -> None:
    at = [
        np.array(ElectronCouplings(s, radiative=radiative).chiral(f"nu_{flavour}", recoil))
        for s in (0.0, sin2, 1.0)
    ]
    assert at[1] == pytest.approx(at[0] + sin2 * (at[2] - at[0]), abs=1e-12)


@given(st.floats(-12.0, 6.0))
def test_the_loop_is_its_integral(log_recoil: float) -> None:
    recoil = 10**log_recoil
    twice = 2e-3 * recoil / ELECTRON_MASS_MEV
    expected = 2 * quad(lambda y: y * (1 - y) * np.log1p(twice * y * (1 - y)), 0, 0.5)[0]
    assert electron_loop(recoil) == pytest.approx(expected, rel=1e-5, abs=1e-10)


def test_the_loop_vanishes_with_the_recoil() -> None:
    """Linearly: I = T/15m_e, through the point where the series takes over."""
    recoil = np.geomspace(1e-12, 1e-2, 50)
    slope = electron_loop(recoil) / (recoil * 1e-3)
    assert slope == pytest.approx(1 / (15 * ELECTRON_MASS_MEV), rel=1e-3)
    assert electron_loop(0.0) == 0


@pytest.mark.parametrize(("flavour", "mass_mev"), [("e", ELECTRON_MASS_MEV), ("tau", TAU_MASS_MEV)])
def test_flavours_differ_by_the_loop_of_their_lepton(flavour: str, mass_mev: float) -> None:
    """The printed digits of κ are 1e-4."""
    difference = KAPPA_NU_E[flavour][0] - KAPPA_NU_E["mu"][0]
    assert difference == pytest.approx(LOOP / 3 * log(mass_mev / MUON_MASS_MEV), abs=1e-4)


@pytest.mark.parametrize("flavour", ["e", "mu", "tau"])
def test_the_recoil_enters_by_the_loop_of_the_electron(flavour: str) -> None:
    """In the photon propagator, with the electron's vector charge, and as the lepton of ν_e."""
    slope = LOOP / 2 * (2 * (flavour == "e") - (1 - 4 * 0.2317))
    assert KAPPA_NU_E[flavour][1] == pytest.approx(slope, rel=0.02)


@pytest.mark.parametrize("species", ["nu_e", "nu_mu", "nu_tau"])
def test_low_energy_couplings(species: str) -> None:
    left, right = ElectronCouplings().chiral(species, 1e-3)
    vector, axial = REFERENCE["low_energy_couplings"][species]
    assert left + right == pytest.approx(vector, abs=3e-4)
    assert left - right == pytest.approx(axial, abs=2e-4)


def test_couplings_have_the_shape_of_the_recoils() -> None:
    recoil = np.geomspace(1.0, 1e3, 6).reshape(2, 3)
    for radiative in (True, False):
        left, right = ElectronCouplings(radiative=radiative).chiral("nu_e_bar", recoil)
        assert left.shape == right.shape == recoil.shape


@pytest.mark.parametrize("species", ["nu_x", "e", "nu_1"])
def test_a_species_without_flavour_is_refused(species: str) -> None:
    with pytest.raises(MunuError, match="unknown flavour species"):
        ElectronCouplings().chiral(species, 1.0)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_mixing_angle_outside_its_range(value: float) -> None:
    with pytest.raises(MunuError, match="not a squared sine"):
        ElectronCouplings(value)


@pytest.mark.parametrize(
    ("recoils", "radiative", "cited"),
    [(("electron",), True, True), (("electron",), False, False), (("nuclear",), True, False)],
)
def test_the_corrections_are_cited_where_they_enter(
    recoils: tuple[RecoilKind, ...], radiative: bool, cited: bool
) -> None:
    loaded = load("conus-plus")
    assert isinstance(loaded, CountingExperiment)
    experiment = replace(
        loaded,
        identity=Identity("own", "current", "own"),
        recoils=recoils,
        electron_couplings=ElectronCouplings(radiative=radiative),
    )
    assert ("Bahcall:1995mm" in references_of(experiment)) == cited
