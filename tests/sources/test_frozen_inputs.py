"""Inputs of sources, detectors and targets are copies: the caller's arrays change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from munu.base.digests import digest
from munu.detectors.arrival import GaussianPulse, TabulatedArrival, TabulatedPulse
from munu.detectors.axes import ArrivalTime, PulseShape
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat, Logistic, TabulatedEfficiency
from munu.detectors.matrix import MatrixResponse, MeasuredAxis, ResponseMatrix
from munu.detectors.prompt_arrival import TabulatedPrompt
from munu.detectors.quenching import Polynomial, TabulatedQuenching, Unquenched
from munu.detectors.resolution import Perfect
from munu.detectors.tabulated_resolution import TabulatedWidth
from munu.physics.nuclei import Target, parse_material
from munu.sources import GeoneutrinoSource, ReactorSource, SolarSource, TabulatedSource
from munu.sources.own_fission_spectra import IsotopeTable, OwnFissionSpectra
from munu.sources.several import SeveralSources

FUEL = {"U235": 0.6, "U238": 0.1, "Pu239": 0.3, "Pu241": 0.0}
ENERGIES = {"U235": 200.0, "U238": 205.0, "Pu239": 210.0, "Pu241": 213.0}
TABLE = IsotopeTable((1.0, 8.0), (1.0, 0.1))


def reactor(fuel: Any, energies: Any) -> ReactorSource:
    return ReactorSource(
        thermal_power_gw=1.0,
        baseline_m=10.0,
        fission_fractions=fuel,
        energies_per_fission_mev=energies,
        high_energy="huber2011",
        low_energy="constant",
    )


def tabulated(energies: Any, flux: Any, lines: Any) -> TabulatedSource:
    return TabulatedSource(
        species="nu_e", beam="b", energies_mev=energies, flux_per_cm2_s_mev=flux, lines=lines
    )


def detector(edges: Any) -> Detector:
    return Detector(
        observable="recoil",
        bin_edges=edges,
        quenching=Unquenched(),
        efficiency=Flat(1.0),
        resolution=Perfect(),
    )


EDGES, SHARES = np.array([0.0, 1.0, 2.0]), np.array([0.25, 0.75])
ROWS = np.array([[0.1, 0.2], [0.3, 0.4]])
MATRIX = ResponseMatrix(np.array([1.0, 2.0]), ROWS)
CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (reactor, (FUEL, ENERGIES)),
    (tabulated, (EDGES, np.array([1.0, 2.0, 1.0]), [(3.0, 1.0)])),
    (lambda fluxes: SolarSource(fluxes=fluxes), ({"8B": 5e6, "hep": 8e3},)),
    (lambda fluxes: GeoneutrinoSource(fluxes=fluxes), ({"U": 1e6, "Th": 1e6},)),
    (IsotopeTable, ([1.0, 8.0], [1.0, 0.1])),
    (OwnFissionSpectra, ([(name, TABLE) for name in FUEL],)),
    (lambda sources: SeveralSources(sources=sources), ([reactor(FUEL, ENERGIES)],)),
    (TabulatedPulse, (EDGES, SHARES)),
    (TabulatedPrompt, (EDGES, SHARES)),
    (TabulatedArrival, (EDGES, {"prompt": SHARES})),
    (lambda edges: ArrivalTime(edges, GaussianPulse(0.4, 0.1), Flat(1.0), "t"), (EDGES,)),
    (lambda *given: PulseShape(*given, "f90"), (EDGES, np.array([1.0, 2.0]), ROWS)),
    (ResponseMatrix, (np.array([1.0, 2.0]), ROWS)),
    (lambda edges: MeasuredAxis("radius", "cm", edges), (EDGES,)),
    (lambda axes: MatrixResponse(MATRIX, None, axes), ([MeasuredAxis("r", "cm", EDGES)],)),
    (detector, (np.array([1.0, 2.0, 3.0]),)),
    (lambda rows: Logistic(0.7, 0.5, 10.0, steps=rows), ([(5.0, 0.5), (6.0, 1.0)],)),
    (TabulatedEfficiency, ([0.0, 1.0], [0.1, 0.9])),
    (Polynomial, ([0.1, 0.01],)),
    (TabulatedQuenching, ([1.0, 2.0], [0.1, 0.2])),
    (TabulatedWidth, ([1.0, 2.0], [0.1, 0.2])),
    (Target, ([*parse_material("Si").fractions],)),
]


def copied(value: Any) -> Any:
    return value.copy()


def spoil(value: Any) -> None:
    """Change what a caller has in hand."""
    if isinstance(value, dict):
        for key, item in value.items():
            value[key] = 7.0 if isinstance(item, float) else item * 7.0
    elif isinstance(value, np.ndarray):
        value *= 7.0
    else:
        value.append(value[-1])


@pytest.mark.parametrize(("build", "given"), CASES)
def test_what_the_caller_changes_afterwards_changes_nothing(
    build: Callable[..., Any], given: tuple[Any, ...]
) -> None:
    handed = [copied(value) for value in given]
    made = build(*handed)
    before = digest(made)
    assert before == digest(build(*map(copied, given)))
    for value in handed:
        spoil(value)
    assert digest(made) == before


def test_arrays_of_a_source_are_read_only() -> None:
    source = tabulated(EDGES.copy(), np.ones(3), ())
    with pytest.raises(ValueError, match="read-only"):
        source.flux_per_cm2_s_mev[0] = 5.0
    fuel: Any = reactor(FUEL, ENERGIES).fission_fractions
    with pytest.raises(TypeError):
        fuel["U235"] = 1.0
