"""Every mistake of a file is named at once, and nothing that follows from another."""

from __future__ import annotations

from importlib.resources import files

import pytest

from munu.analysis.checks.mistakes import mistakes
from munu.cli import main as entry
from munu.experiments.named import catalogue

CONUS = files("munu.experiments").joinpath("catalogue/conus.toml").read_text(encoding="utf-8")
CHANGES = {
    'id = "conus"': 'id = "my conus"',
    'title = "CONUS': 'titel = "CONUS',
    '"17 m"': '"17 kg"',
    "mass = {": "mas = {",
    '"1 yr"': '"1 m"',
    'model = "lindhard"': 'model = "lindhart"',
    "value = 0.2312": 'value = "x"',
    '"projection"': '"projektion"',
}
WORDS = (
    "unknown key 'titel'",
    "'my conus' is not an identifier",
    "needs a text 'title'",
    "source.baseline",
    "unknown key 'mas' in [target]",
    "[target] lacks 'mass'",
    "exposure.live_time",
    "'lindhart'",
    "interaction.sin2_theta_w",
    "'projektion'",
)


def found(folder, text):
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return [str(mistake) for mistake in mistakes(path)]


def changed(changes):
    text = CONUS.split("[setup.current]")[0]
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_all_of_them(tmp_path):
    lines = found(tmp_path, changed(CHANGES))
    for words in WORDS:
        assert sum(words in line for line in lines) == 1, words
    assert len(lines) == len(WORDS)


def test_wrong_numbers_beside_wrong_keys(tmp_path):
    """A material and a mixing that are unknown are named although the source cannot be read."""
    lines = found(
        tmp_path,
        changed({'"Ge"': '"77Ge"', '"desalas2018-no"': '"desalas"', '"17 m"': '"17 kg"'}),
    )
    assert len(lines) == 3
    for words in ("no known isotope, Ge-77", "'desalas'", "source.baseline"):
        assert any(words in line for line in lines)


def test_a_mistake_of_two_setups_is_named_once(tmp_path):
    text = CONUS.replace('"17 m"', '"17 kg"')
    assert len(found(tmp_path, text)) == 1
    assert len(found(tmp_path, text.replace('"100 kg"', '"100 m"'))) == 2


def test_what_no_command_takes_is_a_mistake(tmp_path):
    (line,) = found(tmp_path, changed({'"100 eVee"': '"100 keVee"'}))
    assert "lies above the endpoint" in line


@pytest.mark.parametrize("name", catalogue())
def test_the_catalogue_has_none(name):
    assert mistakes(name) == ()


def test_the_command_prints_one_a_line(tmp_path, capsys, monkeypatch):
    path = tmp_path / "my.toml"
    path.write_text(changed(CHANGES), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["munu", "validate", str(path)])
    with pytest.raises(SystemExit) as stop:
        entry.main()
    captured = capsys.readouterr()
    assert stop.value.code == 2
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == len(WORDS)
    assert all(line.startswith(f"munu: {path}") for line in lines)


SPECTRA = 'low_energy = { U235 = "a.csv" } # { value = "kopeikin2012"'


@pytest.mark.parametrize(
    ("old", "new", "words", "remedy"),
    [
        (SPECTRA.partition("# ")[0][:13] + SPECTRA.partition("# ")[2], SPECTRA,
         "spectra by isotope", "continued"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_has_a_way_out(tmp_path, old, new, words, remedy):
    lines = found(tmp_path, changed({old: new}))
    assert any(words in line and remedy in line for line in lines), lines
