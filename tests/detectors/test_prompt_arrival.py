"""Arrival times from a table of prompt neutrinos, and a delay of any shape."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.errors import MunuError
from munu.detectors.arrival import MUON_LIFETIME_US, GaussianPulse, TabulatedPulse
from munu.detectors.axes import ArrivalTime
from munu.detectors.efficiency import Falling
from munu.detectors.prompt_arrival import TabulatedPrompt
from munu.detectors.shifted_arrival import ShiftedArrival
from munu.experiments.tables import Folder

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["beam_timing"]
EDGES = np.array([0.0, 0.2, 0.5, 0.6])
TABLE = TabulatedPrompt(EDGES, np.array([1.0, 6.0, 3.0]))


def released() -> TabulatedPrompt:
    folder, file = Folder(None), "munu:csi2021/prompt.csv"
    low, high = folder.column(file, "time_low_us"), folder.column(file, "time_high_us")
    return TabulatedPrompt(np.append(low, high[-1]), folder.column(file, "intensity"))


@pytest.mark.parametrize("time", [0.1, 0.3, 0.55, 0.7, 4.0])
def test_delayed_neutrinos_are_the_prompt_ones_and_a_muons_decay(time: float) -> None:
    density = np.array([0.1, 0.6, 0.3]) / np.diff(EDGES)
    prompt = sum(
        share * max(min(time, high) - low, 0.0)
        for share, low, high in zip(density, EDGES[:-1], EDGES[1:], strict=True)
    )
    delayed = sum(
        share * quad(lambda u: -np.expm1(-(time - u) / MUON_LIFETIME_US), low, min(time, high))[0]
        for share, low, high in zip(density, EDGES[:-1], EDGES[1:], strict=True)
        if low < time
    )
    at = np.array([time])
    assert TABLE.cumulative("prompt", at)[0] == pytest.approx(prompt, abs=1e-12)
    assert TABLE.cumulative("delayed", at)[0] == pytest.approx(delayed, abs=1e-12)


def test_the_released_prompt_neutrinos_give_the_released_delayed_ones() -> None:
    """The pion's decay is in the table: with another one on top the delayed ones come too late."""
    entry, efficiency = REFERENCE["delayed"], Falling(0.52, 0.0494)
    times, expected, step = np.array(entry["time_us"]), np.array(entry["density"]), 1e-3

    def off(shape: TabulatedPrompt | TabulatedPulse) -> np.ndarray:
        low, high = (shape.cumulative("delayed", times + side) for side in (-step, step))
        density = (high - low) * efficiency(times)
        return np.asarray(density / density[-1] / (expected / expected[-1]))

    table = released()
    assert off(table) == pytest.approx(np.ones(times.size), abs=0.06)
    assert off(table)[1:] == pytest.approx(np.ones(times.size - 1), abs=0.01)
    protons = TabulatedPulse(table.edges_us, table.intensity)
    assert off(protons)[0] < 0.75


def test_the_released_prompt_neutrinos_have_the_width_of_the_pulse() -> None:
    """On average at 0.499 us with 0.146 us, a Gaussian pulse and the pion's decay to 1 %."""
    table = released()
    centres = 0.5 * (table.edges_us[1:] + table.edges_us[:-1])
    mean = centres @ table.intensity
    assert mean == pytest.approx(0.499, abs=1e-3)
    assert np.sqrt((centres - mean) ** 2 @ table.intensity) == pytest.approx(0.146, abs=1e-3)
    times = np.linspace(0.0, 1.2, 25)
    pulse = GaussianPulse(0.473, 0.147).cumulative("prompt", times)
    assert table.cumulative("prompt", times) == pytest.approx(pulse, abs=0.01)


@given(st.floats(-0.3, 0.3), st.sampled_from(["prompt", "delayed"]))
def test_a_delay_moves_every_beam(delay: float, beam: str) -> None:
    times = np.linspace(-1.0, 8.0, 50)
    later = ShiftedArrival(GaussianPulse(0.44, 0.15), delay).cumulative(beam, times)
    there = GaussianPulse(0.44 + delay, 0.15).cumulative(beam, times)
    assert later == pytest.approx(there, abs=1e-12)


def test_descriptions_and_beams() -> None:
    assert TABLE.describe() == "tabulated prompt neutrinos from 0 to 0.6 us, mean 0.385 us"
    assert ShiftedArrival(TABLE, -0.1).describe().endswith("mean 0.385 us, -0.1 us")
    with pytest.raises(MunuError, match="unknown beam 'reactor'"):
        TABLE.cumulative("reactor", np.zeros(1))
    shares = ArrivalTime(np.array([0.0, 0.2, 1.0]), TABLE).fractions("prompt", np.ones(1))[0]
    assert shares == pytest.approx([0.1, 0.9])


@pytest.mark.parametrize(
    ("edges", "intensity"),
    [([0, 1, 1], [1, 1]), ([0, 1], [0]), ([0, 1], [-1]), ([0, 1], [1, 1]), ([0, np.nan], [1])],
)
def test_what_is_no_distribution_is_refused(edges: list[float], intensity: list[float]) -> None:
    with pytest.raises(MunuError):
        TabulatedPrompt(np.array(edges, float), np.array(intensity, float))
