"""Negative counts, covariances, asymmetric errors and event lists, from the file to the limit."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

import munu
from munu.analysis.checks.check import check
from munu.base.errors import MunuError
from munu.experiments.load import load, loads
from munu.experiments.tables import Folder
from munu.folding.fold import fold
from munu.statistics.build import build
from munu.statistics.likelihoods import VariableWidthLoss
from munu.statistics.specification import Counts
from munu.statistics.toys import toy_data

TEXT = """format = 1
id = "subtracted"
title = "Reactor on minus off"
reference = "none"
[source]
kind = "tabulated"
species = "nu_e_bar"
beam = "reactor"
points = [[1.8, 1e11], [4, 2e11], [8, 1e9]]
[target]
material = "Ge"
mass = "40 g"
[exposure]
live_time = "100 days"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.3, 0.6, 1, 2], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.2312
radiative = true
mixing = "nufit60-no"
[statistic]
"""
OBSERVED = np.array([90.5, -3.2, -8.0])
ERROR = np.array([30.0, 12.0, 9.0])
DOWN = np.array([25.0, 10.0, 7.0])
COVARIANCE = np.array([[900.0, 100, 0], [100, 144, 10], [0, 10, 81]])
SIGMA = 0.1
LEVEL = 2.705543454095404
GAUSSIAN = f"""kind = "gaussian"
observed = {OBSERVED.tolist()}
sigma_signal = {SIGMA}
"""
POISSON = 'kind = "poisson"\nsigma_signal = 0.1\n'


def statistic(keys: str) -> str:
    return TEXT + GAUSSIAN + keys


def limit(text: str, folder: Path | None = None) -> float:
    return munu.limit(loads(text, folder=folder), "Lambda_3").limit_mu_b


def limit_by_hand(text: str, chi2, background=0.0) -> float:
    """Minimise χ² of the residuals over the normalisation, and look for its crossing."""
    counts = fold(loads(text))
    moments = munu.moment_vector([0, 0, 1e-10])
    mixing = munu.global_fit("nufit60-no")
    sm = counts.sm_total()
    dipole = np.array([(moments.conj() @ w @ moments).real for w in counts.w_matrices(mixing)])

    def profiled(q):
        def at(theta):
            signal = (1 + SIGMA * theta) * (sm + q * dipole)
            return chi2(signal + background - OBSERVED) + theta**2

        return minimize_scalar(at, bounds=(-5, 5), method="bounded", options={"xatol": 1e-12}).fun

    best = minimize_scalar(profiled, bounds=(0, 100), method="bounded", options={"xatol": 1e-10})
    least, start = min((profiled(0), 0.0), (best.fun, best.x))
    return 1e-10 * np.sqrt(brentq(lambda q: profiled(q) - least - LEVEL, start, 100, xtol=1e-13))


def split(r):
    return np.sum(r**2 / np.where(r > 0, ERROR, DOWN) ** 2)


def variable(r):
    return np.sum(r**2 / (ERROR * DOWN + (ERROR - DOWN) * r))


def correlated(r):
    return r @ np.linalg.solve(COVARIANCE, r)


ASYMMETRIC = f"error_up = {ERROR.tolist()}\nerror_down = {DOWN.tolist()}\n"
SPLIT = 'treatment = "split"\n'
KEYS = {
    "error": (f"error = {ERROR.tolist()}\n", lambda r: np.sum((r / ERROR) ** 2)),
    "split": (ASYMMETRIC + SPLIT, split),
    "variable": (ASYMMETRIC + 'treatment = "variable-width"\n', variable),
    "covariance": (f"covariance = {COVARIANCE.tolist()}\n", correlated),
}


@pytest.mark.parametrize("name", KEYS)
def test_limit_is_that_of_the_formula(name):
    keys, chi2 = KEYS[name]
    text = statistic(keys)
    assert limit(text) == pytest.approx(limit_by_hand(text, chi2), rel=1e-7)


def test_a_negative_background_is_a_shift_of_the_counts():
    negative = np.array([0.0, -40.0, -4.0])
    text = statistic(
        f'error = {ERROR.tolist()}\nbackgrounds = [{{ name = "off", events = {negative.tolist()},'
        " sigma = 0 }]\n"
    )
    chi2 = KEYS["error"][1]
    assert limit(text) == pytest.approx(limit_by_hand(text, chi2, negative), rel=1e-7)
    shifted = statistic(f"error = {ERROR.tolist()}\n").replace(
        str(OBSERVED.tolist()), str((OBSERVED - negative).tolist())
    )
    assert limit(shifted) == pytest.approx(limit(text), rel=1e-9)


def test_a_covariance_is_that_of_shapes_along_its_eigenvectors():
    small = COVARIANCE - np.diag([1.0, 1.0, 1.0])
    values, vectors = np.linalg.eigh(small)
    shapes = ", ".join(
        f"p{k} = {{ minus = {(1000 - v).tolist()}, plus = {(1000 + v).tolist()} }}"
        for k, v in enumerate((np.sqrt(values) * vectors).T)
    )
    text = (
        statistic("error = [1, 1, 1]\nbackgrounds = [{ name = 'flat', events = 1000, sigma = 0,")
        + f" shapes = {{ {shapes} }} }}]\n"
    ).replace(str(OBSERVED.tolist()), str((OBSERVED + 1000).tolist()))
    expected = limit(statistic(f"covariance = {COVARIANCE.tolist()}\n"))
    assert limit(text) == pytest.approx(expected, rel=1e-6)
    beside = statistic(f"error = [1, 1, 1]\ncovariance = {small.tolist()}\n")
    assert limit(beside) == pytest.approx(expected, rel=1e-9)


def test_a_covariance_may_be_a_file(tmp_path):
    rows = "\n".join(",".join(map(str, row)) for row in COVARIANCE.tolist())
    (tmp_path / "covariance.csv").write_text(rows, encoding="utf-8")
    text = statistic('covariance = { file = "covariance.csv" }\n')
    expected = limit(statistic(f"covariance = {COVARIANCE.tolist()}\n"))
    assert limit(text, tmp_path) == pytest.approx(expected, rel=1e-12)
    assert "largest correlation of bins" in str(munu.show(loads(text, folder=tmp_path)))


def test_equal_errors_up_and_down_are_an_error():
    plain = limit(statistic(f"error = {ERROR.tolist()}\n"))
    for treatment in ("split", "variable-width"):
        same = f"error_up = {ERROR.tolist()}\nerror_down = {ERROR.tolist()}\n"
        text = statistic(f'{same}treatment = "{treatment}"\n')
        assert limit(text) == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("up", [30.0, 12.0])
def test_variable_width_goes_on_where_its_variance_would_vanish(up):
    loss = VariableWidthLoss(np.array([5.0]), np.array([up]), np.array([20.0]))
    at = np.linspace(-200, 200, 4001)[:, None]
    value, slope, curvature = loss(at)
    assert np.all(curvature > 0)
    numerical = np.gradient(value[:, 0], at[:, 0])
    assert slope[1:-1, 0] == pytest.approx(numerical[1:-1], rel=2e-2, abs=1e-3)


@pytest.mark.parametrize("name", ["split", "variable", "covariance", "error"])
def test_toys_have_the_errors_of_the_data(name):
    experiment = loads(statistic(KEYS[name][0]))
    spec, sm = experiment.statistic, fold(experiment).sm_total()
    assert isinstance(spec, Counts)
    likelihood = build(spec, "x", sm)
    toys = toy_data(spec, likelihood, sm, np.random.default_rng(1))
    drawn = np.array([next(toys).specification.observed for _ in range(4000)])
    factor = 1 + SIGMA * likelihood.newton.profile(sm[None, :]).x[0][0]
    chi2 = [KEYS[name][1](factor * sm - row) for row in drawn]
    assert np.mean(chi2) == pytest.approx(3, rel=0.06)  # of χ² with three degrees of freedom
    assert np.var(chi2) == pytest.approx(6, rel=0.2)


def test_fits_and_regions_take_correlated_errors():
    text = statistic(KEYS["covariance"][0])
    fit = munu.fit(loads(text))
    residual = fit.data[0].observed_per_bin - sum(c.fitted_per_bin for c in fit.data[0].components)
    pulls = fit.chi2 - correlated(residual)
    assert 0 <= pulls < 5  # what is left are squares of nuisances
    region = munu.region(loads(text), plane=("Lambda_1", "Lambda_2"))
    lone = munu.limit(loads(text), "Lambda_1").limit_mu_b
    reach = max(float(polygon[:, 0].max()) for polygon in region.polygons)
    assert reach > lone  # Δχ² of 4.6 instead of 2.7, and the other moment free


BACKGROUND = 'backgrounds = [{ name = "b", events = [1, -2, 3], sigma = 0 }]\n'
EVENTS = "energy,t\n0.3,1\n0.45,2\n0.6,3\n0.99,4\n2.0,5\n2.5,6\n0.1,7\n"


def events(tmp_path: Path, observed: str, kind: str = POISSON, rows: str = EVENTS) -> Path:
    (tmp_path / "events.csv").write_text(rows, encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(TEXT + kind + f"observed = {observed}\n", encoding="utf-8")
    return path


def test_events_are_counted_in_the_bins_and_those_outside_are_said(tmp_path):
    path = events(tmp_path, '{ events = "events.csv", column = "energy" }')
    spec = load(path).statistic
    assert isinstance(spec, Counts)
    assert spec.observed is not None
    assert spec.observed.tolist() == [2, 2, 1]
    assert spec.outside == 2
    by_hand = TEXT + POISSON + "observed = [2, 2, 1]\n"
    assert limit(path.read_text(), tmp_path) == pytest.approx(limit(by_hand), rel=1e-12)
    said = [remark.message for remark in check(load(path))]
    validated = [remark.message for remark in munu.validate(path).warnings]
    for messages in (said, validated):
        assert any("2 events of the list lie outside of the bins" in text for text in messages)
    assert "events outside the bins 2 of 7" in " ".join(str(munu.show(path)).split())


@pytest.mark.parametrize("rows", ["energy,t\n", "# nothing seen\nenergy\n\n"])
@pytest.mark.parametrize("keys", ["", ", unbinned = true"])
def test_a_list_without_a_row_is_an_observation_of_no_event(tmp_path, rows, keys):
    path = events(tmp_path, f'{{ events = "events.csv", column = "energy"{keys} }}', rows=rows)
    by_hand = TEXT + POISSON + "observed = [0, 0, 0]\n"
    assert limit(path.read_text(), tmp_path) == pytest.approx(limit(by_hand), rel=1e-9)


def test_another_table_has_rows_whatever_was_read_before(tmp_path):
    (tmp_path / "empty.csv").write_text("energy\n", encoding="utf-8")
    folder = Folder(tmp_path)
    assert folder.read("empty.csv", may_be_empty=True).rows.shape == (0, 1)
    with pytest.raises(MunuError, match="names of columns and no numbers"):
        folder.read("empty.csv")
    with pytest.raises(MunuError, match="has no numbers"):
        load(events(tmp_path, '{ events = "events.csv" }', rows="# nothing\n"))


def test_events_of_several_observables(tmp_path):
    columns = 'columns = { recoil = "energy", time = "t" }'
    path = events(tmp_path, f'{{ events = "events.csv", {columns} }}')
    time = """[axes.time]
