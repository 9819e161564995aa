"""Response matrices: folds against direct sums, shapes, several observables, bad tables."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.detectors.matrix import MatrixResponse, MeasuredAxis, ResponseMatrix
from munu.experiments.load import load
from munu.folding.fold import fold, recoil_spectrum

TEXT = """format = 1
id = "matrix"
title = "Germanium with a simulated response"
reference = "none"
[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[0.5, 2e12], [2, 1e12], [4, 3e11], [9, 0]]
[target]
material = "Ge"
mass = "1 kg"
[exposure]
live_time = "100 days"
[detector]
observable = "ionisation"
bins = { kind = "edges", edges = [0.05, 0.1, 0.3], unit = "keVee" }
[detector.response]
model = "matrix"
file = "response.csv"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.05
"""
ROWS = [[0.2, 0, 0], [0.5, 0.2, 0.05], [0.9, 0.3, 0.3], [1.5, 0.1, 0.8]]
SUMS = 1e-10


def write(folder: Path, text: str = TEXT, rows=ROWS, header: str = "recoil,low,high") -> Path:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    (folder / "response.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def direct_counts(experiment, rows) -> np.ndarray:
    """Integrate the differential rate times straight lines between rows, bin by bin."""
    table = np.array(rows, float)
    days_kg = experiment.exposure_kg_s / 86400

    def integrand(recoil, column):
        rate = recoil_spectrum(experiment, [recoil]).sm_per_kg_kev_day[0, 0]
        return rate * np.interp(recoil, table[:, 0], table[:, column]) * days_kg

    return np.array(
        [
            sum(
                quad(integrand, low, high, (column,), epsabs=0, epsrel=1e-9, limit=200)[0]
                for low, high in zip(table[:-1, 0], table[1:, 0], strict=True)
            )
            for column in range(1, table.shape[1])
        ]
    )


def test_fold_is_the_integral_of_rate_and_matrix(tmp_path):
    experiment = load(write(tmp_path))
    assert fold(experiment).sm_total() == pytest.approx(direct_counts(experiment, ROWS), rel=1e-6)


def test_fold_is_a_direct_sum_for_a_smooth_rate(tmp_path):
    # One neutrino energy: the rate is a polynomial in T times 1/T, and 40 nodes are exact.
    text = TEXT.replace(
        "points = [[0.5, 2e12], [2, 1e12], [4, 3e11], [9, 0]]", "lines = [[9, 1e12]]"
    )
    experiment = load(write(tmp_path, text))
    x, w = np.polynomial.legendre.leggauss(40)
    expected = np.zeros(2)
    for (low, *first), (high, *second) in pairwise(ROWS):
        recoil = 0.5 * (high + low) + 0.5 * (high - low) * x
        t = (recoil - low) / (high - low)
        rate = recoil_spectrum(experiment, recoil).dipole_per_mu_b2_kg_kev_day[0]
        between = np.outer(1 - t, first) + np.outer(t, second)
        expected += 0.5 * (high - low) * (w * rate) @ between * 100
    dipole = fold(experiment).dipole_events_per_mu_b2.sum(axis=0)
    assert dipole == pytest.approx(expected, rel=SUMS)


def test_matrix_of_a_gaussian_detector_counts_as_that_detector_does(tmp_path):
    resolution = '{ model = "gaussian", noise = 0.02, stochastic = 0, proportional = 0,'
    parts = f"""recoil_threshold = "0.2 keV"
