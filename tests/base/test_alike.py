"""Public objects are equal where they are alike, or to themselves alone, and can be keys."""

from dataclasses import replace

import pytest

import munu
from munu.sources import ReactorSource

MADE_ALIKE = {
    "counts": lambda: munu.load("coherent-csi-2021"),
    "rates": lambda: munu.load("dresden-ii"),
    "bound": lambda: munu.load("borexino-phase-ii"),
    "fold": lambda: munu.fold(munu.load("coherent-csi-2021")),
    "state": lambda: munu.HelicityState.of_species("nu_e"),
    "limit": lambda: munu.limit("conus-plus"),
    "row of a result": lambda: munu.fit("conus-plus").data[0],
    "assumptions": lambda: munu.Assumptions(values={"g_scalar": 1e-6}),
    "source": lambda: ReactorSource(
        thermal_power_gw=2.9,
        baseline_m=17.1,
        fission_fractions={"U235": 1.0, "U238": 0.0, "Pu239": 0.0, "Pu241": 0.0},
        energies_per_fission_mev="ma2013",
        high_energy="mueller2011",
        low_energy="vogel-engel1989",
    ),
    "mixing": lambda: munu.global_fit("nufit60-no"),
}


@pytest.mark.parametrize("kind", MADE_ALIKE)
def test_what_is_made_alike_is_equal_and_one_key(kind):
    one, another = MADE_ALIKE[kind](), MADE_ALIKE[kind]()
    assert one is not another or kind == "mixing"
    assert one == another
    assert {one: 1}[another] == 1
    assert one != kind


def test_what_differs_is_not_equal():
    conus = munu.load("conus")
    assert conus != munu.load("conus@future")
    assert conus != munu.load("conus", changes={"target.mass": "4 kg"})
    # Words are part of what an experiment says, though no number depends on them.
    assert conus != replace(conus, identity=replace(conus.identity, title="Another"))
    assert munu.HelicityState.of_species("nu_e") != munu.HelicityState.of_species("nu_mu")
    assert munu.limit("conus") != munu.limit("conus-plus")


def test_a_likelihood_is_equal_to_itself_alone():
    one, another = (munu.likelihood("conus", ["mu_nu_e"]) for _ in range(2))
    assert one == one
    assert one != another
    assert len({one, another}) == 2
