"""Dresden-II: its released errors, its templates, and its preference for a signal."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.stats import chi2, norm

import munu
from munu.experiments.load import load
from munu.folding.folded import fold_experiment
from munu.statistics.specification import Counts


def released(name: str) -> dict[str, np.ndarray]:
    """Return the columns of a table of the Dresden-II data."""
    text = files("munu").joinpath(f"data/dresden-ii/{name}.csv").read_text(encoding="utf-8")
    header, *lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = np.array([[float(word) for word in line.split(",")] for line in lines])
    return dict(zip(header.split(","), rows.T, strict=True))


DAYS = {"on": 96.4, "off": 25.0}


@pytest.mark.parametrize("state", DAYS)
def test_errors_are_those_of_whole_counts(state: str) -> None:
    """(rate / statistical error)² is the number of events; five digits leave 2e-4 of it open."""
    table = released("spectrum")
    counts = (table[state] / table[f"{state}_statistical"]) ** 2
    few = counts[counts < 300]
    assert few.size == {"on": 5, "off": 102}[state]
    np.testing.assert_allclose(few, np.round(few), rtol=2e-4, atol=3e-3)
    first = {"on": [53, 78, 121, 172], "off": [7, 9, 6, 16]}[state]
    np.testing.assert_allclose(few[:4], first, atol=3e-3)


def test_spectra_share_their_acceptance() -> None:
    """What the statistical errors leave is one relative uncertainty, and one acceptance < 1."""
    table, acceptance, rest = released("spectrum"), {}, {}
    for state, days in DAYS.items():
        rate, statistical = table[state], table[f"{state}_statistical"]
        acceptance[state] = rate / statistical**2 / days
        rest[state] = (table[f"{state}_error"] ** 2 - statistical**2) / rate**2
    np.testing.assert_allclose(acceptance["on"], acceptance["off"], rtol=1e-3)
    np.testing.assert_allclose(rest["on"], rest["off"], rtol=5e-3, atol=1e-6)
    assert np.all(np.diff(acceptance["on"])[:80] > 0)
    assert acceptance["on"][[0, -1]] == pytest.approx([0.0059, 0.503], rel=0.02)


def normal_integral(low: np.ndarray, high: np.ndarray, mean: float, width: float) -> np.ndarray:
    return np.asarray(norm.cdf(high, mean, width) - norm.cdf(low, mean, width))


def background(bins: tuple[np.ndarray, np.ndarray], p: np.ndarray) -> np.ndarray:
    """Return constant, exponential, L1, L2, M1 of 71Ge; relative M1 last (arXiv:2202.10829)."""
    flat, height, inverse_length, area, energy, width, m_shell = p
    centre = 0.5 * (bins[0] + bins[1])
    peaks = normal_integral(*bins, energy, width) + 0.008 * normal_integral(*bins, 1.142, width)
    peaks += 0.16 * m_shell * normal_integral(*bins, 0.158, 0.0685)
    return np.asarray(flat + height * np.exp(-inverse_length * (centre - 0.2)) + area * peaks)


START = {
    "on": np.array([14.2, 68.4, 4.13, 1468.0, 1.2922, 0.0692]),
    "off": np.array([3.15, 15.8, 5.3, 3200.0, 1.3007, 0.0676]),
}


@pytest.mark.parametrize("state", DAYS)
def test_templates_are_their_formula(state: str) -> None:
    table = released(f"background-{state}")
    bins = table["energy_low_kevee"], table["energy_high_kevee"]
    _, _, inverse_length, _, energy, width = START[state]
    nominal = background(bins, np.array([0, 0, 1, 1, energy, width, 1.0]))
    area = table["l_shell"].max() / nominal.max()
    for column, (shift, wider, share) in {
        "l_shell": (0, 0, 1.0),
        "l1_low": (-0.005, 0, 1.0),
        "l1_high": (0.005, 0, 1.0),
        "l1_narrow": (0, -0.005, 1.0),
        "l1_wide": (0, 0.005, 1.0),
        "m_less": (0, 0, 0.97),
        "m_more": (0, 0, 1.03),
    }.items():
        peaks = np.array([0, 0, 1, area, energy + shift, width + wider, share])
        expected = background(bins, peaks)
        np.testing.assert_allclose(table[column], expected, rtol=2e-5, atol=1e-7)
    exponential = table["exponential"]
    slope = -np.diff(np.log(exponential)) / 0.01
    assert slope == pytest.approx(inverse_length, rel=5e-3)
    change = 2 * (0.5 * (bins[0] + bins[1]) - 0.45)
    for column, sign in (("short", -1), ("long", 1)):
        second_order = 1 + sign * change + change**2 / 2
        np.testing.assert_allclose(table[column], exponential * second_order, rtol=2e-5)


def preference(
    setup: str,
    *,
    with_off: bool,
    m_shell: float = 0.03,
    one_length: bool = False,
    correlation_kev: float | None = None,
) -> float:
    """Return Δχ² of no signal with the formula itself, every parameter free: no munu likelihood.

    With ``correlation_kev`` the acceptance is uncertain by what is left of the errors, in common
    over that many keV.
    """
    table, counts = released("spectrum"), fold_experiment(f"dresden-ii@{setup}").counts
    bins = table["energy_low_kevee"], table["energy_high_kevee"]
    kind = "statistical" if setup.startswith("statistical") else "error"
    states = ["on", "off"] if with_off else ["on"]
    start = np.concatenate([START[state] for state in states])
    acceptance = acceptance_modes(table, correlation_kev)

    def residuals(x: np.ndarray, strength: float) -> np.ndarray:
        scaled, pulls = start * x[1 : 1 + start.size], x[1 + start.size :]
        terms = [np.array([(x[0] - 1) / m_shell]), pulls]
        for i, state in enumerate(states):
            p = np.append(scaled[6 * i : 6 * i + 6], x[0])
            p[2] = scaled[2] if one_length else p[2]
            signal = strength * counts.sm_total() if state == "on" else 0.0
            expected = (background(bins, p) + signal) * (1 + pulls @ acceptance)
            terms.append((expected - table[state]) / table[f"{state}_{kind}"])
        return np.concatenate(terms)

    first = np.concatenate([np.ones(1 + start.size), np.zeros(len(acceptance))])
    none = least_squares(residuals, first, args=(0.0,), xtol=1e-12)
    best = least_squares(lambda x: residuals(x[1:], x[0]), np.append(1.0, first), xtol=1e-12)
    return 2 * float(none.cost - best.cost)


def acceptance_modes(table: dict[str, np.ndarray], correlation_kev: float | None) -> np.ndarray:
    """Return independent relative changes of the acceptance by one standard deviation each."""
    if correlation_kev is None:
        return np.zeros((0, table["on"].size))
    rest = table["on_error"] ** 2 - table["on_statistical"] ** 2
    relative = np.sqrt(np.maximum(rest, 0.0)) / table["on"]
    energy = table["energy_low_kevee"]
    correlation = np.exp(-0.5 * ((energy[:, None] - energy) / correlation_kev) ** 2)
    sizes, shapes = np.linalg.eigh(np.outer(relative, relative) * correlation)
    large = sizes > 1e-6 * sizes.max()
    return np.asarray((shapes[:, large] * np.sqrt(sizes[large])).T)


def p_value(delta_chi2: float) -> float:
    return float(chi2.sf(delta_chi2, 1))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"with_off": False, "m_shell": 0.03 / 0.16}, 0.0074),
        ({"with_off": True, "m_shell": 0.03 / 0.16}, 0.0011),
        ({"with_off": True, "one_length": True}, 0.025),
        ({"with_off": False, "correlation_kev": 100.0, "setup": "statistical"}, 0.00064),
        ({"with_off": False, "correlation_kev": 0.1, "setup": "statistical"}, 0.043),
    ],
)
def test_preference_rests_on_the_background(options: dict[str, Any], expected: float) -> None:
    """The p-values that the page on today's data quotes, to two digits."""
    found = p_value(preference(**{"setup": "current", **options}))
    assert found == pytest.approx(expected, rel=0.04)


