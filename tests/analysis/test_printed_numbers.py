"""Every number in a table is the result's own, in the unit that its heading names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from printed import UNIT, close, column, numbers, ring

import munu
from munu.analysis.show import show
from munu.cli import main as entry
from munu.results.limit import FailedPoint


def test_a_limit_is_printed_in_its_unit() -> None:
    found = ring()
    assert 0 < found.lower_mu_b < found.best_fit_mu_b < found.limit_mu_b
    (table,) = found.tables()
    assert "10⁻¹⁰ μ_B" in table.title
    assert "Δχ² = 2.706" in table.title
    for heading, value in (
        ("limit", found.limit_mu_b),
        ("lower end", found.lower_mu_b),
        ("best fit", found.best_fit_mu_b),
    ):
        assert numbers(table, heading) == close([value / UNIT])


def test_the_command_prints_the_limit(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CONUS bounds Λ₃ by 0.61e-10 (Table II of arXiv:1905.03750) in the paper's convention."""
    options = ("--parameter", "Lambda_3", "--convention", "published", "--sigma-sys", "0")
    monkeypatch.setattr("sys.argv", ["munu", "limit", "conus", *options])
    with pytest.raises(SystemExit):
        entry.main()
    line = next(x for x in capsys.readouterr().out.splitlines() if "|Λ₃|" in x)
    printed = float(line.split("|Λ₃|")[1].split()[0])
    found = munu.limit("conus", "Lambda_3", convention="published", sigma_sys=0.0)
    assert printed == pytest.approx(found.limit_mu_b * 1e10, rel=1e-3)
    assert 0.1 < printed < 10


def test_a_profile_is_printed_in_its_unit() -> None:
    found = munu.profile("conus", "Lambda_2", moment_mu_b=np.linspace(0, 2e-10, 13))
    (table,) = found.tables()
    assert numbers(table, "|Λ₂| (10⁻¹⁰ μ_B)") == close(found.moment_mu_b / UNIT, 3)
    assert numbers(table, "Δχ²") == close(found.delta_chi2, 3)
    failed = replace(found, failures=(FailedPoint(index=6, reason="flux stops"),))
    assert failed.failure_texts() == ("Failed at |Λ₂| = 1.00: flux stops.",)


def test_a_region_is_printed_in_its_units() -> None:
    found = munu.region("conus", "Lambda_2,Lambda_3")
    (table,) = found.tables()
    piece = found.filled_polygons()[0]
    assert numbers(table, "|Λ₂| from") == close([piece[:, 0].min() / UNIT])
    assert numbers(table, "|Λ₃| from") == close([piece[:, 1].min() / UNIT])
    ends = [
        float(cell) for name, cell in zip(table.columns, table.rows[0], strict=True) if name == "to"
    ]
    assert ends == close(piece.max(axis=0) / UNIT)
    assert numbers(table, "vertices") == [len(piece)]
    mixed = munu.region("conus", "Lambda_1,xi_1")
    (table,) = mixed.tables()
    assert any("|Λ₁| in 10⁻¹⁰ μ_B, ξ₁ in rad" in note for note in table.notes)
    piece = mixed.filled_polygons()[0]
    ends = [
        float(cell) for name, cell in zip(table.columns, table.rows[0], strict=True) if name == "to"
    ]
    assert ends == close([piece[:, 0].max() / UNIT, piece[:, 1].max()])


