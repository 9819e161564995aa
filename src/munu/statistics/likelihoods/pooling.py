r"""Bins whose events are proportional whatever the parameters, as one bin: χ² is the same.

With :math:`\mu_b = r_b\,\mu` and :math:`\sum_b r_b = 1` in the bins of a group,

.. math:: \sum_b\Big[\mu_b - n_b + n_b\ln\frac{n_b}{\mu_b}\Big] = \mu - N + N\ln\frac N\mu
          + \sum_b n_b\ln\frac{n_b}{N r_b},\qquad N = \sum_b n_b .

So it is where a further axis, such as time, tells no species from another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeVar, final

import numpy as np

from munu.base.identity import Same
from munu.base.typing import ComplexArray, FloatArray, IntArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.data_sets import DataSets
from munu.statistics.likelihoods.losses import PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.part import Part, PartData
from munu.statistics.likelihoods.template import Template

Events = TypeVar("Events", FloatArray, ComplexArray)

KEPT: Final = 32
"""Likelihoods whose pooled ones are kept."""
ALIKE: Final = 1e-12
"""Difference of the shares of components in two bins that is rounding."""
MOST: Final = 0.9
"""Part of the bins, at most, that is left where pooling is worth it."""


@final
@dataclass(frozen=True, eq=False)
class Pooling:
    """Which bins of each part of a likelihood are one.

    Parameters
    ----------
    likelihood : NewtonLikelihood
        Of all bins.
    groups : tuple of array, shape (n_bins,)
        The group of each bin; empty where each stands for itself.
    """

    likelihood: NewtonLikelihood
    groups: tuple[IntArray, ...]

    @classmethod
    def of(cls, likelihood: NewtonLikelihood, forms: FloatArray) -> Pooling:
        """Return that of a likelihood for signals that are linear functions of something.

        Parameters
        ----------
        likelihood : NewtonLikelihood
        forms : array, shape (n_signal, ...)
            What the signal is a linear function of; matrices are symmetric.
        """
        pieces = ((part, forms[own], likelihood.reference[own]) for part, own in likelihood.entries)
        return cls(likelihood, tuple(_groups_of(*piece) for piece in pieces))

    @property
    def is_idle(self) -> bool:
        """Whether each bin stands for itself."""
        return not any(one.size for one in self.groups)

    @property
    def pooled(self) -> NewtonLikelihood:
        """The likelihood of fewer bins; that of the same one and groups is made once."""
        if self.is_idle:
            return self.likelihood
        return _pooled(Same(self.likelihood), tuple(one.tobytes() for one in self.groups))

    def signal(self, forms: Events) -> Events:
        """Return signals, or what they are linear functions of, (n_signal, ...), of fewer bins."""
        if self.is_idle:
            return forms
        pairs = zip(self.likelihood.entries, self.groups, strict=True)
        return np.concatenate([_entries(forms[own], one) for (_, own), one in pairs])

    def sets(self, sets: DataSets) -> DataSets:
        """Return sets of data of fewer bins."""
        if self.is_idle:
            return sets
        pieces = zip(self.likelihood.entries, self.groups, sets.data, strict=True)
        data = tuple(
            _data(part, self.likelihood.reference[own], one, groups)
            for (part, own), groups, one in pieces
        )
        return DataSets(self.pooled, data, sets.auxiliary)


def pooled(likelihood: NewtonLikelihood, forms: FloatArray) -> tuple[NewtonLikelihood, FloatArray]:
    """Return a likelihood of fewer bins, and the forms of its signal; as of `Pooling.of`."""
    found = Pooling.of(likelihood, forms)
    return found.pooled, found.signal(forms)


@lru_cache(maxsize=KEPT)
def _pooled(same: Same[NewtonLikelihood], key: tuple[bytes, ...]) -> NewtonLikelihood:
    likelihood, groups = same.objects[0], [np.frombuffer(one, int) for one in key]
    pieces = [
        (part, likelihood.reference[own], one)
        for (part, own), one in zip(likelihood.entries, groups, strict=True)
    ]
    reference = np.concatenate([_entries(own, one) for _, own, one in pieces])
    parts = tuple(_part(*piece) for piece in pieces)
    return NewtonLikelihood(parts, reference, likelihood.auxiliary, same_as=likelihood)


def _groups_of(part: Part, forms: FloatArray, reference: FloatArray) -> IntArray:
    """Return the group of each bin, shape (n_bins,); nothing where none or few are alike."""
    none = np.zeros(0, int)
    if not isinstance(part, BinnedPart) or not isinstance(part.loss, PoissonLoss):
        return none
    rows = [part.background_blocks]
    if part.has_signal:
        # Forms are symmetric: what stands twice in them tells nothing more.
        entries = forms[:, *np.triu_indices(forms.shape[1])] if forms.ndim == 3 else forms
        blocks = entries.reshape(-1, part.n_bins, entries[0].size)
        rows.append(blocks.swapaxes(1, 2).reshape(-1, part.n_bins))
        if part.signal_margin is not None:
            rows.append(np.maximum(part.signal_margin, -1.0)[None])
    shares = _shares(np.concatenate(rows))
    # One number for each bin, the same of bins that are alike, brings these together.
    order = np.argsort(np.cos(np.arange(len(shares))) @ shares, kind="stable")
    apart = np.abs(np.diff(shares[:, order], axis=1)).max(axis=0, initial=0.0) > ALIKE
    empty = _content(part, reference)[order] == 0
    groups = np.empty(part.n_bins, int)
    groups[order] = np.cumsum(np.concatenate([[False], apart | empty[1:] | empty[:-1]]))
    return groups if groups.max() + 1 <= MOST * part.n_bins else none


def _shares(rows: FloatArray) -> FloatArray:
    """Return rows (n, n_bins), in units of the largest of each, over the sum of each bin."""
    largest = np.abs(rows).max(axis=1)
    rows = rows[largest > 0] / largest[largest > 0, None]
    total = np.abs(rows).sum(axis=0)
    return np.asarray(rows / np.where(total > 0, total, 1.0))


def _content(part: BinnedPart, reference: FloatArray) -> FloatArray:
    """Return a sum of components and variants of each bin: of a group, the shares of its bins."""
    signal = np.abs(reference).reshape(-1, part.n_bins).sum(axis=0)
    return np.asarray(signal + np.abs(part.background_blocks).sum(axis=0))


def _summed(events: Events, groups: IntArray) -> Events:
    """Return events (n_blocks n_bins, ...) of the groups, shape (n_blocks n_groups, ...)."""
    blocks = events.reshape(-1, groups.size, *events.shape[1:])
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(groups.max() + 1))
    found = np.add.reduceat(blocks[:, order], starts, axis=1)
    return np.asarray(found.reshape(-1, *events.shape[1:]))


def _entries(forms: Events, groups: IntArray) -> Events:
    """Return the entries of a part's signal, (n_signal, ...), of the groups, block by block."""
    return forms if groups.size == 0 or forms.size == 0 else _summed(forms, groups)


