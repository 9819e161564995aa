"""sin²θ_W from data."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import munu
from munu.analysis.fit import fit
from munu.analysis.model import joint_model
from munu.analysis.weak_angle import weak_angle
from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.results import read_json

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)


def at_angle(experiment: CountingExperiment, value: float) -> CountingExperiment:
    """Return the experiment with other couplings, to be folded anew."""
    own = experiment.electron_couplings
    return replace(
        experiment,
        couplings=weak_couplings(value, radiative=own.radiative),
        electron_couplings=replace(own, sin2_theta_w=value),
    )


@pytest.mark.parametrize("name", ["coherent-ge", "xenonnt-sr0-er"])
def test_counts_are_a_parabola(name: str, parabolas: Any) -> None:
    folded = fold_experiment(name)
    assert isinstance(folded.experiment, CountingExperiment)
    for value in (0.1, 0.8):
        direct = fold(at_angle(folded.experiment, value)).sm_total()
        from_nodes = value ** np.arange(3) @ parabolas(folded)
        np.testing.assert_allclose(from_nodes, direct, rtol=1e-9)


def test_the_parabola_passes_through_the_standard_model_with_its_variants(parabolas: Any) -> None:
    """Nominal counts, then those of each shape one sigma below and above."""
    folded = fold_experiment("coherent-lar-2020")
    own = folded.experiment.electron_couplings.sin2_theta_w
    events = own ** np.arange(3) @ parabolas(folded)
    expected = joint_model([folded], Assumptions(mixing="desalas2018-no")).sm
    assert events.size == 5 * folded.counts.n_bins
    np.testing.assert_allclose(events, expected, rtol=1e-9, atol=1e-12)


def test_one_bin_meets_its_count(parabolas: Any) -> None:
    result = weak_angle("conus-plus")
    events = result.best_fit ** np.arange(3) @ parabolas(fold_experiment("conus-plus"))
    assert events[0] == pytest.approx(395, rel=1e-3)
    assert result.chi2_min == pytest.approx(0, abs=1e-6)
    assert result.low_90 < result.low < result.best_fit < result.high < result.high_90


def test_intervals_of_one_bin_end_where_its_chi2_says(parabolas: Any) -> None:
    """χ² = (n - N)²/(v + σ²N²), 1 and 2.706 above its minimum of zero: one degree of freedom."""
    result, spec = weak_angle("conus-plus"), fold_experiment("conus-plus").experiment.statistic
    events = parabolas(fold_experiment("conus-plus"))[:, 0]
    for ends, delta in (
        ((result.low, result.high), 1.0),
        ((result.low_90, result.high_90), 2.7055),
    ):
        for angle in ends:
            n = angle ** np.arange(3) @ events
            variance = spec.variance[0] + (spec.sigma_signal * n) ** 2
            assert (spec.observed[0] - n) ** 2 / variance == pytest.approx(delta, abs=1e-4)


def test_caesium_iodide_agrees_with_the_collaboration() -> None:
    entry = REFERENCE["weak_mixing"]["coherent-csi-2021"]
    result = weak_angle("coherent-csi-2021")
    assert entry["low"] < result.best_fit < entry["high"]
    assert result.high - result.low == pytest.approx(entry["high"] - entry["low"], rel=0.1)


def test_a_free_moment_widens_the_interval() -> None:
    alone = weak_angle("conus-plus", channels="nuclear")
    free = weak_angle("conus-plus", channels="nuclear", moment="Lambda_3")
    assert free.low <= alone.low + 1e-6
    assert free.high >= alone.high - 1e-6
    assert free.moment_mu_b >= 0
    assert "|Λ₃| free" in str(free)


def test_one_count_does_not_tell_the_angle_from_a_moment() -> None:
    """Any angle that predicts fewer events than seen leaves the rest to the moment."""
    free, alone = weak_angle("conus-plus", moment="Lambda_3"), weak_angle("conus-plus")
    assert free.equal_low == pytest.approx(0, abs=1e-12)
    assert free.equal_high == pytest.approx(alone.best_fit, abs=2e-3)
    assert "equally well" in str(free)
    assert alone.equal_low == alone.equal_high == alone.best_fit
    assert "equally well" not in str(weak_angle("coherent-csi-2021", moment="Lambda_3"))


def test_an_effective_moment_of_one_species_is_its_transition_moment() -> None:
    """A reactor's mu_nu_e is mu_eff, and |Λ_μ| alone gives mu_nu_e = |Λ_μ| (Eq. 10)."""
    names = ("mu_nu_e", "mu_eff", "Lambda_mu")
    found = [weak_angle("dresden-ii", channels="nuclear", moment=name) for name in names]
    for other in found[1:]:
        for key in ("best_fit", "low", "high", "low_90", "high_90", "chi2_min", "moment_mu_b"):
            assert getattr(other, key) == pytest.approx(getattr(found[0], key), rel=1e-6, abs=1e-14)
    assert "μ_eff free" in str(found[1])
    assert "common to all" in str(found[1])


