"""What critical values of a plane depend on: its two axes, or one combination of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray


class Seen(ABC):
    """Coordinates of points in which critical values are smooth."""

    @abstractmethod
    def seen(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return them, (n, k), and their slopes, (n, k, 2), at points (n, 2) of the plane."""


@final
@dataclass(frozen=True, eq=False)
class BothAxes(Seen):
    """The axes in units of a scale, shape (2,)."""

    scale: FloatArray

    def seen(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the points in that unit."""
        slopes = np.diag(1 / self.scale)
        return points / self.scale, np.broadcast_to(slopes, (len(points), 2, 2))
