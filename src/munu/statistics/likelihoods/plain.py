"""A likelihood as numbers and names alone, for programs in other languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.gaussian_losses import (
    CovarianceLoss,
    SplitLoss,
    VariableWidthLoss,
)
from munu.statistics.likelihoods.gaussian_part import GaussianPart
from munu.statistics.likelihoods.joining import as_newton
from munu.statistics.likelihoods.likelihood import SignalLikelihood
from munu.statistics.likelihoods.losses import GaussianLoss, Loss, OnOffLoss, PoissonLoss
from munu.statistics.likelihoods.positive import margin
from munu.statistics.likelihoods.template import Template


def plain_parts(likelihood: SignalLikelihood, reference: FloatArray) -> list[dict[str, Any]]:
    """Return the parts of a likelihood whose sum, with the squares of all nuisances, is χ².

    Parameters
    ----------
    likelihood : SignalLikelihood
    reference : array, shape (n_signal,)
        As in `munu.statistics.likelihoods.as_newton`.

    Returns
    -------
    list of dict
        Each ``kind`` "gaussian" has the numbers of
        `munu.statistics.likelihoods.gaussian_part.GaussianPart`, each "binned" those of
        `munu.statistics.likelihoods.BinnedPart`.

    Raises
    ------
    TypeError
        For a likelihood, part or loss that is not one of munu's.
    """
    found = []
    for part in as_newton([likelihood], reference).parts:
        if isinstance(part, GaussianPart):
            found.append(_gaussian(part))
        elif isinstance(part, BinnedPart):
            found.append(_binned(part))
        else:
            raise TypeError(f"{type(part).__name__} has no plain form")
    return found


def _gaussian(part: GaussianPart) -> dict[str, Any]:
    own = part.likelihood
    return {
        "kind": "gaussian",
        "nSignal": own.n_signal,
        "data": own.data.tolist(),
        "variance": own.variance.tolist(),
        "variancePerEvent": own.variance_per_event.tolist(),
        "linear": [
            {
                "name": one.name,
                "sigma": one.sigma.tolist(),
                "events": None if one.events is None else one.events.tolist(),
            }
            for one in own.linear
        ],
    }


def _binned(part: BinnedPart) -> dict[str, Any]:
    least = np.zeros(part.n_bins) if part.signal_margin is None else part.signal_margin
    return {
        "kind": "binned",
        "nSignal": part.n_signal,
        "nBins": part.n_bins,
        "hasSignal": part.has_signal,
        "loss": _loss(part.loss),
        "spread": part.loss.spread.tolist(),
        "normalisations": dict(part.normalisations),
        "variants": list(part.variants),
        "interpolation": part.interpolation,
        "margin": _finite(least) if part.variants else [],
        "templates": [_template(one) for one in part.templates],
    }


def _template(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "sigma": template.sigma,
        "events": template.events.tolist(),
        "margin": _finite(margin(template.blocks())) if template.shapes else [],
        "shapes": [
            {"name": one.name, "minus": one.minus.tolist(), "plus": one.plus.tolist()}
            for one in template.shapes
        ],
    }


def _loss(loss: Loss) -> dict[str, Any]:
    observed = {"observed": loss.observed.tolist()}
    if isinstance(loss, PoissonLoss):
        return {"kind": "poisson", **observed}
    if isinstance(loss, GaussianLoss):
        return {"kind": "gaussian", **observed, "variance": loss.variance.tolist()}
    if isinstance(loss, OnOffLoss):
        return {"kind": "on-off", **observed, "off": loss.off.tolist(), "ratio": loss.ratio}
    if isinstance(loss, CovarianceLoss):
        inverse = np.linalg.inv(loss.covariance)
        return {"kind": "covariance", **observed, "inverse": inverse.tolist()}
    if isinstance(loss, SplitLoss | VariableWidthLoss):
        kind = "split" if isinstance(loss, SplitLoss) else "variable-width"
        return {"kind": kind, **observed, "up": loss.up.tolist(), "down": loss.down.tolist()}
    raise TypeError(f"{type(loss).__name__} has no plain form")


def _finite(margins: FloatArray) -> Sequence[float | None]:
    """Return margins with None for -∞, at which events may be negative."""
    return [None if np.isinf(one) else float(one) for one in margins]
