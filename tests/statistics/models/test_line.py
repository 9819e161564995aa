"""Minima along a coordinate: what starts where, and which valley is lowest."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

import munu
from munu.analysis.coupling_axes import axes_of
from munu.analysis.couplings import couplings_of
from munu.analysis.question import question
from munu.analysis.statement import asimov_counterpart, fold_assumed
from munu.experiments.load import loads
from munu.experiments.model import Experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.limits import CouplingLine
from munu.statistics.models.neighbours import valleys_of


def test_one_start_of_each_valley() -> None:
    x = np.array([[0.0, 0.0], [0.1, -0.2], [2.0, 0.0], [2.0, 0.2], [0.0, -3.0], [9.0, 9.0]])
    np.testing.assert_array_equal(valleys_of(x, 9), x[[0, 2, 4, 5]])
    np.testing.assert_array_equal(valleys_of(x, 2), x[[0, 2]])


def test_a_far_valley_counts_behind_many_minima_of_a_flat_one() -> None:
    # The first nine minima are one flat valley; the others are as low where the modulus is larger.
    given = Assumptions()
    asked = question(("epsilon_u_emu",), ("epsilon_d_ee",), given)
    folded, settled = fold_assumed(["coherent-csi-2021", "dresden-ii"], None, given)
    counterpart = asimov_counterpart(folded, settled)
    assert counterpart is not None
    couplings = couplings_of(folded, asked, counterpart)
    axes = axes_of(asked, couplings, given)
    line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
    values = np.linspace(0.05, 0.15, 5)
    alone = np.array([line.chi2(np.array([value]))[0] for value in values])
    np.testing.assert_allclose(line.chi2(values), alone, rtol=1e-9)
    assert alone[-1] < 3.4  # 3.498 in the flat valley


def test_a_free_coupling_that_counts_by_its_square_leaves_zero() -> None:
    # χ² is stationary at zero of ⟨r²⟩_eμ, whose valley is deeper: 0.889 and not 1.458 at 0.15.
    free = ["charge_radius_emu", "charge_radius_mumu"]
    found = munu.limit("coherent-ge-mini", "sin2_theta_w", profile=free, cl=0.6827)
    assert found.intervals[0, 0] == pytest.approx(0.11829, abs=1e-4)
    likelihood = munu.likelihood("coherent-ge-mini", ["sin2_theta_w", *free])
    at = [0.15, 1.80000854e-31, -1.92620414e-31]  # by a simplex search from 60 starts
    curve = munu.profile("coherent-ge-mini", "sin2_theta_w", profile=free, at=[0.15])
    assert curve.delta_chi2[0] <= likelihood.chi2(at) - curve.chi2_min + 1e-6


def test_what_is_free_beside_makes_no_fit_worse() -> None:
    # Minima of ε^u_eμ whose phase no event tells are a ring: they left no start for another valley.
    data, lowest = ["dresden-ii", "coherent-lar-2020"], []
    for free in (["sin2_theta_w"], ["epsilon_u_emu", "sin2_theta_w"]):
        found = munu.profile(data, "epsilon_d_etau", profile=free, at=[0.0], mixing="nufit60-no")
        lowest.append(found.chi2_min + found.delta_chi2[0])
    assert lowest[1] <= lowest[0] + 1e-6


@pytest.mark.parametrize(
    ("data", "name", "free", "value", "lowest"),
    [
        ("dresden-ii", "sin2_theta_w", ["epsilon_d_ee", "charge_radius_ee"], 0.0, 218.29638),
        (
            ["texono-low-threshold", "coherent-ge-mini"],
            *("epsilon_u_mumu", ["sin2_theta_w", "mu_nu_e"], 0.2425, 57.2774),
        ),
    ],
)
def test_a_start_that_is_high_at_first_may_lead_lowest(
    data: list[str], name: str, free: list[str], value: float, lowest: float
) -> None:
    # Lowest of 80 random starts of benchmarks/restarts.py; few steps from few starts: 0.014, 0.44
    # higher.
    found = munu.profile(data, name, profile=free, at=[value], mixing="nufit60-no")
    assert found.chi2_min + found.delta_chi2[0] <= lowest


def csi_with_far_minima() -> Experiment:
    """Return COHERENT's first run with electrons from 0.5 keV on, whose far minima are hard."""
    file = files("munu.experiments").joinpath("catalogue/coherent-csi-2017.toml")
    return loads(file.read_text(encoding="utf-8").replace('"0.02 keV"', '"0.5 keV"'))


def test_valleys_at_values_of_the_first_are_looked_for_in_all_others_together() -> None:
    # Two couplings that undo each other far out: along each alone χ² shows nothing. The lowest of
    # 60 random starts of benchmarks/restarts.py; 0.27 higher without.
    free = ["millicharge_ee", "epsilon_d_ee"]
    data = [csi_with_far_minima(), munu.load("texono-low-threshold")]
    options = {"mediator_mass": "0.37 MeV", "mixing": "nufit60-no"}
    found = munu.profile(data, "g_scalar", profile=free, at=[0.0], **options)
    assert found.chi2_min + found.delta_chi2[0] <= 146.0667


def test_far_minima_count_that_few_starts_reach() -> None:
    # The lowest of 400 random starts of benchmarks/restarts.py; 0.056 higher without.
    free, options = ["epsilon_u_mumu", "millicharge_ee"], {"mediator_mass": "0.255 MeV"}
    found = munu.limit(csi_with_far_minima(), "g_universal", profile=free, **options)
    assert found.chi2_min <= 144.6089


def test_where_a_shape_takes_events_away_couplings_may_be_large() -> None:
    # Couplings that cancel in nuclei make 8,000 events of electrons, which the charge yield takes
    # away at -2.4 σ. The lowest of 300 random starts of up to 30 units, three times as far as those
    # of benchmarks/restarts.py, which find 177.979; 1.2 higher without.
    free = ["millicharge_ee", "epsilon_d_mumu", "charge_radius_ee"]
    found = munu.profile("xenonnt-8b", "mu_nu_e", profile=free, at=[2.5e-9])
    assert found.chi2_min + found.delta_chi2[0] <= 177.974


def test_an_end_is_where_no_valley_is_below_the_level() -> None:
    """Neighbours of the end were in another valley than the lowest there, 4e-5 above it."""
    line = {"profile": ["epsilon_u_emu", "epsilon_d_mumu"], "mixing": "desalas2018-no"}
    found = munu.limit("coherent-csi-2021", "epsilon_d_etau", cl=0.99, **line)
    (end,) = found.intervals[:, 1]
    at = munu.profile("coherent-csi-2021", "epsilon_d_etau", at=[end], **line)
    assert at.delta_chi2[0] == pytest.approx(found.delta_chi2, abs=1e-7)
