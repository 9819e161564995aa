r"""Many normalisations of few signals as few nuisances: exact, and the cost no longer grows.

Nuisances that do no more than scale signals enter χ² through :math:`x_p = \sum_j\theta_jA_{jp}`
alone, the fractional changes of the signals p, and through :math:`\sum_j\theta_j^2`. With A = QR,
Q having orthonormal columns, :math:`x = R^T\phi` and the minimum over what is left of θ is zero:
as many nuisances φ of unit width as there are signals say the same as all of θ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from munu.base.identity import Same
from munu.base.typing import FloatArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.gaussian_part import GaussianPart
from munu.statistics.likelihoods.likelihood import SignalLikelihood
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.part import Part

KEPT: Final = 32
"""Likelihoods whose fused ones are kept."""
FEW = 8
"""Nuisances that are left as they are, with their names, beyond as many as there are signals."""
NEGLIGIBLE = 1e-14
"""Part of the largest that is rounding."""


def fused(likelihood: SignalLikelihood) -> SignalLikelihood:
    """Return a likelihood of the same minimum over its nuisances, with fewer normalisations.

    That of the same likelihood is made once.
    """
    return _fused(Same(likelihood))


@lru_cache(maxsize=KEPT)
def _fused(same: Same[SignalLikelihood]) -> SignalLikelihood:
    likelihood = same.objects[0]
    if isinstance(likelihood, GaussianLikelihood):
        return _with_linear(likelihood, _fused_linear(likelihood))
    if isinstance(likelihood, NewtonLikelihood) and likelihood.auxiliary is None:
        return _fused_parts(likelihood)
    return likelihood


def _triangle(rows: FloatArray) -> FloatArray | None:
    """Return R, shape (n, p) with n <= p, for A of shape (k, p); None where k is not much more."""
    if len(rows) <= rows.shape[1] + FEW:
        return None
    found = np.linalg.qr(rows, mode="r")
    size = np.abs(found).max(axis=1)
    return np.asarray(found[size > NEGLIGIBLE * size.max(initial=0.0)])


def _fused_linear(likelihood: GaussianLikelihood) -> tuple[LinearNuisance, ...]:
    """Return the nuisances with those of the signal fused."""
    signal = [nuisance for nuisance in likelihood.linear if nuisance.events is None]
    others = [nuisance for nuisance in likelihood.linear if nuisance.events is not None]
    triangle = _triangle(np.array([n.sigma for n in signal]).reshape(-1, likelihood.n_signal))
    if triangle is None:
        return likelihood.linear
    return (*(LinearNuisance(_name(i), row) for i, row in enumerate(triangle)), *others)


def _with_linear(
    likelihood: GaussianLikelihood, linear: tuple[LinearNuisance, ...]
) -> GaussianLikelihood:
    return likelihood if linear is likelihood.linear else replace(likelihood, linear=linear)


def _fused_parts(likelihood: NewtonLikelihood) -> NewtonLikelihood:
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
    triangle = _triangle(np.concatenate([*columns, np.zeros((len(names), 0))], axis=1))
    if triangle is None:
        return likelihood
    ends = np.cumsum(widths)
    parts = tuple(
        _rescaled(part, set(names), triangle[:, end - width : end])
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
        new = [LinearNuisance(_name(i), row) for i, row in enumerate(rows) if row.any()]
        return GaussianPart(replace(part.likelihood, linear=(*new, *kept)))
    assert isinstance(part, BinnedPart)
    own = {name: s for name, s in part.normalisations.items() if name not in fused_names}
    sigmas = {_name(i): float(row[0]) for i, row in enumerate(rows) if row[0]}
    return replace(part, normalisations={**sigmas, **own})


def _name(index: int) -> str:
    return f"normalisations together, {index + 1}"
