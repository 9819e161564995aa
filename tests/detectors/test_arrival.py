"""Arrival times against numerical folding, and the axes that use them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    FINE_STRUCTURE,
    HBAR_C_MEV_FM,
    MUON_MASS_MEV,
)
from munu.base.errors import MunuError
from munu.detectors.arrival import (
    MUON_LIFETIME_US,
    PION_LIFETIME_US,
    ArrivalShape,
    GaussianPulse,
    TabulatedArrival,
    TabulatedPulse,
)
from munu.detectors.axes import ArrivalTime, PulseShape
from munu.detectors.efficiency import Falling, Flat, TabulatedEfficiency

PULSE = GaussianPulse(mean_us=0.44, sigma_us=0.15)
ENERGIES = np.array([5.0, 15.0])


def test_the_muon_lives_as_long_as_fermis_constant_says() -> None:
    """1/τ = G_F² m_μ⁵/192π³ (1 - 8x - 12x² ln x) [1 + α/2π (25/4 - π²)] with x = (m_e/m_μ)²."""
    x = (ELECTRON_MASS_MEV / MUON_MASS_MEV) ** 2
    width_mev = FERMI_CONSTANT_PER_MEV2**2 * MUON_MASS_MEV**5 / (192 * np.pi**3)
    width_mev *= 1 - 8 * x - 12 * x**2 * np.log(x)
    width_mev *= 1 + FINE_STRUCTURE / (2 * np.pi) * (25 / 4 - np.pi**2)
    speed_fm_per_us = 299792458e9
    assert HBAR_C_MEV_FM / width_mev / speed_fm_per_us == pytest.approx(MUON_LIFETIME_US, rel=1e-4)


def gaussian_density(time: float) -> float:
    z = (time - PULSE.mean_us) / PULSE.sigma_us
    return float(np.exp(-0.5 * z**2) / (np.sqrt(2 * np.pi) * PULSE.sigma_us))


def delayed_share(elapsed: float) -> float:
    """Cumulative distribution of a pion decay followed by a muon decay."""
    pion, muon = PION_LIFETIME_US, MUON_LIFETIME_US
    if elapsed <= 0:
        return 0.0
    slow, fast = np.exp(-elapsed / muon), np.exp(-elapsed / pion)
    return float(1 - (muon * slow - pion * fast) / (muon - pion))


@pytest.mark.parametrize("time", [0.1, 0.4, 0.7, 1.5, 5.0])
def test_gaussian_pulse_is_the_convolution(time: float) -> None:
    prompt = quad(
        lambda u: gaussian_density(u) * -np.expm1(-(time - u) / PION_LIFETIME_US),
        -1.0,
        time,
        points=[0.2, 0.44, 0.7],
        epsabs=1e-13,
    )[0]
    delayed = quad(
        lambda u: gaussian_density(u) * delayed_share(time - u),
        -1.0,
        time,
        points=[0.2, 0.44, 0.7],
        epsabs=1e-13,
    )[0]
    assert PULSE.cumulative("prompt", np.array([time]))[0] == pytest.approx(prompt, abs=1e-10)
    assert PULSE.cumulative("delayed", np.array([time]))[0] == pytest.approx(delayed, abs=1e-10)


def test_tabulated_pulse_approaches_the_gaussian() -> None:
    edges = np.linspace(-0.6, 1.5, 400)
    intensity = [gaussian_density(t) for t in 0.5 * (edges[1:] + edges[:-1])]
    table = TabulatedPulse(edges, np.array(intensity))
    times = np.linspace(0.0, 6.0, 13)
    for beam in ("prompt", "delayed"):
        assert table.cumulative(beam, times) == pytest.approx(
            PULSE.cumulative(beam, times), abs=2e-5
        )


def test_far_from_the_pulse_nothing_overflows() -> None:
    times = np.array([-1e3, -10.0, 1e3])
    for beam in ("prompt", "delayed"):
        assert PULSE.cumulative(beam, times) == pytest.approx([0.0, 0.0, 1.0], abs=1e-12)


def test_delayed_neutrinos_wait_for_the_muon() -> None:
    """The mean delay is the pulse's mean and both lifetimes."""
    times = np.linspace(-1.0, 60.0, 400001)
    for beam, delay in (
        ("prompt", PION_LIFETIME_US),
        ("delayed", PION_LIFETIME_US + MUON_LIFETIME_US),
    ):
        survival = 1 - PULSE.cumulative(beam, times)
        mean = times[0] + np.trapezoid(survival, times)
        assert mean == pytest.approx(PULSE.mean_us + delay, rel=1e-6)


