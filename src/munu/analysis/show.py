"""Collect the recipe of an experiment from its file and from the objects built of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from munu.analysis.nuclear_recipe import of_atoms, of_nuclei
from munu.analysis.origin import make_origin
from munu.base.calls import checked_call
from munu.base.constants import SECONDS_PER_DAY
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.folding.fold import template_estimator
from munu.folding.folded import ExperimentLike, load_experiment
from munu.results.core.species import species_groups
from munu.results.core.table import significant
from munu.results.recipe import DERIVED, Ingredient, RecipeResult
from munu.statistics.shared_nuisances import shared_nuisances
from munu.statistics.specification import Counts, ShapeInterpolation

INTERPOLATION: Final[dict[ShapeInterpolation, str]] = {
    "quadratic": "parabola within 1 sigma, straight from 1.5 sigma on, never negative",
    "polynomial": "HistFactory's code 4p: sixth degree within 1 sigma, straight beyond, never"
    " negative",
    "saturating": "parabola within 1 sigma, levelling off from 1.5 sigma on: beyond 2.5 sigma"
    " those of 2 sigma, never negative",
}
"""How events follow a shape nuisance: `munu.statistics.likelihoods.interpolation`."""


@checked_call
def show(experiment: ExperimentLike, setup: str | None = None) -> RecipeResult:
    """Return every value of an experiment with its source, and what follows from them.

    Parameters
    ----------
    experiment, setup
        As in :func:`munu.rate`.

    Raises
    ------
    MunuError
        As `munu.load`.

    Examples
    --------
    >>> for row in munu.show("conus").ingredients[:3]:
    ...     print(row.quantity, "=", row.value)
    kind = reactor
    thermal power = 3.9 GW
    baseline = 17 m
    """
    found = load_experiment(experiment, setup)
    identity = found.identity
    return RecipeResult(
        experiment=identity.id,
        setup=identity.setup,
        title=identity.title,
        ingredients=(*_stated(found), *_derived(found)),
        origin=make_origin([found]),
    )


def _stated(experiment: Experiment) -> Iterator[Ingredient]:
    for entry in experiment.identity.provenance:
        section, _, quantity = _in_section(entry.key)
        yield Ingredient(
            section=section,
            quantity=quantity.replace("_", " "),
            value=entry.value,
            source=entry.source,
            note=entry.note,
        )


def _in_section(key: str) -> tuple[str, str, str]:
    """Split a key into its section and the rest; one of several tables keeps its number."""
    section, dot, quantity = key.partition(".")
    name, bracket, number = section.partition("[")
    if bracket:
        return name, dot, f"{number.removesuffix(']')}.{quantity}"
    return section, dot, quantity


def _item(section: str, quantity: str, value: str) -> Ingredient:
    return Ingredient(section=section, quantity=quantity, value=value, source=DERIVED, note="")


def _derived(experiment: Experiment) -> Iterator[Ingredient]:
    components = experiment.source.components(experiment.mixing)
    for group in species_groups((c.species, c.beam) for c in components):
        flux = sum(components[i].spectrum.total_flux_per_cm2_s for i in group.indices)
        yield _item("source", f"flux of {group.label}", f"{flux:.4g} /cm2/s")
    for quantity, value in experiment.source.overridden():
        yield _item("source", quantity, value)
    counting = counting_part(experiment)
    if counting is not None:
        yield from _counting(counting)


def _counting(experiment: CountingExperiment) -> Iterator[Ingredient]:
    components = experiment.source.components(experiment.mixing)
    endpoint = max(c.spectrum.endpoint_mev for c in components)
    parts = experiment.parts()
    for i, part in enumerate(parts, start=1):
        for centre, number in part.centres():
            highest = float(centre.maximum_recoil_kev(np.array([endpoint]))[0])
            reach = f"T < {significant(highest, 4)} keV"
            name = centre.name if len(parts) == 1 else f"{i} {centre.name}"
            yield _item("target", name, f"{number:.4g} /kg, {reach}")
    yield from of_nuclei(experiment)
    yield from of_atoms(experiment)
    detector = experiment.detector
    yield _item(
        "detector",
        "window",
        f"{detector.bin_edges[0]:g} to {detector.bin_edges[-1]:g} {detector.unit} in ".replace(
            "inf", "∞"
        )
        + _bins(detector.n_bins),
    )
    for i, part in enumerate(parts, start=1):
        of = "" if len(parts) == 1 else f" of target {i}"
        own = part.detector
        if own.matrix is None:
            yield _item("detector", f"efficiency used{of}", own.efficiency.describe())
            yield _item("detector", f"resolution used{of}", own.resolution.describe())
        else:
            yield _item("detector", f"response used{of}", own.matrix.describe())
    found = template_estimator(experiment)
    if found is not None:
        yield _item("statistic", "error of the fit itself", f"{found.error:.4g} events")
        ends = f"{found.weights.max():.3g} to {found.weights.min():.3g}"
        yield _item("statistic", "weights of its bins", ends)
    if isinstance(experiment.statistic, Counts):
        yield from _errors(experiment.statistic)
    for name, text in _backgrounds(experiment):
        yield _item("statistic", name, text)
    statistic = experiment.statistic
    if isinstance(statistic, Counts) and (experiment.variants or statistic.has_shapes):
        how = INTERPOLATION[statistic.interpolation]
        yield _item("statistic", "interpolation of shapes", how)
    for name, text in _control_regions(experiment):
        yield _item("statistic", f"control region {name}", text)
    exposure = experiment.total_mass_kg * experiment.live_time_s / SECONDS_PER_DAY
    yield _item("exposure", "mass x live time", f"{exposure:.5g} kg day")


def _errors(statistic: Counts) -> Iterator[Ingredient]:
    """Yield what the errors of the counts are, and events of a list that are left out."""
    if statistic.covariance is not None:
        widths = np.sqrt(np.diagonal(statistic.covariance))
        correlation = statistic.covariance / np.outer(widths, widths)
        largest = np.abs(correlation - np.eye(widths.size)).max(initial=0.0)
        yield _item("statistic", "largest correlation of bins", f"{largest:.3g}")
    if statistic.asymmetric is not None:
        yield _item("statistic", "treatment of the errors", statistic.asymmetric.treatment)
    if statistic.outside and statistic.observed is not None:
        total = int(statistic.observed.sum()) + statistic.outside
        yield _item("statistic", "events outside the bins", f"{statistic.outside} of {total}")


def _backgrounds(experiment: CountingExperiment) -> Iterator[tuple[str, str]]:
    """Yield each background of the signal's bins with its total: one number is that of each bin."""
    statistic = experiment.statistic
    for background in statistic.backgrounds if isinstance(statistic, Counts) else ():
        total = f"{float(background.events.sum()):.5g}"
        yield f"events of {background.name}", f"{total} in {_bins(background.events.size)}"


def _control_regions(experiment: CountingExperiment) -> Iterator[tuple[str, str]]:
    """Yield each control region's name, and its bins and what they share with the others."""
    statistic = experiment.statistic
    if not isinstance(statistic, Counts):
        return
    variants = [variant.name for variant in experiment.variants]
    for region in statistic.control_regions:
        shared = ", ".join(shared_nuisances(statistic, region, variants)) or "nothing"
        yield region.name, f"{_bins(region.data().size)}; shared with other bins: {shared}"


def _bins(number: int) -> str:
    return "one bin" if number == 1 else f"{number} bins"
