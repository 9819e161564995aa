"""Folds that are kept: an experiment prepared once, and the events of each shape folded so far."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final, final

from munu.experiments.model import CountingExperiment
from munu.folding.counts import FoldedCounts
from munu.folding.fold import all_shapes, counts_of_events
from munu.folding.prepared import PreparedFold
from munu.folding.shapes import ShapeEvents, shape_events
from munu.physics.interactions.base import Shape
from munu.physics.mixing import Mixing

MOST_BYTES: Final = 16_000_000
"""Of the events of shapes of one experiment; beyond, those asked for longest ago are dropped."""


@final
class KeptFolds:
    """An experiment at a mixing, of which each shape is folded once; threads may share it.

    Parameters
    ----------
    experiment : CountingExperiment
    mixing : Mixing
    """

    def __init__(self, experiment: CountingExperiment, mixing: Mixing) -> None:
        self._prepared = PreparedFold(experiment, mixing)
        self._always = all_shapes(self._prepared)
        self._events: OrderedDict[Shape, ShapeEvents] = OrderedDict()
        self._lock = Lock()

    def counts(self, shapes: Sequence[Shape]) -> FoldedCounts:
        """Return what `munu.folding.fold.fold_shapes` returns; only new shapes are folded.

        Raises
        ------
        MunuError
            As `fold_shapes`.
        """
        wanted = tuple(dict.fromkeys([*self._always, *shapes]))
        with self._lock:
            events = self._folded(wanted)
        return counts_of_events(self._prepared, events)

    def _folded(self, wanted: Sequence[Shape]) -> dict[Shape, ShapeEvents]:
        missing = [shape for shape in wanted if shape not in self._events]
        if missing:
            self._events.update(shape_events(self._prepared, missing))
        found = {shape: self._events[shape] for shape in wanted}
        for shape in wanted:
            self._events.move_to_end(shape)
        each = sum(array.nbytes for array in found[wanted[0]])
        while len(self._events) > max(MOST_BYTES // each, len(wanted)):
            self._events.popitem(last=False)
        return found
