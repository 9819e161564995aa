"""Bins of a result, in the terms of the Unified Histogram Interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

from munu.base.typing import FloatArray


@final
@dataclass(frozen=True)
class AxisTraits:
    """Traits of an axis in the Unified Histogram Interface: neither a circle nor categories."""

    circular: bool = False
    discrete: bool = False


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class BinAxis:
    """One observable of the bins: an axis of the Unified Histogram Interface.

    Parameters
    ----------
    observable, unit : str
    edges : array, shape (n + 1,)
        Increasing; the last may be infinite.
    """

    observable: str
    unit: str
    edges: FloatArray

    @property
    def traits(self) -> AxisTraits:
        """What `hist` and `mplhep` ask of an axis."""
        return AxisTraits()

    def __len__(self) -> int:
        return int(self.edges.size - 1)

    def __getitem__(self, index: int) -> tuple[float, float]:
        return float(self.edges[:-1][index]), float(self.edges[1:][index])

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BinAxis) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.observable, self.unit, tuple(self.edges.tolist())

    def columns(self) -> tuple[str, str]:
        """Return the names of a bin's edges in CSV, with the unit: ``time_us_low``, ..."""
        name = f"{self.observable}_{self.unit}" if self.unit else self.observable
        return f"{name}_low", f"{name}_high"

    def text(self) -> str:
        """Return the window and the number of bins in one line."""
        unit = "µs" if self.unit == "us" else self.unit
        window = f"{self.edges[0]:g} to {self.edges[-1]:g} {unit}".replace("inf", "∞")
        bins = f"{len(self)} bins" if len(self) > 1 else "one bin"
        return f"{self.observable} {window.rstrip()} in {bins}"


def boost_histogram_of(axes: Sequence[BinAxis], values: FloatArray) -> Any:
    """Return values on bins as a ``boost_histogram.Histogram`` (extra ``hist``).

    An observable is the axis' label where `hist` shows one.
    """
    import boost_histogram

    variable = [boost_histogram.axis.Variable(axis.edges.tolist()) for axis in axes]
    for made, axis in zip(variable, axes, strict=True):
        made.__dict__["label"] = (
            f"{axis.observable} ({axis.unit})" if axis.unit else axis.observable
        )
    histogram = boost_histogram.Histogram(*variable)
    histogram[...] = values
    return histogram
