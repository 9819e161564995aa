"""The sections [axes] and [variants], and counts from tables."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.detectors.resolution import Gamma
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.physics.electron_couplings import ElectronCouplings
from munu.statistics.specification import Counts

EXPERIMENT = """
format = 1
id = "mine"
title = "axes"
reference = "none"

[source]
kind = "spallation"
baseline = "20 m"
neutrinos_per_proton = 0.08
proton_rate = "1e23 POT/yr"

[target]
material = "CsI"
mass = "10 kg"

[exposure]
live_time = "1 yr"

[detector]
observable = "photoelectrons"
bins = { kind = "uniform", start = 6, stop = 10, count = 2, unit = "PE" }
light_yield = "13 PE/keVee"
recoil_threshold = "1 keV"
quenching = { model = "constant", factor = 0.09 }
resolution = "poisson"
efficiency = { model = "flat", fraction = 1 }

[axes.time]
kind = "arrival-time"
edges_us = [0, 1, 6]
shape = { model = "gaussian-pulse", mean = "440 ns", sigma = "0.15 us" }
efficiency = { model = "falling", start = "0.5 us", rate_per_us = 0.05 }

[axes.psd]
kind = "pulse-shape"
edges = [0, 0.5, 1]
file = "psd.csv"
energies = "energy"
prefix = "p"

[variants.quenching]
plus = { quenching = { model = "constant", factor = 0.10 } }

[variants.shape.minus.axes.psd]
kind = "pulse-shape"
edges = [0, 0.5, 1]
file = "psd.csv"
energies = "energy"
prefix = "q"

[variants.shape.plus]
efficiency = { model = "flat", fraction = 0.9 }

