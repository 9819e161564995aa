"""Every kind of file through every question, on the command line and in Python.

What one question takes, all take: a kind of file that is read, folded and limited, but that a
region, a toy or a picture does not know, is found here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import munu
from munu.cli.main import cli

HEAD = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "arXiv:1905.03750"\n'
FLUX = """[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[1.8, 1e12], [3, 8e11], [5, 5e11], [9, 3e11]]
"""
TARGET = '[target]\nmaterial = "Ge"\nmass = "1 kg"\n'
EXPOSURE = '[exposure]\nlive_time = "20 weeks"\n'
DETECTOR = """[detector]
observable = "recoil"
recoil_threshold = "0.05 keV"
bins = { kind = "edges", edges = [0.3, 0.5, 1, 2], unit = "keV" }
"""
PERFECT = 'efficiency = { model = "flat", fraction = 1 }\nresolution = "perfect"\n'
INTERACTION = """[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"
"""
BACKGROUND = 'backgrounds = [{ name = "flat", total = 30, spread = "widths", sigma = 0.2 }]\n'
POISSON = (
    f'[statistic]\nkind = "poisson"\nobserved = [60, 50, 20]\nsigma_signal = 0.1\n{BACKGROUND}'
)
GAUSSIAN = '[statistic]\nkind = "gaussian"\nobserved = [40, 35, -3]\nsigma_signal = 0.1\n'
ROWS = "T,a,b,c\n0.1,0,0,0\n0.4,0.3,0.1,0\n0.8,0.1,0.5,0.1\n1.5,0,0.1,0.8\n4,0,0,0.9\n"
MORE = "T,a,b,c\n0.1,0,0,0\n0.4,0.4,0.1,0\n0.8,0.1,0.6,0.1\n1.5,0,0.1,0.8\n4,0,0,0.9\n"
MATRIX = 'response = { model = "matrix", file = "m.csv" }\n'
EVENTS = "time,energy\n" + "".join(
    f"{0.05 * i:g},{0.3 + 1.6 * (i / 60) ** 2:.4f}\n" for i in range(60)
)
REACTOR = """kind = "reactor"
thermal_power = "3.9 GWth"
baseline = "LENGTH"
fission_fractions = { U235 = 0.55, U238 = 0.07, Pu239 = 0.32, Pu241 = 0.06 }
energies_per_fission = "kopeikin2004"
high_energy = HIGH
low_energy = LOW
endpoint = "8 MeV"
captures_per_fission = 0
"""
ISOTOPES = ("U235", "U238", "Pu239", "Pu241")


def reactor(length: str = "60 m", high: str = '"huber2011"', low: str = '"vogel-engel1989"') -> str:
    return REACTOR.replace("LENGTH", length).replace("HIGH", high).replace("LOW", low)


@dataclass(frozen=True)
class File:
    """What differs from the plain file, the tables beside it, and a word of it that show has."""

    word: str
    source: str = FLUX
    target: str = TARGET
    detector: str = DETECTOR + PERFECT
    statistic: str = POISSON
    rest: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    include: str = ""

    def write(self, folder: Path) -> Path:
        for name, content in self.tables.items():
            (folder / name).write_text(content, encoding="utf-8")
        path = folder / "mine.toml"
        parts = (self.source, self.target, EXPOSURE, self.detector, INTERACTION, self.rest)
        text = "".join((self.include, HEAD, *parts, self.statistic))
        path.write_text(text, encoding="utf-8")
        return path


def statistic(keys: str) -> str:
    return f"{GAUSSIAN}{keys}\n"


def detector(efficiency: str = PERFECT, more: str = "") -> str:
    return DETECTOR + efficiency + more


WIDTH = "noise = 0, stochastic = 0.05, proportional = 0.02"
LINEAR = f"""efficiency = {{ model = "flat", fraction = 1 }}
resolution = {{ model = "gaussian", combination = "linear", {WIDTH}, unit = "keV" }}
"""
COLUMN = 'file = "e.csv", column = "kept", interpolation = "log", unit = "keV"'
TABLES = f"""efficiency = {{ model = "table", {COLUMN} }}
resolution = {{ model = "table", file = "r.csv", unit = "keV" }}
"""
QUENCHED = """[detector]
observable = "ionisation"
recoil_threshold = "0.3 keV"
bins = { kind = "edges", edges = [0.06, 0.1, 0.2, 0.4], unit = "keVee" }
quenching = { model = "table", file = "q.csv", column = "Q" }
efficiency = { model = "flat", fraction = 1 }
resolution = { model = "gaussian", noise = 0.01, stochastic = 0, proportional = 0, unit = "keVee" }
"""
VARIANT = '[variants.yield]\nplus = { response = { model = "matrix", file = "more.csv" } }\n'
TIME = """[axes.time]
kind = "arrival-time"
edges_us = [0, 1, 3]
efficiency = { model = "flat", fraction = 1 }
shape = { model = "tabulated-arrival", file = "pulse.csv", beams = ["reactor"] }
"""
TANTALUM = """[target]
material = "Ta2O5"
mass = "1 kg"
[target.isotopes.Ta-181]
protons = 73
atomic_mass = "180.947999 u"
spin = 3.5
charge_radius = "5.3507 fm"
abundance = 1
source = "AME2020; NUBASE2020; Angeli and Marinova 2013"
"""
SUN = 'kind = "solar"\nfluxes = "b16-gs98"\nsurvival = "adiabatic"\n'
PIONS = """[source]
kind = "spallation"
baseline = "20 m"
neutrinos_per_proton = 0.09
beam_power = "1.4 MW"
beam_energy = "1 GeV"
"""
SHAPES = """[statistic]
kind = "poisson"
observed = [60, 50, 20]
sigma_signal = 0.1
interpolation = "polynomial"
[[statistic.backgrounds]]
name = "n"
events = [10, 10, 10]
sigma = 0
shapes = { w = { minus = [8, 9, 12], plus = [15, 12, 8] } }
"""
FILES = {
    "matrix": File("m.csv", detector=detector(MATRIX), tables={"m.csv": ROWS}),
    "matrix of two observables with a variant": File(
        "S1",
        detector=DETECTOR.replace("[0.3, 0.5, 1, 2]", "[0.3, 2]")
        + MATRIX.replace(" }", ', axes = { S1 = { edges = [0, 1, 2, 5], unit = "PE" } } }'),
        rest=VARIANT.replace(" } }", ', axes = { S1 = { edges = [0, 1, 2, 5], unit = "PE" } } } }'),
        tables={"m.csv": ROWS, "more.csv": MORE},
    ),
    "resolution as a linear sum": File("linear", detector=detector(LINEAR)),
    "tables with named columns, one by logarithms": File(
        "e.csv",
        detector=detector(TABLES),
        tables={
            "e.csv": "E,lo,kept\n0.1,0,0.5\n1,0.1,0.9\n3,0,0.9\n",
            "r.csv": "0.1,0.05\n3,0.2\n",
        },
    ),
    "quenching as a table": File(
        "q.csv", detector=QUENCHED, tables={"q.csv": "T,lo,Q\n0.1,0,0.15\n1,0,0.2\n10,0,0.3\n"}
    ),
    "list of events": File(
        "events.csv",
        statistic=POISSON.replace("[60, 50, 20]", '{ events = "events.csv", column = "energy" }'),
        tables={"events.csv": EVENTS},
    ),
    "unbinned events": File(
        "events.csv",
        statistic=POISSON.replace(
            "[60, 50, 20]", '{ events = "events.csv", column = "energy", unbinned = true }'
        ),
        tables={"events.csv": EVENTS},
    ),
    "events of energy and time": File(
        "events.csv",
        rest=TIME,
        statistic=POISSON.replace(
            "[60, 50, 20]",
            '{ events = { file = "events.csv", columns = { recoil = "energy", time = "time" } } }',
        ),
        tables={
            "events.csv": EVENTS,
            "pulse.csv": "time_low_us,time_high_us,reactor\n0,1.5,0.65\n1.5,3,0.35\n",
        },
    ),
    "negative counts with errors": File("error", statistic=statistic("error = [9, 8, 5]")),
    "asymmetric errors, split": File(
        "split",
        statistic=statistic('error_up = [9, 8, 5]\nerror_down = [7, 6, 4]\ntreatment = "split"'),
    ),
    "asymmetric errors, variable width": File(
        "variable",
        statistic=statistic(
            'error_up = [9, 8, 5]\nerror_down = [7, 6, 4]\ntreatment = "variable-width"'
        ),
    ),
    "covariance": File(
        "covariance", statistic=statistic("covariance = [[81, 10, 0], [10, 64, 2], [0, 2, 25]]")
    ),
    "covariance of a file beside errors": File(
        "covariance",
        statistic=statistic('error = [9, 8, 5]\ncovariance = { file = "c.csv" }'),
        tables={"c.csv": "9,3,0\n3,4,1\n0,1,2\n"},
    ),
    "components": File(
        "components", statistic=statistic("error = [9, 8, 5]\ncomponents = [[3, 2, 1], [0, -1, 1]]")
    ),
    "shapes by a polynomial": File("code 4p", statistic=SHAPES),
    "two reactors": File(
        "reactor 2", source=f"[[source]]\n{reactor()}[[source]]\n{reactor('90 m')}"
    ),
    "a reactor and the Sun": File("solar", source=f"[[source]]\n{reactor()}[[source]]\n{SUN}"),
    "species as columns": File(
        "flux.csv",
        source='[source]\nkind = "tabulated"\nbeam = "decay"\nfile = "flux.csv"\n'
        'columns = { nu_e = "2", nu_mu = "3" }\nenergy_unit = "GeV"\nflux_unit = "/m2/s/GeV"\n',
        tables={"flux.csv": "0.005,1e15,1e15\n0.02,2e15,2e15\n0.05,0,1e15\n"},
    ),
    "own spectra of isotopes": File(
        "U235.csv",
        source="[source]\n"
        + reactor(
            high="{ " + ", ".join(f'{one} = "{one}.csv"' for one in ISOTOPES) + " }",
            low='"continued"',
        ),
        tables={f"{one}.csv": "0.5,1.5\n2,1.2\n4,0.3\n8,0.01\n" for one in ISOTOPES},
    ),
    "beam by power": File("1 GeV", source=PIONS),
    "own isotope": File("Ta", target=TANTALUM),
    "compound with an isotope": File("Te", target=TARGET.replace("Ge", "130TeO2")),
    "several targets": File(
        "Si",
        target=TARGET.replace("[target]", "[[target]]")
        + TARGET.replace("[target]", "[[target]]").replace("Ge", "Si")
        + 'efficiency = { model = "flat", fraction = 0.5 }\n',
    ),
    "included sections": File(
        "Ge",
        target="",
        detector="",
        include='include = "common.toml"\n',
        tables={"common.toml": TARGET + DETECTOR + PERFECT},
    ),
}


def run(*words: object) -> str:
    """Return what a command prints; it must succeed, and warn of nothing in Python."""
    found = CliRunner().invoke(cli, [str(word) for word in words])
    assert found.exit_code == 0, (words, found.output, found.exception)
    return found.output


def answer(*words: object) -> dict[str, object]:
    document = json.loads(run(*words, "--json"))
    assert isinstance(document, dict)
    return document


@pytest.fixture(params=FILES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    file = FILES[str(request.param)]
    return file.write(tmp_path), file.word


def test_every_question_is_answered(case: tuple[Path, str], tmp_path: Path) -> None:
    path, word = case
    assert "is valid" in run("validate", path)
    assert word in str(answer("show", path)["ingredients"]), "the recipe does not say it"
    run("check", path)
    assert "1905.03750" in run("cite", path)
    rate = answer("rate", path)
    fold = munu.fold(munu.load(path))
    assert rate["sm_events"] == pytest.approx(fold.sm_total().sum(), rel=1e-9)
    limit = munu.limit(path, "Lambda_3").limit_mu_b
    assert limit is not None
    chi2 = munu.likelihood(path, ["Lambda_3"]).chi2(np.linspace(0, limit, 401)[:, None])
    assert chi2[-1] - chi2.min() == pytest.approx(2.7055, rel=2e-3)
    run("limit", path, "--method", "cls")
    run("limit", path, "--parameter", "epsilon_u_ee")
    run("limit", path, "--expected")
    fit = answer("fit", path, "--toys", "20", "--parameter", "charge_radius_ee")
    assert fit["data"], "the fit has no data"
    (covered,) = munu.coverage(path, "Lambda_3", moment_mu_b=[limit], toys=40).coverage
    assert 0.75 < covered <= 1
    run(
        "scan",
        path,
        "--parameter",
        "g_universal",
        "--over",
        "mediator_mass",
        "--at",
        "1 MeV",
        "--at",
        "100 MeV",
    )
    for kind, *words in (
        ("region", "--plane", "Lambda_1,Lambda_2"),
        ("region", "--plane", "epsilon_u_ee,epsilon_d_ee"),
        ("profile", "--parameter", "Lambda_3"),
    ):
        saved = tmp_path / "result.json"
        saved.write_text(run(kind, path, *words, "--json"), encoding="utf-8")
        picture = tmp_path / "picture.svg"
        run("plot", saved, "--output", picture)
        assert picture.stat().st_size > 5_000
