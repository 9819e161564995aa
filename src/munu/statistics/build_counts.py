"""Likelihoods of binned counts: the bins of the signal, then those of each control region."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import (
    BinnedPart,
    CovarianceLoss,
    GaussianLoss,
    Loss,
    NewtonLikelihood,
    OnOffLoss,
    PoissonLoss,
    ShapeVariation,
    SplitLoss,
    Template,
    VariableWidthLoss,
    margin,
)
from munu.statistics.specification import Background, ControlRegion, Counts


def counts_likelihood(
    spec: Counts, name: str, sm: FloatArray, variants: tuple[str, ...]
) -> NewtonLikelihood:
    """Return the likelihood of counts; arguments as for `munu.statistics.build.build`.

    Raises
    ------
    MunuError
        If numbers of bins differ, or a bin has no Gaussian variance.
    """
    signal = _signal_part(spec, name, sm, variants)
    controls = (_control_part(region, spec, name) for region in spec.control_regions)
    return NewtonLikelihood((signal, *controls), sm)


def _signal_part(spec: Counts, name: str, sm: FloatArray, variants: tuple[str, ...]) -> BinnedPart:
    n_bins = sm.size // (1 + 2 * len(variants))
    expected = sum((b.events for b in spec.backgrounds), np.zeros(n_bins))
    off_beam = spec.off_beam
    steady = np.zeros(n_bins) if off_beam is None else off_beam.steady
    observed = sm[:n_bins] + expected + steady if spec.observed is None else spec.observed
    _check_sizes(name, observed, spec.backgrounds, n_bins, "the signal")
    own = np.sqrt(max(spec.sigma_signal**2 - sum(s**2 for s in spec.shared.values()), 0.0))
    sigmas = {**spec.shared, f"normalisation:{name}": float(own)}
    if off_beam is None:
        loss = signal_loss(spec, np.asarray(observed, float), name)
    else:
        loss = OnOffLoss(np.asarray(observed, float), off_beam.counts, off_beam.ratio)
    return BinnedPart(
        loss=loss,
        normalisations={key: sigma for key, sigma in sigmas.items() if sigma > 0},
        templates=_templates(spec.backgrounds, name),
        n_bins=n_bins,
        variants=variants,
        signal_margin=margin(np.split(sm, 1 + 2 * len(variants))),
        interpolation=spec.interpolation,
    )


def _control_part(region: ControlRegion, spec: Counts, name: str) -> BinnedPart:
    what, observed = f"{name}, control region {region.name}", region.data()
    _check_sizes(what, observed, region.backgrounds, observed.size, "the data")
    return BinnedPart(
        loss=_loss(spec.kind, observed, region.variance, what),
        normalisations={},
        templates=_templates(region.backgrounds, name),
        n_bins=observed.size,
        has_signal=False,
        interpolation=spec.interpolation,
    )


def _check_sizes(
    name: str,
    observed: FloatArray,
    backgrounds: Iterable[Background],
    n_bins: int,
    reference: str,
) -> None:
    for label, array in (("observed", observed), *((b.name, b.events) for b in backgrounds)):
        if array.size != n_bins:
            raise MunuError(
                f"'{label}' of '{name}' has {array.size} bins, {reference} {n_bins}",
                "Give one number per bin",
            )


def signal_loss(spec: Counts, observed: FloatArray, name: str) -> Loss:
    """Return χ² of the signal's bins, whose errors may be correlated or asymmetric."""
    if spec.covariance is not None:
        return CovarianceLoss(observed, spec.covariance)
    errors = spec.asymmetric
    if errors is None:
        return _loss(spec.kind, observed, spec.variance, name)
    if errors.treatment == "split":
        return SplitLoss(observed, errors.up, errors.down)
    return VariableWidthLoss(observed, errors.up, errors.down)


def _loss(kind: str, observed: FloatArray, variance: FloatArray | None, name: str) -> Loss:
    if kind == "poisson":
        return PoissonLoss(np.asarray(observed, float))
    variance = observed if variance is None else variance
    if np.any(variance <= 0):
        raise MunuError(
            f"'{name}' has a bin without counts, which has no Gaussian variance",
            "Use kind = 'poisson', wider bins, or state the variance",
        )
    return GaussianLoss(np.asarray(observed, float), np.asarray(variance, float))


def _templates(backgrounds: Iterable[Background], name: str) -> tuple[Template, ...]:
    return tuple(
        Template(
            f"{background.name}:{name}",
            background.events,
            background.sigma,
            tuple(
                ShapeVariation(shape.name, shape.minus, shape.plus) for shape in background.shapes
            ),
        )
        for background in backgrounds
    )