@given(st.floats(0.05, 1.0), st.floats(0.02, 0.5))
def test_shares_add_up_and_do_not_depend_on_the_bins(mean: float, sigma: float) -> None:
    shape = GaussianPulse(mean, sigma)
    fine = ArrivalTime(np.linspace(0, 6, 25), shape).fractions("delayed", ENERGIES)
    coarse = ArrivalTime(np.linspace(0, 6, 7), shape).fractions("delayed", ENERGIES)
    assert fine.reshape(2, 6, 4).sum(axis=2) == pytest.approx(coarse, abs=1e-12)
    assert np.all(fine >= 0)
    assert np.all(coarse.sum(axis=1) <= 1)


def test_time_dependent_efficiency() -> None:
    """Against quadrature of the density times an efficiency that falls from 0.52 us on."""
    efficiency = TabulatedEfficiency((0.0, 0.52, 6.0), (1.0, 1.0, 0.7))
    axis = ArrivalTime(np.array([0.0, 0.375, 1.0, 6.0]), PULSE, efficiency)
    shares = axis.fractions("delayed", ENERGIES)[0]
    step = 1e-4

    def density(time: float) -> float:
        low, high = PULSE.cumulative("delayed", np.array([time - step, time + step]))
        return float((high - low) / (2 * step) * efficiency(np.array([time]))[0])

    for k, (low, high) in enumerate(((0.0, 0.375), (0.375, 1.0), (1.0, 6.0))):
        expected = quad(density, low, high, points=[0.52] if low < 0.52 < high else None)[0]
        assert shares[k] == pytest.approx(expected, rel=1e-5)


def test_falling_efficiency() -> None:
    """arXiv:2110.07730: one up to 0.52 us, then exp(-0.0494 (t - 0.52))."""
    efficiency = Falling(0.52, 0.0494)
    assert efficiency(np.array([-1.0, 0.52])).tolist() == [1.0, 1.0]
    assert efficiency(np.array([6.0])) == pytest.approx(np.exp(-0.0494 * 5.48), rel=1e-12)
    assert efficiency.kinks()[0] == 0.52
    assert efficiency.describe() == "1 up to 0.52, then exp(-0.0494(x-0.52))"
    with pytest.raises(MunuError):
        Falling(0.0, -1.0)


def test_delayed_tail_is_that_of_the_published_template() -> None:
    """CEvNS template of arXiv:2006.12659: 11.867 events from 1.9 us, 3.822 events from 4.4 us."""
    early, late = (np.diff(PULSE.cumulative("delayed", t + np.array([0, 0.5]))) for t in (1.9, 4.4))
    assert late / early == pytest.approx(3.822 / 11.867, rel=0.01)


def test_tabulated_arrival_is_published_shares() -> None:
    shape = TabulatedArrival(np.array([0.0, 0.5, 1.0]), {"prompt": np.array([0.3, 0.6])})
    axis = ArrivalTime(np.array([0.0, 0.25, 1.0]), shape, Flat(0.5))
    assert axis.fractions("prompt", ENERGIES)[0] == pytest.approx([0.075, 0.375])
    with pytest.raises(MunuError, match="unknown beam 'delayed'"):
        axis.fractions("delayed", ENERGIES)


