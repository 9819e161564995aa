"""Fold an experiment: from a source, a target and a detector to a `FoldedCounts`.

Path of a count: flux moments (:class:`munu.sources.base.Spectrum`) times cross section
coefficients (:mod:`munu.physics.centres`) give the recoil spectrum; its product with the detector's
acceptance, integrated over recoil energy, gives the counts (`munu.folding.shapes`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.arguments import checked_numbers
from munu.base.calls import checked_call
from munu.base.constants import SECONDS_PER_DAY
from munu.base.errors import MunuError, shown
from munu.base.frozen import FrozenMapping, read_only
from munu.base.typing import ArrayLike, FloatArray
from munu.base.units import Range
from munu.experiments.model import CountingExperiment, Experiment, Measurement, MomentBound
from munu.folding.counts import BinnedAxis, FoldedCounts, FoldedVariant
from munu.folding.prepared import PreparedFold
from munu.folding.shapes import ShapeEvents, shape_events, shape_rates
from munu.folding.template_fit import Estimator, amplitudes, estimator, template_fit_of
from munu.physics.centres import RecoilKind
from munu.physics.interactions.base import Amplitude, Shape
from munu.physics.interactions.dipole import ON_ELECTRON, ON_NUCLEUS
from munu.physics.interactions.form import forms
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import Mixing, as_mixing
from munu.sources.base import BeamComponent

POSITIVE = Range(low=0.0, low_open=True)
ELECTRON_FLAVOURS = ("sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp")
"""Mixing parameters by which a mass state's flavours are known to electrons: ν_μ and ν_τ differ by
their radiative corrections."""


@final
@dataclass(frozen=True, eq=False)
class RecoilSpectrum(ByContent):
    """Differential event rate of an experiment before its detector.

    Parameters
    ----------
    recoil_energy_kev : array, shape (n,)
    species, beams : tuple of str, length n_s
    sm_per_kg_kev_day, dipole_per_mu_b2_kg_kev_day, per_kg_kev_day : array, shape (n_s, n)
        Events per kg of target, keV of true recoil energy and day: of the Standard Model, of a
        moment, and of the amplitudes that were given.
    """

    recoil_energy_kev: FloatArray
    species: tuple[str, ...]
    beams: tuple[str, ...]
    sm_per_kg_kev_day: FloatArray
    dipole_per_mu_b2_kg_kev_day: FloatArray
    per_kg_kev_day: FloatArray


def recoil_spectrum(
    experiment: CountingExperiment,
    recoil_energy_kev: ArrayLike,
    recoils: Collection[RecoilKind] | None = None,
    amplitudes: Sequence[Amplitude] = (),
    x: ArrayLike = (),
) -> RecoilSpectrum:
    """Return the differential rate of an experiment on its target at given recoil energies (keV).

    Parameters
    ----------
    experiment : CountingExperiment
    recoil_energy_kev : array, shape (n,)
    recoils : collection of str, optional
        ``nuclear``, ``electron`` or both; by default those that it counts.
    amplitudes : sequence of Amplitude, optional
        By default the Standard Model's.
    x : array, shape (n_amplitudes,), optional
        (1, x), their coordinates.

    Raises
    ------
    MunuError
        If an energy is not a positive number.
    """
    energies = read_only(
        checked_numbers("recoil_energy_kev", recoil_energy_kev, POSITIVE, unit="keV")
    )
    components = experiment.source.components(experiment.mixing)
    states = [component.state for component in components]
    further = forms(amplitudes, states, experiment.mixing) if amplitudes else ()
    shapes = tuple(
        dict.fromkeys(
            [
                *standard_shapes(experiment, components, experiment.mixing),
                *(s for s in further if s.kernel.recoil in experiment.recoils),
            ]
        )
    )
    totals = np.zeros((len(shapes), len(components), energies.size))
    for part in experiment.parts():
        share = part.mass_kg / experiment.total_mass_kg
        for centre, number_per_kg in part.centres():
            own = [i for i, shape in enumerate(shapes) if shape.kernel.recoil == centre.recoil]
            if recoils is None or centre.recoil in recoils:
                rates = shape_rates(components, centre, [shapes[i] for i in own], energies)
                totals[own] += rates * (share * number_per_kg * SECONDS_PER_DAY)
    events = dict(zip(shapes, totals, strict=True))
    counts = _counts(experiment, components, events, experiment.mixing)
    rates = counts.sm_events
    if amplitudes:
        at = np.asarray(x, float)
        rates = np.asarray(counts.form(amplitudes) @ at @ at)
    return RecoilSpectrum(
        recoil_energy_kev=energies,
        species=counts.species,
        beams=counts.beams,
        sm_per_kg_kev_day=counts.sm_events,
        dipole_per_mu_b2_kg_kev_day=counts.dipole_events_per_mu_b2,
        per_kg_kev_day=rates,
    )


def standard_shapes(
    experiment: CountingExperiment, components: Sequence[BeamComponent], mixing: Mixing
) -> tuple[Shape, ...]:
    """Return the shapes that the Standard Model, sin²θ_W and moments need, each once."""
    states = [component.state for component in components]
    weak = forms([standard_amplitude(experiment.standard_model)], states, mixing)
    found = (*weak, *(shape for shape in (ON_NUCLEUS, ON_ELECTRON)))
    return tuple(shape for shape in found if shape.kernel.recoil in experiment.recoils)


def mixing_parameters(experiment: Experiment) -> tuple[str, ...]:
    """Return the fields of `Mixing` that the fold of an experiment depends on.

    They are those of the fluxes; and where mass states scatter on what knows flavours, electrons or
    nuclei whose couplings depend on them, all the angles and δ_CP.
    """
    names = experiment.source.mixing_parameters
    if isinstance(experiment, CountingExperiment) and _knows_flavours(experiment):
        components = experiment.source.components(experiment.mixing)
        if any(component.state.basis == "mass" for component in components):
            names += ELECTRON_FLAVOURS
    return tuple(dict.fromkeys(names))


def _knows_flavours(experiment: CountingExperiment) -> bool:
    by_flavour = experiment.couplings.charge_radii == "flavours"
    return "electron" in experiment.recoils or by_flavour


@checked_call
def fold(experiment: Experiment, mixing: str | Mixing | None = None) -> FoldedCounts:
    r"""Integrate an experiment once (Eq. 32 of arXiv:1905.03750) into its `FoldedCounts`.

    .. math:: N_{sb} = t\,m\sum_x n_x\int dT\,A_b(T)\int dE\,\phi_s(E)\frac{d\sigma_x}{dT}

    with n_x the scattering centres per kg, m the mass, t the live time, A_b the acceptance. Axes
    beside the energy spread each bin; every shape variant is folded too. The "events" of a
    `MomentBound` are μ² over the square of the bound, weighted by the flux of each state; those of
    the detector behind it are the fold of its ``counting``. Where the count is the amplitude of a
    template fit, events are counted as that fit sees them (`munu.folding.template_fit`), in one
    bin.

    Parameters
    ----------
    experiment : Experiment
        A loaded one, as `munu.load` gives it.
    mixing : str or Mixing, optional
        That of the fluxes of mass states, and of their flavours, or the name of a global fit; by
        default the experiment's.

    Raises
    ------
    MunuError
        If it is not a loaded experiment, for an unknown global fit, and as
        `munu.folding.nothing_counted.NothingCounted` if no recoil is counted: the threshold lies
        above their endpoint, or the efficiency is zero.

    Examples
    --------
    >>> counts = munu.fold(munu.load("conus"))
    >>> print(counts.species, f"{counts.sm_total().sum():.0f} events")
    ('nu_e_bar',) 4746 events
    >>> per_moment = counts.w_matrices(munu.global_fit("nufit60-no"))[0]
    >>> moments = munu.moment_vector([0.0, 0.0, 1e-10])
    >>> print(f"{(moments.conj() @ per_moment @ moments).real:.0f} dipole events")
    167 dipole events
    """
    return fold_shapes(experiment, mixing, ())


def fold_shapes(
    experiment: Experiment, mixing: str | Mixing | None, shapes: Sequence[Shape]
) -> FoldedCounts:
    """Return `fold` with the shapes that further interactions need besides.

    Those of the Standard Model, sin²θ_W and the moments are folded always.

    Raises
    ------
    MunuError
        As `fold`.
    """
    _check_loaded(experiment)
    _check_shapes(shapes)
    named = experiment.mixing if mixing is None else as_mixing(mixing)
    if isinstance(experiment, MomentBound):
        return _bound(experiment, named)
    prepared = PreparedFold(experiment, named)
    return counts_of_events(prepared, shape_events(prepared, all_shapes(prepared, shapes)))


def _bound(experiment: MomentBound, mixing: Mixing) -> FoldedCounts:
    """Return μ² over the square of the bound, in the place of electrons' dipole events."""
    components = experiment.components(mixing)
    weights = np.array([[c.spectrum.total_flux_per_cm2_s] for c in components])
    per_mu_b2 = weights / weights.sum() / experiment.statistic.moment_mu_b**2
    return _counts(experiment, components, {ON_ELECTRON: per_mu_b2}, mixing)


