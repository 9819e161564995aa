"""The Standard Model against data: events, nuisances, goodness of fit, best signal."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

import munu
from munu.analysis import fit
from munu.analysis.goodness_toys import ToyPValue, standard_model_toys, toy_p_value
from munu.analysis.model import moment_model
from munu.analysis.weak_angle import weak_angle
from munu.base.errors import MunuError
from munu.base.scalar import minimise_scalar
from munu.base.typing import FloatArray
from munu.experiments.load import load
from munu.experiments.overlaps import check_overlaps
from munu.folding.folded import fold_experiment
from munu.folding.selections import check_channels
from munu.folding.template_fit import in_bins
from munu.physics.assumptions import Assumptions
from munu.results import read_json
from munu.results.fit import BACKGROUND, OF_PULLS, SIGNAL, FitResult
from munu.results.paper.data import DataResult
from munu.results.paper.data_rows import DataFit
from munu.statistics.specification import Background, Counts, OffBeam
from munu.statistics.studies import StandardModelToys

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)

DATA_SETS = REFERENCE["data_sets"]


@lru_cache
def fitted(*names: str) -> FitResult:
    return fit.fit(list(names), toys=0)


@pytest.mark.parametrize("name", [name for name in DATA_SETS if "fitted" in DATA_SETS[name]])
def test_fitted_signal_is_the_experiments_own(name: str) -> None:
    entry = DATA_SETS[name]
    (data,) = fitted(name).data
    assert abs(data.signal_events - entry["fitted"]) < 0.5 * entry["fitted_error"]
    half = 0.5 * (data.signal_high - data.signal_low)
    assert half == pytest.approx(entry["fitted_error"], rel=0.65)


@pytest.mark.parametrize("name", ["coherent-csi-2017", "coherent-csi-2021", "xenonnt-sr0-er"])
def test_prediction_and_pulls_give_the_poisson_chi2(name: str) -> None:
    result = fitted(name)
    (data,) = result.data
    n, mu = data.observed_per_bin, data.fitted_per_bin()
    logs = np.where(n > 0, n * np.log(np.where(n > 0, n, 1) / mu), 0.0)
    chi2 = 2 * np.sum(mu - n + logs) + sum(pull.value**2 for pull in result.pulls)
    assert result.chi2 == pytest.approx(chi2, rel=1e-9)


@pytest.mark.parametrize("name", ["dresden-ii", "coherent-lar-2020"])
def test_prediction_and_pulls_with_background_shapes(name: str) -> None:
    result = fitted(name)
    (data,) = result.data
    n, mu, pulls = data.observed_per_bin, data.fitted_per_bin(), result.pulls
    if name == "dresden-ii":
        regions = (data, *data.control_regions)
        assert len(regions) == 2
        terms = sum(
            np.sum((one.observed_per_bin - one.fitted_per_bin()) ** 2 / one.variance_per_bin)
            for one in regions
        )
    else:
        terms = 2 * np.sum(mu - n + np.where(n > 0, n * np.log(np.where(n > 0, n, 1) / mu), 0.0))
    assert result.chi2 == pytest.approx(terms + sum(p.value**2 for p in pulls), rel=1e-9)


def test_channels_add_up() -> None:
    whole = fold_experiment("dresden-ii").counts.sm_events
    parts = [fold_experiment("dresden-ii", None, c).counts for c in ("nuclear", "electron")]
    np.testing.assert_allclose(sum(part.sm_events for part in parts), whole, rtol=1e-9)
    (data,) = fitted("dresden-ii").data
    assert data.expected(SIGNAL) == pytest.approx(whole.sum(), rel=1e-9)
    assert {c.channel for c in data.components if c.kind == SIGNAL} == {"nuclear", "electron"}
    assert data.fitted(BACKGROUND) > 4000


def test_one_bin_is_its_count() -> None:
    result = fitted("conus-plus")
    (data,) = result.data
    assert data.signal_events == pytest.approx(395, abs=0.01)
    assert data.signal_high - 395 == pytest.approx(106, abs=0.01)
    assert result.no_signal_delta_chi2 == pytest.approx((395 / 106) ** 2, rel=1e-6)
    (pull,) = result.pulls
    assert 0 < pull.value < 1
    assert pull.uncertainty < 1


def test_strength_is_the_lowest_of_a_scan() -> None:
    folded = [fold_experiment("coherent-csi-2017")]
    signal = fit.signal_strength(folded, fit.own_assumptions([folded[0].experiment]))
    scan = signal.chi2(np.linspace(0.5, 1, 201))
    assert signal.chi2_min <= scan.min() + 1e-9
    low, high = signal.interval(1.0)
    np.testing.assert_allclose(signal.chi2(np.array([low, high])), signal.chi2_min + 1, atol=1e-7)


def test_experiments_share_a_strength() -> None:
    joint = fitted("conus-plus", "coherent-csi-2017")
    ratios = [one.signal_events / one.expected(SIGNAL) for one in joint.data]
    assert ratios == pytest.approx([joint.strength] * 2)
    single = [fitted(name).strength for name in ("conus-plus", "coherent-csi-2017")]
    assert min(single) < joint.strength < max(single)


def test_toys_follow_their_seed() -> None:
    first, again, other = (fit.fit("coherent-csi-2017", toys=60, seed=seed) for seed in (1, 1, 2))
    assert first.p_value_toys == again.p_value_toys
    assert first.p_value_toys != other.p_value_toys
    assert 0.1 < (first.p_value_toys or 0) < 0.99
    assert fit.fit("dresden-ii", toys=20).p_value_toys is None


@pytest.mark.parametrize("failing", [{3, 7}, set(range(1, 21))])
def test_failed_toys_are_counted_and_the_first_is_named(
    failing: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = StandardModelToys.__call__

    def toys(*given: Any) -> list[float | str]:
        return [
            "the nuisance 'flux' does not converge" if number in failing else outcome
            for number, outcome in enumerate(original(*given), start=1)
        ]

    monkeypatch.setattr(StandardModelToys, "__call__", toys)
    if len(failing) == 20:
        with pytest.raises(MunuError, match=r"all 20 toys .*: toy 1: the nuisance 'flux'"):
            fit.fit("coherent-csi-2017", toys=20)
        return
    found = fit.fit("coherent-csi-2017", toys=20)
    assert found.failed_toys == 2
    assert found.first_failure == "toy 3: the nuisance 'flux' does not converge"
    assert "18 toys (seed 1, 2 more failed)" in str(found)
    assert "The first that failed: toy 3: the nuisance 'flux'" in str(found)
    assert read_json(found.to_json()).to_json() == found.to_json()


def test_any_number_of_workers_draws_the_same_toys() -> None:
    one, two = (fit.fit("coherent-csi-2017", toys=230, workers=n) for n in (1, 2))
    assert one == two
    assert (one.workers, two.workers) == (1, 2)
    assert munu.compare(one, two)


def test_toys_report_progress() -> None:
    seen: list[tuple[int, int]] = []
    fit.fit("coherent-csi-2017", toys=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 3)]
    seen.clear()
    fit.fit(
        ["coherent-csi-2017", "conus-plus"],
        toys=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(3, 6), (6, 6)]


def test_the_data_are_one_of_the_toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 5 toys and the data, χ² of 3 toys and the data is 3 or more; one more toy failed."""
    toys = [1.0, 2.0, "the nuisance 'x' does not converge", 3.0, 4.0, 5.0]
    monkeypatch.setattr(StandardModelToys, "__call__", lambda *_: toys)
    folded = [fold_experiment("conus-plus")]
    drawn = standard_model_toys(folded, fit.own_assumptions([folded[0].experiment]), 6, 1)
    assert toy_p_value(drawn, 3.0) == ToyPValue(
        p_value=(1 + 3) / (1 + 5),
        failed=1,
        first_failure="toy 3: the nuisance 'x' does not converge",
    )


