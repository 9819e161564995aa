"""Charge radii of the Standard Model: in which couplings they are, and what is taken out."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from math import log, pi
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.physics.assumptions import Assumptions
from munu.physics.charge_radii import SHIFT_PER_CM2, standard_radius_cm2
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import KAPPA_NU_E, RHO_NU_E, ElectronCouplings
from munu.physics.interactions.base import StandardModel
from munu.physics.interactions.charge_radius import RADIUS_PARAMETERS, ChargeRadius, contained_cm2
from munu.physics.interactions.weak import LEFT, RIGHT, VECTOR, standard_amplitude

REFERENCE = tomllib.loads((Path(__file__).parents[2] / "reference.toml").read_text("utf-8"))[
    "charge_radii"
]
FLAVOURS = ("e", "mu", "tau")
ENTRIES = ("ee", "mumu", "tautau")
TREE = StandardModel(
    weak_couplings(0.2386, radiative=False), ElectronCouplings(0.2386, radiative=False)
)
EQUATION_21 = StandardModel(weak_couplings(), ElectronCouplings())
BY_FLAVOUR = StandardModel(weak_couplings(flavour_dependent=True), ElectronCouplings())
TOTAL = Assumptions(mixing="nufit60-no", radius_kind="total")
BEYOND = Assumptions(mixing="nufit60-no")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_radii_of_the_standard_model(flavour: str) -> None:
    printed = REFERENCE["standard_cm2"][flavour]
    assert standard_radius_cm2(flavour) == pytest.approx(printed, abs=0.5e-34)
    shift = REFERENCE["shift_of_proton_coupling"][flavour]
    assert -SHIFT_PER_CM2 * printed == pytest.approx(shift, abs=1e-4)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_couplings_differ_by_the_loop_of_the_lepton(flavour: str) -> None:
    """The term of the formula is 2α/6π [ln(m_W²/m²) + 3/2], without the charge radius by name."""
    masses = {"e": 0.51099895, "mu": 105.6583745, "tau": 1776.86}
    loop = 7.2973525693e-3 / (6 * pi) * (log((80379 / masses[flavour]) ** 2) + 1.5)
    assert -SHIFT_PER_CM2 * standard_radius_cm2(flavour) == pytest.approx(2 * loop, rel=1e-12)


@pytest.mark.parametrize(("flavour", "entry"), list(zip(FLAVOURS, ENTRIES, strict=True)))
def test_standard_values(flavour: str, entry: str) -> None:
    parameter, radii = RADIUS_PARAMETERS[entry], ChargeRadius()
    for model in (TREE, EQUATION_21, BY_FLAVOUR):
        assert radii.standard(parameter, model, BEYOND) == 0
    assert radii.standard(parameter, TREE, TOTAL) == 0
    found = radii.standard(parameter, BY_FLAVOUR, TOTAL)
    assert found == pytest.approx(REFERENCE["standard_cm2"][flavour], abs=0.5e-34)
    on_electrons = replace(EQUATION_21, recoils=("electron",))
    assert radii.standard(parameter, on_electrons, TOTAL) == found


@pytest.mark.parametrize("entry", ["emu", "etau", "mutau"])
def test_transition_radii_have_none(entry: str) -> None:
    for model in (TREE, EQUATION_21, BY_FLAVOUR):
        assert ChargeRadius().standard(RADIUS_PARAMETERS[entry], model, TOTAL) == 0


def at_total(model: StandardModel, x: tuple[float, float, float]) -> dict[str, list[np.ndarray]]:
    """Return the matrices of each structure where total radii are x, profiles of one apart."""
    radii, found = ChargeRadius(), {}
    terms = list(standard_amplitude(model))
    for own, entry in zip(x, ENTRIES, strict=True):
        parameter = RADIUS_PARAMETERS[entry]
        change = own - radii.standard(parameter, model, TOTAL)
        (amplitude,) = radii.amplitudes(parameter, model, TOTAL)
        terms += [replace(one, matrix=change * one.matrix) for one in amplitude]
    for term in terms:
        key = term.structure.name, repr(term.profile)
        found[key] = found.get(key, 0) + term.matrix
    return found


def test_total_zero_has_one_coupling_to_protons() -> None:
    """That of the literature without radii, 0.0184 to its digits, and once: not twice."""
    matrix = at_total(BY_FLAVOUR, (0.0, 0.0, 0.0))[VECTOR.name, "ProtonForm()"]
    assert matrix == pytest.approx(matrix[0, 0] * np.eye(3), abs=1e-15)
    without = REFERENCE["proton_coupling_without"]
    assert matrix[0, 0].real == pytest.approx(without, abs=2e-4)


@pytest.mark.parametrize("model", [TREE, BY_FLAVOUR])
def test_total_of_the_standard_model_is_beyond_at_zero(model: StandardModel) -> None:
    standard = [contained_cm2(flavour, model) for flavour in FLAVOURS]
    found = at_total(model, (standard[0], standard[1], standard[2]))
    for term in standard_amplitude(model):
        key = term.structure.name, repr(term.profile)
        expected = sum(
            one.matrix
            for one in standard_amplitude(model)
            if (one.structure.name, repr(one.profile)) == key
        )
        assert found[key] == pytest.approx(expected, abs=1e-15)


def test_what_is_taken_out_on_electrons_is_what_differs_by_flavour() -> None:
    """With ŝ² = 0.2317, by which the κ's were computed, one κ is left, to their printed digits."""
    left = [
        KAPPA_NU_E[one][0] - SHIFT_PER_CM2 * standard_radius_cm2(one) / (2 * 0.2317)
        for one in FLAVOURS
    ]
    assert np.ptp([KAPPA_NU_E[one][0] for one in FLAVOURS]) > 0.02
    assert np.ptp(left) < 1.5e-4