def template_estimator(experiment: CountingExperiment) -> Estimator | None:
    """Return how an experiment's template fit weighs its bins; None if it counts events.

    Raises
    ------
    MunuError
        As `fold`, and as `munu.folding.template_fit.estimator`.
    """
    prepared = PreparedFold(experiment, experiment.mixing)
    events = shape_events(prepared, all_shapes(prepared))
    return _estimator(experiment, _in_bins(prepared, events))


def _estimator(experiment: CountingExperiment, counts: FoldedCounts) -> Estimator | None:
    """Return the estimator of an experiment that is folded in its bins already."""
    fit = template_fit_of(experiment)
    if fit is None:
        return None
    return estimator(counts.of_recoils(fit.channels).sm_total(), fit)


def all_shapes(prepared: PreparedFold, further: Sequence[Shape] = ()) -> tuple[Shape, ...]:
    """Return the shapes that are folded always, and further ones, each once."""
    always = standard_shapes(prepared.experiment, prepared.components, prepared.mixing)
    return tuple(dict.fromkeys([*always, *further]))


def counts_of_events(prepared: PreparedFold, events: Mapping[Shape, ShapeEvents]) -> FoldedCounts:
    """Return the counts of an experiment that shapes have been folded with."""
    counts = _in_bins(prepared, events)
    found = _estimator(prepared.experiment, counts)
    return counts if found is None else amplitudes(counts, found)


