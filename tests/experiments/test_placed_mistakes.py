"""Mistakes that show when sections meet are placed in the file, as those of one section are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

import munu
from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.experiments.load import loads

FILE = """
format = 1
id = "mine"
title = "mine"
reference = "me"
source = { kind = "tabulated", beam = "BEAM", species = "nu_mu", lines = [[30, 1e7]] }
target = { material = "Ge", mass = "1 kg" }
exposure = { live_time = "1 yr" }
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "projection"
sigma_stat = 0.1
sigma_sys = 0.1
[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.1, 0.2], unit = "keVee" }
recoil_threshold = "0.1 keV"
quenching = "lindhard"
efficiency = { model = "flat", fraction = 1 }
resolution = RESOLUTION
[axes.time]
kind = "arrival-time"
edges_us = [0, 3, 6]
efficiency = { model = "flat", fraction = 1 }
shape = { model = "gaussian-pulse", mean = "0.5 us", sigma = "0.1 us" }
"""


def text(beam: str = "prompt", resolution: str = '"perfect"') -> str:
    return FILE.replace("BEAM", beam).replace("RESOLUTION", resolution)


def test_a_beam_without_arrival_times_is_placed() -> None:
    munu.loads(text())
    with pytest.raises(MunuError) as caught:
        munu.loads(text("reactor"), name="my.toml")
    assert caught.value.message.startswith("my.toml, line 30: axes.time.shape: unknown beam")
    assert caught.value.remedy.startswith("Allowed: prompt, delayed. ")


def test_a_beam_that_a_variant_lacks_is_placed(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("time_low_us,time_high_us,b\n0,1,0.2\n1,6,0.5\n")
    other = (
        '[variants.late]\nplus.axes.time = { kind = "arrival-time", edges_us = [0, 3, 6], shape = {'
        ' model = "tabulated-arrival", file = "a.csv", beams = ["b"] }, efficiency = { model ='
        ' "flat", fraction = 1 } }\n'
    )
    with pytest.raises(MunuError, match=r"my.toml, line 32: variants.late.plus.axes.*'prompt'"):
        munu.loads(text() + other, name="my.toml", folder=tmp_path)


NARROW = '{ model = "gaussian", noise = 1e-9, stochastic = 0, proportional = 0, unit = "keVee" }'


def test_a_resolution_that_is_too_narrow_is_placed(tmp_path) -> None:
    file = tmp_path / "my.toml"
    file.write_text(text(resolution=NARROW), encoding="utf-8")
    (found,) = mistakes(file)
    assert "my.toml, line 25: detector.resolution: 'mine': the detector's" in str(found)
    with pytest.raises(MunuError, match="'mine': the detector's resolution is far narrower"):
        munu.rate(file)


def test_a_steady_source_is_told_to_leave_out_its_arrival_times() -> None:
    pulse = {"model": "gaussian-pulse", "mean": "0.5 us", "sigma": "0.2 us"}
    flat = {"model": "flat", "fraction": 1}
    axis = {"kind": "arrival-time", "edges_us": [0, 1, 2], "shape": pulse, "efficiency": flat}
    with pytest.raises(MunuError) as caught:
        munu.load("conus", changes={"axes.time": axis})
    assert "unknown beam 'reactor' in the arrival times" in caught.value.message
    assert "has no arrival times: leave the axis out" in caught.value.remedy
    assert 'beams = ["reactor"]' in caught.value.remedy


def test_counts_that_are_not_as_many_as_bins_say_how_many_each_axis_has(tmp_path: Path) -> None:
    rows = "".join(f"{low},{low + 1},7\n" for low in range(3))
    (tmp_path / "n.csv").write_text(f"energy_low,energy_high,n\n{rows}", encoding="utf-8")
    catalogue = files("munu.experiments").joinpath("catalogue")
    text = catalogue.joinpath("coherent-lar-2020.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("observed = ")]
    observed = 'observed = { file = "n.csv", column = "n" }'
    changed = "\n".join(lines).replace("[statistic]", f"[statistic]\n{observed}", 1)
    with pytest.raises(MunuError) as caught:
        loads(changed, folder=tmp_path)
    assert "3 counts for 960 bins, 12 of ionisation times 8 of F90 times 10" in caught.value.message
    assert "one row of n.csv per bin, ionisation the slowest and time" in caught.value.remedy
    assert 'its bins with { kind = "table", file = "n.csv"' in caught.value.remedy


def test_counts_are_not_compared_with_axes_that_are_wrong(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="coherent-lar-2020")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("edges_us = [-0.1", "edgesus = [-0.1", 1), encoding="utf-8")
    told = [str(one) for one in mistakes(path)]
    assert any("edges_us" in one for one in told)
    assert not [one for one in told if "counts for" in one]


NAMELESS = {
    "a background": 'backgrounds = [{ name = "", events = 3, sigma = 0.1 }]',
    "blanks": 'backgrounds = [{ name = "  ", events = 3, sigma = 0.1 }]',
    "two lines": 'backgrounds = [{ name = "a\\nb", events = 3, sigma = 0.1 }]',
    "a shape": 'backgrounds = [{ name = "b", events = 3, sigma = 0, shapes."" = { plus = [4] } }]',
    "a nuisance": 'shared = { "" = 0.05 }',
    "a control region": 'control_regions."" = { bins = "signal", observed = "backgrounds" }',
}


@pytest.mark.parametrize("line", NAMELESS.values(), ids=NAMELESS)
def test_what_results_print_has_a_name(line: str) -> None:
    """An empty one stood in tables as ':mine', and two of a combination were one nuisance."""
    head = 'format = 1\nid = "mine"\ntitle = "t"\nreference = "r"\nlike = "coherent-csi"\n'
    counts = '[statistic]\nkind = "poisson"\nobserved = "sm"\nsigma_signal = 0.1\n'
    with pytest.raises(MunuError, match=r"line 1\d: statistic.*is not a name. Write a text that"):
        munu.loads(f"{head}{counts}{line}\n", name="my.toml")
