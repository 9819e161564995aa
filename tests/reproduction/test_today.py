"""`munu reproduce today` and `munu reproduce floor`."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.plotting import floor as floor_picture
from munu.plotting import today as picture
from munu.reproduction import floor, limits, today
from munu.reproduction.registry import DATA_TARGETS, target
from munu.reproduction.work import Work
from munu.results import read_json
from munu.results.paper.today import TodayResult, TodaySet


def of(*names: str) -> TodaySet:
    return today.today_set(
        "set", [fold_experiment(n) for n in names], Assumptions(mixing="desalas2018-no")
    )


def test_reactors_are_blind_along_the_electron_row() -> None:
    found = of("conus-plus")
    row = np.abs(Assumptions(mixing="desalas2018-no").neutrino_mixing.pmns()[0])
    np.testing.assert_allclose(np.abs(found.weakest_direction), row, atol=1e-6)
    assert found.blind_directions == 1
    assert found.weakest.limit_mu_b == np.inf
    assert found.find("Lambda_1", "profiled").unbounded_because == "blind direction"
    assert np.isfinite(found.find("Lambda_1", "zero").limit_mu_b)


def test_the_sun_closes_it() -> None:
    found = of("conus-plus", "xenonnt-sr0-er")
    assert found.blind_directions == 0
    assert found.find("Lambda_3", "profiled").limit_mu_b < 1e-11


def test_coherent_closes_it_with_muon_neutrinos() -> None:
    found = of("conus-plus", "coherent-csi-2017")
    assert found.blind_directions == 0
    muon = of("coherent-csi-2017").find("mu_nu_mu", "zero").limit_mu_b
    assert found.weakest.limit_mu_b == pytest.approx(muon, rel=0.02)
    expected = of("coherent-csi-2017").find("mu_nu_mu", "zero").expected_limit_mu_b
    assert found.weakest.expected_limit_mu_b == pytest.approx(expected, rel=0.02)
    assert expected > 1.2 * muon


def test_the_weakest_direction_counts_what_data_bound_and_not_their_events() -> None:
    """A reactor of many times the events, its background unknown, tells nothing."""
    beam, reactor = fold_experiment("coherent-csi-2017"), fold_experiment("conus-plus")
    statistic = replace(reactor.experiment.statistic, variance=np.array([1e16]))
    vague = replace(reactor, experiment=replace(reactor.experiment, statistic=statistic))
    alone, _ = today.weakest_direction([beam], Assumptions(mixing="desalas2018-no"))
    direction, blind = today.weakest_direction([beam, vague], Assumptions(mixing="desalas2018-no"))
    assert blind == 0
    np.testing.assert_allclose(direction, alone, atol=1e-3)
    seen = [one.counts.dipole_events_per_mu_b2.sum() for one in (beam, reactor)]
    assert seen[1] > 50 * seen[0]


def test_a_fit_that_fails_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    original = limits.intervals

    def failing(asked, *args, **options):
        found = original(asked, *args, **options)
        why = MunuError("the nuisance 'x' does not converge", "Widen it")
        return [why if one[1] == "Lambda_2" else new for one, new in zip(asked, found, strict=True)]

    monkeypatch.setattr(limits, "intervals", failing)
    found = of("conus-plus")
    assert "does not converge" in found.find("Lambda_2", "zero").failure
    assert np.isfinite(found.find("Lambda_3", "zero").limit_mu_b)


@pytest.mark.parametrize("name", ["weakest_direction", "interval"])
def test_a_weakest_direction_that_fails_is_marked(
    name: str, result: TodayResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object) -> None:
        raise MunuError("the nuisance 'x' does not converge", "Widen it")

    monkeypatch.setattr(today, name, failing)
    found = of("conus-plus")
    assert "does not converge" in found.weakest.failure
    assert np.isfinite(found.find("Lambda_1", "zero").limit_mu_b)
    whole = replace(result, sets=(found,))
    assert "✗ set, |Λ|, zero: the nuisance 'x'" in str(whole)
    assert read_json(whole.to_json()).to_json() == whole.to_json()


def test_a_region_that_fails_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    original = today.moment_region

    def failing(members, plane, *given, **options):
        if plane == today.PLANES[1]:
            raise MunuError("the nuisance 'x' does not converge", "Widen it")
        return original(members, plane, *given, **options)

    monkeypatch.setattr(today, "moment_region", failing)
    monkeypatch.setattr(today, "SETS", {"solar": ("borexino-phase-ii",)})
    monkeypatch.setattr(today, "SHOWN", {"Borexino": ("borexino-phase-ii",)})
    found = today.compute()
    assert [one.plane for one in found.regions] == [today.PLANES[0], today.PLANES[2]]
    assert found.region_labels == ("Borexino", "Borexino")
    assert any("region of Lambda_1 and Lambda_3: the nuis" in line for line in found.remarks)
    _, axes = picture.draw(found)
    assert axes.shape == (1, 2)


@pytest.fixture(scope="module")
def result() -> TodayResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(today, "SETS", {"CONUS+": ("conus-plus",), "solar": ("borexino-phase-ii",)})
        patch.setattr(
            today,
            "SHOWN",
            {
                "Borexino": ("borexino-phase-ii",),
                "all": ("conus-plus", "borexino-phase-ii"),
                "CONUS, future": ("conus@future",),
            },
        )
        return today.compute()


def test_table_csv_json_and_picture(result: TodayResult, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_json(result.to_json()).to_json() == result.to_json()
    monkeypatch.setenv("COLUMNS", "80")
    lines = str(result).splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(word for line in lines for word in line.split())
    for part in ("∞", "XENONnT, first", "RED100", "μ_νe", "two-sided", "not stated"):
        assert part in text
    assert len(result.to_csv().splitlines()) > 40
    _, axes = picture.draw(result)
    assert axes.shape == (1, 3)


def test_expected_limits_stand_below_those_from_data(result: TodayResult) -> None:
    conus, solar = result.sets
    for limit in conus.limits:
        one = {"parameter": limit.parameter, "others": limit.others}
        expected = munu.limit("conus-plus", expected=True, **one)
        assert limit.expected_limit_mu_b == pytest.approx(expected.limit_mu_b, rel=1e-6)
        assert limit.expected_unbounded_because == expected.unbounded_because
    assert conus.standard_model[0].n_bins == 1
    assert solar.standard_model == ()
    assert not any(limit.has_expected for limit in (*solar.limits, solar.weakest))
    names = [row[0] for row in result.tables()[0].rows]
    assert names == ["CONUS+", " expected", "solar"]
    assert "than expected by more than 25 %" not in str(result)
    far = replace(conus.limits[0], limit_mu_b=0.5 * conus.limits[0].expected_limit_mu_b)
    bad = replace(conus.standard_model[0], p_value=1e-9)
    worse = replace(conus, limits=(far, *conus.limits[1:]), standard_model=(bad,))
    text = " ".join(str(replace(result, sets=(worse,))).split())
    assert "Stronger than expected by more than 25 %: CONUS+ (2.00 times)." in text
    assert "conus-plus: the data exclude the Standard Model: χ² = " in text


def test_sets_hold_no_event_twice() -> None:
    for members in today.SETS.values():
        assert len({"coherent-csi", "coherent-csi-2017", "coherent-csi-2021"} & {*members}) <= 1
    assert {"coherent-csi-2021", "coherent-lar-2020"} <= set(today.SETS["all"])


def test_projections_are_those_of_the_paper() -> None:
    found = {(p.label, p.quantity): p.limit_mu_b for p in today.projections()}
    assert found["CONNIE", "Lambda_3"] == pytest.approx(0.08e-10)
    assert len(found) == 3 * 13


def test_projections_have_the_digits_in_print_and_the_notes_of_their_rows(
    result: TodayResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    table = next(t for t in result.tables() if t.title.startswith("Projections"))
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["CsI[Na], delayed"][:3] == ("3.0", "2.6", "2.6")
    assert rows["RED100"][:3] == ("0.14", "0.10", "0.08")
    notes = {name: next(n for n in table.notes if n.startswith(rows[name][-1])) for name in rows}
    assert "100 times the mass" in notes["RED100"]
    for name in rows:
        assert ("about 1.4 times stronger" in notes[name]) == name.endswith("delayed")
        assert ("100 times the mass" in notes[name]) == (name == "RED100")
    red = [line for line in result.to_csv().splitlines() if line.startswith("RED100")]
    assert all("100 times the mass" in line for line in red)


def test_projections_of_the_delayed_beam_are_stronger_by_their_convention() -> None:
    for name in ("coherent-csi", "coherent-nai"):
        options = {"setup": "future", "beam": "delayed", "sigma_sys": 0.0}
        added, each = (
            munu.limit(name, "Lambda_2", convention=x, **options).limit_mu_b
            for x in ("published", "per-species")
        )
        assert each / added == pytest.approx(1.4, abs=0.05)


def test_published_limits_have_the_digits_in_print(result: TodayResult) -> None:
    rows = {(r[0], r[3]): r[1] for r in result.tables()[-1].rows}
    assert rows["|Λ₂|", "Borexino, first data, by others"] == "0.40"
    assert rows["μ_νe", "CONUS"] == "0.75"
    for one in result.published:
        assert float(one.text) == pytest.approx(one.limit_mu_b / 1e-10)


def test_floor() -> None:
    steps: list[tuple[int, int]] = []
    found = floor.compute(Work(progress=lambda done, total: steps.append((done, total))))
    assert steps[-1] == (3, 3)
    assert read_json(found.to_json()).to_json() == found.to_json()
    totals = [c for c in found.curves if c.source == "all"]
    for total in totals:
        parts = [c.sm_events for c in found.curves if c.target == total.target][:-1]
        np.testing.assert_allclose(np.sum(parts, axis=0), total.sm_events)
        seen = np.isfinite(total.limit_mu_b)
        assert np.all(np.diff(total.limit_mu_b[seen]) > 0)
    figure, axes = floor_picture.draw(found)
    assert axes.shape == (2, 3)
    assert "two-sided" in figure.get_suptitle()
    text = " ".join(str(found).split())
    assert "tonne-year of Xe" in text
    assert "exclude at 90 % C.L., two-sided (Δχ² = 2.706), with" in text
    document = found.to_dict()
    assert (document["sided"], round(document["delta_chi2"], 3)) == ("two-sided", 2.706)
    assert "as if the others were absent" in document["notes"][0]


def test_a_limit_of_the_floor_has_its_level_and_says_what_is_absent() -> None:
    rows = list(csv.DictReader(io.StringIO(floor.compute().to_csv())))
    assert {(r["cl"], r["sided"], r["delta_chi2"][:5]) for r in rows} == {
        ("0.9", "two-sided", "2.705")
    }
    for row in rows:
        assert ("absent" in row["remark"]) == (row["source"] != "all")
    one = next(r for r in rows if r["source"] == "8B" and r["limit_mu_b"])
    n, x = float(one["sm_events"]), float(one["limit_mu_b"]) ** 2
    x *= float(one["dipole_events_per_mu_b2"])
    assert 2 * (x - n * np.log1p(x / n)) == pytest.approx(2.7055, rel=1e-4)


def test_the_picture_has_the_data_combined_below_those_alone(result: TodayResult) -> None:
    assert set(today.SHOWN) >= set(picture.COMBINED)
    assert all(today.SHOWN[label] == today.SETS[label] for label in picture.COMBINED)
    figure, axes = target("today").draw(result)
    widths = [line.get_linewidth() for line in axes[0, 0].lines]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 2
    (legend,) = figure.subfigs[0].legends
    assert len(legend.texts) == len(set(result.region_labels))


def test_targets_are_known() -> None:
    for name in DATA_TARGETS:
        assert target(name).name == name
    with pytest.raises(MunuError, match="Did you mean 'today'"):
        target("todya")


def test_the_picture_says_that_every_region_failed(result):
    figure, axes = munu.plot(replace(result, regions=(), region_labels=()))
    (text,) = np.ravel(axes)[0].texts
    assert "No region could be solved" in text.get_text()
    plt.close(figure)
