"""Published limits: the listings of the Particle Data Group and what stands beside them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pytest

import munu
from munu.experiments.references import references
from munu.reproduction.published_limits import published_limits, shown_today
from munu.reproduction.registry import target
from munu.results import read_json
from munu.results.paper.published import MOMENTS, QUANTITIES, PublishedLimit

NUMBER = r"[-+]?\d*\.?\d+"


def named(document: str, quantity: str = "magnetic_moment") -> list[PublishedLimit]:
    found = [one for one in published_limits() if one.document == document]
    return [one for one in found if one.quantity == quantity]


def test_the_listings_are_whole() -> None:
    """69, 16 and 18 rows, the summaries left out, and three more limits from footnotes."""
    listed = Counter(one.quantity for one in published_limits() if one.pdg_place)
    assert listed == {"magnetic_moment": 69 + 3, "charge_radius_squared": 16, "charge": 18}
    assert set(listed) == set(QUANTITIES)
    beside = [one for one in published_limits() if not one.pdg_place]
    assert {one.source for one in beside} == {
        "arXiv:2605.22815",
        "arXiv:1707.09355",
        "arXiv:1510.01684",
    }


@pytest.mark.parametrize("one", published_limits(), ids=lambda one: f"{one.data} {one.text}")
def test_numbers_are_those_in_print(one: PublishedLimit) -> None:
    """The digits read once more: the last number times its power of ten is the upper end."""
    assert one.source
    assert one.data
    assert one.analysis in ("experiment", "others")
    assert one.sided in ("one-sided", "two-sided", "not stated")
    assert one.pdg_place in ("B", "L", "U", "N", "")
    assert one.cl in (None, 0.68, 0.9, 0.95)
    if one.kind == "other":
        assert one.low is one.high is None
        return
    digits, _, power = one.text.rpartition(" E")
    numbers = [float(text) for text in re.findall(NUMBER, digits.replace("-0.", " -0."))]
    unit = 10.0 ** int(power)
    assert one.high is not None
    if one.kind == "measurement":
        value, error = numbers[0], numbers[-1]
        assert one.low == pytest.approx((value - abs(error)) * unit, rel=1e-6)
    else:
        assert one.high == pytest.approx(abs(numbers[-1]) * unit, rel=1e-6)
        assert (one.low is None) == (one.kind == "limit")
    assert one.low is None or one.low < one.high
    assert (one.sided == "two-sided") >= (one.kind in ("interval", "measurement"))


def test_the_limit_of_lux_zeplin_is_that_of_the_collaboration() -> None:
    (collaboration,), (others,) = named("AALBERS 2023A"), named("ATZORI-CORONA 2023")
    assert (collaboration.high, collaboration.analysis) == (1.36e-11, "experiment")
    assert (others.high, others.analysis) == (1.1e-11, "others")
    assert "supersedes" in collaboration.note
    labels = {one.label: one.limit_mu_b for one in shown_today()}
    assert labels["LUX-ZEPLIN, first run"] == 1.36e-11
    assert labels["LUX-ZEPLIN, first run, by others"] == 1.1e-11


def test_no_two_rows_of_a_table_differ_in_their_number_alone() -> None:
    for table in munu.reproduce("published").tables():
        told = [(row[0], row[1], *row[3:]) for row in table.rows]
        assert [row for row, times in Counter(told).items() if times > 1] == []
    (vacuum, lma) = (one.told_apart for one in named("LIU 2004"))
    assert vacuum == "Super-Kamiokande I, vacuum oscillations"
    assert lma == "Super-Kamiokande I, LMA region"


def test_one_fit_with_one_side_and_with_two() -> None:
    pair = {one.sided: one.high for one in named("COLOMA 2022")}
    assert pair == {"one-sided": 2.8e-10, "two-sided": 3.2e-10}
    # Δχ² of the same curve: quadratic in μ² would give 0.88, and the data prefer a moment
    assert (1.642 / 2.706) ** 0.5 < pair["one-sided"] / pair["two-sided"] < 1


def test_what_tests_transition_moments() -> None:
    grimus = {one.data: one.high for one in named("GRIMUS 2002")}
    assert grimus == {"solar and reactor": 2e-10, "solar": 6.3e-10}
    shown = {(one.quantity, one.source): one.limit_mu_b for one in shown_today()}
    later = [shown[f"Lambda_{i}", "arXiv:1510.01684"] for i in (1, 2, 3)]
    assert later == [5.6e-11, 4e-11, 3.1e-11]
    assert shown["solar_effective", "arXiv:1510.01684"] == 3.1e-11


def test_radii_and_charges() -> None:
    (conus,) = named("BONET 2022A", "charge")
    assert (conus.high, conus.unit, conus.flavour) == (3.3e-12, "e", "nu_e_bar")
    (texono,) = named("DENIZ 2010", "charge_radius_squared")
    assert (texono.low, texono.high, texono.unit) == (-2.1e-32, 3.3e-32, "cm2")
    assert texono.cell(1e-32) == "-2.1 to 3.3"
    (used,) = [one for one in published_limits() if one.pdg_place == "U"]
    assert used.document == "ATZORI-CORONA 2025"


def test_today_shows_moments_at_ninety_per_cent() -> None:
    chosen = {(one.quantity, one.source) for one in shown_today()}
    for one in published_limits():
        if (one.parameter, one.source) in chosen and one.quantity == "magnetic_moment":
            assert one.cl == 0.9
    assert {one.quantity for one in shown_today()} <= set(MOMENTS)


def test_tables_csv_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    result = target("published").compute()
    assert read_json(result.to_json()).to_json() == result.to_json()
    rows = list(csv.DictReader(io.StringIO(result.to_csv())))
    assert len(rows) == len(published_limits())
    assert "footnote" in " ".join(str(result).split())
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, str(result).splitlines())) <= 80
    assert "CC BY 4.0" in str(result).replace("\n", " ")
    assert set(result.origin.references) <= set(references())
    assert type(munu.reproduce("published")) is type(result)
