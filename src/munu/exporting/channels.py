"""A likelihood taken apart: the bins of each experiment and control region, with their events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from munu.analysis.likelihood import Likelihood
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import plain_parts


@final
@dataclass(frozen=True)
class Channel:
    """Bins of one experiment, or of one of its control regions.

    Parameters
    ----------
    name : str
        ``id@setup``, of a control region with its number behind.
    part : dict
        Its part of the likelihood as numbers and names (`munu.statistics.likelihoods.plain_parts`).
    entries : slice
        Of the likelihood's signal; empty for a control region.
    """

    name: str
    part: dict[str, Any]
    entries: slice

    @property
    def is_counts(self) -> bool:
        """Whether backgrounds, normalisations and shapes are its own: not Eqs. (33) and (34)."""
        return bool(self.part["kind"] == "binned")

    def blocks(self, events: FloatArray) -> FloatArray:
        """Return the nominal bins of a signal, then each variant's, shape (n_blocks, n_bins)."""
        own = events[self.entries]
        n_blocks = 1 + 2 * len(self.part["variants"]) if self.is_counts else 1
        return np.asarray(own.reshape(n_blocks, -1))


def channels(found: Likelihood) -> list[Channel]:
    """Return the channels of a likelihood, in the order of its experiments."""
    made: list[Channel] = []
    entry, first, owners, control = 0, 0, "", 0
    for part in plain_parts(found.likelihood, found.sm):
        size, bins = int(part["nSignal"]), _signal_bins(part)
        if bins:
            owners, control = _owners(found, first, first + bins), 0
        else:
            control += 1
        name = f"{owners} control region {control}" if control else owners
        made.append(Channel(name, part, slice(entry, entry + size)))
        entry, first = entry + size, first + bins
    return made


def _signal_bins(part: dict[str, Any]) -> int:
    """Return the number of bins that a part's signal has."""
    if part["kind"] != "binned":
        return int(part["nSignal"])
    return int(part["nBins"]) if part["hasSignal"] else 0


def _owners(found: Likelihood, first: int, end: int) -> str:
    """Return the experiments whose bins lie in a range."""
    inside = (name for name, own in found.bins.items() if first <= own.start and own.stop <= end)
    return " + ".join(inside)
