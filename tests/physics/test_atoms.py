"""Electron shells against a second compilation, atomic structure and the limits of the steps."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.physics.atoms import atoms, effective_electrons, steps, subshells
from munu.physics.nuclei import element

SYMBOLS = sorted(atoms())
REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["atoms"]
LARKINS, FREE_ATOMS = REFERENCE["larkins_1977"], REFERENCE["carlson_1975"]
CAPACITY = {"1": 2, "2": 2, "3": 4, "4": 4, "5": 6, "6": 6, "7": 8}
INNER = ("K", "L1", "L2", "L3", "M1", "M2", "M3", "M4", "M5", "N1", "N2", "N3", "N4", "N5")


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_electrons_add_up_to_the_atomic_number(symbol: str) -> None:
    assert sum(shell.electrons for shell in subshells(symbol)) == element(symbol)[0].protons


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_inner_subshells_are_full_and_ordered(symbol: str) -> None:
    """l - 1/2 binds more than l + 1/2; L2, L3 of Na and M2, M3 of Co are as near as measured."""
    shells = [shell for shell in subshells(symbol) if len(shell.name) <= 2]
    for shell in shells:
        capacity = CAPACITY[shell.name[1:] or "1"]
        half_full = shell is shells[-1] and shell.name[1:] in ("", "1") and shell.electrons == 1
        assert shell.electrons == capacity or half_full
    for first in "LMNO":
        energies = [shell.binding_energy_kev for shell in shells if shell.name[0] == first]
        assert np.all(np.diff(energies) < 1.1e-3)


@pytest.mark.parametrize("symbol", sorted(LARKINS))
def test_second_compilation_agrees(symbol: str) -> None:
    energies = {shell.name: shell.binding_energy_kev for shell in subshells(symbol)}
    for name, expected in LARKINS[symbol].items():
        assert energies[name] == pytest.approx(expected, rel=0.01, abs=2e-3)


@pytest.mark.parametrize("symbol", sorted(FREE_ATOMS))
def test_free_atoms_bind_as_much_but_for_a_work_function(symbol: str) -> None:
    """The levels of a solid lie a few eV nearer to its Fermi level than to the vacuum."""
    energies = {shell.name: shell.binding_energy_kev for shell in subshells(symbol)}
    for name, expected in FREE_ATOMS[symbol].items():
        assert energies[name] == pytest.approx(expected, rel=5e-3, abs=0.016)


def test_every_element_has_a_second_compilation() -> None:
    assert {*LARKINS, *FREE_ATOMS} == set(SYMBOLS)


@pytest.mark.parametrize("name", INNER)
def test_inner_subshells_bind_more_from_element_to_element(name: str) -> None:
    """Moseley's law: the root of a full shell's energy grows with Z; a slipped row would not."""
    by_z = sorted(
        (element(symbol)[0].protons, shell.binding_energy_kev)
        for symbol in SYMBOLS
        for shell in subshells(symbol)
        if shell.name == name and shell.binding_energy_kev > 0.03
    )
    assert len(by_z) > 5
    assert all(high > low for (_, low), (_, high) in pairwise(by_z))


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_photoabsorption_rises_at_the_edges(symbol: str) -> None:
    """f2 of B. L. Henke et al., At. Data Nucl. Data Tables 54 (1993) 181, rises at K, L3, M5."""
    table = pytest.importorskip("periodictable").elements.symbol(symbol).xray.sftable
    energy_kev, _, f2 = table
    for shell in subshells(symbol):
        edge = shell.binding_energy_kev
        if shell.name not in ("K", "L3", "M5") or not 0.05 < edge < 28:
            continue
        near = np.abs(energy_kev / edge - 1) < 0.015 + 2e-3 / edge
        rows = np.flatnonzero(near)
        around = f2[rows[0] - 1 : rows[-1] + 2]
        assert np.max(around[1:] / around[:-1]) > 1.05


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_outermost_electron_of_a_gas_or_free_atom_is_the_ionisation_energy(symbol: str) -> None:
    table = pytest.importorskip("mendeleev.fetch").fetch_table("ionizationenergies")
    atomic_number = element(symbol)[0].protons
    first = table[(table.atomic_number == atomic_number) & (table.ion_charge == 0)]
    energy_ev = float(first.ionization_energy.iloc[0])
    uncertain = 0.025 if symbol == "Gd" else 0.01  # 5d of Gd is tabulated at 6.0 eV.
    assert 1e3 * steps(symbol)[0] == pytest.approx(energy_ev, rel=uncertain)


def test_every_table_has_a_source() -> None:
    text = files("munu").joinpath("data/electron_shells.toml").read_text(encoding="utf-8")
    sources = tomllib.loads(text)["sources"]
    assert set(sources) == {"core", "valence", "ionisation"}
    assert all(sources.values())


@pytest.mark.parametrize(
    ("symbol", "energy_kev", "electrons"),
    [
        ("Ge", 20.0, 32),
        ("Ge", 11.0, 30),
        ("Ge", 1.23, 26),
        ("Ge", 0.5, 22),
        ("Xe", 40.0, 54),
        ("Xe", 20.0, 52),
        ("Xe", 5.0, 48),
        ("Xe", 2.0, 44),
        ("Xe", 0.8, 36),
        ("Cs", 36.0, 55),
        ("Cs", 35.9, 53),
        ("I", 33.2, 53),
        ("I", 4.0, 43),
    ],
)
def test_shell_counts(symbol: str, energy_kev: float, electrons: int) -> None:
    """Z less 2 for K, 2 + 2 + 4 for L, 2 + 2 + 4 + 4 + 6 for M."""
    assert effective_electrons(symbol, energy_kev) == electrons


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_steps_are_where_the_function_jumps(symbol: str) -> None:
    edges = steps(symbol)
    assert np.all(np.diff(edges) > 0)
    below, at = effective_electrons(symbol, edges * (1 - 1e-9)), effective_electrons(symbol, edges)
    assert np.all(at > below)
    shells = subshells(symbol)
    for energy in edges:
        by_hand = sum(s.electrons for s in shells if energy >= s.binding_energy_kev)
        assert effective_electrons(symbol, energy) == by_hand


@given(st.sampled_from(SYMBOLS), st.floats(min_value=0.0, max_value=1e3), st.floats(1.0, 10.0))
def test_more_energy_frees_no_fewer_electrons(symbol: str, energy: float, factor: float) -> None:
    fewer, more = effective_electrons(symbol, [energy, factor * energy])
    assert 0 <= fewer <= more <= element(symbol)[0].protons


def test_limits_and_shape() -> None:
    assert effective_electrons("Xe", np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2
    assert effective_electrons("Xe", np.inf) == 54


def test_table_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(ValueError, match="read-only"):
        steps("Ge")[0] = 0.0


def test_unknown_element_is_named() -> None:
    with pytest.raises(MunuError, match=r"unknown element 'Gee'.*Did you mean 'Ge'"):
        effective_electrons("Gee", 1.0)