quenching = {{ model = "constant", factor = 0.2 }}
efficiency = {{ model = "flat", fraction = 0.8 }}
resolution = {resolution} unit = "keVee" }}
"""
    start, end = TEXT.index("[detector.response]"), TEXT.index("[interaction]")
    by_parts = write(tmp_path, TEXT[:start] + parts + TEXT[end:])
    expected = fold(load(by_parts)).sm_total()
    energies = np.linspace(0.2, 3, 600)
    borders = np.array([0.05, 0.1, 0.3])
    cumulative = norm.cdf(borders, 0.2 * energies[:, None], 0.02)
    rows = np.column_stack([energies, 0.8 * np.diff(cumulative, axis=1)])
    found = fold(load(write(tmp_path, rows=rows))).sm_total()
    assert found == pytest.approx(expected, rel=1e-4)


def test_energies_have_a_unit_and_columns_have_names(tmp_path):
    plain = fold(load(write(tmp_path))).sm_total()
    text = TEXT.replace(
        '"response.csv"',
        '"response.csv"\nunit = "eV"\nenergies = "energy"\nprefix = "b"',
    )
    rows = [[sum(row[1:]), *row[:0:-1], 1000 * row[0]] for row in ROWS]
    named = write(tmp_path, text, rows, header="total,b1,b0,energy")
    assert fold(load(named)).sm_total() == pytest.approx(plain, rel=1e-12)
    chosen = write(
        tmp_path, text.replace('prefix = "b"', 'columns = ["b0", "b1"]'), rows, "total,b1,b0,energy"
    )
    assert fold(load(chosen)).sm_total() == pytest.approx(plain, rel=1e-12)


def test_logarithms_between_rows(tmp_path):
    matrix = ResponseMatrix(np.array([1.0, 2.0]), np.array([[0.1, 0.0], [0.4, 0.2]]), "log")
    assert matrix(np.array([1.5]))[0] == pytest.approx(
        [0.2, 0.1]
    )  # √(0.1 · 0.4); straight beside 0
    assert matrix(np.array([0.9, 2.1])) == pytest.approx(np.zeros((2, 2)))


def test_several_observables_come_before_other_axes(tmp_path):
    text = TEXT.replace(
        '"response.csv"', '"response.csv"\naxes = { S1 = { edges = [0, 1, 2], unit = "PE" } }'
    ).replace("edges = [0.05, 0.1, 0.3]", "edges = [0.05, 0.3]")
    experiment = load(write(tmp_path, text))
    counts = fold(experiment)
    assert [(axis.name, axis.edges.size - 1) for axis in counts.axes] == [
        ("ionisation", 1),
        ("S1", 2),
    ]
    assert counts.sm_total() == pytest.approx(direct_counts(experiment, ROWS), rel=1e-6)
    assert "S1 0 to 2 PE in 2 bins" in " ".join(str(munu.rate(experiment)).split())


def test_a_variant_of_the_matrix_is_a_shape(tmp_path):
    side = '[variants.yield]\nplus = { response = { model = "matrix", file = "more.csv" } }\n'
    path = write(tmp_path, TEXT.replace("[interaction]", side + "[interaction]"))
    more = [[row[0], row[1], 0.5 * row[2]] for row in ROWS]
    (tmp_path / "more.csv").write_text("\n".join(",".join(map(str, r)) for r in more), "utf-8")
    (variant,) = fold(load(path)).variants
    nominal = variant.minus.sm_total()
    assert variant.plus.sm_total() == pytest.approx(nominal * [1, 0.5], rel=1e-12)
    assert munu.limit(path).limit_mu_b > munu.limit(write(tmp_path)).limit_mu_b


def test_electrons_have_a_matrix_of_their_own(tmp_path):
    both = TEXT.replace('["nuclear"]', '["nuclear", "electron"]')
    with pytest.raises(MunuError, match=r"line 18: detector.response: nuclei and electrons recoil"):
        load(write(tmp_path, both))
    (tmp_path / "electrons.csv").write_text("0.1,0,0\n0.2,1,0\n0.3,0,1\n", encoding="utf-8")
    own = 'model = "matrix"\nelectrons = { file = "electrons.csv" }'
    path = write(tmp_path, both.replace('model = "matrix"', own))
    counts = fold(load(path))
    nuclear = fold(load(write(tmp_path))).sm_total()
    assert counts.of_recoils(("nuclear",)).sm_total() == pytest.approx(nuclear, rel=1e-12)
    electrons = write(
        tmp_path, TEXT.replace('"nuclear"', '"electron"'), [[0.1, 0, 0], [0.2, 1, 0], [0.3, 0, 1]]
    )
    alone = fold(load(electrons)).sm_total()
    assert counts.of_recoils(("electron",)).sm_total() == pytest.approx(alone, rel=1e-12)


def test_check_says_where_the_matrix_ends_and_show_what_it_is(tmp_path):
    path = write(tmp_path)
    remarks = [one.message for one in check(load(path)) if one.key == "detector.response"]
    assert any("ends at 1.5 keV with 90 % counted" in text for text in remarks)
    assert "matrix of 4 recoil energies" in " ".join(str(munu.show(path)).split())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.2, 0, 0], [0.5, 0.9, 0.2]], r"response.csv, line 3: the row adds up to 1.1"),
        ([[0.2, 0, 0], [0.5, -0.1, 0.2]], r"response.csv, line 3: column 'low': -0.1"),
        ([[0.5, 0, 0], [0.2, 0.1, 0.2]], r"response.csv, line 3: 0.2 comes after 0.5"),
        ([[0.0, 0.1, 0], [0.2, 0.1, 0.2]], r"counts recoils of vanishing energy"),
        ([[0.2, 0.1, 0.2]], r"Give one row per energy, two or more"),
    ],
)
def test_bad_matrices_are_refused_with_line_and_key(tmp_path, rows, message):
    with pytest.raises(MunuError, match=message) as refused:
        load(write(tmp_path, rows=rows))
    assert "mine.toml, line 18: detector.response: " in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('file = "response.csv"', 'file = "none.csv"', "cannot read the table none.csv"),
        ('"response.csv"', '"response.csv"\nenergies = "recol"', "Did you mean 'recoil'"),
        ('"response.csv"', '"response.csv"\nprefix = "b"', "unknown column 'b0'"),
        ('"response.csv"', '"response.csv"\nprefix = "b"\ncolumns = ["low"]', "Leave one out"),
        ("edges = [0.05, 0.1, 0.3]", "edges = [0.05, 0.3]", "2 columns for 1 bins"),
        ('"response.csv"', '"response.csv"\ncolumns = ["low", "low"]', "'low' .* of two bins"),
        (
            '"response.csv"',
            '"response.csv"\ncolumns = ["low", "recoil"]',
            "'recoil' .*the energies",
        ),
        ('model = "matrix"', 'model = "matrx"', "Allowed: matrix"),
        (
            "[interaction]\n",
            'efficiency = "flat"\n[interaction]\n',
            r"unknown key 'efficiency' in \[detector.response\]",
        ),
        ('form_factor = "unity"', 'form_factor = "unit"', "form_factor"),
    ],
)
def test_bad_keys_are_refused(tmp_path, old, new, message):
    with pytest.raises(MunuError, match=message):
        load(write(tmp_path, TEXT.replace(old, new)))


@pytest.mark.parametrize("header", ["energy,b0,b2", "energy,b1,b_1", "energy,b01,b1"])
def test_columns_of_a_prefix_are_numbered_one_by_one(tmp_path, header):
    text = TEXT.replace('"response.csv"', '"response.csv"\nprefix = "b"')
    with pytest.raises(
        MunuError, match=r"'b.*' and 'b.*' of response.csv do not follow each other"
    ):
        load(write(tmp_path, text, header=header))


def test_recoils_below_the_matrix_are_not_counted(tmp_path):
    text = TEXT.replace("[9, 0]", "[4.1, 0]")
    with pytest.raises(MunuError, match="the response of 'matrix' counts no recoil"):
        fold(load(write(tmp_path, text, [[50, 0, 0], [60, 1, 0]])))


def test_frozen_parts_check_themselves():
    with pytest.raises(MunuError, match=r"recoils of 2 keV: the row adds up to 1.1"):
        ResponseMatrix(np.array([1.0, 2.0]), np.array([[0.1, 0], [0.6, 0.5]]))
    with pytest.raises(MunuError, match="S1 bin edges must increase"):
        MeasuredAxis("S1", "PE", np.array([1.0, 0.0]))
    one = ResponseMatrix(np.array([1.0, 2.0]), np.array([[0.1, 0], [0.6, 0.2]]))
    two = ResponseMatrix(np.array([1.0, 2.0]), np.array([[0.1], [0.6]]))
    with pytest.raises(MunuError, match="response to electrons has 1 bins"):
        MatrixResponse(one, two)