def test_an_effective_moment_is_minimised_over(parabolas: Any) -> None:
    """χ² at the best fit, from the folded counts of the flavour itself, and nowhere lower."""
    name = "coherent-csi-2021"
    result = weak_angle(name, moment="mu_nu_mu")
    folded = fold_experiment(name)
    seen = ["nu_mu" in species for species in folded.counts.species]
    shapes = [side for v in folded.counts.variants for side in (v.minus, v.plus)]
    folds = [folded.counts, *shapes]
    per_mu_b2 = np.concatenate([f.dipole_events_per_mu_b2[seen].sum(axis=0) for f in folds])
    events = parabolas(folded)
    model = joint_model([folded], Assumptions(mixing="desalas2018-no"))

    def chi2(sin2_theta_w: float, moment_mu_b: float) -> float:
        sm = sin2_theta_w ** np.arange(3) @ events
        return float(model.likelihood.chi2(sm + moment_mu_b**2 * per_mu_b2))

    assert chi2(result.best_fit, result.moment_mu_b) == pytest.approx(result.chi2_min, abs=1e-9)
    for sin2_theta_w in np.linspace(0.05, 0.95, 10):
        for moment in np.linspace(0.0, 5e-9, 6):
            assert chi2(sin2_theta_w, moment) >= result.chi2_min - 1e-9


@pytest.mark.parametrize("radiative", [True, False])
def test_radiative_corrections_are_kept(radiative: bool, parabolas: Any) -> None:
    loaded = fold_experiment("coherent-ge").experiment
    assert isinstance(loaded, CountingExperiment)
    experiment = replace(
        loaded,
        couplings=weak_couplings(0.24, radiative=radiative),
        electron_couplings=ElectronCouplings(0.24, radiative=radiative),
    )
    found = 0.25 ** np.arange(3) @ parabolas(fold_experiment(experiment))
    assert found == pytest.approx(fold(at_angle(experiment, 0.25)).sm_total(), rel=1e-9)


@pytest.mark.parametrize("other", [ElectronCouplings(0.25), ElectronCouplings(radiative=False)])
def test_quarks_and_electrons_have_one_angle(other: ElectronCouplings) -> None:
    experiment = fold_experiment("conus-plus").experiment
    assert isinstance(experiment, CountingExperiment)
    differing = replace(experiment, electron_couplings=other)
    with pytest.raises(MunuError, match="quarks and electrons differ"):
        munu.weak_angle(differing)


def test_json_and_mistakes() -> None:
    result = weak_angle("conus-plus")
    assert read_json(result.to_json()).to_json() == result.to_json()
    assert result.to_csv().startswith("best_fit,")
    with pytest.raises(MunuError, match="parameter"):
        weak_angle("conus-plus", moment="Lambda_4")
    with pytest.raises(MunuError, match="no observed counts"):
        weak_angle("conus")


def test_a_moment_takes_the_events_that_no_angle_gives(parabolas: Any):
    """One Gaussian bin far above what angles give: the best prediction is the data."""
    experiment = fold_experiment("conus-plus").experiment
    statistic = replace(experiment.statistic, observed=np.array([9000.0]))
    hot = replace(experiment, statistic=statistic)
    found = weak_angle(hot, moment="mu_nu_e")
    sm = found.best_fit ** np.arange(3) @ parabolas(fold_experiment(hot))[:, 0]
    dipole = fold_experiment(hot).counts.dipole_events_per_mu_b2.sum()
    assert found.moment_mu_b > 1e-10
    assert sm + found.moment_mu_b**2 * dipole == pytest.approx(9000.0, rel=1e-4)


@pytest.mark.parametrize("name", ["conus-plus", "coherent-csi-2017"])
def test_the_standard_model_is_that_of_the_fit(name):
    found = weak_angle(name)
    assert found.chi2_standard == pytest.approx(fit(name, toys=0).chi2, rel=1e-6)
    assert found.chi2_standard > found.chi2_min + 1e-3
    rise = f"Δχ² = {found.chi2_standard - found.chi2_min:.2f}"
    assert any(rise in note for note in found.tables()[0].notes)
