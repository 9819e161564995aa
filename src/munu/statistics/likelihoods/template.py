"""Backgrounds of binned data, with their normalisations and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray


@final
@dataclass(frozen=True, eq=False)
class ShapeVariation:
    """A background's two variants at θ = -1 and θ = +1."""

    name: str
    minus: FloatArray
    plus: FloatArray


@final
@dataclass(frozen=True, eq=False)
class Template:
    """A background with a normalisation nuisance and shape variants."""

    name: str
    events: FloatArray
    sigma: float
    shapes: tuple[ShapeVariation, ...] = ()

    def blocks(self) -> list[FloatArray]:
        """Return the events, then those of each variant at -1 and +1."""
        sides = [side for shape in self.shapes for side in (shape.minus, shape.plus)]
        return [self.events, *sides]
