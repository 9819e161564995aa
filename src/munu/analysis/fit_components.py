"""Each component of a fitted prediction, bin by bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import counting_part
from munu.folding.counts import FoldedCounts
from munu.folding.folded import Folded, counts_by_recoil
from munu.results.core.bins import BinAxis
from munu.results.core.species import species_groups
from munu.results.fit_data import BACKGROUND, SIGNAL, ControlData, FitComponent, FitData
from munu.statistics.likelihoods import (
    BinnedPart,
    SignalLikelihood,
    background_events,
    events_at,
    kept_share,
)
from munu.statistics.specification import ControlRegion, Counts, FirstRun, has_data

Nuisances = Mapping[str, float]


def data_of(folded: Folded) -> Counts | FirstRun:
    """Return the statistic of an experiment with observed counts.

    Raises
    ------
    MunuError
        For a projection or a bound on a moment, which have none.
    """
    statistic = folded.experiment.statistic
    if isinstance(statistic, FirstRun | Counts) and has_data(statistic):
        return statistic
    raise MunuError(
        f"'{folded.experiment.identity.name}' has no observed counts to fit",
        "Take one with data, such as coherent-csi-2021",
    )


def fitted_data(
    folded: Folded, likelihood: SignalLikelihood, nuisances: Nuisances, strength: tuple[float, ...]
) -> FitData:
    """Return a data set with each component of its prediction at given nuisances.

    Parameters
    ----------
    folded : Folded
    likelihood : SignalLikelihood
        What its statistic became.
    nuisances : mapping of str to float
    strength : tuple of float
        Best signal over the Standard Model's, and the ends of its interval.
    """
    statistic = data_of(folded)
    signals = _signals(folded, likelihood, nuisances)
    if isinstance(statistic, FirstRun):
        backgrounds = [_first_run_background(statistic, folded.counts.experiment, nuisances)]
        observed = np.array([statistic.observed])
        variance = np.array([statistic.statistical_variance])
        regions: tuple[ControlData, ...] = ()
    else:
        part, *controls = _parts(likelihood)
        assert statistic.observed is not None
        backgrounds = _backgrounds(part, signals, nuisances)
        observed = statistic.observed
        variance = _variance(statistic.kind, observed, statistic.variance, signals + backgrounds)
        regions = tuple(
            _control_data(folded, region, statistic.kind, control, nuisances)
            for region, control in zip(statistic.control_regions, controls, strict=True)
        )
    total = float(folded.counts.sm_total().sum())
    counting = counting_part(folded.experiment)
    best, low, high = (value * total for value in strength)
    return FitData(
        experiment=f"{folded.counts.experiment}@{folded.counts.setup}",
        axes=_bin_axes(folded.counts),
        observed_per_bin=np.asarray(observed, float),
        variance_per_bin=np.asarray(variance, float),
        components=(*signals, *backgrounds),
        signal_events=best,
        signal_low=low,
        signal_high=high,
        control_regions=regions,
        unit_of_rates=counting.unit_of_rates if counting else "",
    )


def _control_data(
    folded: Folded, region: ControlRegion, kind: str, part: BinnedPart, nuisances: Nuisances
) -> ControlData:
    components = _backgrounds(part, [], nuisances)
    axes = _bin_axes(folded.counts)
    if region.edges is not None:
        axes = (replace(axes[0], edges=region.edges),)
    observed = region.data()
    return ControlData(
        name=region.name,
        axes=axes,
        observed_per_bin=np.asarray(observed, float),
        variance_per_bin=_variance(kind, observed, region.variance, components),
        components=tuple(components),
    )


def _variance(
    kind: str,
    observed: FloatArray,
    variance: FloatArray | None,
    components: Sequence[FitComponent],
) -> FloatArray:
    """Return the variance per bin: of Poisson counts, the prediction."""
    if kind == "gaussian":
        return np.asarray(observed if variance is None else variance, float)
    return np.asarray(np.sum([c.fitted_per_bin for c in components], axis=0))


def _bin_axes(counts: FoldedCounts) -> tuple[BinAxis, ...]:
    return tuple(
        BinAxis(observable=axis.name, unit=axis.unit, edges=axis.edges) for axis in counts.axes
    )


def _parts(likelihood: SignalLikelihood) -> tuple[BinnedPart, ...]:
    """Return the bins of the signal and the control regions of one experiment's likelihood."""
    return () if likelihood.newton is None else likelihood.newton.binned_parts


def _linear_factor(likelihood: SignalLikelihood, nuisances: Nuisances) -> float:
    """Return 1 + Σσθ, what the nuisances of Eq. (33) multiply the signal by."""
    one_bin = likelihood.closed_form
    return 1.0 if one_bin is None else one_bin.signal_factor(nuisances)


def _signals(
    folded: Folded, likelihood: SignalLikelihood, nuisances: Nuisances
) -> list[FitComponent]:
    """Return the events of each species, beam and channel, the mass states of a beam together."""
    linear = _linear_factor(likelihood, nuisances)
    parts = _parts(likelihood)
    normalisations = parts[0].normalisations if parts else {}
    interpolation = parts[0].interpolation if parts else "quadratic"
    shapes = [variant.name for variant in folded.counts.variants]
    found = []
    for channel, counts in counts_by_recoil(folded).items():
        blocks = [one.sm_events for one in counts.folds()]
        fitted = linear * events_at(blocks, normalisations, shapes, nuisances, interpolation)
        found.append((channel, counts, fitted))
    if parts and shapes and parts[0].signal_margin is not None:
        total = np.sum([fitted.sum(axis=0) for _, _, fitted in found], axis=0)
        share = kept_share(total, parts[0].signal_margin)
        found = [(channel, counts, share * fitted) for channel, counts, fitted in found]
    components = []
    for channel, counts, fitted in found:
        for group in species_groups(zip(counts.species, counts.beams, strict=True)):
            members = list(group.indices)
            components.append(
                FitComponent(
                    kind=SIGNAL,
                    name=group.species,
                    beam=group.beam,
                    channel=channel,
                    expected_events=float(counts.sm_events[members].sum()),
                    fitted_events=float(fitted[members].sum()),
                    fitted_per_bin=fitted[members].sum(axis=0),
                )
            )
    return components


def _backgrounds(
    part: BinnedPart, signals: list[FitComponent], nuisances: Nuisances
) -> list[FitComponent]:
    components = [
        _background(
            template.name.partition(":")[0],
            template.events,
            background_events(template, nuisances, part.interpolation),
        )
        for template in part.templates
    ]
    prediction = np.sum([c.fitted_per_bin for c in (*signals, *components)], axis=0)
    steady = part.loss.steady_background(prediction)
    if steady is not None:
        components.append(_background("off-beam", *steady))
    return components


def _first_run_background(
    statistic: FirstRun, experiment: str, nuisances: Nuisances
) -> FitComponent:
    expected = np.array([statistic.prompt_neutrons])
    pull = nuisances.get(f"prompt-neutrons:{experiment}", 0.0)
    fitted = expected * (1 + statistic.sigma_background * pull)
    return _background("prompt-neutrons", expected, fitted)


def _background(name: str, expected: FloatArray, fitted: FloatArray) -> FitComponent:
    return FitComponent(
        kind=BACKGROUND,
        name=name,
        beam="",
        channel="",
        expected_events=float(expected.sum()),
        fitted_events=float(fitted.sum()),
        fitted_per_bin=fitted,
    )
