"""The components of a prediction at given nuisances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods.interpolation import Interpolation
from munu.statistics.likelihoods.positive import kept_events, margin
from munu.statistics.likelihoods.template import Template
from munu.statistics.specification import ShapeInterpolation

Nuisances = Mapping[str, float]


def events_at(
    blocks: Sequence[FloatArray],
    normalisations: Mapping[str, float],
    shapes: Sequence[str],
    nuisances: Nuisances,
    interpolation: ShapeInterpolation,
) -> FloatArray:
    """Return the events of a component at nuisances, those not named being zero.

    They are linear in the blocks, and so may be negative where a shape would make them so.

    Parameters
    ----------
    blocks : sequence of arrays of one shape
        The nominal events, then those of each shape's variants at -1 and +1.
    normalisations : mapping of str to float
        Fractional uncertainties by nuisance.
    shapes : sequence of str
        Names of the shape nuisances.
    nuisances : mapping of str to float
    interpolation : str
        As of `munu.statistics.likelihoods.BinnedPart`.
    """
    names = list(dict.fromkeys([*normalisations, *shapes]))
    theta = np.array([[nuisances.get(name, 0.0) for name in names]])
    scale = np.array([normalisations.get(name, 0.0) for name in names])
    columns = np.array([names.index(name) for name in shapes], int)
    weights = Interpolation.of([scale], [columns], len(names), interpolation).weights(theta)
    return np.tensordot(weights.value[0], np.stack(blocks), axes=1)


def background_events(
    template: Template, nuisances: Nuisances, interpolation: ShapeInterpolation
) -> FloatArray:
    """Return the events per bin of a background with its normalisation and shape nuisances."""
    shapes, blocks = [shape.name for shape in template.shapes], template.blocks()
    normalisations = {template.name: template.sigma}
    events = events_at(blocks, normalisations, shapes, nuisances, interpolation)
    return kept_events(events, margin(blocks)) if shapes else events


def kept_share(events: FloatArray, margin: FloatArray) -> FloatArray:
    """Return which part of a component's events is left where they are kept from being negative.

    Parameters
    ----------
    events : array, shape (n_bins,)
        All of the component, as `events_at` gives it.
    margin : array, shape (n_bins,)
        As `munu.statistics.likelihoods.positive.margin` gives it.
    """
    positive = np.where(events > 0, events, 1.0)
    return np.asarray(np.where(events > 0, kept_events(events, margin) / positive, 0.0))
