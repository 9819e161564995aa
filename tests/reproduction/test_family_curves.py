"""Curves over masses: points where they bend, split and end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from munu.base.typing import FloatArray
from munu.reproduction.family_curves import BENT, NEAR, curve, further
from munu.reproduction.family_questions import CONUS_ELECTRONS, CURVES, FamilyCurve
from munu.results.scan import ScanResult

UNIT = np.array([[0.0, 1.0]])


def drawn(found: ScanResult, mass: float) -> float:
    """Return the upper end of the main interval as a straight line in logarithms has it."""
    x, y = np.log(found.values), np.log(found.highest)
    return float(np.exp(np.interp(np.log(mass), x, y)))


def of(label: str, parameter: str) -> FamilyCurve:
    return next(one for one in CURVES if (one.label, one.parameter) == (label, parameter))


def asked(value: Any, masses: FloatArray) -> list[float]:
    return further({mass: value(mass) for mass in masses.tolist()})


def test_a_straight_line_needs_no_further_point() -> None:
    masses = np.geomspace(1, 1e3, 7)
    assert asked(lambda mass: UNIT * mass**2, masses) == []


def test_what_bends_or_jumps_is_asked_halfway() -> None:
    masses = np.geomspace(1, 1e3, 7)
    bent = asked(lambda mass: UNIT * np.hypot(mass, 30), masses)
    assert 30 < bent[-1] < 100
    assert all(1 < mass < 300 for mass in bent)
    jump = 1 + 8 * BENT
    (step,) = asked(lambda mass: UNIT * (jump if mass > 20 else 1.0), masses)
    assert step == pytest.approx(np.sqrt(10 * masses[3]))


def test_an_interval_that_splits_is_followed_to_neighbouring_masses() -> None:
    def ends(mass: float) -> FloatArray:
        return UNIT if mass < 20 else np.array([[0.0, 0.99], [0.995, 1.0]])

    points = {mass: ends(mass) for mass in np.geomspace(1, 1e3, 7).tolist()}
    while wanted := further(points):
        points |= {mass: ends(mass) for mass in wanted}
    last = max(mass for mass in points if mass < 20)
    first = min(mass for mass in points if mass >= 20)
    assert first / last < 1 + 1.1 * NEAR


def test_a_split_is_drawn_where_it_is() -> None:
    """Limits at masses between those of any grid, from questions of one mass each."""
    one = FamilyCurve(
        "CONUS+, electrons", CONUS_ELECTRONS, "g_universal", "mediator_mass", "0.1 MeV", "1 MeV", 5
    )
    found = curve(one)
    for mass, end in ((0.2, 8.52e-6), (0.25, 1.10e-5), (0.3, 1.34e-5), (0.316, 7.02e-6)):
        assert drawn(found, mass) == pytest.approx(end, rel=0.05)
    split = found.values[[len(ends) for ends in found.intervals].index(2)]
    assert 0.3 < split < 0.316


@pytest.mark.parametrize(
    ("label", "parameter", "limits"),
    [
        ("XENONnT", "mu_N_e", {1.6: 269e-10}),
        ("Dresden-II", "mu_N_e", {8.0: 166e-10}),
        ("CsI", "mu_N_mu", {52.0: 350e-10}),
    ],
)
def test_the_portal_is_followed_to_what_the_source_makes(
    label: str, parameter: str, limits: dict[float, float]
) -> None:
    found = curve(of(label, parameter))
    assert not found.failures
    assert all(len(ends) for ends in found.intervals)
    for mass, end in limits.items():
        assert mass < found.values[-1]
        assert drawn(found, mass) == pytest.approx(end, rel=0.05)


@pytest.mark.parametrize("parameter", ["g_universal", "g_lmu-ltau"])
def test_masses_at_which_zero_is_excluded_are_found(parameter: str) -> None:
    """Fits of single masses: CsI excludes zero at 100 (L_mu-L_tau) and at 150 MeV (both)."""
    found = curve(of("CsI", parameter))
    excluded = found.values[[bool(ends[0, 0] > 0) for ends in found.intervals]]
    assert excluded.size > 8
    assert excluded[0] < 110 < 150 < excluded[-1]
