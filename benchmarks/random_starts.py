"""χ² of a question from many random starts, by none of the package's choices of starts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

import munu
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter
from munu.statistics.likelihoods import as_newton
from munu.statistics.models.dipole_events import Expansion, ExtraEvents
from munu.statistics.models.joint import JointChi2

MIXING: Final = "nufit60-no"


@dataclass(frozen=True)
class Mapped(ExtraEvents):
    """Events as a function of u: x = a + s u, or a + s u², or a + s sin u, by power 1, 2 or 0."""

    of: ExtraEvents
    start: FloatArray
    size: FloatArray
    power: FloatArray

    @property
    def dimension(self) -> int:
        return self.of.dimension

    @property
    def periods(self) -> FloatArray:
        return np.full(self.dimension, np.inf)

    @property
    def squares(self) -> tuple[int, ...]:
        return ()

    def values(self, u: FloatArray) -> FloatArray:
        """Return x."""
        linear = np.where(self.power == 1, u, u**2)
        return np.asarray(self.start + self.size * np.where(self.power == 0, np.sin(u), linear))

    def inverse(self, x: FloatArray) -> FloatArray:
        """Return the first u of the first x."""
        k = x.shape[1]
        part = (x - self.start[:k]) / self.size[:k]
        root = np.where(self.power[:k] == 2, np.sqrt(np.abs(part)), part)
        return np.where(self.power[:k] == 0, np.arcsin(np.clip(part, -1, 1)), root)

    def at(self, y: FloatArray) -> MappedExpansion:
        whole = np.where(self.power == 1, 1.0, 2 * y)
        first = self.size * np.where(self.power == 0, np.cos(y), whole)
        whole = np.where(self.power == 1, 0.0, 2.0) + 0 * y
        second = self.size * np.where(self.power == 0, -np.sin(y), whole)
        return MappedExpansion(self.of.at(self.values(y)), first, second)


@dataclass(frozen=True)
class MappedExpansion(Expansion):
    """Derivatives in u by the chain rule."""

    of: Expansion
    first: FloatArray
    second: FloatArray

    @property
    def coefficients(self) -> FloatArray:
        return self.of.coefficients

    @property
    def slopes(self) -> FloatArray:
        return np.asarray(self.of.slopes * self.first[:, :, None])

    def bending(self, weights: FloatArray) -> FloatArray:
        bends = self.of.bending(weights) * self.first[:, :, None] * self.first[:, None, :]
        own = self.second * np.einsum("mpq,mq->mp", self.of.slopes, weights)
        return np.asarray(bends + own[:, :, None] * np.eye(own.shape[1]))


def is_phase(name: str) -> bool:
    """Whether a parameter is an angle."""
    return name.startswith(("phase_", "xi_", "delta_cp"))


@cache
def unit_of(data: tuple[str, ...], name: str, options: tuple[tuple[str, Any], ...]) -> float:
    """Return how far a parameter alone goes from the Standard Model."""
    try:
        ends = munu.limit(data, name, mixing=MIXING, **dict(options)).intervals
    except munu.MunuError:
        ends = np.empty(0)
    ends = ends[np.isfinite(ends)]
    return float(np.ptp(np.append(ends, 0.0))) or parameter(name).unit.scale


@dataclass(frozen=True)
class Restarts:
    """χ² of parameters of which some are shown and the others free.

    Parameters
    ----------
    joint : JointChi2
        Of u.
    name : str
        The first.
    shown : int
        How many of the first are shown.
    starts : int
    """

    joint: JointChi2
    name: str
    shown: int
    starts: int
    rng: np.random.Generator

    @classmethod
    def of(
        cls,
        data: tuple[str, ...],
        shown: tuple[str, ...],
        free: tuple[str, ...],
        starts: int,
        rng: np.random.Generator,
        real: tuple[str, ...] = (),
        mixing: str | None = MIXING,
        **options: Any,
    ) -> Restarts:
        """Return those of `munu.likelihood`; free complex couplings have phases unless real."""
        phases = [parameter(one).phase for one in free if not is_phase(one) and one not in real]
        names = (*shown, *free, *(one for one in phases if one.startswith("phase_")))
        found = munu.likelihood(data, names, mixing=mixing, **options)
        columns = []
        for name, (low, high) in zip(names, found.bounds.tolist(), strict=True):
            if is_phase(name):
                columns.append((0.0, 1.0, 1))
            elif np.isfinite([low, high]).all():
                columns.append((0.5 * (low + high), 0.5 * (high - low), 0))
            else:
                # A phase that is shown stays where it is: a sign would turn it by π.
                free_phases = names[len(shown) :]
                has_sign = parameter(name).kind != "modulus" or parameter(name).phase in free_phases
                unit = unit_of(data, name, tuple(options.items()))
                columns.append((0.0, unit, 1 if has_sign else 2))
        events = Mapped(found.extra.basis, found.extra, *np.array(columns).T)
        likelihood = as_newton([found.likelihood], found.sm)
        joint = JointChi2(likelihood, found.sm, events)
        return cls(joint, shown[0], len(shown), starts, rng)

    def lowest(self, points: FloatArray) -> FloatArray:
        """Return the lowest χ² found at points (m, shown)."""
        events = self.joint.extra
        assert isinstance(events, Mapped)
        return self._from_random(events.inverse(points), self.starts)

    def global_minimum(self) -> float:
        """Return the lowest χ² found of all."""
        return float(self._from_random(np.empty((1, 0)), 4 * self.starts)[0])

    def _from_random(self, at: FloatArray, starts: int) -> FloatArray:
        m, rest = len(at), self.joint.dimension - at.shape[1]
        sizes = 10 ** self.rng.uniform(-1, 1, (m * starts, 1))
        free = self.rng.normal(size=(m * starts, rest)) * sizes
        y = np.column_stack([np.repeat(at, starts, axis=0), free])
        theta = self.joint.linear_start(y)
        theta[::2] = self.rng.normal(size=theta[::2].shape)
        found = self.joint.followed(y, at.shape[1], theta=theta)
        chi2 = np.where(found.failed | ~np.isfinite(found.chi2), np.inf, found.chi2)
        return np.asarray(chi2.reshape(m, starts).min(axis=1))