def toys_alone(name: str) -> FloatArray:
    """Return χ² of toys of one experiment, of another seed."""
    folded = fold_experiment(name)
    model = moment_model(folded, fit.own_assumptions([folded.experiment]))
    toys = StandardModelToys.of([folded.experiment.statistic], model, 400, 99)
    return np.array([one for block in toys.blocks for one in toys(block)], float)


def test_toys_of_a_combination_test_it_as_a_whole() -> None:
    """χ² of two that share nothing is the sum, and so is that of their toys."""
    names = ["coherent-csi-2017", "xenonnt-sr0-er"]
    found = fit.fit(names, toys=400)
    parts = [fit.fit(name, toys=0) for name in names]
    assert found.toys == 400
    assert found.chi2 == pytest.approx(sum(part.chi2 for part in parts), abs=1e-6)
    together = sum(toys_alone(name) for name in names)
    assert found.p_value_toys == pytest.approx(np.mean(together >= found.chi2), abs=0.12)


def test_pulls_of_one_bin_have_a_closed_form() -> None:
    """Data of variance v leave √(1 - a²/(v + Σa²)) of a nuisance that moves the count by a."""
    experiment = load("conus-plus")
    backgrounds = (
        Background("seen", np.array([200.0]), 0.4),
        Background("unseen", np.array([1e-3]), 0.5),
    )
    statistic = replace(experiment.statistic, sigma_signal=0.0, backgrounds=backgrounds)
    pulls = fit.fit(replace(experiment, statistic=statistic), toys=0).pulls
    moved = np.array([80.0, 5e-4])
    variance = statistic.variance[0] + np.sum(moved**2)
    assert [pull.uncertainty for pull in pulls] == pytest.approx(np.sqrt(1 - moved**2 / variance))
    assert pulls[1].uncertainty == pytest.approx(1.0, abs=1e-9)


