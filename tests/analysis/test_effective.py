"""Effective moments as parameters of a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import munu
from munu.analysis.limit import limit
from munu.analysis.model import joint_model
from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions


def test_a_reactor_bounds_the_electron_flavour_only():
    """For one species mu_nu_e is mu_eff, and |Λ_μ| alone gives mu_nu_e = |Λ_μ| (Eq. 10)."""
    electron = limit("conus", "mu_nu_e")
    assert electron.limit_mu_b == pytest.approx(limit("conus", "mu_eff").limit_mu_b)
    assert electron.limit_mu_b == pytest.approx(limit("conus", "Lambda_mu").limit_mu_b)
    assert limit("conus", "mu_nu_mu").unbounded
    assert limit("conus", "mu_nu_mu").blind_direction is None


def test_the_bound_of_borexino_is_its_common_moment():
    assert limit("borexino", "mu_eff").limit_mu_b == pytest.approx(2.8e-11)


def test_spallation_counts_add_over_flavours():
    folded = fold_experiment("coherent-csi")
    model = joint_model([folded], Assumptions(mixing="desalas2018-no"), effective=True)
    dipole = folded.counts.dipole_events_per_mu_b2.sum(axis=1)
    species = dict(zip(folded.counts.species, dipole, strict=True))
    diagonal = np.diag(model.w[0]).real
    np.testing.assert_allclose(
        diagonal, [species["nu_e"], species["nu_mu"] + species["nu_mu_bar"], 0.0]
    )


def test_a_beam_of_the_source_is_seen_by_itself():
    """Prompt neutrinos are ν_μ alone; with the delayed ones they are the full beam."""
    counts, mixing = (
        fold_experiment("coherent-csi").counts,
        Assumptions(mixing="desalas2018-no").neutrino_mixing,
    )
    full, prompt, delayed = (
        counts.effective_matrices(mixing, beam=beam) for beam in ("full", "prompt", "delayed")
    )
    dipole = counts.dipole_events_per_mu_b2[counts.species.index("nu_mu")]
    np.testing.assert_allclose(prompt, dipole[:, None, None] * np.diag([0, 1, 0]), rtol=1e-12)
    np.testing.assert_allclose(prompt + delayed, full, rtol=1e-12)


def test_profiled_is_not_stronger_than_slice():
    for name in ("mu_nu_e", "mu_nu_mu"):
        alone = limit("coherent-csi", name).limit_mu_b
        profiled = limit("coherent-csi", name, others="profiled").limit_mu_b
        assert profiled >= alone * (1 - 1e-9)


def test_effective_moments_have_no_published_convention():
    with pytest.raises(MunuError, match="per-species"):
        limit("coherent-csi", "mu_nu_e", convention="published")


def test_a_combination_is_what_a_list_of_names_is():
    both = munu.combine("conus", "coherent-csi")
    assert [one.identity.id for one in both] == ["conus", "coherent-csi"]
    listed = limit(["conus", "coherent-csi"], "Lambda_3", others="profiled").limit_mu_b
    assert limit(both, "Lambda_3", others="profiled").limit_mu_b == pytest.approx(listed)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), "nothing to combine"),
        (("conus", "conus@future"), "more than once"),
        (("coherent-csi-2017", "coherent-csi-2021"), "same events"),
        (("connus",), "Did you mean 'conus'"),
    ],
)
def test_what_cannot_be_combined(names, message):
    with pytest.raises(MunuError, match=message):
        munu.combine(*names)


def test_a_region_of_effective_moments_is_an_ellipse_along_the_axes():
    """One bin without interference: D_e μ_e² + D_μ μ_μ² is what the count allows."""
    found = munu.region("coherent-csi", ("mu_nu_e", "mu_nu_mu"))
    (vertices,) = found.polygons
    model = joint_model(
        [fold_experiment("coherent-csi")], Assumptions(mixing="desalas2018-no"), effective=True
    )
    excess = vertices**2 @ np.diag(model.w[0])[:2].real
    np.testing.assert_allclose(excess, excess[0], rtol=1e-9)
    chi2 = model.likelihood.chi2((model.sm + excess[0])[None])
    assert chi2[0] - found.chi2_min == pytest.approx(found.delta_chi2, abs=1e-8)
    assert "μ_νe and μ_νμ in 10⁻¹⁰ μ_B" in str(found)
    assert "mu_nu_e_mu_b" in found.to_csv()


def test_effective_moments_are_profiled_among_themselves():
    """A reactor's region ends along μ_νe alone; what solar data allow grows with a third moment."""
    reactor = munu.region("conus", ("mu_nu_e", "mu_nu_mu"))
    assert reactor.unbounded
    plane = ("mu_nu_e", "mu_nu_mu")
    wide, narrow = (
        munu.region("xenonnt-sr0-er", plane, profile=names).polygons[0].max(axis=0)
        for names in (("mu_nu_tau",), ())
    )
    assert np.all(wide >= narrow * (1 - 1e-6))


@pytest.mark.parametrize(
    ("plane", "options"),
    [
        (("mu_nu_e", "Lambda_1"), {}),
        (("mu_eff", "mu_nu_mu"), {}),
        (("mu_nu_e", "delta_cp"), {}),
        (("mu_nu_e", "mu_nu_mu"), {"profile": ("xi_1",)}),
    ],
)
def test_effective_moments_go_with_no_others(plane, options):
    with pytest.raises(MunuError, match=r"effective moments have no phases|cannot be combined"):
        munu.region("coherent-csi", plane, **options)


def test_regions_and_envelopes_say_that_the_standard_model_is_excluded():
    experiment = munu.load("conus-plus")
    excess = replace(experiment.statistic, observed=np.array([900.0]))
    hot = replace(experiment, statistic=excess)
    expected = (900.0 - 301.4) ** 2 / (106**2 + (0.17 * 301.4) ** 2)
    for found in (munu.region(hot), munu.envelope(hot)):
        assert found.standard_model_delta_chi2 == pytest.approx(expected, rel=0.03)
        assert "The Standard Model, no moment, is excluded" in str(found)
    assert "excluded" not in str(munu.region(experiment))


@pytest.mark.parametrize(
    "statement",
    [
        lambda: munu.limit("coherent-csi", "mu_nu_mu", others="profiled"),
        lambda: munu.limit("coherent-csi", "mu_eff"),
        lambda: munu.profile("coherent-csi", "mu_nu_mu", others="profiled"),
        lambda: munu.region("coherent-csi", "mu_nu_e,mu_nu_mu", profile="mu_nu_tau"),
        lambda: munu.weak_angle("coherent-csi", moment="mu_nu_mu"),
        lambda: munu.coverage("coherent-csi", "mu_nu_mu", moment_mu_b=[0.0], toys=1),
    ],
)
def test_effective_moments_claim_no_phases(statement: Callable[[], Any]) -> None:
    assumptions = statement().assumptions
    assert (assumptions.phases["xi_1"], assumptions.phases["xi_2"]) == ("absent", "absent")
    assert (assumptions.xi_1, assumptions.xi_2) == (None, None)
    assert "ξ" not in assumptions.text()
    assert "profiled" not in assumptions.text()
    assert "δ_CP 0" in assumptions.text()


def test_other_moments_say_what_their_phases_are() -> None:
    profiled = munu.limit("coherent-csi", "Lambda_e", others="profiled").assumptions
    assert profiled.text().endswith("δ_CP 0, ξ₁ and ξ₂ profiled")
    assert munu.limit("coherent-csi").assumptions.text().endswith("δ_CP, ξ₁ and ξ₂ 0")
