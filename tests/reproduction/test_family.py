"""`munu reproduce family`, on a few of its questions."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
from munu.analysis.coupling_axes import Axes
from munu.analysis.coupling_limit import allowed_values
from munu.analysis.couplings import Couplings
from munu.base.errors import MunuError
from munu.plotting import family as picture
from munu.reproduction import family, family_limits
from munu.reproduction.family_limits import family_limit
from munu.reproduction.family_published import comparison, entries
from munu.reproduction.family_questions import (
    ASKED,
    CHARGES,
    CONUS,
    CURVES,
    PLANES,
    QUARKS,
    RADII,
    SETS,
    XENONNT,
    Asked,
    FamilyCurve,
    FamilyPlane,
)
from munu.reproduction.work import Work
from munu.results import read_json
from munu.results.core.cells import intervals_cell
from munu.results.paper.family import FamilyResult
from munu.results.paper.family_comparison import comparisons_table
from munu.results.paper.family_limit import limit_notes
from munu.statistics.models import Allowed

FEW = (
    ("charge_radius_ee", ""),
    ("epsilon_u_ee", ""),
    ("epsilon_u_emu", ""),
    ("g_b-l", "100 MeV"),
    ("mu_N_mu", "20 MeV"),
)
FEW_ASKED = tuple(one for one in ASKED if (one.parameter, one.mass) in FEW)


@pytest.fixture
def asked_radius() -> Asked:
    return next(one for one in ASKED if one.parameter == "charge_radius_ee")


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int]]:
    return []


def of(parameter: str) -> dict[str, Any]:
    """Return the first published number of a parameter."""
    return next(one for one in entries() if one["parameter"] == parameter)


@pytest.fixture(scope="module")
def result(steps: list[tuple[int, int]]) -> FamilyResult:
    curve = FamilyCurve("CONUS+, electrons", CONUS, "g_b-l", "mediator_mass", "1 MeV", "100 MeV", 2)
    portal = FamilyCurve("XENONnT", XENONNT, "mu_N_e", "sterile_mass", "0.1 MeV", "30 MeV", 2)
    planes = (FamilyPlane("CONUS+", CONUS, QUARKS), FamilyPlane("CONUS+", CONUS, RADII))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(family, "SETS", {"CONUS+": CONUS, "XENONnT": XENONNT})
        patch.setattr(family, "ASKED", FEW_ASKED)
        patch.setattr(family, "entries", lambda: [of("epsilon_u_ee"), of("epsilon_d_ee")])
        patch.setattr(family, "PLANES", (*planes, FamilyPlane("XENONnT", XENONNT, CHARGES)))
        patch.setattr(family, "CURVES", (curve, portal))
        return family.compute(Work(progress=lambda done, total: steps.append((done, total))))


def test_limits_are_those_of_the_question(result: FamilyResult) -> None:
    radius = munu.limit("conus-plus", "charge_radius_ee")
    found = result.find("CONUS+", "charge_radius_ee")
    np.testing.assert_allclose(found.intervals, radius.intervals)
    assert found.best_fit == pytest.approx(radius.best_fit)
    vector = munu.limit("xenonnt-sr0-er", "g_b-l", mediator_mass="100 MeV")
    found = result.find("XENONnT", "g_b-l", "100 MeV")
    np.testing.assert_allclose(found.intervals, vector.intervals)
    assert result.find("XENONnT", "epsilon_u_ee").cell == "∞"


def test_expected_limits_are_those_of_the_question(result: FamilyResult) -> None:
    radius = munu.limit("conus-plus", "charge_radius_ee", expected=True)
    found = result.find("CONUS+", "charge_radius_ee")
    np.testing.assert_allclose(found.expected, radius.intervals)
    assert not np.allclose(found.expected, found.intervals, rtol=0.01, atol=0.0)
    assert result.find("XENONnT", "mu_N_mu", "20 MeV").expected_cell == ""
    rows = result.tables()[0].rows
    assert [row[0] for row in rows] == ["CONUS+", " expected", "XENONnT", " expected"]
    assert rows[1][1] == found.expected_cell


def test_combinations_have_expected_limits(asked_radius: Asked) -> None:
    """The sum of two sets of data bounds no less than one of them where both are as predicted."""
    alone = family_limit("CsI", ("coherent-csi-2021",), asked_radius)
    both = family_limit("both", ("coherent-csi-2021", *CONUS), asked_radius)
    assert np.diff(both.expected).sum() < np.diff(alone.expected).sum()


def test_an_expected_fit_that_fails_leaves_the_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def failing(axes: Axes, couplings: Couplings, delta: float) -> Allowed:
        calls.append(1)
        if len(calls) == 1:
            return allowed_values(axes, couplings, delta)
        raise MunuError("the nuisance 'x' does not converge", "Widen it")

    monkeypatch.setattr(family_limits, "allowed_values", failing)
    found = family_limit("CONUS+", CONUS, ASKED[0])
    assert (found.failure, found.expected_cell) == ("", "✗")
    (note,) = (one for one in limit_notes([found]) if one.startswith("✗"))
    assert "expected: the nuisance 'x' does not converge" in note


def test_a_mass_that_no_source_makes_is_told_from_a_failure(result: FamilyResult) -> None:
    heavy = result.find("CONUS+", "mu_N_mu", "20 MeV")
    assert heavy.cell == "–"
    assert "no neutrino of" in heavy.failure
    assert "–: no neutrino of the source" in " ".join(str(result).split())


def test_data_without_such_neutrinos_are_left_out_of_a_combination() -> None:
    (asked,) = (one for one in ASKED if (one.parameter, one.mass) == ("mu_N_mu", "20 MeV"))
    both = family_limit("both", ("coherent-csi-2021", *CONUS), asked)
    assert both.experiments == ("coherent-csi-2021",)
    assert np.isfinite(both.intervals).all()


def test_progress_and_reasons(result: FamilyResult, steps: list[tuple[int, int]]) -> None:
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert len(result.regions) == len(result.region_labels) == 2
    (remark,) = result.remarks
    assert remark.startswith("✗ CONUS+, region of charge_radius_ee and charge_radius_mumu")


def test_a_fit_that_fails_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: object) -> None:
        raise MunuError("the nuisance 'x' does not converge", "Widen it")

    monkeypatch.setattr(family_limits, "allowed_values", failing)
    found = family_limit("CONUS+", CONUS, ASKED[0])
    assert (found.cell, found.unreached) == ("✗", False)
    assert "does not converge" in found.failure


def test_json_csv_and_width(result: FamilyResult, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_json(result.to_json()).to_json() == result.to_json()
    monkeypatch.setenv("COLUMNS", "80")
    lines = str(result).splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(word for line in lines for word in line.split())
    for part in ("Charge radii", "second-hand", "|ε^u_eμ|", "10⁻³² cm²", "one degree of freedom"):
        assert part in text
    assert "No published number at hand: ⟨r²⟩_ee, |ε^u_eμ|, |μ_Nμ|, g_B-L." in text
    rows = result.to_csv().splitlines()
    assert any(row.startswith("published,CONUS+,epsilon_u_ee") for row in rows)
    assert any(row.startswith("limit,CONUS+,charge_radius_ee") for row in rows)
    assert any(row.startswith("expected,CONUS+,charge_radius_ee") for row in rows)


def test_every_row_of_csv_has_the_unit_of_its_parameter_and_its_own_sides(
    result: FamilyResult,
) -> None:
    rows = list(csv.DictReader(io.StringIO(result.to_csv())))
    units = {row["parameter"]: row["unit"] for row in rows}
    assert (units["charge_radius_ee"], units["epsilon_u_ee"]) == ("cm2", "")
    assert units["mu_N_mu"] == "mu_b"
    ours = [row for row in rows if row["kind"] == "munu"]
    theirs = [row for row in rows if row["kind"] == "published"]
    assert ours
    assert {row["sided"] for row in ours} <= {"two-sided", "one-sided"}
    assert {row["sided"] for row in theirs} == {one.sided for one in result.comparisons}
    assert all(row["remark"].startswith("beside ") for row in ours)
    sources = {one.source for one in result.comparisons}
    assert {row["remark"] for row in theirs} <= sources
    unsaid = replace(result, comparisons=(replace(result.comparisons[0], sided="not stated"),))
    sides = {r["kind"]: r["sided"] for r in csv.DictReader(io.StringIO(unsaid.to_csv()))}
    assert (sides["munu"], sides["published"]) == ("two-sided", "not stated")
    for one in (*result.to_dict()["limits"], *result.to_dict()["comparisons"]):
        assert one["unit"] == units[one["parameter"]]


def test_pictures(result: FamilyResult) -> None:
    drawn = dict(picture.draw_each(result))
    assert list(drawn) == ["nsi", "millicharges", "mediators", "sterile-portal"]
    _, axes = drawn["nsi"]
    assert [one.get_xlim() for one in axes[0]] == list(picture.QUARK_WINDOWS)
    (line,) = drawn["mediators"][1].flat[0].get_lines()
    np.testing.assert_allclose(line.get_ydata(), [x[0, 1] for x in result.scans[0].intervals])
    plt.close("all")


def test_dots_mark_where_small_couplings_are_excluded_too() -> None:
    """Muon neutrinos of CsI prefer a mediator of 100 MeV, and no lighter one."""
    found = munu.scan(
        "coherent-csi-2021", "g_lmu-ltau", over="mediator_mass", at=["10 MeV", "100 MeV"]
    )
    assert [ends[0, 0] > 0 for ends in found.intervals] == [False, True]
    drawn = munu.plot(found)
    _, dots = drawn.axes.get_lines()
    (value,) = dots.get_ydata()[np.isfinite(dots.get_ydata())]
    assert value == found.intervals[1][0, 0]
    assert dots.get_marker() == "."
    assert "below the dots is excluded too" in drawn.axes.get_title()
    light = munu.scan("coherent-csi-2021", "g_lmu-ltau", over="mediator_mass", at=["10 MeV"])
    assert "dots" not in munu.plot(light).axes.get_title()
    plt.close("all")


@pytest.mark.parametrize(("name", "distance"), [("epsilon_u_ee", 0.374), ("epsilon_d_ee", 0.346)])
def test_two_solutions_of_germanium_are_as_far_apart_as_published(
    name: str, distance: float
) -> None:
    """Rates are the same at ε and at d - ε, with d of the nucleus alone: all ends add up to 2d."""
    found = comparison(of(name))
    assert found.published.sum() / 2 == pytest.approx(distance, abs=5e-4)
    assert found.ours.sum() / 2 == pytest.approx(distance, abs=5e-4)
    assert 0.8 < found.ratio < 1.3


@pytest.mark.parametrize(
    ("name", "sigma", "ends"),
    [
        ("epsilon_u_ee", 0.17, [[-0.0452, 0.0194], [0.355, 0.419]]),
        ("epsilon_d_ee", 0.17, [[-0.0417, 0.0179], [0.328, 0.387]]),
        ("epsilon_u_emu", 0.17, [[0.0, 0.138]]),
        ("epsilon_d_emu", 0.17, [[0.0, 0.127]]),
        ("epsilon_u_emu", 0.0, [[0.0, 0.125]]),
        ("epsilon_d_emu", 0.0, [[0.0, 0.115]]),
    ],
)
def test_what_the_expected_signal_explains_of_published_interactions(
    name: str, sigma: float, ends: list[list[float]]
) -> None:
    """With 347 events instead of 294, which their note states, and without its uncertainty."""
    tree = of(name)["changes"]
    flux = {"source.total_flux": f"{1.5e13 * 347 / 331.185} /cm2/s"}
    changed = munu.load("conus-plus", changes={**tree, **flux, "statistic.sigma_signal": sigma})
    assert munu.rate(changed).sm_events == pytest.approx(347, abs=0.1)
    found = munu.limit(changed, name, cl=0.6827)
    np.testing.assert_allclose(found.intervals, ends, atol=5e-4)
    assert all(f"{end:.3g}" in of(name)["reason"] for end in np.ravel(ends) if end)


def entry(parameter: str, source: str) -> dict[str, Any]:
    """Return the published number of a paper or a row of the listing."""
    return next(
        one
        for one in entries()
        if one["parameter"] == parameter and source in (one.get("source"), *one.get("listed", ()))
    )


def test_questions_hold_together() -> None:
    for members in (*SETS.values(), *(one.members for one in (*PLANES, *CURVES))):
        held = {"coherent-csi", "coherent-csi-2017", "coherent-csi-2021"} & {*members}
        assert len(held) <= 1
    assert len({(one.parameter, one.mass) for one in ASKED}) == len(ASKED)
    for entry in entries():
        assert "listed" in entry or {"intervals", "source", "status", "sided"} <= set(entry)


def test_a_level_that_is_not_stated_is_not_made_up(result: FamilyResult) -> None:
    without = {one["source"] for one in entries() if not {"listed", "cl"} & set(one)}
    assert without == {"arXiv:2110.02174", "arXiv:2511.00701", "arXiv:2605.22815"}
    found = comparison(entry("g_scalar", "arXiv:2110.02174"))
    assert (found.cl, found.our_cl) == (None, 0.9)
    assert (
        "(1) C.L. not stated, ours 90 % C.L., sides not stated."
        in comparisons_table([found], ()).notes[-1]
    )
    told = replace(result, comparisons=(found,))
    levels = {r["kind"]: r["cl"] for r in csv.DictReader(io.StringIO(told.to_csv()))}
    assert (levels["munu"], levels["published"]) == ("0.9", "")
    assert read_json(told.to_json()).to_json() == told.to_json()


def test_cells() -> None:
    two = np.array([[-62.7, -37.4], [-20.6, 4.73]])
    assert intervals_cell(two) == "-62.7…-37.4, -20.6…4.73"
    assert intervals_cell(np.array([[0.0, 0.0817]]), 0.0) == "< 0.0817"
    assert intervals_cell(np.array([[0.0, np.inf]]), 0.0) == "∞"
    assert intervals_cell(np.array([[-np.inf, 2.0]])) == "< 2.00"
