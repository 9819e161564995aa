"""Limits on the other couplings beside published numbers: their sides, levels and conventions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import xlogy

import munu
from munu.base.typing import FloatArray
from munu.physics.charge_radii import SHIFT_PER_CM2
from munu.reproduction.family_published import comparison, entries
from munu.reproduction.published_limits import published_limits
from munu.results.coupling_limit import CouplingLimitResult
from munu.results.paper.family_comparison import FamilyComparison, comparisons_table
from munu.results.rate import RateResult
from munu.statistics.specification import Counts


def test_published_numbers_are_those_of_the_listing() -> None:
    found = comparison(entries()[1])
    np.testing.assert_allclose(found.published, [[-1.6e-13, 3.7e-13]])
    assert (found.status, found.cl) == ("PDG listing", 0.9)
    common = munu.limit("xenonnt-sr0-er", "millicharge_common")
    np.testing.assert_allclose(found.ours, common.intervals)


def entry(parameter: str, source: str) -> dict[str, Any]:
    """Return the published number of a paper or a row of the listing."""
    return next(
        one
        for one in entries()
        if one["parameter"] == parameter and source in (one.get("source"), *one.get("listed", ()))
    )


def test_moments_of_dirac_neutrinos_beside_the_listing() -> None:
    """A diagonal element alone is the moment of the flavour: 5.6e-10 from the same number."""
    found = comparison(entry("dirac_ee", "ALPIZAR-VENEGAS 2025"))
    np.testing.assert_allclose(found.published, [[0.0, 5.6e-10]])
    assert found.ratio == pytest.approx(1.0, abs=0.1)


def test_sides_are_those_of_the_authors() -> None:
    """Coloma et al. print 2.8e-10 with one side and 3.2e-10 with two, ours scale alike."""
    one, two = (comparison(entry("dirac_ee", sides)) for sides in ("one-sided", "two-sided"))
    assert (one.published[0, 1], two.published[0, 1]) == (2.8e-10, 3.2e-10)
    assert one.ours[0, 1] / two.ours[0, 1] == pytest.approx(2.8 / 3.2, rel=0.02)
    assert 0.9 < one.ratio < 1.15


def test_a_light_sterile_neutrino_is_a_moment() -> None:
    found = comparison(entry("mu_N_e", "ALPIZAR-VENEGAS 2025"))
    dirac = comparison(entry("dirac_ee", "ALPIZAR-VENEGAS 2025"))
    np.testing.assert_allclose(found.ours, dirac.ours, rtol=1e-3)
    assert found.mass == "10 keV"


def test_mediators_stand_beside_abstracts() -> None:
    found = comparison(entry("g_b-l", "arXiv:2008.10279"))
    assert (found.status, found.is_same_data, found.mass) == ("abstract", False, "10 keV")
    vector = munu.limit("xenonnt-sr0-er", "g_universal", mediator_mass="10 keV")
    np.testing.assert_allclose(found.ours, vector.intervals)


def test_a_dark_photon_stands_beside_a_search_with_its_mass() -> None:
    """XMASS-I prints both ends of its curve; more xenon bounds both better."""
    rows = [one for one in entries() if one.get("source") == "arXiv:2005.11891"]
    found = [comparison(one) for one in rows if one["parameter"] == "g_b-l"]
    assert [one.mass for one in found] == ["1 keV", "10 MeV"]
    np.testing.assert_allclose([one.published[0, 1] for one in found], [1.3e-6, 8.8e-5])
    assert all(0.03 < one.ratio < 1.0 for one in found)


def test_a_light_sterile_partner_of_muon_neutrinos_is_their_moment() -> None:
    found = comparison(entry("mu_N_mu", "AUERBACH 2001"))
    dirac = comparison(entry("dirac_mumu", "AUERBACH 2001"))
    np.testing.assert_allclose(found.published, [[0.0, 6.8e-10]])
    np.testing.assert_allclose(found.ours, dirac.ours, rtol=1e-3)


def test_small_ratios_keep_their_digits() -> None:
    found = comparison(entry("dirac_tautau", "DONUT"))
    assert found.ratio < 1e-4
    (row,) = comparisons_table([found], ()).rows
    assert row[4] == "3.8e-05"


def test_only_what_is_in_the_listing_is_attributed_to_it() -> None:
    """The limit of 2026 on the moment from CONUS+ is second-hand: the listing has none of it."""
    found = comparison(entry("dirac_ee", "CONUS and CONUS+"))
    assert (found.source, found.status) == ("arXiv:2605.22815", "second-hand")
    assert comparison(entry("dirac_ee", "ALPIZAR-VENEGAS 2025")).status == "PDG listing"


@pytest.fixture(scope="module")
def first_radius() -> FamilyComparison:
    return comparison(entry("charge_radius_mumu", "CADEDDU 2018"))


def test_a_radius_that_the_listing_halved_is_in_the_convention_of_munu(
    first_radius: FamilyComparison,
) -> None:
    """Its footnote says so: -27.5 to 3 listed is -55 to 6 where F is q²<r²>/6."""
    np.testing.assert_allclose(first_radius.published, [[-55e-32, 6e-32]])
    assert first_radius.ratio == pytest.approx(0.53, abs=0.01)
    converted = [one for one in published_limits() if "divided by 2" in one.note]
    assert [one.document for one in converted] == ["CADEDDU 2018"]


def test_with_all_radii_free_one_interval_is_left(first_radius: FamilyComparison) -> None:
    """What the reason states: a transition radius makes up for what lacks between the two."""
    others = [f"charge_radius_{flavours}" for flavours in ("ee", "emu", "etau", "mutau")]
    found = munu.limit("coherent-csi-2017", "charge_radius_mumu", profile=others)
    assert isinstance(found, CouplingLimitResult)
    (ends,) = found.intervals / 1e-32 - 0.48
    np.testing.assert_allclose(ends, [-63.8, 4.8], atol=0.06)
    theirs = np.diff(first_radius.published)[0, 0] / 1e-32
    assert np.diff(ends)[0] / theirs == pytest.approx(1.12, abs=0.01)


@pytest.mark.parametrize(("sign", "ends"), [(1, (-66, 7)), (-1, (-7, 6))])
def test_the_sign_of_antineutrinos_does_not_make_the_published_radius(
    sign: int, ends: tuple[int, int]
) -> None:
    """A fit of rates that a radius scales, without munu's: with the sign of today and of 2018."""
    csi = munu.load("coherent-csi-2017")
    rate, data = munu.rate(csi), csi.statistic
    assert isinstance(rate, RateResult)
    assert isinstance(data, Counts)
    backgrounds = [(one.events, one.sigma) for one in data.backgrounds]
    per_weak_charge = 54 * SHIFT_PER_CM2 * 1e-32 / (54 * 0.0298 - 76 * 0.5117)
    signs = {"nu_mu": 1, "nu_mu_bar": sign, "nu_e": 0}

    def chi2(radius: int) -> float:
        signal = sum(
            (1 - signs[one.species] * radius * per_weak_charge) ** 2 * one.sm_events_per_bin
            for one in rate.components
        )

        def loss(pulls: FloatArray) -> float:
            scaled = zip([(signal, 0.28), *backgrounds], pulls, strict=True)
            events = sum(counts * (1 + sigma * pull) for (counts, sigma), pull in scaled)
            poisson = events - data.observed + xlogy(data.observed, data.observed / events)
            return float(2 * poisson.sum() + pulls @ pulls)

        return float(minimize(loss, np.zeros(3)).fun)

    radii = np.arange(-80, 30)
    found = np.array([chi2(radius) for radius in radii])
    allowed = radii[found < found.min() + 2.7055]
    assert (allowed[0], allowed[-1]) == pytest.approx(ends, abs=1)