kind = "arrival-time"
edges_us = [0, 2.5, 6]
shape = { model = "gaussian-pulse", mean = "440 ns", sigma = "0.15 us" }
efficiency = { model = "flat", fraction = 1 }
[interaction]"""
    text = path.read_text().replace("[interaction]", time).replace('"reactor"', '"prompt"')
    spec = loads(text, folder=tmp_path).statistic
    assert isinstance(spec, Counts)
    assert spec.observed is not None
    assert spec.observed.tolist() == [2, 0, 0, 2, 0, 1]
    with pytest.raises(MunuError, match="columns lacks 'time'"):
        loads(text.replace(', time = "t"', ""), folder=tmp_path)
    with pytest.raises(MunuError, match="Did you mean 'time'"):
        loads(text.replace('time = "t"', 'tme = "t"'), folder=tmp_path)
    with pytest.raises(MunuError, match="one column for two observables"):
        loads(text.replace('time = "t"', 'time = "energy"'), folder=tmp_path)
    with pytest.raises(MunuError, match="events have 2 observables, recoil, time"):
        loads(text.replace(columns, 'column = "energy"'), folder=tmp_path)


@pytest.mark.parametrize(
    ("observed", "message"),
    [
        ('{ events = "events.csv" }', r"events.csv has 2 columns \(energy, t\)"),
        ('{ events = "events.csv", column = "enrgy" }', "Did you mean 'energy'"),
        ('{ events = "none.csv", column = "energy" }', "cannot read the table none.csv"),
        ('{ events = "events.csv", column = "energy", unit = "keVee" }', "the events are in keVee"),
        ('{ events = "events.csv", colum = "energy" }', "Did you mean 'column'"),
        ('{ file = "events.csv", column = "energy" }', "a list of events is { events ="),
    ],
)
def test_bad_lists_of_events_are_refused(tmp_path, observed, message):
    with pytest.raises(MunuError, match=message):
        load(events(tmp_path, observed))


def test_events_in_another_unit_are_refused(tmp_path):
    path = events(tmp_path, '{ events = "events.csv" }', rows="energy\n300\n450\n")
    with pytest.raises(MunuError, match="none of the 2 events"):
        load(path)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("covariance = [[900, 100, 0], [100, 144, 10]]", "2 rows of 3 numbers for 3 bins"),
        ("covariance = [[900, 100], [100, 144, 10]]", "rows of the covariance differ in length"),
        ("covariance = [[900, 90, 0], [100, 144, 10], [0, 10, 81]]", "row 1, column 2 holds 90"),
        ("covariance = [[9, 100, 0], [100, 144, 10], [0, 10, 81]]", "is not positive"),
        ("covariance = [[0, 0, 0], [0, 144, 10], [0, 10, 81]]", "bin 1 of the covariance has no"),
        (
            "covariance = [[-9, 0, 0], [0, 144, 10], [0, 10, 81]]",
            "variance of bin 1, row",
        ),
        ('covariance = { file = "none.csv" }', "cannot read the table none.csv"),
        ("error_up = [30, 12, 9]", "one of 'error_up' and 'error_down' is given"),
        (ASYMMETRIC + "error = [1, 1, 1]", "stand beside another statement of the errors"),
        (ASYMMETRIC, "have no 'treatment'"),
        ('error = [3, 2, 1]\ntreatment = "split"', "statistic.treatment: errors that differ"),
        (ASYMMETRIC + 'treatment = "mean"', "Allowed: 'split' or 'variable-width'"),
        (SPLIT + "error_up = [30, 12, 9]\nerror_down = [25, 0, 7]", "an error is not positive"),
        (
            SPLIT + "error_up = [30, 12]\nerror_down = [25, 1, 7]",
            "error_up has 2 counts",
        ),
        ("", "cannot be a Gaussian variance"),
    ],
)
def test_bad_errors_are_refused(tmp_path, keys, message):
    with pytest.raises(MunuError, match=message):
        loads(statistic(keys + "\n"), name="mine.toml", folder=tmp_path)


def test_the_line_is_that_of_the_errors_or_the_background():
    rows = "components = [[1, 2, 3]]\ncovariance = [[1, 2, 0], [2, 1, 0], [0, 0, 1]]\n"
    cases = {
        f"{rows}": "covariance",
        "error = [1, 1, 0]\n": "error",
        "components = [[1, 2]]\n": "components",
        'error = [1, 1, 1]\n[[statistic.backgrounds]]\nname = "n"\nsigma = 0\n': "backgrounds[1]",
    }
    for keys, key in cases.items():
        text = statistic(keys)
        word = "[[statistic.backgrounds" if "[" in key else f"{key} ="
        line = next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith(word))
        with pytest.raises(MunuError, match=rf"line {line}: statistic\.{re.escape(key)}: "):
            loads(text, name="mine.toml")


def test_negative_counts_stay_refused_where_counts_are_poisson():
    with pytest.raises(MunuError, match=r"out of range|Allowed"):
        loads(TEXT + POISSON + "observed = [1, -2, 3]\n")
    with pytest.raises(MunuError, match=r"out of range|Allowed"):
        loads(TEXT + POISSON + "observed = [1, 2, 3]\n" + BACKGROUND)


def test_check_asks_about_negative_counts():
    background = 'backgrounds = [{ name = "off", events = [0, -4, -4], sigma = 0.5 }]\n'
    remarks = check(loads(statistic(f"error = {ERROR.tolist()}\n" + background)))
    keys = [remark.key for remark in remarks if "are they a difference" in remark.message]
    assert keys == ["statistic.observed", "statistic.backgrounds.off"]
