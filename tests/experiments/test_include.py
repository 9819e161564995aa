"""Files that several experiments have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.model import CountingExperiment

HEADER = """format = 1
id = "mine"
title = "mine"
reference = "me"
include = INCLUDE
"""
SOURCE = """[source]
kind = "tabulated"
beam = "b"
species = "nu_mu"
lines = [[30, 1e7]]
"""
GERMANIUM = """[target]
material = { value = "Ge", source = "the maker" }
mass = "1 kg"
[detector]
observable = "recoil"
threshold = "1 keV"
efficiency = { model = "flat", fraction = 0.9 }
resolution = "perfect"
"""
SITE = """[target]
mass = "2 kg"
[exposure]
live_time = "1 yr"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
"""
BOTH = '["germanium.toml", "site.toml"]'


def written(folder: Path, include: str = BOTH, own: str = SOURCE, site: str = SITE) -> Path:
    (folder / "germanium.toml").write_text(GERMANIUM, encoding="utf-8")
    (folder / "site.toml").write_text(site, encoding="utf-8")
    file = folder / "mine.toml"
    file.write_text(HEADER.replace("INCLUDE", include) + own, encoding="utf-8")
    return file


def mass(file: Path) -> float:
    experiment = munu.load(file)
    assert isinstance(experiment, CountingExperiment)
    return experiment.mass_kg


def test_what_is_stated_lies_above_what_is_included(tmp_path: Path) -> None:
    """A later file lies above an earlier one, and the file itself above both."""
    assert mass(written(tmp_path)) == 2
    assert mass(written(tmp_path, '["site.toml", "germanium.toml"]')) == 1
    own = written(tmp_path, own=SOURCE + '[target]\nmass = "5 kg"\n')
    assert mass(own) == 5
    assert munu.validate(own).valid


def test_it_is_the_same_experiment_as_one_file(tmp_path: Path) -> None:
    file = written(tmp_path, '"germanium.toml"', SOURCE + SITE)
    assert "the maker" in munu.load(file).identity.references
    germanium = GERMANIUM.replace('"1 kg"', '"2 kg"')
    whole = HEADER.replace("include = INCLUDE\n", "") + SOURCE + germanium
    one = munu.loads(whole + SITE.replace('[target]\nmass = "2 kg"\n', ""))
    assert munu.load(file).inputs_hash == one.inputs_hash


def test_a_setup_lies_above_an_included_file(tmp_path: Path) -> None:
    setups = '[setup.current]\n[setup.large.target]\nmass = "9 kg"\n'
    file = written(tmp_path, own=SOURCE + setups)
    assert mass(file) == 2
    assert munu.load(file, "large").inputs_hash != munu.load(file).inputs_hash


def test_a_mistake_is_placed_in_the_included_file(tmp_path: Path) -> None:
    file = written(tmp_path, site=SITE.replace("live_time", "livetime"))
    result = CliRunner().invoke(entry.cli, ["validate", str(file)])
    output = " ".join((result.output + str(result.exception)).split())
    assert "site.toml, line 4" in output
    assert "live_time" in output


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("3", "line 5: include does not name files"),
        ("[]", "include does not name files"),
        ('"../site.toml"', "include does not name files"),
        ('["site.toml", "site.toml"]', "names a file twice"),
        ('"sites.toml"', "line 5: cannot read .*sites.toml"),
        ('"words.toml"', "unknown section 'title' in words.toml"),
        ('"whole.toml"', r"whole.toml is a whole experiment.*\[setup\.NAME\] of whole"),
        ('"mine.toml"', "mine.toml is a whole experiment"),
        ('"broken.toml"', "broken.toml is not valid TOML"),
    ],
)
def test_what_cannot_be_included_is_refused(tmp_path: Path, include: str, message: str) -> None:
    (tmp_path / "words.toml").write_text('title = "x"\n', encoding="utf-8")
    (tmp_path / "whole.toml").write_text('format = 1\ntitle = "x"\n', encoding="utf-8")
    (tmp_path / "broken.toml").write_text("title = x\n", encoding="utf-8")
    with pytest.raises(MunuError, match=message):
        munu.load(written(tmp_path, include))


def test_a_text_and_like_say_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(MunuError, match="Save the text"):
        munu.loads(HEADER.replace("INCLUDE", '"site.toml"') + SOURCE)
    own = written(tmp_path).read_text(encoding="utf-8")
    own = own.replace(f"include = {BOTH}", 'like = "site.toml"')
    with pytest.raises(MunuError, match=r'include = "site\.toml"'):
        munu.loads(own)


def test_a_table_without_a_line_of_its_own_begins_with_the_first_in_it(tmp_path: Path) -> None:
    """[variants.kappa] is the only line of [variants], whose mistakes are placed there."""
    own = SOURCE + "[variants.flux]\nplus = { fluxes = { c = 1.1 } }\n"
    with pytest.raises(MunuError, match=r"mine\.toml, line 11: .*unknown beam 'c'"):
        munu.load(written(tmp_path, own=own))


def test_what_is_included_stays_so_under_changes(tmp_path: Path) -> None:
    """Counts of its own, in an included file, are no events of the experiment that it is like."""
    like = munu.load("xenonnt-s2only")
    assert isinstance(like, CountingExperiment)
    n = like.detector.n_bins
    counts = f'[statistic]\nkind = "poisson"\nobserved = {[1.0] * n}\nsigma_signal = 0.1\n'
    (tmp_path / "counts.toml").write_text(counts, encoding="utf-8")
    header = HEADER.replace("INCLUDE", '"counts.toml"').replace("me", "us")
    file = tmp_path / "mine.toml"
    file.write_text(f'{header}like = "xenonnt-s2only"\n', encoding="utf-8")
    for changes in ({}, {"target.mass": "1 ton"}):
        assert munu.load(file, changes=changes).identity.same_events == ()


def test_a_changed_value_is_not_blamed_on_a_line_of_an_included_file(tmp_path: Path) -> None:
    with pytest.raises(MunuError, match=r"mine\.toml with target\.mass = -3 kg: target\.mass: "):
        munu.load(written(tmp_path), changes={"target.mass": "-3 kg"})