[interaction]
channels = ["nuclear", "electron"]
form_factor = { model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.24
radiative = true
mixing = "desalas2018-no"

[statistic]
kind = "poisson"
observed = { file = "counts.csv", column = "n" }
sigma_signal = 0.1
off_beam = { counts = { file = "counts.csv", column = "off" }, ratio = 2 }

[[statistic.backgrounds]]
name = "b"
events = 2
sigma = 0.1
shapes = { s = { plus = { file = "counts.csv", column = "n" } } }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(EXPERIMENT)
    (tmp_path / "psd.csv").write_text(
        "energy,p_0,p_1,q_0,q_1\n6,0.3,0.7,0.4,0.6\n10,0.5,0.5,0.6,0.4\n"
    )
    rows = "\n".join(f"{n},{n + 1}" for n in range(8))
    (tmp_path / "counts.csv").write_text(f"# counts\nn,off\n{rows}\n")
    return tmp_path


def read(folder: Path) -> CountingExperiment:
    experiment = load(folder / "mine.toml")
    assert isinstance(experiment, CountingExperiment)
    return experiment


def test_axes_variants_and_tables(folder: Path) -> None:
    experiment = read(folder)
    assert [axis.name for axis in experiment.axes] == ["time", "psd"]
    assert experiment.electron_couplings == ElectronCouplings(0.24, radiative=True)
    quenching, shape = experiment.variants
    assert quenching.minus.detector is experiment.detector
    assert quenching.plus.detector.quenching.describe() == "Q(T) = 0.1 (T in keV)"
    assert shape.minus.detector is experiment.detector
    assert shape.minus.axes[1].fractions("prompt", np.array([6.0]))[0] == pytest.approx([0.4, 0.6])
    assert shape.plus.axes == experiment.axes
    statistic = experiment.statistic
    assert isinstance(statistic, Counts)
    assert statistic.observed is not None
    assert statistic.observed.tolist() == list(range(8))
    assert statistic.off_beam is not None
    assert (statistic.off_beam.counts.sum(), statistic.off_beam.ratio) == (36, 2)
    (background,) = statistic.backgrounds
    assert background.shapes[0].minus.tolist() == [2.0] * 8
    assert background.shapes[0].plus.tolist() == list(range(8))


def test_either_side_of_a_variant_or_a_shape_may_be_left_out_but_not_both(folder: Path) -> None:
    text = EXPERIMENT.replace("plus = {", "minus = {")
    (folder / "mine.toml").write_text(text)
    experiment = read(folder)
    quenching = experiment.variants[0]
    assert quenching.plus.detector is experiment.detector
    assert quenching.minus.detector.quenching.describe() == "Q(T) = 0.1 (T in keV)"
    assert isinstance(experiment.statistic, Counts)
    (shape,) = experiment.statistic.backgrounds[0].shapes
    assert shape.plus.tolist() == [2.0] * 8
    assert shape.minus.tolist() == list(range(8))
    without = re.sub("s = { minus = {.*?} }", "s = {}", text)
    (folder / "mine.toml").write_text(without)
    with pytest.raises(MunuError, match="the shape 's' of the background 'b' has no side"):
        read(folder)
    (folder / "mine.toml").write_text(re.sub("minus = .*0.10 } }", "", text))
    with pytest.raises(MunuError, match="the variant varies nothing"):
        read(folder)


def test_the_resolution_is_varied(folder: Path) -> None:
    text = EXPERIMENT.replace(
        'efficiency = { model = "flat", fraction = 0.9 }',
        'resolution = { model = "gamma", beta_per_keVee = 9.56 }',
    )
    (folder / "mine.toml").write_text(text)
    experiment = read(folder)
    varied, nominal = experiment.variants[1].plus.detector, experiment.detector
    assert varied.resolution == Gamma(9.56, light_yield_pe_per_kev=13.0)
    assert (varied.quenching, varied.efficiency) == (nominal.quenching, nominal.efficiency)


def test_tables_are_part_of_the_inputs(folder: Path) -> None:
    before = read(folder).inputs_hash
    path = folder / "psd.csv"
    path.write_text(path.read_text().replace("0.3,0.7", "0.2,0.8"))
    assert read(folder).inputs_hash != before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('column = "n" }\nsigma', 'column = "m" }\nsigma', "unknown column 'm'"),
        ("stop = 10, count = 2", "stop = 10, count = 3", "8 counts for 12 bins"),
        ("mean = ", "men = ", "unknown key 'men'.*mean"),
        ('kind = "arrival-time"', 'kind = "arival-time"', "arrival-time"),
        ("minus.axes.psd", "minus.axes.pds", "unknown axis 'pds'"),
        ("plus = { quenching", "plus = {}\n# { quenching", "variants.quenching: .* varies nothing"),
        ("[axes.time]", "[axes.photoelectrons]", "two observables are called 'photoelectrons'"),
        ("rate_per_us = 0.05", "rate_per_us = -1", "rate_per_us.*from 0 up to 1e.06"),
        ("rate_per_us = 0.05", 'rate_per_us = "5 %"', "rate_per_us.*not a valid number"),
        ("edges_us = [0, 1, 6]", "edges_us = [0, 6, 1]", "increase"),
        ('file = "psd.csv"', 'file = "munu:../psd.csv"', "lies outside"),
        (
            'edges = [0, 0.5, 1]\nfile = "psd.csv"\nenergies = "energy"\nprefix = "q"',
            'edges = [0, 1]\nfile = "psd.csv"\nenergies = "energy"\nprefix = "q"',
            "variants: the axis 'psd' of a variant has 1 bins, that of the experiment 2",
        ),
        ('prefix = "p"', 'prefix = "x"', "unknown column 'x_0'"),
        ("ratio = 2", "ratio = 0", "ratio"),
    ],
)
def test_mistakes_are_named(folder: Path, old: str, new: str, words: str) -> None:
    path = folder / "mine.toml"
    assert old in EXPERIMENT
    path.write_text(EXPERIMENT.replace(old, new))
    with pytest.raises(MunuError, match=words):
        load(path)


def test_shares_in_per_cent_are_refused(folder: Path) -> None:
    table = folder / "psd.csv"
    shares = table.read_text()
    table.write_text(shares.replace("0.3,0.7", "30,70"))
    with pytest.raises(
        MunuError, match=r"axes: a row of the psd table adds up to 100\. .*per cent"
    ):
        load(folder / "mine.toml")
    table.write_text(shares)
    (folder / "time.csv").write_text(
        "time_low_us,time_high_us,prompt,delayed\n0,1,90,30\n1,6,10,70\n"
    )
    text = EXPERIMENT.replace(
        'shape = { model = "gaussian-pulse", mean = "440 ns", sigma = "0.15 us" }',
        'shape = { model = "tabulated-arrival", file = "time.csv", beams = ["prompt", "delayed"] }',
    )
    (folder / "mine.toml").write_text(text)
    with pytest.raises(MunuError, match="arrival times of the prompt beam add up to 100"):
        load(folder / "mine.toml")