def test_electrons_without_radii() -> None:
    """g_V of the three flavours at T = 0, but for the charged current, to ρ - 1 of a radius."""
    found = at_total(BY_FLAVOUR, (0.0, 0.0, 0.0))
    rows = []
    for structure in (LEFT, RIGHT):
        matrix = found[structure.name, "One()"].astype(complex)
        for k, flavour in enumerate(FLAVOURS):
            size = found[structure.name, f"Kappa(flavour='{flavour}')"][k, k]
            matrix[k, k] += KAPPA_NU_E[flavour][0] * size
        rows.append(np.diag(matrix).real - [structure is LEFT, 0, 0])
    vector, axial = rows[0] + rows[1], rows[0] - rows[1]
    radius = SHIFT_PER_CM2 * standard_radius_cm2("e")
    assert np.ptp(vector) < 1.5 * (RHO_NU_E - 1) * abs(radius) < 0.03 * abs(radius)
    assert axial == pytest.approx(-RHO_NU_E / 2, abs=1e-12)


def test_the_couplings_of_the_paper_are_those_of_muon_neutrinos() -> None:
    mu, others = "mu", ("e", "tau")
    assert contained_cm2(mu, EQUATION_21) == standard_radius_cm2(mu)
    for flavour in others:
        with pytest.raises(MunuError, match="flavour_dependent = true"):
            contained_cm2(flavour, EQUATION_21)
        with pytest.raises(MunuError, match="flavour_dependent = true"):
            contained_cm2(flavour, replace(EQUATION_21, recoils=("nuclear",)))


def test_nuclei_and_electrons_must_agree() -> None:
    mixed = StandardModel(TREE.quarks, EQUATION_21.electron)
    with pytest.raises(MunuError, match="do not both contain"):
        contained_cm2("mu", mixed)
    assert contained_cm2("mu", replace(mixed, recoils=("nuclear",))) == 0
    assert contained_cm2("mu", replace(mixed, recoils=("electron",))) < 0


def test_an_experiment_says_what_recoils() -> None:
    loaded = munu.load("xenonnt-sr0-er")
    assert isinstance(loaded, CountingExperiment)
    assert loaded.standard_model.recoils == ("electron",)
