"""What Δχ² may be at most, where that is not the same everywhere."""

from __future__ import annotations

from abc import ABC, abstractmethod

from munu.base.typing import FloatArray


class Threshold(ABC):
    """What Δχ² may be at most, as a smooth function of a plane."""

    @abstractmethod
    def at(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values (n,) and slopes (n, 2) at points (n, 2) of the plane."""