def test_an_efficiency_in_time_may_fall_faster_than_once_a_microsecond(folder: Path) -> None:
    """It was read as a fraction, of one at most."""
    (folder / "mine.toml").write_text(EXPERIMENT.replace("rate_per_us = 0.05", "rate_per_us = 2.5"))
    kept = read(folder).axes[0].efficiency(np.array([0.4, 1.5]))
    assert kept == pytest.approx([1.0, np.exp(-2.5)])


def test_a_row_of_the_wrong_length_is_named(folder: Path) -> None:
    (folder / "counts.csv").write_text("n,off\n1,2\n3\n")
    with pytest.raises(MunuError, match=r"counts.csv, line 3: '3' has 1 cells"):
        load(folder / "mine.toml")


def test_a_recoil_detector_has_no_quenching_to_vary(folder: Path) -> None:
    text = EXPERIMENT.replace('observable = "photoelectrons"', 'observable = "recoil"')
    text = text.replace('light_yield = "13 PE/keVee"\n', "").replace('"PE"', '"keV"')
    text = text.replace('quenching = { model = "constant", factor = 0.09 }\n', "", 1)
    text = text.replace('resolution = "poisson"', 'resolution = "perfect"')
    (folder / "mine.toml").write_text(text)
    with pytest.raises(MunuError, match="the quenching is varied, and the detector has none"):
        load(folder / "mine.toml")


IONISATION = (
    ('observable = "photoelectrons"', 'observable = "ionisation"'),
    ('light_yield = "13 PE/keVee"\n', ""),
    ('"PE"', '"keVee"'),
    ('resolution = "poisson"', 'resolution = "perfect"'),
)


@pytest.mark.parametrize("model", ['"poisson"', '{ model = "gamma", beta_per_keVee = 2 }'])
def test_a_variant_takes_the_resolutions_of_its_detector(folder: Path, model: str) -> None:
    """Those in photoelectrons need a light yield, which other observables do not have."""
    varied = 'efficiency = { model = "flat", fraction = 0.9 }'
    text = EXPERIMENT.replace(varied, f"resolution = {model}")
    (folder / "mine.toml").write_text(text)
    name = type(read(folder).variants[1].plus.detector.resolution).__name__.lower()
    assert name.startswith(model.split('"')[1])
    for old, new in IONISATION:
        text = text.replace(old, new, 1)
    (folder / "mine.toml").write_text(text)
    with pytest.raises(MunuError, match=r"unknown resolution model.*ionisation.*perfect, gaussian"):
        load(folder / "mine.toml")