def test_first_run_of_the_paper() -> None:
    result = fitted("coherent-csi")
    (data,) = result.data
    assert data.signal_events == pytest.approx(142 - 6, abs=0.5)
    assert result.n_bins == 1


@pytest.mark.parametrize("widths", [(2.0,), (2.0, 3.0)])
def test_without_degrees_of_freedom_there_is_no_p_value(widths: tuple[float, ...]) -> None:
    """One count and a free background: every count fits."""
    backgrounds = (Background(f"b{i}", np.array([2.0]), sigma) for i, sigma in enumerate(widths))
    counts = Counts("poisson", np.array([3.0]), tuple(backgrounds), 0.17)
    loaded = load("conus-plus")
    detector = replace(loaded.detector, bin_edges=np.array([0.16, 0.8]))
    experiment = replace(loaded, statistic=counts, detector=detector, mass_kg=0.01)
    result = fit.fit(experiment, toys=10)
    assert result.degrees_of_freedom == 1 - len(widths)
    assert result.p_value is None
    assert result.p_value_toys is None
    assert "not defined" in str(result)
    again = read_json(result.to_json())
    assert isinstance(again, FitResult)
    assert again.p_value is None
    assert again.to_json() == result.to_json()
    row = DataFit(fit=result, weak_angle=weak_angle(experiment), limits=())
    table = DataResult(rows=(), fits=(row,), origin=result.origin)._fits()
    assert table.rows[0][3:5] == ("—", "")


def test_a_result_survives_json_and_prints() -> None:
    result = fitted("coherent-csi-2017")
    again = read_json(result.to_json())
    assert isinstance(again, FitResult)
    assert again.to_json() == result.to_json()
    text = str(result)
    for part in ("prompt-neutrons", "nu_mu_bar delayed nuclear", "p-value", "547.0"):
        assert part in text
    assert len(result.to_csv().splitlines()) == 1 + 144


def test_csv_names_observables_and_units_and_joins_data_sets() -> None:
    names = ["coherent-csi-2017", "conus-plus"]
    result = fit.fit(names, toys=0)
    rows = list(csv.DictReader(io.StringIO(result.to_csv())))
    ends = ("photoelectrons_PE_low", "photoelectrons_PE_high", "time_us_low", "time_us_high")
    assert list(rows[0])[2:8] == [*ends, "ionisation_keVee_low", "ionisation_keVee_high"]
    assert all(rows[0][end] for end in ends)
    last = rows[-1]
    assert last["experiment"] == "conus-plus@current"
    assert [last[end] for end in ends] == [""] * 4
    assert (last["ionisation_keVee_low"], last["observed"]) == ("0.16", "395.0")


@pytest.mark.parametrize("name", ["conus", "conus@future", "borexino"])
def test_no_data_no_fit(name: str) -> None:
    with pytest.raises(MunuError, match=f"'{name}' has no observed counts"):
        fit.fit(name)


def test_wrong_channels_are_refused() -> None:
    with pytest.raises(MunuError, match="Did you mean 'nuclear'"):
        check_channels(load("conus-plus"), "nuclea")
    with pytest.raises(MunuError, match="does not count nuclear"):
        check_channels(load("xenonnt-sr0-er"), "nuclear")
    with pytest.raises(MunuError, match="bound on a moment"):
        check_channels(load("borexino"), "electron")
    with pytest.raises(MunuError, match="toys = -1"):
        fit.fit("conus-plus", toys=-1)


def test_the_same_events_are_not_combined() -> None:
    with pytest.raises(MunuError, match="same events"):
        check_overlaps([load("coherent-csi-2017"), load("coherent-csi-2021")])
    check_overlaps([load("coherent-csi-2021"), load("coherent-csi@future"), load("borexino")])


@given(st.floats(0.1, 0.9), st.floats(0.01, 0.05))
def test_scalar_interval_of_a_parabola(best: float, width: float) -> None:
    found = minimise_scalar(lambda x: ((x - best) / width) ** 2, np.linspace(0, 1, 101))
    assert found.best == pytest.approx(best, abs=1e-6)
    low, high = found.interval(1.0)
    assert low == pytest.approx(best - width, abs=1e-6)
    assert high == pytest.approx(best + width, abs=1e-6)


