"""Bins from a table, and responses of several tables side by side with a factor for each bin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment

HEAD = """
format = 1
id = "mine"
title = "mine"
reference = "me"
source = { kind = "tabulated", beam = "b", species = "nu_mu", lines = [[30, 1e7]] }
target = { material = "Ge", mass = "1 kg" }
exposure = { live_time = "1 yr" }
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = { file = "bins.csv", column = "n" }
sigma_signal = 0.1
"""
EDGES = "energy_low,energy_high,n\n0.2,0.3,4\n0.3,0.5,5\n0.5,0.9,6\n"
DETECTOR = """
[detector]
observable = "ionisation"
bins = {bins}
recoil_threshold = "0.1 keV"
quenching = "lindhard"
efficiency = {{ model = "flat", fraction = 1 }}
resolution = "perfect"
"""
TABLE = '{ kind = "table", file = "bins.csv", unit = "keVee" }'
RESPONSE = "keV,a0,a1,b0\n0.5,0,0.1,0\n1,0.2,0.3,0.1\n2,0.2,0.3,0.4\n"
MATRIX = """
[detector]
observable = "ionisation"
bins = {{ kind = "edges", edges = [0.2, 0.3, 0.5, 0.9], unit = "keVee" }}
recoil_threshold = "0.1 keV"
response = {{ model = "matrix", file = "response.csv"{more} }}
"""


def read(folder: Path, text: str, **tables: str) -> CountingExperiment:
    for name, content in ({"bins": EDGES} | tables).items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    (folder / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    experiment = munu.load(folder / "mine.toml")
    assert isinstance(experiment, CountingExperiment)
    return experiment


def test_edges_are_those_of_the_counts(tmp_path: Path) -> None:
    experiment = read(tmp_path, DETECTOR.format(bins=TABLE), bins=EDGES)
    assert experiment.detector.bin_edges.tolist() == [0.2, 0.3, 0.5, 0.9]
    written = '{ kind = "edges", edges = [0.2, 0.3, 0.5, 0.9], unit = "keVee" }'
    same = read(tmp_path, DETECTOR.format(bins=written))
    totals = [munu.fold(one).sm_total().tolist() for one in (experiment, same)]
    assert totals[0] == totals[1]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (EDGES.replace("0.3,0.5", "0.4,0.5"), "line 3: the bin begins at 0.4, and the one before"),
        (EDGES.replace("0.3,0.5", "0.3,0.3"), "line 3: energy_low 0.3 is not below energy_high"),
        (EDGES.replace("energy_low", "low"), "energy_low"),
    ],
)
def test_bins_that_do_not_join_are_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        read(tmp_path, DETECTOR.format(bins=TABLE), bins=table)


def test_tables_side_by_side_have_factors(tmp_path: Path) -> None:
    more = ', prefix = ["b", "a"], factors = [0.5, 1, 0.25]'
    experiment = read(tmp_path, MATRIX.format(more=more), response=RESPONSE)
    found = experiment.detector.matrix.recoils.probabilities
    assert found == pytest.approx(np.array([[0, 0, 0.025], [0.05, 0.2, 0.075], [0.2, 0.2, 0.075]]))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (', prefix = ["a", "c"]', "unknown column 'c0'"),
        (", factors = [1, 1]", "factors has 2 counts for 3 bins"),
        (", factors = [1, 3, 1]", "adds up to 1.2"),
    ],
)
def test_other_factors_are_refused(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        read(tmp_path, MATRIX.format(more=more), response=RESPONSE)


@pytest.mark.parametrize("key", ['energy_unit = "keV"', 'column = "n"', 'flux_unit = "/m2/GeV"'])
def test_what_says_how_to_read_a_table_is_refused_of_lines_alone(key: str) -> None:
    bins = '{ kind = "edges", edges = [0.2, 0.9], unit = "keVee" }'
    text = HEAD.replace("lines =", f"{key}, lines =") + DETECTOR.format(bins=bins)
    with pytest.raises(
        MunuError, match=f"'{key.split()[0]}' belongs to a table, and lines are pairs"
    ):
        munu.loads(text)
