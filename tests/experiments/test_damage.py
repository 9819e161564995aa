"""Damaged files, TOML and CSV, from one seed: never a traceback, no limit changed in silence.

A damage either leaves a file that nobody could have meant (a negative count, a missing cell, two
columns of one name, a key that does not exist), or one that is another experiment (300 for 200).
The first kind must be refused, warned of by `munu check`, or change nothing; of the second only a
traceback is a failure. `make test-slow` runs 2,000 of them.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import munu
from munu.analysis.checks.check import check
from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.experiments.load import load

COMMON = """\
format = 1
id = "x"
title = "t"
reference = "r"

[target]
material = "Ge"
mass = { value = "10 kg", source = "s" }

[exposure]
live_time = "200 d"

[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"
"""

REACTOR = (
    COMMON
    + """
[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
file = "flux.csv"

[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.05, 0.1, 0.2, 0.4], unit = "keVee" }
recoil_threshold = "0.1 keV"
quenching = { model = "table", file = "quenching.csv" }
efficiency = { model = "table", file = "efficiency.csv", unit = "keVee" }
resolution = { model = "gaussian", noise = 0.01, stochastic = 0, proportional = 0, unit = "keVee" }

[statistic]
kind = "poisson"
observed = { file = "counts.csv", column = "n" }
sigma_signal = 0.1

[[statistic.backgrounds]]
name = "flat"
events = { file = "counts.csv", column = "b" }
sigma = 0.1
"""
)

BEAM = (
    COMMON
    + """
[source]
kind = "spallation"
baseline = "25 m"
neutrinos_per_proton = 0.09
protons = "1e23 POT"

[detector]
observable = "recoil"
efficiency = { model = "flat", fraction = 0.9 }
resolution = "perfect"
bins = { kind = "edges", edges = [5, 20, 60], unit = "keV" }

[axes.time]
kind = "arrival-time"
edges_us = [0, 1, 6]
efficiency = { model = "flat", fraction = 1 }
shape = { model = "tabulated-pulse", file = "pulse.csv" }

[statistic]
kind = "gaussian"
observed = [135, 240, 18, 39]
sigma_signal = 0.1

[[statistic.backgrounds]]
name = "b"
events = [100, 200, 10, 20]
sigma = 0.3

[statistic.backgrounds.shapes.tilt]
plus = [110, 210, 9, 19]
"""
)

TABLES = {
    "flux.csv": "energy,flux\n1.0,4e9\n2.0,2.5e9\n3.0,1.4e9\n4.0,8e8\n5.0,4.5e8\n6.0,2.4e8\n"
    "7.0,1.3e8\n8.0,7e7\n9.0,3.6e7\n",
    "quenching.csv": "0.1,0.12\n0.5,0.16\n1.0,0.19\n2.0,0.22\n3.0,0.24\n",
    "efficiency.csv": "# published curve\n0.02,0.5\n0.06,0.6\n0.1,0.8\n0.2,0.9\n0.6,0.95\n",
    "counts.csv": "low,high,n,b\n0.05,0.1,105,50\n0.1,0.2,70,30\n0.2,0.4,40,20\n",
    "pulse.csv": "time_low_us,time_high_us,intensity\n0,0.25,0.2\n0.25,0.5,1\n0.5,0.75,0.7\n"
    "0.75,1,0.03\n",
}
FILES = {"reactor": REACTOR, "beam": BEAM}

Damage = Callable[[random.Random, str], str]


@dataclass(frozen=True)
class Case:
    """One damaged file: the experiment, the file, what was done, and whether it is a nonsense."""

    base: str
    file: str
    damage: Damage
    nonsense: bool
    seed: int

    def __str__(self) -> str:
        return f"{self.base}-{self.file}-{self.damage.__name__}-{self.seed}"


def _rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def _joined(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


def _numeric(text: str) -> list[int]:
    return [i for i, line in enumerate(text.splitlines()) if re.match(r"[-.\d]", line)]


def _in_a_cell(rng: random.Random, text: str, change: Callable[[str], str]) -> str:
    rows, at = _rows(text), rng.choice(_numeric(text))
    j = rng.randrange(len(rows[at]))
    rows[at][j] = change(rows[at][j])
    return _joined(rows)


def negative(rng: random.Random, text: str) -> str:
    """A minus sign in front of the last column, which is a share, a flux or a count."""
    rows, at = _rows(text), rng.choice(_numeric(text))
    rows[at][-1] = f"-{rows[at][-1]}"
    return _joined(rows)


def enormous(rng: random.Random, text: str) -> str:
    return _in_a_cell(rng, text, lambda cell: f"{cell.split('e')[0]}e{rng.choice((21, 99, 400))}")


def underscore(rng: random.Random, text: str) -> str:
    return _in_a_cell(rng, text, lambda cell: f"{cell}_0")


def no_number(rng: random.Random, text: str) -> str:
    words = ("nan", "inf", "-inf", "x", "1,5e", "0x10", "٣", "1 2", "--", "1e", "NA", "$1", "1/2")
    return _in_a_cell(rng, text, lambda _: rng.choice(words))


def empty_cell(rng: random.Random, text: str) -> str:
    return _in_a_cell(rng, text, lambda _: rng.choice(("", " ")))


def lost_cell(rng: random.Random, text: str) -> str:
    rows, at = _rows(text), rng.choice(_numeric(text))
    del rows[at][rng.randrange(len(rows[at]))]
    return _joined(rows)


def more_cells(rng: random.Random, text: str) -> str:
    rows, at = _rows(text), rng.choice(_numeric(text))
    rows[at].insert(rng.randrange(len(rows[at]) + 1), "1")
    return _joined(rows)


def swapped_rows(rng: random.Random, text: str) -> str:
    lines, numeric = text.splitlines(), _numeric(text)
    i, j = rng.sample(numeric, 2)
    lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines) + "\n"


def repeated_row(rng: random.Random, text: str) -> str:
    lines, at = text.splitlines(), rng.choice(_numeric(text))
    lines.insert(at, lines[at])
    return "\n".join(lines) + "\n"


def cut(rng: random.Random, text: str) -> str:
    """The rows after one are lost."""
    lines, numeric = text.splitlines(), _numeric(text)
    return "\n".join(lines[: rng.choice(numeric[:-1])]) + "\n"


def header_alone(rng: random.Random, text: str) -> str:
    return "\n".join(text.splitlines()[: _numeric(text)[0]]) + "\n"


def same_names(rng: random.Random, text: str) -> str:
    rows = _rows(text)
    if not rows[0][0][:1].isalpha():
        return no_number(rng, text)
    i, j = rng.sample(range(len(rows[0])), 2)
    rows[0][i] = rows[0][j]
    return _joined(rows)


def semicolons(rng: random.Random, text: str) -> str:
    return text.replace(",", ";")


def decimal_commas(rng: random.Random, text: str) -> str:
    return text.replace(".", ",")


def other_comment(rng: random.Random, text: str) -> str:
    return f"{rng.choice('%!;')} comment\n{text}"


def noise(rng: random.Random, text: str) -> str:
    """Any bytes anywhere, and no sense is asked of what is left."""
    at = rng.randrange(len(text))
    piece = "".join(chr(rng.choice((0, 9, 10, 13, 44, 46, 48, 101, 233, 8232))) for _ in range(3))
    return text[:at] + piece + text[at + rng.randrange(3) :]


def digit(rng: random.Random, text: str) -> str:
    """Another digit: another number."""
    places = [m.start() for m in re.finditer(r"\d", text)]
    at = rng.choice(places)
    return text[:at] + str(rng.randrange(10)) + text[at + 1 :]


def wrong_key(rng: random.Random, text: str) -> str:
    match = rng.choice(list(re.finditer(r"(?<=\n)([a-z_0-9]+)(?= =)", text)))
    key = match[1]
    at = rng.randrange(len(key))
    letter = rng.choice("qxz")
    return text[: match.start()] + key[:at] + letter + key[at:] + text[match.end() :]


def wrong_unit(rng: random.Random, text: str) -> str:
    match = rng.choice(list(re.finditer(r'(?<=\d )(kg|d|fm|m|POT|keV)(?=")', text)))
    other = rng.choice([u for u in ("kg", "d", "fm", "POT", "mu_B", "") if u != match[1]])
    return text[: match.start()] + other + text[match.end() :]


def wrong_type(rng: random.Random, text: str) -> str:
    match = rng.choice(list(re.finditer(r'(?<== )("[^"\n]*"|[\d.]+|true|\[[^\n]*\])(?=\n)', text)))
    values = ("nan", "-inf", "[]", "{}", "1979-05-27", "[[1]]", '"\\u0000"', "-1", '""', "[nan, 1]")
    return text[: match.start()] + rng.choice(values) + text[match.end() :]


def wrong_name(rng: random.Random, text: str) -> str:
    match = rng.choice(list(re.finditer(r'(?<=(?:kind|odel) = ")[a-z-]+(?=")', text)))
    return text[: match.start()] + match[0] + "z" + text[match.end() :]


def negative_count(rng: random.Random, text: str) -> str:
    start = text.index("[statistic]")
    match = rng.choice(list(re.finditer(r"(?<=[\[ ])\d[\d.]*(?=[,\]\n ])", text[start:])))
    return text[: start + match.start()] + "-" + text[start + match.start() :]


def repeated_line(rng: random.Random, text: str) -> str:
    lines = text.splitlines()
    at = rng.choice([i for i, line in enumerate(lines) if " = " in line])
    return "\n".join([*lines[: at + 1], *lines[at:]]) + "\n"


def lost_line(rng: random.Random, text: str) -> str:
    lines = text.splitlines()
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines) + "\n"


def lost_end(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text))]


NONSENSE_CSV = (
    negative, enormous, underscore, no_number, empty_cell, lost_cell, more_cells, swapped_rows,
    repeated_row, cut, header_alone, same_names, semicolons, decimal_commas, other_comment,
)  # fmt: skip
NONSENSE_TOML = (wrong_key, wrong_unit, wrong_name, negative_count, repeated_line)
OTHER_CSV = (noise, digit)
OTHER_TOML = (noise, digit, wrong_type, lost_line, lost_end)


def cases(n: int, seed: int) -> list[Case]:
    """Return n cases, TOML and CSV in turn."""
    rng, found = random.Random(seed), []
    for i in range(n):
        base = rng.choice(sorted(FILES))
        if i % 2:
            file = rng.choice([name for name in TABLES if name in FILES[base]])
            nonsense = rng.random() < 0.8
            damage = rng.choice(NONSENSE_CSV if nonsense else OTHER_CSV)
        else:
            file, nonsense = "my.toml", rng.random() < 0.5
            damage = rng.choice(NONSENSE_TOML if nonsense else OTHER_TOML)
        found.append(Case(base, file, damage, nonsense, seed + i))
    return found


def written(base: str, folder: Path) -> Path:
    (folder / "my.toml").write_text(FILES[base], encoding="utf-8")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "my.toml"


def answer(path: Path) -> tuple[float | None, frozenset[str]]:
    """Return the limit and the warnings of a file; a limit of None for a refusal.

    Every refusal is one line that names a file, and validation and the limit agree.
    """
    try:
        wrong = mistakes(path)
    except MunuError as error:
        wrong = (error,)
    for one in wrong:
        assert "\n" not in str(one) or "\n" in repr(path)
        assert str(one).startswith(("cannot read", str(path))), one
    try:
        limit = munu.limit(path, "Lambda_3")
    except MunuError:
        assert wrong, "valid, and yet no limit"
        return None, frozenset()
    assert not wrong
    keys = frozenset(f"{r.key}: {r.message.split()[0]}" for r in check(load(path)))
    return limit.limit_mu_b, keys


@cache
def undamaged(base: str) -> tuple[float | None, frozenset[str]]:
    with TemporaryDirectory() as folder:
        return answer(written(base, Path(folder)))


@pytest.mark.parametrize("base", FILES)
def test_the_undamaged_files_have_a_limit(base):
    assert undamaged(base)[0] is not None


def examine(case: Case, folder: Path) -> None:
    """Damage a file and see that what it says is refused, warned of, or the same."""
    path = written(case.base, folder)
    target = folder / case.file
    text = case.damage(random.Random(case.seed), target.read_text(encoding="utf-8"))
    target.write_bytes(text.encode("utf-8", "surrogatepass"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        limit, remarks = answer(path)
    right, usual = undamaged(case.base)
    if case.nonsense and limit is not None:
        assert limit == pytest.approx(right, rel=1e-9) or remarks - usual, (case, limit, right)


@pytest.mark.parametrize("case", cases(60, seed=20), ids=str)
def test_a_damaged_file(case, tmp_path):
    examine(case, tmp_path)


@pytest.mark.slow
def test_two_thousand_damaged_files(tmp_path):
    failures = []
    for case in cases(2000, seed=2000):
        try:
            examine(case, tmp_path)
        except Exception as error:  # every kind of failure is counted, and told at the end
            failures.append(f"{case}: {type(error).__name__}: {str(error)[:300]}")
    assert not failures, "\n".join(failures)
