"""Table II against the printed numbers, an independent calculation and its own definitions."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from munu.analysis.limit import limit
from munu.analysis.model import moment_model
from munu.base.thresholds import delta_chi2
from munu.experiments.load import load
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.reproduction import published
from munu.reproduction.table2 import compute
from munu.statistics.limits.slices import slice_interval

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["table2"]
CATALOGUE = files("munu") / "experiments" / "catalogue"


@pytest.fixture(scope="module")
def table():
    return compute()


def cells(table, experiment, setup, beam=None):
    return [
        row
        for row in table.rows
        if (row.experiment, row.setup) == (experiment, setup) and beam in (None, row.beam)
    ]


def test_it_has_every_printed_cell(table):
    printed = {
        (p.experiment, p.setup, p.beam, name, number.text)
        for p in published.limits()
        for name, number in zip(published.PARAMETERS, p.limits, strict=True)
    }
    found = {(r.experiment, r.setup, r.beam, r.parameter, r.published_text) for r in table.rows}
    assert found == printed
    assert len(table.rows) == 81 + 12


@pytest.mark.parametrize("row", REFERENCE["independent"]["rows"], ids=lambda r: r["experiment"])
def test_limits_agree_with_an_independent_calculation(table, row):
    found = cells(table, row["experiment"], row["setup"], row["beam"])
    for cell, text in zip(found, row["limits"], strict=True):
        reference = published.Printed(text, 1e-10)
        tolerance = REFERENCE["independent"]["relative_tolerance"] * reference.value
        assert abs(cell.limit_mu_b - reference.value) < tolerance + reference.half_width


@pytest.mark.parametrize("rule", REFERENCE["published"]["tolerances"], ids=str)
def test_ratios_to_the_printed_limits(table, rule):
    for experiment in rule["experiments"]:
        found = cells(table, experiment, rule["setup"])
        assert found
        for cell in found:
            rounding = cell.published_half_width_mu_b / cell.published_mu_b
            assert abs(cell.ratio - 1) < rule["relative"] + rounding, cell


@pytest.mark.parametrize("rule", REFERENCE["explained"]["rows"], ids=lambda r: r["experiment"])
def test_rows_that_cannot_agree_say_what_they_would_need(table, rule):
    low, high = rule["needed_mass_ratio"]
    for cell in cells(table, rule["experiment"], rule["setup"]):
        assert low < cell.implied_flux_ratio < high
        assert "times" in cell.note
        assert "mass" in cell.note


def test_cells_say_whether_expected_data_are_known(table):
    from_data = [row for row in table.rows if row.has_expected]
    assert {row.experiment for row in from_data} == {"coherent-csi"}
    assert all(row.expected_limit_mu_b < 1e-7 for row in from_data)
    without_key = [
        {key: value for key, value in row.items() if key != "has_expected"}
        for row in table.to_dict()["rows"]
    ]
    assert type(table).from_dict({**table.to_dict(), "rows": without_key}) == table
    unbounded = replace(from_data[0], expected_limit_mu_b=float("inf"))
    assert unbounded.has_expected
    assert "expected ∞" in str(replace(table, rows=(unbounded,) * 3))


def test_every_cell_that_differs_has_a_note(table):
    for cell in table.rows:
        rounding = cell.published_half_width_mu_b / cell.published_mu_b
        if abs(cell.ratio - 1) > 0.025 + rounding:
            assert cell.note, cell


def test_one_species_needs_no_convention(table):
    for cell in table.rows:
        single = cell.beam == "prompt" or cell.group in ("Reactor", "Solar")
        if single:
            assert cell.per_species_limit_mu_b == pytest.approx(cell.limit_mu_b, rel=1e-12)
        else:
            assert 1.3 < cell.per_species_limit_mu_b / cell.limit_mu_b < 2.1


def test_projections_take_no_systematic_uncertainty(table):
    for cell in table.rows:
        eq_34 = (cell.experiment, cell.setup) != ("coherent-csi", "current")
        expected = 0.0 if eq_34 and cell.group != "Solar" else None
        assert cell.sigma_sys == expected


def test_the_systematic_uncertainty_as_printed_weakens_limits_as_the_files_say(table):
    """From 1.4 (MINER, current) to 16.6 times (CONNIE, future), as the documentation says."""
    factors = {}
    for cell in table.rows:
        if cell.sigma_sys == 0.0 and cell.parameter == "Lambda_1":
            options = {"setup": cell.setup, "beam": cell.beam, "convention": "published"}
            as_printed = limit(cell.experiment, "Lambda_1", **options).limit_mu_b
            factor = as_printed / cell.limit_mu_b
            factors[cell.experiment, cell.setup] = factor
            text = (CATALOGUE / f"{cell.experiment}.toml").read_text(encoding="utf-8")
            assert f"makes the limits {factor:.1f}".removesuffix(".0") in text
    assert min(factors, key=factors.get) == ("miner", "current")
    assert max(factors, key=factors.get) == ("connie", "future")


def test_the_notes_on_protons_state_what_is_found(table):
    """The printed limits over ours, with the protons of the text and of the first run."""
    names = ("coherent-ge", "coherent-lar", "coherent-nai")
    stated = [c for name in names for c in cells(table, name, "current")]
    run = {name: load(name, changes={"source.proton_rate": "1.76e23 POT/yr"}) for name in names}
    excess, left = [], []
    for cell in stated:
        options = {"beam": cell.beam, "convention": "published", "sigma_sys": 0.0}
        found = limit(run[cell.experiment], cell.parameter, **options).limit_mu_b
        excess.append(100 * (cell.published_mu_b / cell.limit_mu_b - 1))
        left.append(100 * (cell.published_mu_b / found - 1))
    said = f"{min(excess):.1f} to {max(excess):.1f} % weaker"
    rest = f"from {-min(left):.1f} % stronger to {max(left):.1f} % weaker"
    assert all(said in cell.note and rest in cell.note for cell in stated)


def test_limits_of_reactors_scale_with_the_power_as_their_notes_say(table):
    """Nearly as power^(-1/4) without systematic uncertainty, hardly with one."""
    for name, power in (("conus", "15.6 GW"), ("miner", "4 MW")):
        more = load(name, changes={"source.thermal_power": power})
        without, with_one = (
            limit(name, sigma_sys=x).limit_mu_b / limit(more, sigma_sys=x).limit_mu_b
            for x in (0.0, 0.2)
        )
        assert without == pytest.approx(2**0.5, rel=0.05)
        assert with_one < 1.15
        assert all("less with one" in cell.note for cell in cells(table, name, "current"))


def test_the_implied_flux_gives_the_printed_limit(table):
    """Multiply the counts by the ratio, and the limit must be the printed one."""
    for experiment, setup in (("conus", "current"), ("miner", "current"), ("connie", "future")):
        folded = fold_experiment(load(experiment, setup))
        for index, cell in enumerate(cells(table, experiment, setup)):
            scaled = folded.counts.scaled(cell.implied_flux_ratio)
            model = _model(replace(folded, counts=scaled))
            found = slice_interval(model, index, delta_chi2(0.90, 1))
            assert found.upper_mu_b == pytest.approx(cell.published_mu_b, rel=1e-9)


def _model(folded):
    return moment_model(
        folded, Assumptions(mixing="desalas2018-no", convention="published", sigma_sys=0.0)
    )


def test_the_implied_flux_is_the_fourth_power_where_the_moment_adds_little(table):
    for cell in cells(table, "conus", "future"):
        assert cell.implied_flux_ratio == pytest.approx(cell.ratio**4, rel=0.02)


def test_printed_numbers_know_their_rounding():
    assert published.Printed("0.90", 1e-10).half_width == pytest.approx(0.005e-10)
    assert published.Printed("69.2", 1e-10).half_width == pytest.approx(0.05e-10)


def test_rows_from_data_have_an_expected_limit(table):
    """COHERENT's first run counted 134 events where more are predicted."""
    for row in table.rows:
        if (row.experiment, row.setup) != ("coherent-csi", "current"):
            assert row.expected_limit_mu_b == float("inf")
            continue
        options = {"beam": row.beam, "convention": "published", "expected": True}
        expected = limit("coherent-csi", row.parameter, **options).limit_mu_b
        assert row.expected_limit_mu_b == pytest.approx(expected, rel=1e-9)
        assert row.expected_limit_mu_b > 1.1 * row.limit_mu_b
    text = " ".join(str(table).split())
    assert "CsI[Na], prompt beam, is from data: expected 84.2, 85.4, 109." in text
