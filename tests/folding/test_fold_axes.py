"""Folding with further observables and shape variants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.detectors.arrival import GaussianPulse
from munu.detectors.axes import ArrivalTime, PulseShape
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Polynomial
from munu.detectors.resolution import PoissonPhotoelectrons
from munu.experiments.identity import Identity
from munu.experiments.model import CountingExperiment, Measurement, Variant
from munu.folding.fold import fold
from munu.physics.couplings import weak_couplings
from munu.physics.form_factors import Helm
from munu.physics.mixing import paper_mixing
from munu.physics.nuclei import parse_material
from munu.sources.spallation import SpallationSource
from munu.statistics.specification import Projection

TIME = ArrivalTime(np.array([0.0, 1.0, 6.0]), GaussianPulse(0.44, 0.15))
SHAPE = PulseShape(
    np.array([0.5, 0.6, 0.8, 0.9]),
    np.array([6.5, 12.5]),
    np.array([[0.1, 0.6, 0.3], [0.2, 0.5, 0.2]]),
    name="F90",
)


def detector(quenching: float = 0.0878) -> Detector:
    return Detector(
        "photoelectrons",
        np.array([6.0, 7.0, 10.0, 15.0, 30.0]),
        Polynomial((quenching,)),
        Flat(0.7),
        PoissonPhotoelectrons(),
        light_yield_pe_per_kev=13.35,
    )


EXPERIMENT = CountingExperiment(
    identity=Identity("axes", "test", "energy, time and pulse shape"),
    source=SpallationSource(baseline_m=20.0, neutrinos_per_proton=0.08, protons_per_s=1e15),
    target=parse_material("CsI"),
    mass_kg=14.0,
    live_time_s=1e7,
    detector=detector(),
    form_factor=Helm(),
    couplings=weak_couplings(),
    statistic=Projection(sigma_stat=0.0, sigma_sys=0.0),
    mixing=paper_mixing(),
    axes=(TIME, SHAPE),
)


def test_axes_spread_the_energy_bins_in_c_order() -> None:
    counts = fold(EXPERIMENT)
    energy_only = fold(replace(EXPERIMENT, axes=()))
    assert counts.n_bins == 4 * 2 * 3
    assert [axis.name for axis in counts.axes] == ["photoelectrons", "time", "F90"]
    assert [axis.n_bins for axis in counts.axes] == [4, 2, 3]
    cube = counts.unflatten(counts.sm_events)
    centres = np.array([6.5, 8.5, 12.5, 22.5])
    for s, beam in enumerate(counts.beams):
        expected = (
            energy_only.sm_events[s][:, None, None]
            * TIME.fractions(beam, centres)[:, :, None]
            * SHAPE.fractions(beam, centres)[:, None, :]
        )
        assert cube[s] == pytest.approx(expected, rel=1e-12)


def test_prompt_neutrinos_come_first() -> None:
    counts = fold(replace(EXPERIMENT, axes=(TIME,)))
    early = counts.unflatten(counts.sm_events)[:, :, 0].sum(axis=1)
    share = early / counts.sm_events.sum(axis=1)
    by_species = dict(zip(counts.species, share, strict=True))
    assert by_species["nu_mu"] > 0.99
    assert by_species["nu_e"] == pytest.approx(by_species["nu_mu_bar"], rel=1e-12)
    assert by_species["nu_e"] < 0.3


def test_variants_are_folds_of_their_own() -> None:
    low, high = detector(0.08), detector(0.095)
    late = ArrivalTime(TIME.edges, GaussianPulse(0.64, 0.15))
    variants = (
        Variant("quenching", Measurement(low, EXPERIMENT.axes), Measurement(high, EXPERIMENT.axes)),
        Variant(
            "timing", EXPERIMENT.measurement(), Measurement(EXPERIMENT.detector, (late, SHAPE))
        ),
    )
    counts = fold(replace(EXPERIMENT, variants=variants))
    quenching, timing = counts.variants
    assert (quenching.name, timing.name) == ("quenching", "timing")
    alone = fold(replace(EXPERIMENT, detector=high))
    assert quenching.plus.sm_events == pytest.approx(alone.sm_events, rel=1e-6)
    assert quenching.minus.sm_total().sum() < counts.sm_total().sum()
    assert timing.minus.sm_events == pytest.approx(counts.sm_events, rel=1e-12)
    assert timing.plus.sm_events == pytest.approx(
        fold(replace(EXPERIMENT, axes=(late, SHAPE))).sm_events, rel=1e-6
    )


def test_unflatten_wants_one_value_per_bin() -> None:
    with pytest.raises(MunuError, match=r"\(23,\) do not fit .* its 24 bins"):
        fold(EXPERIMENT).unflatten(np.zeros(23))