def test_scalar_interval_ends_with_its_range() -> None:
    found = minimise_scalar(lambda x: (x / 10) ** 2, np.linspace(0, 1, 11))
    assert found.best == pytest.approx(0.0, abs=1e-5)
    assert found.interval(1.0) == (0.0, 1.0)


def test_the_error_bar_of_the_first_run_is_that_of_its_likelihood():
    """σ² = N + B_0n + 2 B_ss below Eq. (33) of arXiv:1905.03750: 142 + 6 + 2 x 405 events."""
    statistic = load("coherent-csi").statistic
    expected = statistic.observed + statistic.prompt_neutrons + 2 * statistic.steady_state
    (data,) = munu.fit("coherent-csi", toys=0).data
    assert data.variance_per_bin.tolist() == [expected] == [958.0]
    likelihood = moment_model(
        fold_experiment("coherent-csi"), Assumptions(mixing="desalas2018-no")
    ).likelihood
    assert likelihood.variance.tolist() == [expected]


def test_components_of_the_first_run_are_those_of_equation_33():
    """Signal, prompt neutrons and pulls against a numerical minimum over α and β."""
    statistic = load("coherent-csi").statistic
    sm = float(fold_experiment("coherent-csi").counts.sm_total()[0])
    variance = statistic.observed + statistic.prompt_neutrons + 2 * statistic.steady_state

    def chi2(nuisances: FloatArray) -> float:
        alpha, beta = nuisances
        signal = sm * (1 + statistic.sigma_signal * alpha)
        prompt = statistic.prompt_neutrons * (1 + statistic.sigma_background * beta)
        data = statistic.observed - prompt - signal
        return float(data**2 / variance + alpha**2 + beta**2)

    found = minimize(chi2, [0.0, 0.0], tol=1e-12)
    alpha, beta = found.x
    fitted = munu.fit("coherent-csi", toys=0)
    (data,) = fitted.data
    assert fitted.chi2 == pytest.approx(found.fun, rel=1e-6)
    assert abs(alpha) > 0.05
    assert data.fitted(SIGNAL) == pytest.approx(sm * (1 + statistic.sigma_signal * alpha), rel=1e-5)
    (prompt,) = [one for one in data.components if one.kind == BACKGROUND]
    assert prompt.expected_events == statistic.prompt_neutrons
    assert prompt.fitted_events == pytest.approx(
        statistic.prompt_neutrons * (1 + statistic.sigma_background * beta), rel=1e-5
    )


def test_a_steady_background_is_that_measured_over_its_exposure():
    """One bin with counts on and off beam, against a numerical minimum."""
    experiment = in_bins(load("conus-plus"))
    detector = replace(experiment.detector, bin_edges=np.array([0.16, 0.8]))
    on, off, ratio, sigma = 500.0, 800.0, 4.0, 0.17
    statistic = Counts(
        kind="poisson",
        observed=np.array([on]),
        backgrounds=(),
        sigma_signal=sigma,
        off_beam=OffBeam(np.array([off]), ratio),
    )
    counting = replace(experiment, statistic=statistic, detector=detector)
    (data,) = munu.fit(counting, toys=0).data
    (steady,) = [one for one in data.components if one.name == "off-beam"]
    sm = data.expected(SIGNAL)

    def deviance(count: float, expected: float) -> float:
        return 2 * (expected - count + count * np.log(count / expected))

    def chi2(values: FloatArray) -> float:
        alpha, background = values[0], 100 * values[1]
        prediction = sm * (1 + sigma * alpha) + background
        return float(deviance(on, prediction) + deviance(off, ratio * background) + alpha**2)

    alpha, background = minimize(chi2, [0.0, 2.0], tol=1e-12).x
    assert steady.expected_events == pytest.approx(off / ratio)
    assert steady.fitted_events == pytest.approx(100 * background, rel=1e-4)
    assert data.fitted(SIGNAL) == pytest.approx(sm * (1 + sigma * alpha), rel=1e-4)


def test_a_fit_says_what_the_uncertainties_of_nuisances_are() -> None:
    fitted = munu.fit("coherent-csi-2021", toys=0)
    (table,) = [one for one in fitted.tables() if "uncertainty (σ)" in one.columns]
    assert table.notes == (OF_PULLS,)


def test_without_a_signal_nothing_is_worse_where_none_fits_best() -> None:
    """XENONnT's ionisation signals lie below the background; the difference was one of rounding."""
    found = munu.fit("xenonnt-s2only", toys=0)
    assert (found.strength, found.no_signal_delta_chi2) == (0.0, 0.0)