def _in_bins(prepared: PreparedFold, events: Mapping[Shape, ShapeEvents]) -> FoldedCounts:
    """Return the events in each of the detector's bins."""
    experiment = prepared.experiment
    nominal, *alternatives = (
        FrozenMapping({shape: own[number] for shape, own in events.items()})
        for number in range(len(prepared.measurements))
    )
    axes, *alternative_axes = (_binned_axes(one) for one in prepared.measurements)
    of = partial(_counts, experiment, prepared.components, mixing=prepared.mixing)
    sides = [of(own, axes=its) for own, its in zip(alternatives, alternative_axes, strict=True)]
    variants = tuple(
        FoldedVariant(variant.name, minus, plus)
        for variant, minus, plus in zip(experiment.variants, sides[::2], sides[1::2], strict=True)
    )
    return of(nominal, axes=axes, variants=variants)


def _check_loaded(experiment: object) -> None:
    if not isinstance(experiment, CountingExperiment | MomentBound):
        raise MunuError(
            f"{shown(experiment)} is not a loaded experiment",
            "Load it first, as in munu.fold(munu.load('conus'))",
        )


def _check_shapes(shapes: object) -> None:
    if not isinstance(shapes, Sequence) or not all(isinstance(one, Shape) for one in shapes):
        raise MunuError(
            f"shapes = {shown(shapes)} are not shapes of interactions",
            "Leave them out, or take them from munu.physics.interactions",
        )


def _binned_axes(measurement: Measurement) -> tuple[BinnedAxis, ...]:
    detector = measurement.detector
    energy = BinnedAxis(detector.observable, detector.unit, detector.bin_edges)
    of_matrix = detector.matrix.axes if detector.matrix else ()
    return (
        energy,
        *(BinnedAxis(axis.name, axis.unit, axis.edges) for axis in of_matrix),
        *(BinnedAxis(axis.name, axis.unit, axis.edges) for axis in measurement.axes),
    )


def _counts(
    experiment: Experiment,
    components: Sequence[BeamComponent],
    events: Mapping[Shape, FloatArray],
    mixing: Mixing,
    axes: tuple[BinnedAxis, ...] = (),
    variants: tuple[FoldedVariant, ...] = (),
) -> FoldedCounts:
    return FoldedCounts(
        experiment=experiment.identity.id,
        setup=experiment.identity.setup,
        species=tuple(component.species for component in components),
        beams=tuple(component.beam for component in components),
        states=tuple(component.state for component in components),
        events=events,
        standard_model=(
            experiment.standard_model if isinstance(experiment, CountingExperiment) else None
        ),
        mixing=mixing,
        axes=axes,
        variants=variants,
    )
