"""A bound among other experiments, and a signal uncertainty that is theirs alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

import munu
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import MomentBound
from munu.statistics.specification import Bound


@pytest.mark.parametrize("other", ["conus-plus", "conus@future"])
def test_sigma_sys_is_that_of_the_others(other: str) -> None:
    """Moments of both: Δχ² of the combination is the sum, at each one's own σ_sys."""
    moduli = np.linspace(0.0, 1e-10, 5)

    def curve(names: str | list[str], sigma_sys: float | None) -> FloatArray:
        found = munu.profile(names, "mu_nu_e", moment_mu_b=moduli, sigma_sys=sigma_sys)
        return found.delta_chi2

    both = curve([other, "borexino"], 0.3)
    alone = curve(other, 0.3) + curve("borexino", None)
    assert both - both[0] == pytest.approx(alone - alone[0], abs=1e-9)
    assert both[-1] != pytest.approx(curve([other, "borexino"], None)[-1], rel=1e-6)


def test_the_output_says_what_sigma_sys_does_not_change() -> None:
    notes = munu.limit(["conus", "borexino"], sigma_sys=0.1).origin.notes
    assert "borexino: a bound, which sigma_sys does not change." in notes


def test_a_signal_uncertainty_of_bounds_alone_is_refused() -> None:
    for statement in (munu.limit, munu.profile, munu.region, munu.envelope, munu.coverage):
        with pytest.raises(MunuError, match="no signal uncertainty"):
            statement("borexino", sigma_sys=0.1)


@pytest.mark.parametrize("delta", [0.0, 1.0, np.pi, -0.4])
def test_a_blind_direction_has_the_phases_that_are_fixed(delta: float) -> None:
    """What is printed is Λ itself: a reactor does not see it."""
    fixed = {"delta_cp": delta, "xi_1": delta, "xi_2": delta}
    found = munu.limit("conus", "Lambda_1", others="profiled", **fixed)
    mixing = munu.global_fit(found.assumptions.mixing).with_delta(delta)
    w = munu.fold(munu.load("conus")).w_matrices(mixing)[0]
    blind = found.blind_direction
    assert found.unbounded
    assert blind is not None
    assert np.linalg.norm(blind) == pytest.approx(1.0)
    assert abs(blind.conj() @ w @ blind) < 1e-12 * np.trace(w).real
    assert abs(np.vdot(mixing.pmns()[0].conj(), blind)) == pytest.approx(1.0)


def test_a_blind_slice_is_the_moment_with_its_phase() -> None:
    """A reactor is blind to Λ_e; in the flavour basis it is the first direction."""
    found = munu.limit("conus", "Lambda_e")
    assert found.blind_direction == pytest.approx(np.array([1.0, 0.0, 0.0]))


def test_a_bound_has_its_own_confidence_level() -> None:
    """Δχ² is quadratic in μ²: at another level the moment goes as its fourth root."""
    bound = munu.load("borexino")
    assert isinstance(bound, MomentBound)
    stricter = replace(bound, statistic=Bound(moment_mu_b=5e-11, cl=0.95))
    assert munu.limit(stricter, "mu_eff", cl=0.95).limit_mu_b == pytest.approx(5e-11, rel=1e-9)
    at_90 = munu.limit(stricter, "mu_eff", cl=0.90).limit_mu_b
    assert at_90 == pytest.approx(5e-11 * (chi2.ppf(0.90, 1) / chi2.ppf(0.95, 1)) ** 0.25, rel=1e-9)


def test_a_curve_ends_at_one_and_a_half_limits() -> None:
    curve = munu.profile("conus", "Lambda_2")
    limit = munu.limit("conus", "Lambda_2").limit_mu_b
    assert curve.moment_mu_b[[0, -1]] == pytest.approx([0.0, 1.5 * limit])
    assert curve.moment_mu_b.size == 201


@pytest.mark.parametrize(
    ("names", "shared"),
    [
        (("coherent-csi-2021", "coherent-lar-2020"), "flux:sns"),
        (("conus", "coherent-csi-2021"), ""),
        (("coherent-csi-2021",), ""),
    ],
)
def test_what_experiments_share_is_said(names: tuple[str, ...], shared: str) -> None:
    """Those names that the joint likelihood has once and two of its parts have each."""
    parts = [set(munu.likelihood(name, "mu_nu_mu").nuisance_names) for name in names]
    common = set.intersection(*parts) if len(parts) > 1 else set()
    assert ", ".join(sorted(common)) == shared
    notes = " ".join(munu.limit(list(names), "mu_nu_mu").origin.notes)
    assert ("Nuisances that the experiments share: " in notes) == bool(shared)
    assert shared in notes


def test_what_has_no_uncertainty_is_not_shared() -> None:
    names = ["coherent-csi-2021", "coherent-lar-2020"]
    found = munu.limit(names, "mu_nu_mu", sigma_sys=0)
    assert not any("share" in note for note in found.origin.notes)


def test_which_of_several_experiments_share_is_said_by_every_question() -> None:
    names = ["coherent-csi-2021", "coherent-lar-2020", "dresden-ii"]
    said = "Nuisances that the experiments share: flux:sns (coherent-csi-2021, coherent-lar-2020)."
    for found in (
        munu.limit(names, "mu_nu_e"),
        munu.fit(names, toys=0),
        munu.weak_angle(names),
        munu.scan(names, "g_b-l", over="mediator_mass", at=["10 MeV"]),
    ):
        assert said in found.origin.notes
