"""Components of a covariance, totals of backgrounds, events in a table; and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.load import loads
from munu.statistics.specification import Counts

HEAD = """format = 1
id = "mine"
title = "mine"
reference = "me"
source = { kind = "tabulated", beam = "b", species = "nu_mu", lines = [[30, 1e7]] }
target = { material = "Ge", mass = "1 kg" }
exposure = { live_time = "1 yr" }
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [1, 2, 4, 10], unit = "keV" }
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
sigma_signal = 0.1
"""
PERFECT = '"perfect"'
GAUSSIAN = 'kind = "gaussian"\nobserved = [9, -2, 3]\n'
POISSON = 'kind = "poisson"\nobserved = [9, 2, 3]\n'
COMPONENTS = np.array([[2.0, 1.0, -0.5], [0.3, 0.0, 0.7]])


def text(keys: str, resolution: str = PERFECT) -> str:
    return HEAD.replace("RESOLUTION", resolution) + keys


def counts(keys: str, folder: Path | None = None) -> Counts:
    statistic = loads(text(keys), folder=folder).statistic
    assert isinstance(statistic, Counts)
    return statistic


def background(keys: str, start: str = POISSON) -> list[float]:
    (found,) = counts(f'{start}backgrounds = [{{ name = "x", sigma = 0.1, {keys} }}]\n').backgrounds
    return [float(x) for x in found.events]


def test_components_are_a_covariance() -> None:
    keys = f"error = [3, 2, 1]\ncomponents = {COMPONENTS.tolist()}\n"
    expected = np.diag([9.0, 4.0, 1.0])
    for row in COMPONENTS:
        expected += np.outer(row, row)
    assert counts(GAUSSIAN + keys).covariance == pytest.approx(expected)
    matrix = f"covariance = {expected.tolist()}\n"
    limits = [munu.limit(loads(text(GAUSSIAN + k)), "Lambda_3").limit_mu_b for k in (keys, matrix)]
    assert limits[0] == pytest.approx(limits[1], rel=1e-9)
    beside = (
        f"covariance = {np.diag([9.0, 4.0, 1.0]).tolist()}\ncomponents = {COMPONENTS.tolist()}\n"
    )
    assert counts(GAUSSIAN + beside).covariance == pytest.approx(expected)


def test_components_of_a_file_are_its_columns(tmp_path: Path) -> None:
    rows = "\n".join(f"{a},{b}" for a, b in COMPONENTS.T)
    (tmp_path / "c.csv").write_text(rows + "\n", encoding="utf-8")
    keys = 'error = [3, 2, 1]\ncomponents = { file = "c.csv" }\n'
    written = f"error = [3, 2, 1]\ncomponents = {COMPONENTS.tolist()}\n"
    found = counts(GAUSSIAN + keys, tmp_path).covariance
    assert found == pytest.approx(counts(GAUSSIAN + written).covariance)


def test_a_total_is_divided_as_the_file_says() -> None:
    assert background('total = 18, spread = "widths"') == [2, 4, 12]
    assert background('total = 18, spread = "bins"') == [6, 6, 6]
    assert background("total = 18, events = [1, 2, 3]") == [3, 6, 9]
    assert background('total = -9, spread = "widths"', GAUSSIAN + "error = [1, 1, 1]\n") == [
        -1,
        -2,
        -6,
    ]


def test_a_shape_is_scaled_to_the_total_as_its_background_is() -> None:
    """One of Monte Carlo events has the counts of the simulation, as the events it varies."""
    keys = "total = 18, events = [1, 2, 3], shapes = { tilt = { plus = [2, 2, 2] } }"
    start = f'{POISSON}backgrounds = [{{ name = "x", sigma = 0.1, '
    (found,) = counts(f"{start}{keys} }}]\n").backgrounds
    (tilt,) = found.shapes
    assert (found.events.tolist(), tilt.minus.tolist()) == ([3, 6, 9], [3, 6, 9])
    assert tilt.plus.tolist() == [6, 6, 6]


def test_events_may_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,T\n1,1.5\n2,3\n3,2\n4,11\n", encoding="utf-8")
    start = 'kind = "poisson"\nobserved = { events = '
    for one in (
        '{ file = "e.csv", columns = { recoil = "T" } } }\n',
        '{ file = "e.csv", column = "T", unit = "keV" } }\n',
        '"e.csv", column = "T" }\n',
    ):
        found = counts(start + one, tmp_path)
        assert found.observed is not None
        assert found.observed.tolist() == [1, 2, 0]
        assert found.outside == 1


@pytest.mark.parametrize(
    ("keys", "resolution", "message"),
    [
        (
            GAUSSIAN + "error = [[3, 2, 1], [2, 1, 1]]\n",
            PERFECT,
            "line 24: statistic.error holds .*error_up",
        ),
        (
            GAUSSIAN + "variance = [[9, 2, 1], [2, 4, 1], [1, 1, 1]]\n",
            PERFECT,
            "statistic.variance .*covariance",
        ),
        (GAUSSIAN + "components = [[1, 2]]\n", PERFECT, "component 1 has 2 numbers for 3 bins"),
        (GAUSSIAN + "components = [[1, 2, 3]]\n", PERFECT, "not positive"),
        (
            POISSON,
            '{ model = "gaussian", a_sqrtE = 0.3, unit = "keV" }',
            "unknown key 'a_sqrtE'.*linear",
        ),
        ('kind = "poisson"\nevents = "e.csv"\n', PERFECT, "unknown key 'events'.*observed = "),
        (
            'kind = "poisson"\nobserved = [1, 2]\n',
            PERFECT,
            "line 23: statistic.observed: observed has 2",
        ),
        (
            'kind = "poisson"\nobserved = { events = { file = "e.csv" }, column = "T" }\n',
            PERFECT,
            "stands beside a table of events",
        ),
    ],
)
def test_the_right_key_is_named(keys: str, resolution: str, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        loads(text(keys, resolution))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("total = 5", "neither events nor a total that is spread"),
        ('spread = "bins"', "neither events nor a total"),
        ('events = [1, 2, 3], spread = "bins"', "both events and spread"),
        ("events = [0, 0, 0], total = 3", "have no shape"),
    ],
)
def test_a_total_alone_is_refused(keys: str, message: str) -> None:
    with pytest.raises(MunuError, match=message):
        background(keys)


def test_a_total_over_an_open_bin_is_refused() -> None:
    bins = 'bins = { kind = "edges", edges = [1, 2, 4, 10], unit = "keV" }'
    keys = (
        'kind = "poisson"\nobserved = [9]\n'
        'backgrounds = [{ name = "x", sigma = 0.1, total = 3, spread = "widths" }]\n'
    )
    with pytest.raises(MunuError, match="without an upper end"):
        loads(text(keys).replace(bins, 'threshold = "1 keV"'))