def _part(part: Part, reference: FloatArray, groups: IntArray) -> Part:
    if groups.size == 0:
        return part
    assert isinstance(part, BinnedPart)
    loss = _data(part, reference, part.loss, groups)
    assert isinstance(loss, PoissonLoss)
    return replace(
        part,
        loss=loss,
        templates=tuple(_template(one, groups) for one in part.templates),
        n_bins=int(groups.max()) + 1,
        signal_margin=None if part.signal_margin is None else _summed(part.signal_margin, groups),
    )


def _template(template: Template, groups: IntArray) -> Template:
    shapes = tuple(
        replace(one, minus=_summed(one.minus, groups), plus=_summed(one.plus, groups))
        for one in template.shapes
    )
    return replace(template, events=_summed(template.events, groups), shapes=shapes)


def _data(part: Part, reference: FloatArray, data: PartData, groups: IntArray) -> PartData:
    """Return χ² of the counts of groups, with what those of their bins have beside it."""
    if groups.size == 0:
        return data
    assert isinstance(part, BinnedPart)
    assert isinstance(data, PoissonLoss)
    n, whole = data.observed, _per_group(data.observed, groups)
    # A bin without events is a group of its own.
    content = _content(part, reference)
    content = np.where(content > 0, content, 1.0)
    expected = content * (whole / _summed(content, groups))[..., groups]
    some, beside = n > 0, np.zeros(n.shape)
    beside[some] = 2 * n[some] * np.log(n[some] / expected[some])
    return PoissonLoss(whole, _per_group(beside, groups))


def _per_group(counts: FloatArray, groups: IntArray) -> FloatArray:
    """Return counts (..., n_bins) of groups, shape (..., n_groups)."""
    return _summed(counts.ravel(), groups).reshape(*counts.shape[:-1], groups.max() + 1)
