"""``bins`` of a detector: edges of the measured quantity, in its unit."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.schema.fields import Count, ObservableUnit, Section, choice

MOST_BINS = 10_000


def check_unit(what: str, written: str, unit: str) -> None:
    """Raise `MunuError` unless numbers are written in the unit of the observable."""
    if written != unit:
        raise MunuError(
            f"the {what} are in {written}, and the observable is in {unit}",
            f'Write unit = "{unit}" and the numbers in it',
        )


@final
class EdgesSection(Section):
    """Every edge, increasing."""

    kind: Literal["edges"]
    edges: Annotated[list[Count], Field(min_length=2, max_length=MOST_BINS)]
    unit: ObservableUnit

    def edges_in(self, unit: str) -> FloatArray:
        """Return the edges as written; `MunuError` unless the unit is that of the observable."""
        check_unit("bins", self.unit, unit)
        return np.array(self.edges)


@final
class UniformSection(Section):
    """A number of bins of equal width."""

    kind: Literal["uniform"]
    start: Count
    stop: Count
    count: Annotated[int, Field(ge=1, le=MOST_BINS)]
    unit: ObservableUnit

    def edges_in(self, unit: str) -> FloatArray:
        """Return count + 1 edges; `MunuError` unless the unit is that of the observable."""
        check_unit("bins", self.unit, unit)
        return np.linspace(self.start, self.stop, self.count + 1)


BinsSection: TypeAlias = Annotated[
    EdgesSection | UniformSection, Field(discriminator="kind"), choice("kind")
]