def test_an_envelope_is_printed_in_its_unit() -> None:
    found = munu.envelope("conus", "Lambda_2,Lambda_3")
    step = max(1, (found.angle.size - 1) // 9)
    for table, contour in zip(found.tables(), (found.outer_mu_b, found.inner_mu_b), strict=True):
        assert numbers(table, "r") == close(np.hypot(*contour[::step].T) / UNIT)
        assert numbers(table, "angle") == close(found.angle[::step])


def test_rates_are_printed_with_their_dipole_of_one_unit() -> None:
    found = munu.rate("coherent-csi-2017", with_spectrum=True)
    rates, *spectra = found.tables()
    parts = [part for one in found.components for part in one.channels.values()]
    assert numbers(rates, "Standard Model") == close(
        [*(part.sm_events for part in parts), found.sm_events], 5
    )
    assert [float(cell) for cell in column(rates, "dipole, 10⁻¹⁰ μ_B")[:-1]] == close(
        [part.dipole_events_per_mu_b2 * UNIT**2 for part in parts], 5
    )
    spectrum = found.spectrum
    assert spectrum is not None
    (table,) = spectra
    step = (spectrum.recoil_energy_kev.size - 1) // 12
    first = spectrum.components[0]
    label = next(iter(spectrum.shown()))
    assert numbers(table, "T (keV)") == close(spectrum.recoil_energy_kev[::step], 3)
    assert numbers(table, f"{label} SM") == close(first.sm_per_kg_kev_day[::step], 3)
    dipole = first.dipole_per_mu_b2_kg_kev_day[::step] * UNIT**2
    assert numbers(table, f"{label} μ=10⁻¹⁰") == close(dipole, 3)


def test_a_fit_prints_its_events_and_its_tests() -> None:
    found = munu.fit("coherent-csi-2017", toys=0)
    events, nuisances, summary = found.tables()
    (data,) = found.data
    shown = {row[0]: row[1:] for row in events.rows}
    for one in data.components:
        cells = [float(cell) for cell in shown[one.label]]
        assert cells == pytest.approx([one.expected_events, one.fitted_events], abs=0.051)
    assert float(shown["observed"][1]) == data.observed_per_bin.sum()
    for row, pull in zip(nuisances.rows, found.pulls, strict=True):
        assert [float(cell) for cell in row[1:]] == pytest.approx(
            [pull.value, pull.uncertainty], abs=0.0051
        )
    cells = dict(summary.rows)
    assert float(cells["χ² of the Standard Model"]) == close(found.chi2)
    assert cells["bins, degrees of freedom"] == f"{found.n_bins}, {found.degrees_of_freedom}"
    assert float(cells["p-value, χ² distribution"]) == close(found.p_value, 2)
    assert float(cells["Δχ² without a signal"]) == close(found.no_signal_delta_chi2, 3)
    for name, values in (
        (
            "signal over that of the Standard Model",
            (found.strength, found.strength_low, found.strength_high),
        ),
        (
            f"signal events, {data.experiment}",
            (data.signal_events, data.signal_low, data.signal_high),
        ),
    ):
        best, _, low, _, high = cells[name].replace("(", "( ").replace(")", "").split()[:5]
        high = cells[name].rstrip(")").split()[-1]
        low = cells[name].split("(")[1].split()[0]
        assert [float(best), float(low), float(high)] == close(values, 3)


def test_coverage_is_printed_in_its_units() -> None:
    found = munu.coverage("coherent-csi", moment_mu_b=[0.0, 4e-9], toys=3)
    (table,) = found.tables()
    assert numbers(table, "true |Λ₁| (10⁻¹⁰ μ_B)") == close(found.moment_mu_b / UNIT)
    shares = [float(cell.split("±")[0].split()[0]) for cell in column(table, "coverage (%)")]
    assert shares == pytest.approx((100 * found.coverage).tolist(), abs=0.51)
    assert numbers(table, "Feldman-Cousins Δχ²") == close(found.feldman_cousins_delta_chi2, 3)
    assert numbers(table, "Δχ² of the data") == close(found.observed_delta_chi2, 3)
    note = next(n for n in table.notes if n.startswith("Limit (10⁻¹⁰ μ_B)"))
    assert float(note.split(":")[1].split()[0]) == close(found.limit_mu_b / UNIT)
    some = replace(found, failed=np.array([0, 1]), first_failure="it stops")
    assert any("1 at 40.00." in note or "1 at 40." in note for note in some.tables()[0].notes)


def test_the_weak_angle_prints_its_moment_in_its_unit() -> None:
    found = replace(munu.weak_angle("conus-plus"), moment="Lambda_1", moment_mu_b=2.34e-9)
    (table,) = found.tables()
    assert float(column(table, "best fit")[0].split()[0]) == pytest.approx(
        found.equal_low if found.equal_high > found.equal_low else found.best_fit, abs=5.1e-4
    )
    for heading, ends in (
        ("Δχ² = 1", (found.low, found.high)),
        ("90 % C.L.", (found.low_90, found.high_90)),
    ):
        cells = column(table, heading)[0].split(" to ")
        assert [float(cell) for cell in cells] == pytest.approx(ends, abs=5.1e-4)
    assert any("free (23.4 at" in note for note in table.notes)


def test_a_recipe_shows_what_follows_from_its_file() -> None:
    """CONUS: 3.85 kg for 365.25 days, 17 m from 3.9 GW."""
    experiment = munu.load("conus")
    found = show(experiment)
    derived = {(i.section, i.quantity): i.value for i in found.ingredients if i.source == "derived"}
    assert derived["exposure", "mass x live time"] == f"{3.85 * 365.25:.5g} kg day"
    flux = experiment.source.components()[0].spectrum.total_flux_per_cm2_s
    assert derived["source", "flux of nu_e_bar"] == f"{flux:.4g} /cm2/s"
    edges = experiment.detector.bin_edges
    expected = f"{edges[0]:g} to {edges[-1]:g} {experiment.detector.unit} in one bin"
    assert derived["detector", "window"] == expected.replace("inf", "∞")
    number, unit, _, _, reach, _ = derived["target", "Ge-74"].split()
    fraction = {n.name: x for n, x in experiment.target.nuclei_per_kg()}["Ge-74"]
    assert (float(number), unit) == (close(fraction), "/kg,")
    endpoint_mev, mass_mev = 8.0, 73.921 * 931.494
    assert float(reach) == pytest.approx(2e3 * endpoint_mev**2 / mass_mev, rel=1e-3)


def test_a_recipe_s_fluxes_are_those_of_all_mass_states() -> None:
    derived = {i.quantity: i.value for i in show("borexino-phase-ii").ingredients}
    found = next(value for name, value in derived.items() if name.endswith("7Be"))
    assert float(found.split()[0]) == pytest.approx(4.93e9, rel=1e-3)
