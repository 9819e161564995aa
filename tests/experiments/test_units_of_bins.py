"""Bins, efficiencies, resolutions and events in eV or eVee are those in keV or keVee."""

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
source = { kind = "tabulated", beam = "b", species = "nu_mu", lines = [[30, 3e6]] }
target = { material = "Ge", mass = "1 kg" }
exposure = { live_time = "1 yr" }
[detector]
observable = OBSERVABLE
recoil_threshold = "0.1 keV"
bins = BINS
efficiency = EFFICIENCY
resolution = RESOLUTION
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = OBSERVED
sigma_signal = 0
"""
IONISATION = '"ionisation"\nquenching = { model = "lindhard", kappa = 0.16 }'
BINS = {
    "keV": '{ kind = "edges", edges = [0.2, 0.5, 1.5], unit = "keV" }',
    "eV": '{ kind = "edges", edges = [200, 500, 1500], unit = "eV" }',
}
UNIFORM = {
    "keV": '{ kind = "uniform", start = 0.2, stop = 2, count = 3, unit = "keV" }',
    "eV": '{ kind = "uniform", start = 200, stop = 2000, count = 3, unit = "eV" }',
}
TABLE = {unit: f'{{ kind = "table", file = "{unit}.csv", unit = "{unit}" }}' for unit in BINS}
LOGISTIC = {
    "keV": '{ model = "logistic", plateau = 0.9, slope = 8, midpoint = 0.4, unit = "keV" }',
    "eV": '{ model = "logistic", plateau = 0.9, slope = 0.008, midpoint = 400, unit = "eV" }',
}
STEPS = {
    "keV": '{ model = "steps", steps = [[0.3, 0.5], [0.7, 0.9]], unit = "keV" }',
    "eV": '{ model = "steps", steps = [[300, 0.5], [700, 0.9]], unit = "eV" }',
}
POINTS = {
    "keV": '{ model = "table", points = [[0.1, 0.2], [1, 0.9]], unit = "keV" }',
    "eV": '{ model = "table", points = [[100, 0.2], [1000, 0.9]], unit = "eV" }',
}
GAUSSIAN = {
    "keV": '{ model = "gaussian", noise = 0.1, stochastic = 0.2,'
    ' proportional = 0.1, unit = "keV" }',
    "eV": '{ model = "gaussian", noise = 100, stochastic = 6.324555320336759,'
    ' proportional = 0.1, unit = "eV" }',
}
LINEAR = {
    unit: one.replace('"gaussian"', '"gaussian", combination = "linear"')
    for unit, one in GAUSSIAN.items()
}
WIDTHS = {
    "keV": '{ model = "table", points = [[0.1, 0.05], [2, 0.2]], unit = "keV" }',
    "eV": '{ model = "table", points = [[100, 50], [2000, 200]], unit = "eV" }',
}
RELATIVE = {
    "keV": '{ model = "table", relative = true, points = [[0.1, 0.5], [2, 0.1]], unit = "keV" }',
    "eV": '{ model = "table", relative = true, points = [[100, 0.5], [2000, 0.1]], unit = "eV" }',
}
EVENTS = {unit: f'{{ events = "e_{unit}.csv", unit = "{unit}" }}' for unit in BINS}
ALL = [
    (BINS, LOGISTIC, GAUSSIAN),
    (UNIFORM, STEPS, LINEAR),
    (TABLE, POINTS, WIDTHS),
    (BINS, POINTS, RELATIVE),
]


def text(unit: str, parts: tuple[dict[str, str], ...], observable: str = '"recoil"') -> str:
    bins, efficiency, resolution = (part[unit] for part in parts)
    found = HEAD.replace("BINS", bins).replace("EFFICIENCY", efficiency)
    found = found.replace("RESOLUTION", resolution).replace("OBSERVED", EVENTS[unit])
    if observable != '"recoil"':
        found = found.replace('"keV"', '"keVee"').replace('"eV"', '"eVee"')
    return found.replace("OBSERVABLE", observable)


@pytest.mark.parametrize("parts", ALL)
@pytest.mark.parametrize("observable", ['"recoil"', IONISATION])
def test_a_thousandth_of_the_unit(
    tmp_path: Path, parts: tuple[dict[str, str], ...], observable: str
) -> None:
    """The same detector written in both units counts the same, events of a list too."""
    for unit, scale in (("keV", 1), ("eV", 1000)):
        rows = [(0.2, 0.6), (0.6, 1.8)]
        table = "".join(f"{a * scale:.6g},{b * scale:.6g}\n" for a, b in rows)
        (tmp_path / f"{unit}.csv").write_text(f"energy_low,energy_high\n{table}")
        events = "".join(f"{x * scale:.6g}\n" for x in (0.21, 0.3, 0.55, 1.2, 3.0))
        (tmp_path / f"e_{unit}.csv").write_text(f"E\n{events}")
    one, two = (loads(text(unit, parts, observable), folder=tmp_path) for unit in BINS)
    np.testing.assert_allclose(munu.fold(one).sm_events, munu.fold(two).sm_events, rtol=1e-9)
    assert isinstance(one.statistic, Counts)
    assert isinstance(two.statistic, Counts)
    assert one.statistic.observed is not None
    np.testing.assert_array_equal(one.statistic.observed, two.statistic.observed)
    assert one.statistic.outside == two.statistic.outside > 0


@pytest.mark.parametrize(
    ("observable", "written", "remedy"),
    [
        (IONISATION, '"eV"', 'unit = "keVee" or "eVee"'),
        ('"recoil"', '"eVee"', 'unit = "keV" or "eV"'),
        ('"recoil"', '"PE"', 'unit = "keV" or "eV"'),
    ],
)
def test_a_unit_of_another_kind_is_refused(observable: str, written: str, remedy: str) -> None:
    own = HEAD.replace("OBSERVABLE", observable).replace("OBSERVED", '"sm"')
    own = own.replace("BINS", f'{{ kind = "edges", edges = [20, 50], unit = {written} }}')
    own = own.replace("EFFICIENCY", '{ model = "flat", fraction = 1 }')
    with pytest.raises(MunuError, match=remedy):
        loads(own.replace("RESOLUTION", '"perfect"'))
