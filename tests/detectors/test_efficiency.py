import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.detectors.efficiency import Falling, Flat, Logistic, Steps
from munu.detectors.resolution import Gaussian

THIRDS = Steps(((0.16, 1 / 3), (0.17, 2 / 3), (0.18, 1.0)))


def test_steps_hold_from_their_start_on() -> None:
    x = np.array([0.0, 0.1599, 0.16, 0.1799, 0.18, 5.0])
    assert THIRDS(x) == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1])


def test_steps_are_detectors_with_their_own_thresholds() -> None:
    resolution = Gaussian(noise=0.0204, stochastic=0.018)
    mean = np.linspace(0.05, 0.5, 30)
    together = resolution.accept(mean, np.array([0.16, 0.8]), THIRDS)
    apart = [
        resolution.accept(mean, np.array([threshold, 0.8]), Flat(1.0))
        for threshold in (0.16, 0.17, 0.18)
    ]
    assert together == pytest.approx(np.mean(apart, axis=0), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (((0.2, 1.0), (0.1, 0.5)), "start at 0.2, 0.1"),
        (((0.1, 0.5), (0.1, 1.0)), "start at 0.1, 0.1"),
        (((0.1, 1.5),), "efficiency 1.5 from 0.1 on"),
        (((0.1, -0.5),), "efficiency -0.5 from 0.1 on"),
        (((0.1, float("nan")),), "efficiency nan from 0.1 on"),
        (((0.1, 0.0), (0.2, 0.0)), "zero where recoils are measured"),
    ],
)
def test_bad_steps_are_refused(steps: tuple[tuple[float, float], ...], words: str) -> None:
    """Those of a logistic curve too, which made efficiencies of five."""
    with pytest.raises(MunuError, match=words):
        Steps(steps)
    with pytest.raises(MunuError, match=words):
        Logistic(plateau=0.6, slope=1.0, midpoint=0.15, steps=steps)


def test_an_efficiency_of_steps_has_one() -> None:
    with pytest.raises(MunuError, match="without steps"):
        Steps(())
    assert Logistic(plateau=0.6, slope=1.0, midpoint=0.15)(np.array([0.15])) == pytest.approx(0.3)


@pytest.mark.parametrize("slope", [20.0, 100.0, 1000.0, 1e5, -1000.0])
@pytest.mark.parametrize("width", [0.02, 0.06])
def test_a_steep_logistic_curve_is_integrated(slope: float, width: float) -> None:
    """Against a fine grid, on which the curve is exact to a cell about its middle."""
    efficiency = Logistic(0.95, slope, 0.17)
    mean, edges = np.linspace(0.0, 0.4, 9), np.array([0.1, 0.2, 0.4])
    found = Gaussian(noise=width).accept(mean, edges, efficiency)
    x = np.arange(0.1, 0.4, 1e-6) + 0.5e-6
    density = np.exp(-0.5 * ((x - mean[:, None]) / width) ** 2) / (np.sqrt(2 * np.pi) * width)
    weighted = density * efficiency(x) * 1e-6
    direct = np.stack([weighted[:, x < 0.2].sum(axis=1), weighted[:, x > 0.2].sum(axis=1)], axis=1)
    assert found == pytest.approx(direct, rel=1e-4, abs=2e-6)


@pytest.mark.parametrize("rate", [3.0, 300.0, 3e4])
def test_a_steep_fall_is_integrated(rate: float) -> None:
    mean, edges = np.array([0.1, 0.15, 0.3]), np.array([0.1, 0.5])
    found = Gaussian(noise=0.05).accept(mean, edges, Falling(0.15, rate))
    x = np.arange(0.1, 0.5, 1e-6) + 0.5e-6
    density = np.exp(-0.5 * ((x - mean[:, None]) / 0.05) ** 2) / (np.sqrt(2 * np.pi) * 0.05)
    direct = (density * Falling(0.15, rate)(x) * 1e-6).sum(axis=1)
    assert found[:, 0] == pytest.approx(direct, rel=1e-5)
