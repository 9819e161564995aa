"""Numbers that the tables and figures of `munu reproduce` print, each in its unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from printed import UNIT, close, numbers, ring

import munu
from munu.results.paper.data_rows import DataFit
from munu.results.paper.figure_curves import Figure2Result, Figure3Result, LuminosityCurve
from munu.results.paper.floor import FloorCurve, FloorResult
from munu.results.paper.table2 import Table2Result, Table2Row
from munu.results.paper.today import TodayLimit, TodayResult, TodaySet


def test_remarks_on_today_s_limits_have_their_unit() -> None:
    from munu.reproduction.today import remarks

    (one,) = today().sets
    sets = [replace(one, label=label) for label in ("reactors", "reactors, solar")]
    assert any("bounds |Λ| below 77.7." in line for line in remarks(sets))


LIMITS = ((0.1234e-10, "0.123"), (5.678e-10, "5.68"), (123.4e-10, "123"), (np.inf, "∞"))


@pytest.mark.parametrize(("value", "text"), LIMITS)
def test_today_prints_limits_in_their_unit(value: float, text: str) -> None:
    from munu.results.paper.today import limit_cell

    one = TodayLimit(parameter="Lambda_1", others="zero", limit_mu_b=value)
    assert limit_cell(one) == text


def today() -> TodayResult:
    """One set of data whose every limit is another."""
    from munu.results.paper.today import EFFECTIVE_LIMITS, MASS_LIMITS, PrintedLimit

    limits = tuple(
        TodayLimit(parameter=name, others=others, limit_mu_b=(n + 1.25) * UNIT)
        for n, (name, others) in enumerate((*MASS_LIMITS, *EFFECTIVE_LIMITS))
    )
    one = TodaySet(
        label="set",
        experiments=("conus@current",),
        limits=limits,
        blind_directions=2,
        weakest_direction=np.array([0.6, 0.8j, 0.0]),
        weakest=TodayLimit(parameter="Lambda", others="zero", limit_mu_b=77.7 * UNIT),
    )
    printed = PrintedLimit(label="x", quantity="mu_nu_e", limit_mu_b=0.64 * UNIT, source="s")
    basis = munu.limit("conus")
    return TodayResult(
        cl=0.9,
        delta_chi2=2.706,
        sets=(one,),
        projected=(),
        published=(printed,),
        regions=(),
        region_labels=(),
        remarks=(),
        assumptions=basis.assumptions,
        origin=basis.origin,
    )


def test_today_s_tables_hold_every_limit() -> None:
    result = today()
    cells = [cell for table in result.tables() for row in table.rows for cell in row]
    for limit in (*result.sets[0].limits, result.sets[0].weakest):
        assert any(_is(cell, limit.limit_mu_b / UNIT) for cell in cells), limit
    assert any(_is(cell, 0.64) for cell in cells)
    assert "2" in cells
    assert "0.60" in cells
    assert any("0.80i" in cell for cell in cells)


def _is(cell: str, value: float) -> bool:
    try:
        return float(cell) == pytest.approx(value, rel=5e-3)
    except ValueError:
        return False


def test_data_prints_signal_angle_and_limits() -> None:
    from munu.results.paper.data import _fit_row
    from munu.results.paper.today import limit_cell

    fit, angle = munu.fit("coherent-csi-2017", toys=0), munu.weak_angle("coherent-csi-2017")
    row = _fit_row(DataFit(fit=fit, weak_angle=angle, limits=today().sets[0].limits))
    (data,) = fit.data
    low, high = row[5].split("–")
    assert [float(low), float(high)] == close([data.signal_low, data.signal_high], 3)
    assert row[2] == f"{fit.chi2:.4g}/{fit.n_bins}" or float(row[2].split("/")[0]) == close(
        fit.chi2
    )
    best, rest = row[6].split(" (")
    assert float(best) == pytest.approx(angle.best_fit, abs=5.1e-4)
    assert [float(end) for end in rest.rstrip(")").split("–")] == pytest.approx(
        [angle.low, angle.high], abs=5.1e-4
    )
    assert limit_cell(today().sets[0].limits[0]) == "1.25"


def test_table_2_prints_limits_ratios_and_flux() -> None:
    rows = tuple(
        Table2Row(
            group="g",
            label="l",
            experiment="conus",
            setup="current",
            beam="full",
            parameter=f"Lambda_{i}",
            limit_mu_b=i * 1.11e-10,
            published_mu_b=i * 1e-10,
            published_half_width_mu_b=1e-12,
            published_text=f"{i}.00",
            ratio=1.11 * i,
            per_species_limit_mu_b=i * 0.0222e-10,
            implied_flux_ratio=1.0 + i,
            convention="published",
            sigma_sys=0.0,
            note="",
        )
        for i in (1, 2, 3)
    )
    result = Table2Result(
        rows=rows,
        cl=0.9,
        delta_chi2=2.706,
        mixing="m",
        delta_cp=0.0,
        others="zero",
        origin=ring().origin,
    )
    cells = [cell for table in result.tables() for row in table.rows for cell in row]
    for text in ("1.11", "2.22", "3.33", "1.00", "1.110", "2.220", "0.022", "0.044", "0.067"):
        assert text in cells, text
    assert "3.00" in cells


def test_figures_print_their_limits_in_their_unit() -> None:
    limit = ring()
    curve = munu.profile("conus", moment_mu_b=np.array([0.0, 1e-10]))
    figure = Figure2Result(profiles=(curve,), limits=(limit,), remarks=(), origin=limit.origin)
    assert numbers(figure.tables()[0], "limit") == close([limit.limit_mu_b / UNIT])
    ratios = np.array([1.0, 10.0, 40.0, 100.0])
    luminosity = LuminosityCurve(
        experiment="conus@current",
        beam="full",
        parameter="Lambda_1",
        sigma_sys=0.0,
        luminosity_ratio=ratios,
        limit_mu_b=np.array([4.0, 3.0, 2.0, 1.0]) * UNIT,
    )
    third = Figure3Result(
        curves=(luminosity,),
        cl=0.9,
        delta_chi2=2.706,
        assumptions=limit.assumptions,
        remarks=(),
        origin=limit.origin,
    )
    (table,) = third.tables()
    assert [float(cell) for cell in table.rows[0][3:]] == close([4.0, 3.0, 2.0, 1.0])


def floor() -> FloorResult:
    """One target whose events and limits are counted up."""
    from munu.results.paper.floor import SHOWN_KEV

    shown = np.array(SHOWN_KEV, float)
    curve = FloorCurve(
        target="Xe",
        source="all",
        sm_events=np.arange(1.0, shown.size + 1),
        dipole_events_per_mu_b2=np.ones(shown.size),
        limit_mu_b=np.arange(2.0, shown.size + 2) * UNIT,
    )
    return FloorResult(
        exposure_tonne_yr=1.0,
        cl=0.9,
        recoil_threshold_kev=shown,
        curves=(curve,),
        origin=ring().origin,
    )


def test_the_floor_prints_events_and_limits() -> None:
    result = floor()
    (curve,) = result.curves
    (table,) = result.tables()
    events, limits = table.rows
    assert [float(cell) for cell in events[1:]] == close(curve.sm_events, 3)
    assert [float(cell) for cell in limits[1:]] == close(curve.limit_mu_b / UNIT, 3)


def test_the_picture_of_the_floor_has_the_same_numbers() -> None:
    from munu.plotting.floor import draw

    (one,) = floor().curves
    result = replace(floor(), curves=(one, replace(one, target="Ar")))
    _, axes = draw(result)
    assert axes[0, 0].lines[0].get_ydata() == pytest.approx(result.curves[0].sm_events)
    assert axes[1, 0].lines[0].get_ydata() == pytest.approx(result.curves[0].limit_mu_b / UNIT)
    assert "10^{-10}" in axes[1, 0].get_ylabel()
