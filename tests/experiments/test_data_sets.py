"""Real data of the catalogue: counts, predictions and fits against the releases."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from munu.detectors.efficiency import Flat
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.folding.counts import FoldedCounts
from munu.folding.fold import fold
from munu.folding.template_fit import in_bins
from munu.sources.reactor import ReactorSource
from munu.statistics.build import build
from munu.statistics.likelihoods import SignalLikelihood
from munu.statistics.specification import Counts

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["data_sets"]
PREDICTED = [name for name, entry in REFERENCE.items() if "predicted" in entry]


@lru_cache
def folded(name: str) -> tuple[CountingExperiment, FoldedCounts]:
    experiment = load(name)
    assert isinstance(experiment, CountingExperiment)
    return experiment, fold(experiment)


def statistic(name: str) -> Counts:
    specification = folded(name)[0].statistic
    assert isinstance(specification, Counts)
    assert specification.observed is not None
    return specification


def signal_and_likelihood(name: str) -> tuple[np.ndarray, SignalLikelihood]:
    """Return the signal with its variants, and the likelihood with a free normalisation."""
    counts = folded(name)[1]
    sides = [side.sm_total() for v in counts.variants for side in (v.minus, v.plus)]
    signal = np.concatenate([counts.sm_total(), *sides])
    free = replace(statistic(name), sigma_signal=0.0, shared={})
    return signal, build(free, name, signal, tuple(v.name for v in counts.variants))


@pytest.mark.parametrize("name", REFERENCE)
def test_all_events_of_the_window_are_there(name: str) -> None:
    observed = statistic(name).observed
    assert observed is not None
    assert observed.sum() == REFERENCE[name]["observed"]


@pytest.mark.parametrize("name", PREDICTED)
def test_prediction_agrees_within_its_uncertainty(name: str) -> None:
    entry = REFERENCE[name]
    events = folded(name)[1].sm_total().sum()
    assert abs(events - entry["predicted"]) < 1.5 * entry["predicted_error"]


@pytest.mark.parametrize(
    ("name", "ratio"),
    [("coherent-csi-2017", 1.04), ("coherent-csi-2021", 1.05), ("coherent-lar-2020", 0.97)],
)
def test_predicted_events_of_coherent(name: str, ratio: float) -> None:
    """The rest is the form factor: Klein-Nystrand lies 10 % (argon: 4 %) below Helm."""
    events = folded(name)[1].sm_total().sum()
    assert events / REFERENCE[name]["predicted"] == pytest.approx(ratio, abs=0.02)


def test_conus_plus_sees_the_last_mev_of_the_spectrum() -> None:
    """Half its events are above 7 MeV, a tenth above 8 MeV: the flux there is no detail."""
    experiment = folded("conus-plus")[0]
    whole = folded("conus-plus")[1].sm_total().sum()
    assert isinstance(experiment.source, ReactorSource)
    below = {}
    for end in (5.0, 7.0, 8.0):
        cut = replace(experiment, source=replace(experiment.source, endpoint_mev=end))
        below[end] = fold(cut).sm_total().sum() / whole
    assert below[5.0] < 0.01
    assert below[7.0] == pytest.approx(0.52, abs=0.02)
    assert below[8.0] == pytest.approx(0.906, abs=0.005)


def test_conus_plus_is_three_detectors_of_equal_exposure() -> None:
    experiment, counts = folded("conus-plus")
    entry = REFERENCE["conus-plus"]
    exposure_kg_d = experiment.mass_kg * experiment.live_time_s / 86400
    assert exposure_kg_d == pytest.approx(entry["exposure_kg_d"], rel=1e-3)
    apart = []
    for threshold in entry["thresholds_kevee"]:
        detector = replace(
            experiment.detector, bin_edges=np.array([threshold, 0.8]), efficiency=Flat(1.0)
        )
        apart.append(fold(in_bins(replace(experiment, detector=detector))).sm_total().sum())
    assert counts.sm_total().sum() == pytest.approx(np.mean(apart), rel=1e-3)


def test_argon_template_has_the_published_projections() -> None:
    """CEvNS template of arXiv:2006.12659 summed over two axes, as a share of its 128 events."""
    counts = folded("coherent-lar-2020")[1]
    cube = counts.unflatten(counts.sm_total()) / counts.sm_total().sum()
    energy = np.array([78.70, 36.97, 9.89, 2.36]) / 128
    time = np.array([11.08, 39.79, 18.70, 14.85, 11.87, 9.49, 7.58, 6.03, 4.79, 3.82]) / 128
    assert cube.sum(axis=(1, 2))[:4] == pytest.approx(energy, abs=0.02)
    assert cube.sum(axis=(0, 1)) == pytest.approx(time, abs=0.02)


@pytest.mark.parametrize(
    "name", ["coherent-csi-2017", "coherent-csi-2021", "coherent-lar-2020", "conus-plus"]
)
def test_fitted_events(name: str) -> None:
    """The best fit of the signal's normalisation, beside the collaboration's."""
    entry = REFERENCE[name]
    signal, likelihood = signal_and_likelihood(name)
    scales = np.linspace(0.2, 2.0, 37)
    chi2 = np.array([float(likelihood.chi2(scale * signal)) for scale in scales])
    best = float(scales[np.argmin(chi2)])
    events = best * folded(name)[1].sm_total().sum()
    assert abs(events - entry["fitted"]) < entry["fitted_error"]
    assert float(likelihood.chi2(0 * signal)) - chi2.min() > 9


def test_xenon_background_and_solar_neutrinos_are_the_published_fit() -> None:
    """The table's background was made with the same inputs: with the signal it is B0."""
    specification = statistic("xenonnt-sr0-er")
    counts = folded("xenonnt-sr0-er")[1]
    total = counts.sm_total() + specification.backgrounds[0].events
    assert total.sum() == pytest.approx(426.5, abs=0.1)
    assert counts.sm_total().sum() == pytest.approx(77.4, abs=0.1)


