"""Unbinned likelihoods of lists of events, against the formula written out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.optimize import brentq, minimize_scalar

import munu
from munu.base.constants import ATOMIC_MASS_UNIT_MEV
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.cli import main as entry
from munu.experiments.load import loads
from munu.experiments.schema.unbinned import MOST_CELLS
from munu.statistics.specification import Counts

HEAD = """format = 1
id = "mine"
title = "mine"
reference = "me"
source = { kind = "tabulated", beam = "b", species = "nu_mu", lines = [[30, 3e6]] }
target = { material = "Ge-74", mass = "1 kg" }
exposure = { live_time = "1 yr" }
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [1, 3, 20], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = RESOLUTION
recoil_threshold = "0.5 keV"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
sigma_signal = 0
backgrounds = [{ name = "flat", events = [2, 17], sigma = 0 }]
"""
ENERGY = 30.0
MASS = 73.921177761 * ATOMIC_MASS_UNIT_MEV
TIMES = """[axes.time]
kind = "arrival-time"
edges_us = [0, 2, 6]
efficiency = { model = "flat", fraction = 1 }
shape = { model = "tabulated-arrival", file = "pulse.csv", beams = ["b"] }
"""
EVENTS = np.concatenate([1 + 0.11 * np.arange(12) ** 1.4, 5 + 1.3 * np.arange(10), [0.7, 25.0]])


def text(unbinned: str = ", unbinned = true", resolution: str = '"perfect"') -> str:
    observed = f'observed = {{ events = "events.csv", column = "T"{unbinned} }}\n'
    return HEAD.replace("RESOLUTION", resolution) + observed


def events(folder: Path) -> Path:
    rows = "\n".join(f"{one:.6f}" for one in EVENTS)
    (folder / "events.csv").write_text(f"T\n{rows}\n", encoding="utf-8")
    return folder


def limit(experiment: munu.Experiment) -> float:
    found = munu.limit(experiment, "mu_nu_mu").limit_mu_b
    assert found is not None
    return found


def test_the_likelihood_is_that_of_single_events(tmp_path: Path) -> None:
    """2 N - 2 sum ln(density), from the shapes of the cross sections and munu's totals."""
    experiment = loads(text(), folder=events(tmp_path))
    rate = munu.rate(experiment, values={"mu_nu_mu": 1e-9})
    assert rate.events is not None
    standard, dipole = rate.sm_events, rate.events - rate.sm_events
    grid = np.linspace(1, 20, 200_001)

    def shape(recoil: FloatArray, moment: bool) -> FloatArray:
        if moment:
            return np.asarray(1 / (recoil * 1e-3) - 1 / ENERGY)
        return np.asarray(1 - recoil * 1e-3 / ENERGY - MASS * recoil * 1e-3 / (2 * ENERGY**2))

    inside = EVENTS[(EVENTS >= 1) & (EVENTS <= 20)]
    endpoint = 2 * ENERGY**2 / (MASS + 2 * ENERGY) * 1e3
    grid = grid[grid < endpoint]
    ends = (inside < endpoint).astype(float)
    densities = [
        total * shape(inside, kind) * ends / np.trapezoid(shape(grid, kind), grid)
        for total, kind in ((standard, False), (dipole, True))
    ]
    flat = np.ones(inside.size)  # 2 events in 2 keV, and 17 in 17

    def chi2(squared: float) -> float:
        density = densities[0] + squared * densities[1] + flat
        return float(2 * squared * dipole - 2 * np.log(density).sum())

    best = minimize_scalar(chi2, bounds=(0, 1e4), method="bounded", options={"xatol": 1e-9})
    least = min(chi2(0.0), best.fun)
    expected = brentq(lambda s: chi2(s) - least - 2.705543454, best.x, 1e6)
    found = limit(experiment)
    assert found == pytest.approx(1e-9 * np.sqrt(expected), rel=1e-3)
    binned = limit(loads(text(""), folder=tmp_path))
    assert abs(binned / found - 1) > 0.02


def test_events_and_backgrounds_are_in_cells(tmp_path: Path) -> None:
    experiment = loads(text(), folder=events(tmp_path))
    statistic = experiment.statistic
    assert isinstance(statistic, Counts)
    assert statistic.observed is not None
    assert statistic.observed.size == MOST_CELLS
    assert statistic.observed.sum() == 22
    assert statistic.outside == 2
    assert statistic.backgrounds[0].events.sum() == pytest.approx(19)
    assert statistic.backgrounds[0].events[:500] == pytest.approx(2 / 500)
    assert "unbinned" in experiment.identity.notes[-1]


def test_a_resolution_and_a_time_are_cut(tmp_path: Path) -> None:
    """Two observables share the cells; the sums per bin stay those of the bins."""
    smeared = '{ model = "gaussian", noise = 1, stochastic = 0, proportional = 0, unit = "keV" }'
    rows = "\n".join(f"{one:.6f},{i % 6 + 0.5}" for i, one in enumerate(EVENTS))
    (tmp_path / "events.csv").write_text(f"T,t\n{rows}\n", encoding="utf-8")
    (tmp_path / "pulse.csv").write_text(
        "time_low_us,time_high_us,b\n0,1,0.2\n1,3,0.5\n3,6,0.3\n", encoding="utf-8"
    )
    keys = 'columns = { recoil = "T", time = "t" }'
    both = {}
    for cut in (", unbinned = true", ""):
        own = text(cut, smeared).replace('column = "T"', keys).replace("[2, 17]", "[1, 1, 8, 9]")
        both[cut] = loads(own + TIMES, folder=tmp_path)
    fine, coarse = (munu.fold(one).sm_events.sum(axis=0) for one in both.values())
    assert fine.size == 2 * 15 * 2 * 15
    assert fine.reshape(2, 15, 2, 15).sum(axis=(1, 3)).ravel() == pytest.approx(coarse, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "poisson"', 'kind = "gaussian"\nerror = [3, 4]'), "Poisson process"),
        (("[statistic]", "[statistic]\noff_beam = { counts = [1, 2], ratio = 1 }"), "per bin"),
        (("edges = [1, 3, 20]", f"edges = {[1 + i / 50 for i in range(800)]}"), "too many to cut"),
    ],
)
def test_what_cannot_be_unbinned_is_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    own = text().replace(*change).replace("events = [2, 17]", "events = 1")
    with pytest.raises(MunuError, match=message):
        loads(own, folder=events(tmp_path))


def test_the_command_line_says_it(tmp_path: Path) -> None:
    file = events(tmp_path) / "mine.toml"
    file.write_text(text(), encoding="utf-8")
    runner = CliRunner()
    limit = runner.invoke(entry.cli, ["limit", str(file), "--parameter", "mu_nu_mu"])
    assert limit.exit_code == 0, limit.output
    assert "unbinned" in limit.output
    shown = runner.invoke(entry.cli, ["show", str(file)])
    assert "events outside the bins" in shown.output
