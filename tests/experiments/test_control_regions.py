"""Control regions in experiment files: reading, mistakes, remarks, the recipe, the fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.load import load, loads
from munu.experiments.model import CountingExperiment
from munu.plotting.data import plot_fit
from munu.results import read_json
from munu.statistics.specification import Counts

TEXT = """
format = 1
id = "mine"
title = "control"
reference = "none"

[source]
kind = "reactor"
thermal_power = "1 GW"
baseline = "10 m"
fission_fractions = "typical-pwr"
energies_per_fission = "kopeikin2004"
high_energy = "mueller2011"
low_energy = "kopeikin2012"
endpoint = "8 MeV"
captures_per_fission = 0

[target]
material = "Ge"
mass = "10 kg"

[exposure]
live_time = "100 days"

[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.2, 0.25, 0.3, 0.4], unit = "keVee" }
quenching = { model = "lindhard" }
resolution = "perfect"
efficiency = { model = "flat", fraction = 1 }

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"

[statistic]
kind = "poisson"
observed = [331, 140, 175]
sigma_signal = 0.1
backgrounds = [{ name = "flat", events = [100, 100, 200], sigma = 0.5 }]

[statistic.control_regions.high]
bins = { kind = "uniform", start = 1, stop = 3, count = 2, unit = "keVee" }
observed = [1700, 1750]

[[statistic.control_regions.high.backgrounds]]
name = "flat"
events = 2000
sigma = 0.5

[statistic.control_regions.off]
bins = "signal"
observed = { file = "off.csv", column = "n" }
backgrounds = [{ name = "flat", events = [10, 10, 20], sigma = 0.5 }]

[setup.current]

[setup.projected.statistic]
observed = "sm"

[setup.projected.statistic.control_regions.high]
observed = "backgrounds"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "off.csv").write_text("n\n7\n11\n18\n")
    (tmp_path / "mine.toml").write_text(TEXT)
    return tmp_path / "mine.toml"


def statistic(path: Path, setup: str = "current") -> Counts:
    experiment = load(path, setup)
    assert isinstance(experiment, CountingExperiment)
    assert isinstance(experiment.statistic, Counts)
    return experiment.statistic


def test_what_the_file_says(path: Path) -> None:
    high, off = statistic(path).control_regions
    assert (high.name, off.name) == ("high", "off")
    assert high.edges is not None
    assert high.edges.tolist() == [1, 2, 3]
    assert high.backgrounds[0].events.tolist() == [2000, 2000]
    assert off.edges is None
    assert off.data().tolist() == [7, 11, 18]
    assert off.expected().tolist() == [10, 10, 20]


def test_a_setup_changes_one_key_of_a_region(path: Path) -> None:
    high, off = statistic(path, "projected").control_regions
    assert high.observed is None
    assert high.data().tolist() == [2000, 2000]
    assert off.data().tolist() == [7, 11, 18]


def test_tables_are_part_of_the_inputs(path: Path) -> None:
    before = load(path).inputs_hash
    (path.parent / "off.csv").write_text("n\n7\n11\n19\n")
    assert load(path).inputs_hash != before


MISTAKES = [
    ('bins = "signal"', 'bins = "signl"', ["'signl'", "control_regions.off.bins", "'signal'"]),
    ('bins = "signal"\n', "", ["lacks 'bins'"]),
    ("stop = 3, count = 2, unit", "stop = 3, count = 3, unit", ["high", "2 counts for 3 bins"]),
    ('count = 2, unit = "keVee"', 'count = 2, unit = "keV"', ["high", "in keV", "keVee"]),
    ("start = 1, stop = 3", "start = 3, stop = 1", ["high", "2 comes after 3", "increasing"]),
    ('kind = "uniform", start = 1, stop = 3, count = 2', 'kind = "edges", edges = [1, 3, 3]',
     ["high", "3 comes after 3", "increasing"]),
    ('kind = "uniform", start', 'kind = "unifrm", start', ["'unifrm'", "'uniform'"]),
    ("observed = [1700, 1750]", 'observed = "sm"', ["high.observed", "'backgrounds'"]),
    ("observed = [1700, 1750]", "observed = [1700, -1]", ["high.observed[2]", "from 0"]),
    ("observed = [1700, 1750]", "observd = [1700, 1750]", ["'observd'", "'observed'"]),
    ("observed = [1700, 1750]", "observed = [1, 2]\nerror = [1, 1]", ["'error'", "backgrounds"]),
    ('column = "n"', 'column = "m"', ["off", "unknown column 'm'"]),
    ("backgrounds = [{ name = \"flat\", events = [10, 10, 20], sigma = 0.5 }]",
     "backgrounds = []", ["off.backgrounds", "at least 1"]),
    ("events = [10, 10, 20], sigma = 0.5 }", "events = [10, 10], sigma = 0.5 }",
     ["control region 'off'", "'flat' has 2 counts for 3 bins"]),
    ("events = [10, 10, 20], sigma = 0.5 }",
     'events = 1, sigma = 0.5 }, { name = "flat", events = 1, sigma = 0 }',
     ["control region 'off'", "two backgrounds have one name"]),
    ("control_regions.high]", "control_region.high]", ["'control_region'", "'control_regions'"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES)
def test_mistakes_are_named(path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in TEXT
    with pytest.raises(MunuError) as caught:
        loads(TEXT.replace(old, new, 1), name="mine.toml", setup="current", folder=path.parent)
    message = str(caught.value)
    assert message.startswith("mine.toml")
    assert "\n" not in message
    for word in words:
        assert word in message


GAUSSIAN = TEXT.replace('"poisson"', '"gaussian"')


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("variance = [4, 0]", "a variance is not positive"),
        ("variance = [4, 4]\nerror = [2, 2]", "both 'variance' and 'error'"),
        ("error = [2]", "error has 1 counts for 2 bins"),
    ],
)
def test_mistakes_of_errors_are_named(path: Path, new: str, words: str) -> None:
    text = GAUSSIAN.replace("observed = [1700, 1750]", f"observed = [1700, 1750]\n{new}")
    with pytest.raises(MunuError, match=f"control region 'high': {words}"):
        loads(text, setup="current", folder=path.parent)


def test_errors_become_variances(path: Path) -> None:
    text = GAUSSIAN.replace("observed = [1700, 1750]", "observed = [1700, 1750]\nerror = [2, 3]")
    experiment = loads(text, setup="current", folder=path.parent)
    assert isinstance(experiment.statistic, Counts)
    high, off = experiment.statistic.control_regions
    assert high.variance is not None
    assert high.variance.tolist() == [4, 9]
    assert off.variance is None


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("[1700, 1750]", "[170, 175]", "high.observed", "the backgrounds give 4000"),
        ('name = "flat", events = [10,', 'name = "other", events = [10,', "off", "no nuisance"),
        ("events = [10, 10, 20], sigma = 0.5", "events = 10, sigma = 0", "off", "no nuisance"),
    ],
)
def test_odd_regions_are_remarked_upon(
    path: Path, old: str, new: str, key: str, words: str
) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1).replace("sigma = 0.5\n", "sigma = 0.05\n")
    remarks = check(loads(text, setup="current", folder=path.parent))
    found = [r for r in remarks if r.key == f"statistic.control_regions.{key}"]
    assert any(words in remark.message for remark in found), remarks


