"""The normalisations of the parts of a binned likelihood, fused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.fused_rows import name_of, triangle
from munu.statistics.likelihoods.gaussian import LinearNuisance
from munu.statistics.likelihoods.gaussian_part import GaussianPart
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.part import Part


def fused_parts(likelihood: NewtonLikelihood) -> NewtonLikelihood:
    """Return the likelihood with the normalisations of all its parts fused."""
    scales = [_signal_scales(part) for part in likelihood.parts]
    uses = Counter(name for part in likelihood.parts for name in part.names)
    as_scale = Counter(name for scale in scales for name in scale)
    names = [name for name, number in as_scale.items() if number == uses[name]]
    widths = [len(next(iter(scale.values()), ())) for scale in scales]
    columns = [
        np.array([scale.get(name, np.zeros(width)) for name in names]).reshape(len(names), width)
        for scale, width in zip(scales, widths, strict=True)
    ]
    rows = triangle(np.concatenate([*columns, np.zeros((len(names), 0))], axis=1))
    if rows is None:
        return likelihood
    ends = np.cumsum(widths)
    parts = tuple(
        _rescaled(part, set(names), rows[:, end - width : end])
        for part, end, width in zip(likelihood.parts, ends.tolist(), widths, strict=True)
    )
    return NewtonLikelihood(parts, likelihood.reference)


def _signal_scales(part: Part) -> dict[str, FloatArray]:
    """Return what nuisances do to the signal of a part, by name, if they do nothing else there."""
    if isinstance(part, GaussianPart):
        linear = part.likelihood.linear
        fixed = {nuisance.name for nuisance in linear if nuisance.events is not None}
        return {n.name: n.sigma for n in linear if n.events is None and n.name not in fixed}
    assert isinstance(part, BinnedPart)
    scales = {template.name for template in part.templates if template.sigma > 0}
    shapes = {shape.name for template in part.templates for shape in template.shapes}
    others = scales | shapes | set(part.variants)
    return {
        name: np.array([sigma]) for name, sigma in part.normalisations.items() if name not in others
    }


def _rescaled(part: Part, fused_names: set[str], rows: FloatArray) -> Part:
    """Return a part with new normalisations, shape (n, width), for some of its own."""
    if rows.shape[1] == 0:
        return part
    if isinstance(part, GaussianPart):
        kept = [one for one in part.likelihood.linear if one.name not in fused_names]
        new = [LinearNuisance(name_of(i), row) for i, row in enumerate(rows) if row.any()]
        return GaussianPart(replace(part.likelihood, linear=(*new, *kept)))
    assert isinstance(part, BinnedPart)
    own = {name: s for name, s in part.normalisations.items() if name not in fused_names}
    sigmas = {name_of(i): float(row[0]) for i, row in enumerate(rows) if row[0]}
    return replace(part, normalisations={**sigmas, **own})
