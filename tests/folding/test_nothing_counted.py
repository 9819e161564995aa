"""A detector that counts nothing: the true cause is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.detectors.arrival import GaussianPulse
from munu.detectors.efficiency import Logistic, Steps, TabulatedEfficiency
from munu.detectors.shifted_arrival import ShiftedArrival
from munu.experiments.load import load
from munu.folding.fold import fold
from munu.sources.tabulated import TabulatedSource
from munu.statistics.specification import Counts


def with_efficiency(efficiency):
    experiment = load("coherent-csi")
    return replace(experiment, detector=replace(experiment.detector, efficiency=efficiency))


@pytest.mark.parametrize(
    "efficiency",
    [Steps(((40.0, 1.0),)), Logistic(0.6, 0.5, 3e3), TabulatedEfficiency((30.0, 99.0), (0.0, 1.0))],
)
def test_an_efficiency_of_zero_is_no_threshold(efficiency):
    with pytest.raises(MunuError) as caught:
        fold(with_efficiency(efficiency))
    assert "efficiency of 'coherent-csi' is zero where recoils are measured" in str(caught.value)
    assert "threshold" not in str(caught.value)


def test_a_table_of_zeros_is_refused_when_it_is_read():
    with pytest.raises(MunuError, match="zero where recoils are measured"):
        TabulatedEfficiency((0.1, 0.2, 0.9), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("unit", "words"), [(1.0, "in GeV"), (1e3, "Lower the threshold")])
def test_a_spectrum_that_is_too_soft(unit, words):
    energies = unit * np.array([2e-4, 4e-4, 9e-4])
    source = TabulatedSource(
        species="nu_e_bar", beam="r", energies_mev=energies, flux_per_cm2_s_mev=np.ones(3)
    )
    with pytest.raises(MunuError) as caught:
        fold(replace(load("coherent-csi"), source=source))
    assert "lies above the endpoint" in caught.value.message
    assert words in caught.value.remedy


def test_a_source_without_flux_is_no_efficiency_of_zero():
    source = TabulatedSource(
        species="nu_e_bar",
        beam="r",
        energies_mev=np.array([1.0, 50.0]),
        flux_per_cm2_s_mev=np.zeros(2),
    )
    with pytest.raises(MunuError, match="the flux of 'coherent-csi' is zero at every energy"):
        fold(replace(load("coherent-csi"), source=source))


def test_a_bound_on_a_source_without_flux_is_refused_where_it_is_written():
    """Its moments had no weights, and its limit was infinite."""
    with pytest.raises(MunuError, match="the flux that the bound of 'borexino' is about is zero"):
        load("borexino", changes={"source.fluxes": {"7Be": 0.0}})


def test_the_largest_measured_energy_is_told_where_it_is_not_that_of_the_largest_recoil():
    """A fit of the quenching factor that falls beyond its range, as many do: 0.1 keVee at 1 keV."""
    quenching = {
        "model": "linear",
        "intercept": 0.2,
        "slope_per_kev": -0.1,
        "valid_from": "0 keV",
    }
    with pytest.raises(MunuError, match=r"measured as 0.1 keVee, and are counted from 0.11"):
        fold(
            load(
                "conus",
                changes={"detector.quenching": quenching, "detector.threshold": "0.11 keVee"},
            )
        )


def test_a_gaussian_bin_without_counts_is_refused_where_it_is_written():
    with pytest.raises(MunuError, match="bin 2 of 'observed' holds 0 counts"):
        Counts("gaussian", np.array([12.0, 0.0, 3.0]), (), 0.1)
    Counts("gaussian", np.array([12.0, 0.0, 3.0]), (), 0.1, variance=np.ones(3))
    Counts("poisson", np.array([12.0, 0.0, 3.0]), (), 0.1)


@pytest.mark.parametrize(("mean_us", "delay_us"), [(500.0, 0.0), (0.5, 700.0), (-500.0, 0.0)])
def test_a_pulse_outside_the_window_is_no_experiment_without_events(mean_us, delay_us):
    experiment = load("coherent-ge-mini")
    shape = ShiftedArrival(GaussianPulse(mean_us, 0.1), delay_us)
    axis = replace(experiment.axes[0], shape=shape)
    with pytest.raises(MunuError) as caught:
        fold(replace(experiment, axes=(axis,)))
    assert "lies in the bins of axis 'time', from -4 to 36 us (Gaussian" in caught.value.message
    assert "one unit" in caught.value.remedy