def test_few_events_for_a_gaussian(path: Path) -> None:
    text = GAUSSIAN.replace("events = [10, 10, 20]", "events = [9, 10, 20]")
    remarks = check(loads(text, setup="current", folder=path.parent))
    assert any("control region 'off' give 9 events" in remark.message for remark in remarks)


def test_a_region_narrows_the_limit(path: Path) -> None:
    """The background, uncertain by 50 % alone, is measured aside to 2 %."""
    start = TEXT.index("[statistic.control_regions.high]")
    alone = loads(TEXT[:start], folder=path.parent)
    both = load(path)
    limits = [munu.limit(one, "Lambda_3", sigma_sys=0.0).limit_mu_b for one in (both, alone)]
    assert limits[0] < 0.95 * limits[1]


def test_fit_shows_the_regions(path: Path) -> None:
    result = munu.fit(path, toys=0)
    assert (result.n_bins, result.degrees_of_freedom) == (8, 8)
    (data,) = result.data
    high, off = data.control_regions
    assert [axis.text() for axis in high.axes] == ["ionisation 1 to 3 keVee in 2 bins"]
    assert off.axes == data.axes
    # One normalisation for all: the shares of the prediction are those of the file.
    np.testing.assert_allclose(high.fitted_per_bin(), [2000 * 0.86] * 2, rtol=0.02)
    np.testing.assert_allclose(
        off.fitted_per_bin() / off.expected("background"),
        high.fitted_per_bin()[0] / 2000 * np.array([10, 10, 20]) / 40,
    )
    terms = sum(
        2 * np.sum(mu - n + n * np.log(n / mu))
        for n, mu in ((d.observed_per_bin, d.fitted_per_bin()) for d in (data, high, off))
    )
    assert result.chi2 == pytest.approx(terms + sum(p.value**2 for p in result.pulls), rel=1e-9)
    text = str(result)
    assert "Control region high of mine@current" in text
    assert "3450.0" in text
    assert read_json(result.to_json()).to_json() == result.to_json()
    rows = [line.split(",") for line in result.to_csv().splitlines()]
    assert [row[1] for row in rows] == ["region", *["signal"] * 3, *["high"] * 2, *["off"] * 3]
    figure, axes = plot_fit(data)
    assert axes.shape == (3, 3)
    assert [one.get_title() for one in axes[0]] == ["bins of the signal", "high", "off"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels.count("flat") == 1


def test_sparse_regions_call_for_toys(path: Path) -> None:
    assert munu.fit(path, toys=30).p_value_toys is None
    text = TEXT.replace("events = [10, 10, 20]", "events = [1, 1, 2]")
    (path.parent / "off.csv").write_text("n\n1\n0\n2\n")
    sparse = munu.fit(loads(text, setup="current", folder=path.parent), toys=30)
    assert 0.05 < (sparse.p_value_toys or 0) <= 1


@pytest.mark.parametrize("command", ["show", "check", "validate", "fit"])
def test_commands(
    command: str, path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = path.parent / "fit.png"
    more = ["--plot", str(picture)] if command == "fit" else []
    name = str(path) if command == "validate" else f"{path}@current"
    monkeypatch.setattr("sys.argv", ["munu", command, name, *more])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    out = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 0
    expected = {
        "show": "control region off 3 bins; shared",
        "check": "control region off 3 bins",
        "validate": "is valid",
        "fit": "Control region off of mine@current",
    }
    assert expected[command] in out
    assert picture.exists() == (command == "fit")


def test_json_of_a_fit(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["munu", "fit", f"{path}@current", "--json"])
    with pytest.raises(SystemExit):
        entry.main()
    (data,) = json.loads(capsys.readouterr().out)["data"]
    assert [region["name"] for region in data["control_regions"]] == ["high", "off"]
    assert data["control_regions"][1]["observed_per_bin"] == [7, 11, 18]