def test_xenon_limit_on_the_solar_moment() -> None:
    """Unbinned, by another program: 7.15e-12 mu_B; the collaboration, up to 140 keV: 6.4e-12."""
    counts = folded("xenonnt-sr0-er")[1]
    standard = counts.sm_total()
    likelihood = build(statistic("xenonnt-sr0-er"), "xenonnt-sr0-er", standard)
    dipole = counts.dipole_events_per_mu_b2.sum(axis=0)
    moments = np.linspace(0.0, 9e-12, 181)
    chi2 = likelihood.chi2(standard + moments[:, None] ** 2 * dipole)
    limit = moments[chi2 < chi2.min() + 2.706].max()
    assert limit == pytest.approx(7.15e-12, rel=0.02)
    assert limit == pytest.approx(6.4e-12, rel=0.11)


def test_xenon_resolution_is_a_linear_sum() -> None:
    """Eq. (1) of arXiv:2006.09721; that of arXiv:2003.03825 at MeV energies is 1 % wider."""
    resolution = folded("xenonnt-sr0-er")[0].detector.resolution
    energy = np.array([1.0, 4.0, 30.0])
    width = 0.310 * np.sqrt(energy) + 0.0037 * energy
    np.testing.assert_allclose(resolution.sigma(energy), width, rtol=1e-12)
    assert resolution.sigma(energy[:1])[0] / (0.3171 + 0.0015) == pytest.approx(0.985, abs=1e-3)


def test_electrons_add_dipole_events_where_nuclei_are_quenched_away() -> None:
    experiment = load("dresden-ii")
    assert isinstance(experiment, CountingExperiment)
    parts = {
        channel: fold(replace(experiment, recoils=(channel,)))
        for channel in ("nuclear", "electron")
    }
    dipole = {name: part.dipole_events_per_mu_b2.sum(axis=0) for name, part in parts.items()}
    assert np.all(dipole["electron"][60:] > 100 * dipole["nuclear"][60:])
    assert parts["electron"].sm_events.sum() < 1e-3 * parts["nuclear"].sm_events.sum()