PULSE = 'shape = { model = "gaussian-pulse", mean = "440 ns", sigma = "0.15 us" }'


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        ('{ model = "tabulated-pulse", file = "pulse.csv" }', "intensity,b"),
        ('{ model = "tabulated-prompt", file = "pulse.csv" }', "intensity,b"),
        (
            '{ model = "tabulated-arrival", file = "pulse.csv", beams = ["prompt", "delayed"] }',
            "prompt,delayed",
        ),
    ],
)
def test_the_intervals_of_a_pulse_join(folder: Path, model: str, columns: str) -> None:
    """Nothing arrives in a gap: it must not pass for a part of the interval before it."""
    assert PULSE in EXPERIMENT
    (folder / "mine.toml").write_text(EXPERIMENT.replace(PULSE, f"shape = {model}"))
    table = folder / "pulse.csv"
    header = f"time_low_us,time_high_us,{columns}\n"
    table.write_text(f"{header}0,0.1,0.5,0\n0.5,0.6,0.5,1\n")
    with pytest.raises(MunuError, match=r"pulse.csv do not join: .*0.1 us, .* 0.5 us"):
        load(folder / "mine.toml")
    table.write_text(f"{header}0,0.1,0.5,0\n0.1,0.5,0,0\n0.5000000000000001,0.6,0.5,1\n")
    assert "0 to 0.6 us" in read(folder).axes[0].describe()


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        ('"gaussian-pulse", mean = "0.3 us", sigma = "0.1 us"', ""),
        ('"tabulated-pulse", file = "pulse.csv"', "intensity"),
        ('"tabulated-prompt", file = "pulse.csv"', "intensity"),
    ],
)
def test_a_pulse_may_be_late(folder: Path, model: str, columns: str) -> None:
    (folder / "pulse.csv").write_text(f"time_low_us,time_high_us,{columns}\n0.2,0.4,1\n")
    shares = {}
    for delay in ("", ', delay = "0 us"', ', delay = "-1 us"', ', delay = "700 ns"'):
        shape = f"shape = {{ model = {model}{delay} }}"
        (folder / "mine.toml").write_text(EXPERIMENT.replace(PULSE, shape))
        axis = read(folder).axes[0]
        shares[delay] = axis.fractions("prompt", np.ones(1))[0, 0]
        assert ("us, +0.7 us" in axis.describe()) == ("700" in delay)
    on_time, same, early, late = shares.values()
    assert on_time == same
    assert on_time == pytest.approx(1.0, abs=0.02)
    assert early == pytest.approx(0.0, abs=0.02)
    assert late == pytest.approx(0.4, abs=0.1)


def test_shares_of_wide_intervals_cannot_be_late(folder: Path) -> None:
    shape = 'shape = { model = "tabulated-arrival", file = "a.csv", beams = ["b"], delay = "1 us" }'
    (folder / "mine.toml").write_text(EXPERIMENT.replace(PULSE, shape))
    with pytest.raises(MunuError, match="unknown key 'delay'"):
        load(folder / "mine.toml")


def test_the_recipe_names_the_interpolation_of_shapes():
    """Of an experiment with shapes, and of no other."""
    with_shapes = {row.quantity: row.value for row in munu.show("xenonnt-8b").ingredients}
    assert with_shapes["interpolation of shapes"].startswith("parabola within 1 sigma")
    others = {row.quantity for row in munu.show("conus").ingredients}
    assert "interpolation of shapes" not in others


COUNTS = 'plus = { file = "counts.csv", column = "n" }'
UNIFORM = 'bins = { kind = "uniform", start = 6, stop = 10, count = 2, unit = "PE" }'


@pytest.mark.parametrize(
    ("rows", "edges", "words"),
    [
        ((6, 7, 10), UNIFORM, "from 6 to 8 holds 2 rows of the psd table"),
        (
            (6, 10),
            'threshold = "6 PE"',
            "begins at 6 and has no end, and psd depends",
        ),
    ],
)
def test_shares_that_depend_on_the_energy_are_those_of_a_bin(rows, edges, words, folder: Path):
    """Of a bin that holds several rows, all events were shared out by the one at its centre."""
    lines = [f"{energy},0.5,0.5,0.4,0.6" for energy in rows]
    (folder / "psd.csv").write_text("\n".join(["energy,p_0,p_1,q_0,q_1", *lines, ""]))
    (folder / "mine.toml").write_text(EXPERIMENT.replace(UNIFORM, edges))
    with pytest.raises(MunuError, match=words) as found:
        load(folder / "mine.toml")
    assert "axes.psd" in str(found.value)


@pytest.mark.parametrize(
    "flat",
    ["events = 2", 'observed = { file = "counts.csv", column = "n" }', COUNTS],
)
def test_bins_of_several_axes_are_one_list(flat: str, folder: Path) -> None:
    """A nested list was said to be no number, once for each row."""
    key = flat.split(" = ", maxsplit=1)[0]
    (folder / "mine.toml").write_text(EXPERIMENT.replace(flat, f"{key} = [[1, 2], [1, 2]]"))
    with pytest.raises(MunuError, match=r"takes one number per bin\. With further axes") as found:
        load(folder / "mine.toml")
    assert f"{key} holds [1, 2]" in str(found.value)