def test_pulses_know_two_beams() -> None:
    with pytest.raises(MunuError, match="unknown beam 'reactor'"):
        PULSE.cumulative("reactor", np.zeros(1))


def test_pulse_shape_interpolates_rows() -> None:
    table = np.array([[0.2, 0.8], [0.6, 0.2]])
    axis = PulseShape(np.array([0.5, 0.7, 0.9]), np.array([5.0, 15.0]), table, name="F90")
    shares = axis.fractions("prompt", np.array([0.0, 5.0, 10.0, 20.0]))
    assert shares == pytest.approx(np.array([[0.2, 0.8], [0.2, 0.8], [0.4, 0.5], [0.6, 0.2]]))


@pytest.mark.parametrize(
    "build",
    [
        lambda: ArrivalTime(np.array([1.0, 0.0]), PULSE),
        lambda: GaussianPulse(0.4, 0.0),
        lambda: TabulatedPulse(np.array([0.0, 1.0]), np.array([0.0])),
        lambda: TabulatedPulse(np.array([1.0, 0.0]), np.array([1.0])),
        lambda: TabulatedArrival(np.array([0.0, 1.0]), {"prompt": np.array([-1.0])}),
        lambda: ArrivalTime(np.array([0.0, np.nan, 1.0]), PULSE),
        lambda: TabulatedPulse(np.array([0.0, 1.0]), np.array([np.nan])),
        lambda: TabulatedPulse(np.array([0.0, 1.0]), np.array([np.inf])),
        lambda: TabulatedPulse(np.array([0.0, np.nan, 1.0]), np.array([1.0, 1.0])),
        lambda: TabulatedArrival(np.array([0.0, 1.0]), {"prompt": np.array([np.nan])}),
        lambda: TabulatedArrival(np.array([0.0, 1.0]), {"prompt": np.array([np.inf])}),
        lambda: TabulatedArrival(np.array([0.0, np.nan]), {"prompt": np.array([1.0])}),
        lambda: PulseShape(np.array([0.0, 1.0]), np.array([1.0]), np.array([[np.nan]])),
        lambda: PulseShape(np.array([0.0, 1.0]), np.array([1.0]), np.array([[0.5, 0.5]])),
        lambda: PulseShape(np.array([0.0, 1.0]), np.array([1.0]), np.array([[-0.5]])),
    ],
)
def test_impossible_axes_are_refused(build: object) -> None:
    with pytest.raises(MunuError):
        build()


def test_descriptions() -> None:
    shapes: list[ArrivalShape] = [
        PULSE,
        TabulatedPulse(np.array([0.0, 1.0]), np.array([1.0])),
        TabulatedArrival(np.array([0.0, 1.0]), {"prompt": np.array([1.0])}),
    ]
    for shape in shapes:
        assert "us" in ArrivalTime(np.array([0.0, 1.0]), shape).describe()
    table = PulseShape(np.array([0.0, 1.0]), np.array([1.0]), np.array([[1.0]]), name="F90")
    assert table.describe() == "F90: table of 1 energies"


def test_a_bin_in_which_the_efficiency_is_constant_is_one_cell() -> None:
    """A last edge at a second, or in nanoseconds, took minutes: 5 ns were its cells."""
    late = np.array([0.0, 0.375, 1.0, 1e6])
    assert ArrivalTime(late, PULSE)._cells_us().tolist() == late.tolist()
    table = TabulatedEfficiency((0.0, 0.52, 6.0), (1.0, 1.0, 0.7))
    axis = ArrivalTime(late, PULSE, table)
    assert axis._cells_us().size < 1300
    near = ArrivalTime(np.array([0.0, 0.375, 1.0, 6.0, 60.0]), PULSE, table)
    for beam in ("prompt", "delayed"):
        near_shares, shares = (one.fractions(beam, ENERGIES)[0] for one in (near, axis))
        assert shares[:2] == pytest.approx(near_shares[:2], rel=1e-6)
        assert shares[2] == pytest.approx(near_shares[2:].sum(), rel=1e-6)
