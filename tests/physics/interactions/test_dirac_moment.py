"""Dirac moments: nine entries of a matrix, two of which are as effective moments are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import munu
from munu.base.typing import ComplexArray, FloatArray
from munu.experiments.model import CountingExperiment
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.dipole import Dipole
from munu.physics.interactions.dirac_moment import DIRAC, DiracMoments
from munu.physics.mixing import global_fit
from munu.physics.moments import majorana_matrix
from munu.physics.parameters import MOMENTS
from munu.results import CouplingLimitResult

MIXING = global_fit("nufit60-no").with_delta(-1.2)
NAMES = ["ee", "emu", "etau", "mue", "mumu", "mutau", "taue", "taumu", "tautau"]


def form_of(name: str, amplitudes: list[object]) -> FloatArray:
    """Return Σ_s G_s over bins, without a Standard Model."""
    experiment = munu.load(name)
    assert isinstance(experiment, CountingExperiment)
    counts = munu.fold(experiment, MIXING)
    return counts.form([(), *amplitudes], MIXING).sum(axis=(0, 1))[1:, 1:]


def amplitudes() -> list[object]:
    model = munu.load("conus").standard_model
    return [
        one
        for parameter in DIRAC
        for one in DiracMoments().amplitudes(parameter, model, Assumptions(mixing=MIXING))
    ]


FORMS = {name: form_of(name, amplitudes()) for name in ("conus", "coherent-lar", "xenonnt-sr0-er")}


def signal(name: str, matrix: ComplexArray) -> float:
    x = np.column_stack([matrix.real.ravel(), matrix.imag.ravel()]).ravel()
    return float(x @ FORMS[name] @ x)


def test_names_and_coordinates() -> None:
    assert [one.name for one in DIRAC] == [f"dirac_{name}" for name in NAMES]
    assert {one.kind for one in DIRAC} == {"modulus"}
    assert [one.phase for one in DIRAC] == [f"phase_dirac_{name}" for name in NAMES]


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), name=st.sampled_from(sorted(FORMS)))
def test_rotations_of_sterile_states_change_nothing(seed: int, name: str) -> None:
    """λ → Vλ with a unitary V: rows, phases of rows, all of it."""
    random = np.random.default_rng(seed)
    matrix, other = (random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3)) for _ in range(2))
    unitary = np.linalg.qr(other)[0]
    assert signal(name, unitary @ matrix) == pytest.approx(signal(name, matrix), rel=1e-10)
    assert signal(name, matrix) > 0


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32 - 1), name=st.sampled_from(sorted(FORMS)))
def test_an_antisymmetric_matrix_counts_as_a_majorana_moment(seed: int, name: str) -> None:
    random = np.random.default_rng(seed)
    vector = random.normal(size=3) + 1j * random.normal(size=3)
    model = munu.load("conus").standard_model
    flavours = [one for one in MOMENTS if one.family == "transition moments, flavour basis"]
    majorana = form_of(
        name,
        [
            one
            for parameter in flavours
            for one in Dipole().amplitudes(parameter, model, Assumptions(mixing=MIXING))
        ],
    )
    x = np.column_stack([vector.real, vector.imag]).ravel()
    assert signal(name, majorana_matrix(vector)) == pytest.approx(x @ majorana @ x, rel=1e-10)


def test_the_sun_tells_phases_within_a_row_and_not_between_rows() -> None:
    row, column = np.zeros((3, 3), complex), np.zeros((3, 3), complex)
    row[0, :2] = column[:2, 0] = 1.0
    turned = [one.copy() for one in (row, column)]
    turned[0][0, 1] = turned[1][1, 0] = 1j
    name = "xenonnt-sr0-er"
    assert abs(signal(name, turned[0]) / signal(name, row) - 1) > 1e-3
    assert signal(name, turned[1]) == pytest.approx(signal(name, column), rel=1e-12)


@pytest.mark.parametrize("row", ["e", "mu", "tau"])
def test_a_reactor_limits_every_entry_of_its_column(row: str) -> None:
    """As that of mu_nu_e: one number, whatever the sterile state."""
    known = munu.limit("conus", "mu_nu_e").limit_mu_b
    found = munu.limit("conus", f"dirac_{row}e")
    assert isinstance(found, CouplingLimitResult)
    assert found.intervals[0, 1] == pytest.approx(known, rel=1e-6, abs=0)
    blind = munu.limit("conus", f"dirac_{row}mu")
    assert isinstance(blind, CouplingLimitResult)
    assert np.isinf(blind.intervals[0, 1])