def test_acceptance_does_not_scatter_between_bins() -> None:
    """Below 0.6 keV the statistical errors describe the scatter; those of the release are wider."""
    (data,) = munu.fit("dresden-ii@statistical", toys=0).data
    table = released("spectrum")
    distance = (data.observed_per_bin - data.fitted_per_bin())[:40]
    assert np.sum((distance / table["on_statistical"][:40]) ** 2) == pytest.approx(38, abs=1)
    assert np.sum((distance / table["on_error"][:40]) ** 2) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    ("setup", "with_off", "expected"),
    [
        ("current", True, 7.92),
        ("current", False, 7.78),
        ("ybe", True, 6.47),
        ("ybe", False, 6.35),
        ("statistical", True, 11.86),
        ("statistical", False, 11.61),
        ("statistical-ybe", True, 10.59),
        ("statistical-ybe", False, 10.36),
    ],
)
def test_preference_for_a_signal(setup: str, with_off: bool, expected: float) -> None:
    """The catalogue's templates against the formula, which has no parabola between variants."""
    experiment = load("dresden-ii", setup)
    assert isinstance(experiment.statistic, Counts)
    if not with_off:
        alone = replace(experiment.statistic, control_regions=())
        experiment = replace(experiment, statistic=alone)
    found = munu.fit(experiment, toys=0).no_signal_delta_chi2
    assert found == pytest.approx(preference(setup, with_off=with_off), abs=0.05)
    assert found == pytest.approx(expected, abs=0.05)
