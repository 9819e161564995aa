"""Layers of a stacked prediction: one per component, those too thin to be seen as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.plotting.style import COLOURS, nuclide
from munu.results.core.bins import BinAxis
from munu.results.fit_data import BACKGROUND, SIGNAL, BinnedData, FitComponent

GREYS: Final = (("0.9", ""), ("0.75", "////"), ("0.5", ""), ("0.85", "...."), ("0.65", "xxxx"))
"""Grey and hatch of each background: greys alone are hard to tell apart."""
THIN: Final = 0.02
"""Height over that of the tallest bin below which a layer cannot be seen."""
FLAVOURS: Final = {"nu": "", "e": "e", "mu": r"\mu", "tau": r"\tau", "1": "1", "2": "2", "3": "3"}


@final
@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of a stack: events per bin, the axes of the bins apart; thin ones have no label."""

    label: str
    colour: str
    hatch: str
    events: FloatArray


@final
class Stacks:
    """The layers of a data set, which look alike in the bins of the signal and control regions.

    Parameters
    ----------
    regions : sequence of BinnedData
        The bins of the signal first.
    """

    def __init__(self, regions: Sequence[BinnedData]) -> None:
        self._known = [c.name for c in regions[0].components if c.kind == BACKGROUND]
        signals = [label for label in self._events(regions[0], SIGNAL) if label]
        backgrounds = dict.fromkeys(
            label for region in regions for label in self._events(region, BACKGROUND) if label
        )
        self._looks = dict(zip(signals, ((colour, "") for colour in COLOURS), strict=False))
        self._looks |= zip(backgrounds, GREYS, strict=False)

    def layers(self, data: BinnedData, kind: str) -> list[Layer]:
        """Return the layers of a kind, from below."""
        return [
            Layer(label, *self._looks.get(label, ("0.3", "")), events)
            for label, events in self._events(data, kind).items()
        ]

    def _events(self, data: BinnedData, kind: str) -> dict[str, FloatArray]:
        """Return the events per bin by label; what is too thin to be seen comes last, together."""
        components = [c for c in data.components if c.kind == kind]
        if not components:
            return {}
        drawn = components if kind == SIGNAL else data.components
        whole = np.sum([c.fitted_per_bin for c in drawn], axis=0)
        seen = [_height(c.fitted_per_bin, whole, data.axes) > THIN for c in components]
        thick = list(compress(components, seen))
        several = len({c.channel for c in thick}) > 1
        found = {self._label(c, with_channel=several): c.fitted_per_bin for c in thick}
        rest = [c.fitted_per_bin for c in compress(components, np.logical_not(seen))]
        thin = np.sum([np.zeros(whole.size), *rest], axis=0)
        if thin.any():
            found[f"other {kind}s" if _height(thin, whole, data.axes) > THIN else ""] = thin
        shape = [len(axis) for axis in data.axes]
        return {label: events.reshape(shape) for label, events in found.items()}

    def _label(self, component: FitComponent, *, with_channel: bool) -> str:
        """Return what a legend calls a component.

        A background of a control region that continues the name of one of the signal's bins, as
        ``flat-off`` does ``flat``, is called like it.
        """
        if component.kind == SIGNAL:
            parts = [species_label(component.name), nuclide(component.beam)]
            return " ".join([*parts, f"({component.channel})"] if with_channel else parts)
        same = [name for name in self._known if component.name.startswith(f"{name}-")]
        name = component.name if component.name in self._known or not same else max(same, key=len)
        return name.replace("-", " ")


def species_label(species: str) -> str:
    """Return the symbol of a species."""
    flavour = species.removesuffix("_bar").removeprefix("nu_")
    nu = r"\bar\nu" if species.endswith("_bar") else r"\nu"
    return rf"${nu}_{{{FLAVOURS[flavour]}}}$" if flavour in FLAVOURS else species


def finite_edges(axis: BinAxis) -> FloatArray:
    """Return the edges of an axis, an infinite last one a bin's width from the one before."""
    edges = axis.edges
    if np.isfinite(edges[-1]):
        return edges
    last = edges[-2] + (edges[-2] - edges[-3] if edges.size > 2 else abs(edges[-2]) + 1)
    return np.append(edges[:-1], last)


def _height(events: FloatArray, whole: FloatArray, axes: Sequence[BinAxis]) -> float:
    """Return the height of a layer over that of the tallest bin, the largest of all observables."""
    pairs = zip(_tallest(events, axes), _tallest(whole, axes), strict=True)
    return max(part / tallest if tallest > 0 else 0.0 for part, tallest in pairs)


def _tallest(events: FloatArray, axes: Sequence[BinAxis]) -> Iterator[float]:
    """Yield the height of the tallest bin in every observable."""
    events = events.reshape([len(axis) for axis in axes])
    for index, axis in enumerate(axes):
        others = tuple(i for i in range(len(axes)) if i != index)
        yield float((events.sum(axis=others) / np.diff(finite_edges(axis))).max())
