import numpy as np
import pytest

from munu.base.errors import MunuError
from munu.detectors.efficiency import Flat, Logistic, Steps
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
