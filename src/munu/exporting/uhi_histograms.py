"""Histograms of every component of a likelihood, in the JSON of the Unified Histogram Interface.

All observables of an experiment are axes of each histogram; a reader sums over those it leaves out.
Keys are paths: the experiment, a control region of it, and the component; events of the Standard
Model and of a moment are those before any nuisance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from munu._version import __version__
from munu.analysis.likelihood import Likelihood
from munu.base.errors import MunuError
from munu.base.json_text import json_text
from munu.base.typing import FloatArray
from munu.exporting.uhi_axes import Histogram, histogram
from munu.folding.counts import BinnedAxis
from munu.folding.folded import Folded, counts_by_recoil
from munu.physics.parameters import PARAMETERS, PHASE_SYMBOLS
from munu.results.core.species import species_groups
from munu.statistics.specification import Background, Bound, ControlRegion, Counts, FirstRun

MOMENT_MU_B: Final = 1e-10
"""Of the histograms of a moment."""
Component = tuple[str, FloatArray, FloatArray | None]
"""Name, events and their variance, where it is not that of a count."""


def uhi_histograms(found: Likelihood) -> str:
    """Return the histograms as JSON: data, backgrounds, the Standard Model's events, a moment's.

    Raises
    ------
    MunuError
        For parameters that are no moments, values of couplings, and a bound, which counts no
        events.
    """
    _check(found)
    made: dict[str, Histogram] = {}
    digests = found.origin.inputs_hash
    for name, digest, folded in zip(found.experiments, digests, found.folded, strict=True):
        about = {
            "experiment": name,
            "inputs_hash": digest,
            "assumptions": found.assumptions.text(),
            "software": f"munu {__version__}",
        }
        for key, axes, values, variance in _components(found, name, folded):
            own = {**about, "component": key}
            made[f"{name}/{key}"] = histogram(axes, values, variance, own)
    return json_text(made) + "\n"


def _components(
    found: Likelihood, name: str, folded: Folded
) -> Iterator[tuple[str, Sequence[BinnedAxis], FloatArray, FloatArray | None]]:
    """Yield the components of an experiment with their axes: of the signal, of control regions."""
    statistic, axes = folded.experiment.statistic, folded.counts.axes
    data = _data(folded, is_expected=found.assumptions.asimov)
    for key, values, variance in (*data, *_standard_model(folded), *_moments(found, name)):
        yield key, axes, values, variance
    for region in statistic.control_regions if isinstance(statistic, Counts) else ():
        own = _axes_of(region, axes)
        for key, values, variance in _control(region, is_expected=found.assumptions.asimov):
            yield f"{region.name}/{key}", own, values, variance


def _check(found: Likelihood) -> None:
    others = [name for name in found.names if name not in PARAMETERS and name not in PHASE_SYMBOLS]
    if others or found.assumptions.values:
        names = ", ".join([*others, *found.assumptions.values])
        raise MunuError(
            f"histograms hold the Standard Model and moments, not {names}",
            f"Name moments: {', '.join(PARAMETERS)}",
        )
    for name, folded in zip(found.experiments, found.folded, strict=True):
        if isinstance(folded.experiment.statistic, Bound):
            raise MunuError(
                f"'{name}' is a bound on a moment and counts no events",
                "Take an experiment with counts",
            )


def _data(folded: Folded, *, is_expected: bool) -> Iterator[Component]:
    """Yield the counts, if there are any, and the backgrounds."""
    statistic = folded.experiment.statistic
    standard = folded.counts.sm_total()
    if isinstance(statistic, FirstRun):
        prompt = np.array([statistic.prompt_neutrons])
        observed = np.array([statistic.observed])
        variance = np.array([statistic.statistical_variance])
        expected = standard + prompt
        yield ("expected-data", expected, None) if is_expected else ("data", observed, variance)
        yield "background/prompt-neutrons", prompt, None
    if not isinstance(statistic, Counts):
        return
    backgrounds = [*_backgrounds(statistic.backgrounds)]
    if statistic.off_beam is not None:
        backgrounds.append(("background/off-beam", statistic.off_beam.steady, None))
    if statistic.observed is None or is_expected:
        yield "expected-data", standard + sum((one for _, one, _ in backgrounds), 0.0), None
    else:
        yield "data", statistic.observed, statistic.variance
    yield from backgrounds


def _control(region: ControlRegion, *, is_expected: bool) -> Iterator[Component]:
    """Yield the counts of a control region and its backgrounds."""
    if region.observed is None or is_expected:
        yield "expected-data", region.expected(), region.variance
    else:
        yield "data", region.observed, region.variance
    yield from _backgrounds(region.backgrounds)


def _axes_of(region: ControlRegion, axes: Sequence[BinnedAxis]) -> Sequence[BinnedAxis]:
    """Return the axes of a control region: its own edges, or those of the signal."""
    if region.edges is None:
        return axes
    return (BinnedAxis(axes[0].name, axes[0].unit, region.edges),)


def _backgrounds(backgrounds: Sequence[Background]) -> Iterator[Component]:
    for one in backgrounds:
        yield f"background/{one.name}", one.events, None


def _standard_model(folded: Folded) -> Iterator[Component]:
    """Yield the events of each recoil, species and beam, mass states of a beam together."""
    for recoil, counts in counts_by_recoil(folded).items():
        for group in species_groups(zip(counts.species, counts.beams, strict=True)):
            events = counts.sm_events[list(group.indices)].sum(axis=0)
            yield f"standard-model/{recoil}/{group.species}/{group.beam}", events, None


def _moments(found: Likelihood, experiment: str) -> Iterator[Component]:
    """Yield the events of each moment alone, phases being zero."""
    for index, name in enumerate(found.names):
        if name in PARAMETERS:
            point = np.zeros((1, len(found.names)))
            point[0, index] = MOMENT_MU_B
            events = found.extra.events(point)[0][found.nominal]
            yield f"{name}={MOMENT_MU_B:g}_mu_B", events[found.bins[experiment]], None
