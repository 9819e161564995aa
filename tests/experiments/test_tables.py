"""Tables in files are checked as strictly as numbers in the experiment file, by line."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.base.interpolation import between_rows
from munu.base.units import PROBABILITY
from munu.experiments.csv_table import read_table
from munu.experiments.load import loads
from munu.experiments.tables import Folder
from munu.folding.fold import fold

HEAD = """\
format = 1
id = "x"
title = "t"
reference = "r"
[source]
kind = "spallation"
baseline = "25 m"
neutrinos_per_proton = 0.09
protons = "1e23 POT"
[target]
material = "Ge"
mass = "10 kg"
[exposure]
live_time = "200 d"
[detector]
observable = "recoil"
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
bins = { kind = "edges", edges = [5, 20, 60], unit = "keV" }
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "desalas2018-no"
"""
STATISTIC = """\
[statistic]
kind = "poisson"
observed = { file = "counts.csv", column = "n" }
sigma_signal = 0.1
"""


def refusal(folder, content):
    (folder / "counts.csv").write_text(content)
    with pytest.raises(MunuError) as caught:
        loads(HEAD + STATISTIC, name="my.toml", folder=folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("n\n300\n-30\n", "counts.csv, line 3: column 'n': -30 is out of range"),
        ("n\n300\n1e16\n", "from 0 up to 1e+15"),
        ("n,n\n300,1\n20,1\n", "two columns are named 'n'"),
        ("n,b\n300,\n20,1\n", "line 2: column 'b': a cell is empty"),
        ("n,b,c\n300,,1\n20,1\n", "line 2: column 'b': a cell is empty"),
        ("n,b\n300,4,1\n20,1\n", "line 2: '300,4,1' has 3 cells"),
        ("n\n4_00\n20\n", "line 2: column 'n': '4_00' is not a number"),
        ("n\nnan\n20\n", "'nan' is not a number"),
        ("n\n٣\n20\n", "is not a number"),
        ("n\n", "names of columns and no numbers"),
        ("", "no numbers"),
        ("n\n300\n", "1 counts for 2 bins"),
        ("300\n20\n", "no line with the names"),
        ("n,,b\n300,1,1\n20,1,1\n", "a column has no name"),
        ("n;b\n300;1\n20;1\n", "semicolons"),
        ("% GLoBES\n300\n20\n", "Start comments with #"),
        ("e_low,e_high,n\n20,60,20\n5,20,300\n", "line 3: its interval is not behind"),
        ("e_low,e_high,n\n5,5,20\n20,60,300\n", "'e_low' is not below 'e_high'"),
    ],
)
def test_a_bad_table_of_counts_is_refused_by_line(tmp_path, content, words):
    message = refusal(tmp_path, content)
    assert message.startswith("my.toml")
    assert words in message


def test_columns_of_a_good_table(tmp_path):
    (tmp_path / "counts.csv").write_text(
        "# from a paper\ne_low,e_high,n,,\n5,20,300,,\n20,60,20,,\n"
    )
    found = loads(HEAD + STATISTIC, folder=tmp_path)
    assert found.statistic.observed.tolist() == [300, 20]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x,y\n0,0.2\n1,0.4,\n1,0.5\n", "line 4: 1 stands in the row before too"),
        ("0 0.2\n2 0.4\n1 0.5\n", "line 3: 1 comes after 2"),
        ("0 0.2\n2 1.4\n", "line 2: 1.4 is out of range"),
        ("x,lo,hi\n0,0.2,0.3\n2,0.4,0.5\n", '3 columns where a table has two, x and y (x, lo, hi)'),
        ("0.1;0,2\n0.2;0,3\n", "points in them"),
    ],
)  # fmt: skip
def test_a_bad_table_of_pairs_is_refused_by_line(tmp_path, content, words):
    (tmp_path / "efficiency.csv").write_text(content)
    with pytest.raises(MunuError) as caught:
        Folder(tmp_path).points("efficiency.csv", None, allowed=PROBABILITY)
    assert words in str(caught.value)


@pytest.mark.parametrize("content", ["0 0.2\n2\t0.4", "x,eff\n0,0.2\n2,0.4\n", "0,0.2,\n2,0.4,\n"])
def test_pairs_of_a_file_in_their_usual_forms(tmp_path, content):
    (tmp_path / "efficiency.csv").write_text(content)
    assert Folder(tmp_path).points("efficiency.csv", None) == ((0.0, 2.0), (0.2, 0.4))


@pytest.mark.parametrize(
    "header",
    [
        "E [MeV],n",
        "E [MeV]\tn",
        "E [MeV]  n",
        '"E [MeV]","n"',
        '"E [MeV]" n',
        "E [MeV] n [per bin]",
    ],
)
def test_names_with_units_and_in_quotation_marks(header):
    """A blank before a unit was the end of a name, and quoted names were taken for numbers."""
    table = read_table("t", f"{header}\n1 2\n")
    assert table.names[0] == "E [MeV]"
    assert table.names[1] in ("n", "n [per bin]")
    assert table.rows.tolist() == [[1, 2]]


def test_the_only_column_may_have_a_unit():
    assert read_table("t", "energy (eV)\n200\n300\n").names == ("energy (eV)",)


def test_a_named_column_of_many(tmp_path):
    (tmp_path / "efficiency.csv").write_text("x,lo,mid,hi\n0,0.1,0.2,0.3\n2,0.3,0.4,0.5\n")
    assert Folder(tmp_path).points("efficiency.csv", None, "mid")[1] == (0.2, 0.4)
    with pytest.raises(MunuError, match="'mid'"):
        Folder(tmp_path).points("efficiency.csv", None, "mit")


def test_y_is_the_column_beside_that_of_x(tmp_path):
    """With x the second of two columns, y was x itself."""
    (tmp_path / "flux.csv").write_text("flux,energy\n0.2,1\n0.4,2\n")
    folder = Folder(tmp_path)
    assert folder.points("flux.csv", None, x="energy") == ((1.0, 2.0), (0.2, 0.4))
    with pytest.raises(MunuError, match="x and y are both column 'energy'"):
        folder.points("flux.csv", None, "energy", x="energy")


def test_rows_in_order_of_several_axes():
    text = "a_low,a_high,b_low,b_high,n\n0,1,0,1,1\n0,1,1,2,1\n1,2,0,1,1\n"
    read_table("t", text).check_intervals()
    swapped = text.replace("0,1,1,2,1\n1,2,0,1,1", "1,2,0,1,1\n0,1,1,2,1")
    with pytest.raises(MunuError, match="line 4"):
        read_table("t", swapped).check_intervals()


def test_the_logarithm_between_rows():
    """An exponential is exact; beside a zero the line is straight; the ends are those of a line."""
    x, xs = np.linspace(0.1, 3.9, 50), np.array([0.0, 1.0, 2.5, 4.0])
    np.testing.assert_allclose(
        between_rows(x, xs, np.exp(-3 * xs), "log"), np.exp(-3 * x), rtol=1e-13
    )
    ys = np.array([0.0, 1.0, 2.0, 0.0])
    np.testing.assert_allclose(between_rows(np.array([0.5]), xs, ys, "log"), [0.5])
    np.testing.assert_allclose(between_rows(np.array([1.75]), xs, ys, "log"), [2**0.5])
    np.testing.assert_allclose(between_rows(np.array([-1.0, 9.0]), xs, ys + 1, "log"), [1.0, 1.0])


def flux_text(n, interpolation=""):
    """A flux of exp(-E/1.3 MeV) in n rows, germanium above 0.8 keV."""
    energies = np.linspace(1.0, 8.0, n)
    pairs = [[float(e), float(1e13 * np.exp(-e / 1.3))] for e in energies]
    source = f'kind = "tabulated"\nspecies = "nu_e_bar"\nbeam = "r"\npoints = {pairs}\n'
    head, _, tail = HEAD.partition("kind =")
    text = head + source + interpolation + tail[tail.index("[target]") :]
    text = text.replace("[5, 20, 60]", "[0.8, 3]")
    return text + STATISTIC.replace('{ file = "counts.csv", column = "n" }', '"sm"')


def test_a_coarse_exponential_flux_by_its_logarithm():
    """Eight rows in the logarithm are the fine table; straight lines are far above it."""
    fine = float(fold(loads(flux_text(2000))).sm_total()[0])
    log = float(fold(loads(flux_text(8, 'interpolation = "log"\n'))).sm_total()[0])
    straight = float(fold(loads(flux_text(8))).sm_total()[0])
    assert log == pytest.approx(fine, rel=1e-4)
    assert straight > 1.05 * fine
