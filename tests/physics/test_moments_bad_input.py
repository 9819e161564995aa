"""Moments, states and mixing refuse what they cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.physics.mixing import Mixing, global_fit, paper_mixing
from munu.physics.moments import (
    HelicityState,
    majorana_vector,
    moment_vector,
    propagated_state,
)


@pytest.mark.parametrize("species", ["nu_x", "nu_e_ba", "nu_e_bar_bar", "e", "nu_4"])
def test_unknown_species(species: str) -> None:
    with pytest.raises(MunuError, match="unknown species"):
        HelicityState.of_species(species)


def test_bad_states() -> None:
    with pytest.raises(MunuError, match="Hermitian"):
        HelicityState(np.ones((3, 3)) + 1j * np.eye(3), np.zeros((3, 3)))
    with pytest.raises(MunuError, match="negative eigenvalue"):
        HelicityState(np.diag([1, -0.5, 0]), np.zeros((3, 3)))
    with pytest.raises(MunuError, match="not antisymmetric"):
        majorana_vector(np.eye(3))


@pytest.mark.parametrize("species", ["nu_1", "e", "nu_e_bar_bar", "nu_ee", 3])
def test_flavours_propagate(species) -> None:
    with pytest.raises(MunuError, match=r"unknown flavour species.*nu_tau_bar"):
        propagated_state(species, global_fit(), baseline_m=1.0, energy_mev=1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"baseline_m": np.nan},
        {"baseline_m": -1.0},
        {"baseline_m": np.inf},
        {"baseline_m": "1 m"},
        {"energy_mev": np.nan},
        {"energy_mev": 0.0},
        {"energy_mev": None},
    ],
)
def test_a_wrong_path_is_named(wrong) -> None:
    (name,) = wrong
    with pytest.raises(MunuError, match=rf"^{name} = "):
        propagated_state("nu_e", global_fit(), **({"baseline_m": 1.0, "energy_mev": 1.0} | wrong))


@pytest.mark.parametrize(
    ("moduli", "phases"),
    [
        ([1, 2], {}),
        ("x", {}),
        (3, {}),
        ([1, 2, np.nan], {}),
        ([1, 2, 3], {"xi_1": np.nan}),
        ([1, 2, 3], {"overall_phase": np.inf}),
        ([1, 2, 3], {"xi_2": "x"}),
    ],
)
def test_moments_are_three_finite_numbers(moduli, phases):
    with pytest.raises(MunuError):
        moment_vector(moduli, **phases)


@pytest.mark.parametrize("delta_cp", [np.nan, np.inf, "x", None])
def test_a_phase_of_the_mixing_is_finite(delta_cp):
    with pytest.raises(MunuError, match="delta_cp"):
        Mixing(0.3, 0.02, 0.5, delta_cp, 7e-5, 2.5e-3)
    with pytest.raises(MunuError, match="delta_cp"):
        paper_mixing().with_delta(delta_cp)
