"""The events of the same moments in several frames at once, such as those of two bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.models.dipole_events import (
    Expansion,
    ExtraEvents,
    entries_of,
    factorised,
)


@final
@dataclass(frozen=True, eq=False)
class FramedEvents(ExtraEvents):
    """Events of the same moments in several frames: y holds the number of one, then coordinates.

    Parameters
    ----------
    forms : array, shape (n_frames, n_basis, p, p)
        Those of `QuadraticEvents` of each frame.
    """

    forms: FloatArray

    @classmethod
    def of(cls, frames: Sequence[tuple[ComplexArray, ComplexArray]]) -> FramedEvents:
        """Return the events for W_b and the vectors B, as of `QuadraticEvents.of`, of each frame.

        All frames have as many coordinates, and their events are of the same bins.
        """
        entries = [entries_of(*frame) for frame in frames]
        forms, basis = factorised(np.concatenate([rows for rows, _ in entries]))
        each = np.moveaxis(forms.reshape(len(frames), -1, len(basis)), 2, 1)
        return cls(basis, each[:, :, entries[0][1]])

    @property
    def dimension(self) -> int:
        """The number of the frame, and its vectors."""
        return 1 + int(self.forms.shape[-1])

    @property
    def periods(self) -> FloatArray:
        """Moments are no angles."""
        return np.full(self.dimension, np.inf)

    @property
    def squares(self) -> tuple[int, ...]:
        """None."""
        return ()

    def at(self, y: FloatArray) -> FramedExpansion:
        """Return those of the frame of each point, with derivatives."""
        return FramedExpansion(self.forms[y[:, 0].astype(int)], y[:, 1:])


@final
@dataclass(frozen=True, eq=False)
class FramedExpansion(Expansion):
    """yᵀay of forms a of each point, shape (m, n_basis, p, p), at points y, shape (m, p)."""

    forms: FloatArray
    y: FloatArray

    @property
    def _by_y(self) -> FloatArray:
        """Return ay, shape (m, n_basis, p)."""
        return np.asarray((self.forms @ self.y[:, None, :, None])[..., 0])

    @property
    def coefficients(self) -> FloatArray:
        """Return yᵀay."""
        return np.asarray((self._by_y @ self.y[:, :, None])[..., 0])

    @property
    def slopes(self) -> FloatArray:
        """Return 2ay, none in the number of the frame."""
        by_y = self._by_y
        m, n, p = by_y.shape
        found = np.zeros((m, 1 + p, n))
        found[:, 1:] = 2 * by_y.swapaxes(1, 2)
        return found

    def bending(self, weights: FloatArray) -> FloatArray:
        """Return 2 Σ_q g_q a_q, none in the number of the frame."""
        m, p = self.y.shape
        found = np.zeros((m, 1 + p, 1 + p))
        found[:, 1:, 1:] = 2 * np.einsum("mq,mqab->mab", weights, self.forms)
        return found
