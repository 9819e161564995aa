"""Everything counted grows with the luminosity, fractional uncertainties stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from munu.analysis.model import interval, moment_model
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold
from munu.folding.folded import Folded, fold_experiment
from munu.folding.luminosity import with_luminosity
from munu.physics.assumptions import Assumptions
from munu.statistics.specification import Background, ControlRegion, Counts, FirstRun

RATIO = 4.0


def statistic_of(folded: Folded) -> Counts:
    assert isinstance(folded.experiment.statistic, Counts)
    return folded.experiment.statistic


def bins_of(counts: Counts | ControlRegion) -> list[FloatArray | None]:
    """Return every array of counts, or of variances of counts."""
    arrays = [counts.observed, counts.variance]
    for background in counts.backgrounds:
        arrays.append(background.events)
        for shape in background.shapes:
            arrays += [shape.minus, shape.plus]
    return arrays


@pytest.mark.parametrize(
    "name", ["conus-plus", "dresden-ii", "coherent-csi-2021", "coherent-lar-2020", "xenonnt-sr0-er"]
)
def test_counts_and_their_variances_grow_alike(name: str) -> None:
    folded = fold_experiment(name)
    scaled = with_luminosity(folded, RATIO)
    before, after = statistic_of(folded), statistic_of(scaled)
    pairs = list(zip(bins_of(before), bins_of(after), strict=True))
    for one, other in zip(before.control_regions, after.control_regions, strict=True):
        pairs += zip(bins_of(one), bins_of(other), strict=True)
    if before.off_beam is not None and after.off_beam is not None:
        pairs.append((before.off_beam.counts, after.off_beam.counts))
        assert after.off_beam.ratio == before.off_beam.ratio
    assert sum(old is not None for old, _ in pairs) > 0
    for old, new in pairs:
        if old is None:
            assert new is None
        else:
            assert new == pytest.approx(RATIO * old, rel=1e-12)
    assert (after.sigma_signal, after.shared) == (before.sigma_signal, before.shared)
    kept = [(b.name, b.sigma) for b in before.backgrounds]
    assert [(b.name, b.sigma) for b in after.backgrounds] == kept


@pytest.mark.parametrize("name", ["conus-plus", "coherent-lar-2020", "conus"])
def test_it_is_the_fold_of_a_larger_detector(name: str) -> None:
    """So that a refold, at another mixing or of some recoils, has the same luminosity."""
    scaled = with_luminosity(fold_experiment(name), RATIO)
    again = fold(scaled.experiment)
    assert isinstance(scaled.experiment, CountingExperiment)
    for one, other in zip(scaled.counts.folds(), again.folds(), strict=True):
        assert one.sm_events == pytest.approx(other.sm_events, rel=1e-12)
        assert one.dipole_events_per_mu_b2 == pytest.approx(
            other.dipole_events_per_mu_b2, rel=1e-12
        )


def test_a_stated_variance_of_counts_grows_as_they_do() -> None:
    """One Gaussian bin by hand: (n - S(1 + σθ))² / v + θ², n, S and v four times as large."""
    folded = fold_experiment("conus-plus")
    statistic = statistic_of(folded)
    scaled = with_luminosity(folded, RATIO)
    found = interval(
        moment_model(scaled, Assumptions(mixing="desalas2018-no")),
        "Lambda_3",
        Assumptions(mixing="desalas2018-no"),
    ).upper_mu_b
    assert statistic.observed is not None
    assert statistic.variance is not None
    n, v = RATIO * float(statistic.observed[0]), RATIO * float(statistic.variance[0])
    sm = RATIO * float(folded.counts.sm_total()[0])
    w = RATIO * float(
        folded.counts.w_matrices(Assumptions(mixing="desalas2018-no").neutrino_mixing)[0, 2, 2].real
    )

    def chi2(events: float) -> float:
        return (n - events) ** 2 / (v + (statistic.sigma_signal * events) ** 2)

    smallest = chi2(max(n, sm))
    excess = brentq(lambda x: chi2(sm + x) - smallest - 2.7055, max(n - sm, 0.0), 1e5)
    assert found == pytest.approx(np.sqrt(excess / w), rel=2e-3)


def test_the_first_run_grows_as_a_whole() -> None:
    scaled = with_luminosity(fold_experiment("coherent-csi"), RATIO).experiment.statistic
    original = fold_experiment("coherent-csi").experiment.statistic
    assert isinstance(original, FirstRun)
    assert isinstance(scaled, FirstRun)
    expected = replace(
        original,
        observed=RATIO * original.observed,
        prompt_neutrons=RATIO * original.prompt_neutrons,
        steady_state=RATIO * original.steady_state,
    )
    assert scaled == expected
    assert scaled.statistical_variance == pytest.approx(RATIO * original.statistical_variance)


def test_backgrounds_keep_their_names_and_uncertainties() -> None:
    background = Background("flat", np.array([3.0]), 0.4)
    experiment = fold_experiment("conus-plus").experiment
    assert isinstance(experiment, CountingExperiment)
    assert isinstance(experiment.statistic, Counts)
    changed = replace(
        experiment, statistic=replace(experiment.statistic, backgrounds=(background,))
    )
    scaled = statistic_of(with_luminosity(fold_experiment(changed), RATIO)).backgrounds[0]
    assert (scaled.name, scaled.sigma, scaled.events.tolist()) == ("flat", 0.4, [12.0])
