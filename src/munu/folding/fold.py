"""Fold an experiment: the only place that integrates over recoil energy.

Path of a count: flux moments (:class:`munu.sources.base.Spectrum`) times cross section
coefficients (:mod:`munu.physics.centres`) give the recoil spectrum; its product with the detector's
acceptance, integrated over recoil energy, gives the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.arguments import checked_numbers
from munu.base.constants import SECONDS_PER_DAY
from munu.base.errors import MunuError, shown
from munu.base.quadrature import panel_nodes
from munu.base.typing import ArrayLike, FloatArray
from munu.base.units import Range
from munu.detectors.detector import Detector
from munu.experiments.model import CountingExperiment, Experiment, Measurement, MomentBound
from munu.folding.counts import BinnedAxis, Response, ResponseVariant
from munu.folding.nothing_counted import nothing_counted
from munu.folding.panels import recoil_panels_kev, recoil_range_kev
from munu.folding.template_fit import Estimator, amplitudes, estimator, template_fit_of
from munu.physics.centres import Channel
from munu.physics.mixing import Mixing, check_mixing
from munu.sources.base import BeamComponent

NODES_PER_PANEL = 10
POSITIVE = Range(low=0.0, low_open=True)
ELECTRON_FLAVOURS = ("sin2_theta12", "sin2_theta13", "sin2_theta23", "delta_cp")
"""Mixing parameters by which a mass state's flavours are known to electrons: ν_μ and ν_τ differ by
their radiative corrections."""
LEAST_DIPOLE_EVENTS = 1e-6
"""For a moment of 1 μ_B, 1e10 of those that are looked for: fewer are none."""


@final
@dataclass(frozen=True)
class RecoilSpectrum:
    """Differential event rate of an experiment before its detector.

    Parameters
    ----------
    recoil_energy_kev : array, shape (n,)
    species, beams : tuple of str, length n_s
    sm_per_kg_kev_day, dipole_per_mu_b2_kg_kev_day : array, shape (n_s, n)
        Events per kg of target, keV of true recoil energy and day.
    """

    recoil_energy_kev: FloatArray
    species: tuple[str, ...]
    beams: tuple[str, ...]
    sm_per_kg_kev_day: FloatArray
    dipole_per_mu_b2_kg_kev_day: FloatArray


def differential_rates(
    components: tuple[BeamComponent, ...],
    channel: Channel,
    recoil_energy_kev: FloatArray,
    mixing: Mixing,
) -> tuple[FloatArray, FloatArray]:
    r"""Return :math:`\int dE\,\phi\,d\sigma/dT` of the Standard Model and of a dipole of 1 μ_B.

    Both have shape (n_components, n), in events per second, keV and scattering centre.
    """
    minimum = channel.minimum_energy_mev(recoil_energy_kev)
    dipole_k = channel.dipole_coefficients(recoil_energy_kev)
    sm, dipole = [], []
    for component in components:
        moments = component.spectrum.moments_above(minimum)
        sm_k = channel.sm_coefficients(recoil_energy_kev, component.state, mixing)
        sm.append(np.einsum("kn,kn->n", sm_k, moments))
        dipole.append(np.einsum("kn,kn->n", dipole_k, moments))
    return np.array(sm), np.array(dipole)


def recoil_spectrum(experiment: CountingExperiment, recoil_energy_kev: ArrayLike) -> RecoilSpectrum:
    """Return the differential rate of an experiment on its target at given recoil energies (keV).

    Raises
    ------
    MunuError
        If an energy is not a positive number.
    """
    energies = checked_numbers("recoil_energy_kev", recoil_energy_kev, POSITIVE, unit="keV")
    components = experiment.source.components(experiment.mixing)
    shape = (len(components), energies.size)
    sm, dipole = np.zeros(shape), np.zeros(shape)
    for channel, number_per_kg in experiment.channels():
        rates = differential_rates(components, channel, energies, experiment.mixing)
        sm += rates[0] * number_per_kg * SECONDS_PER_DAY
        dipole += rates[1] * number_per_kg * SECONDS_PER_DAY
    return RecoilSpectrum(
        recoil_energy_kev=energies,
        species=tuple(c.species for c in components),
        beams=tuple(c.beam for c in components),
        sm_per_kg_kev_day=sm,
        dipole_per_mu_b2_kg_kev_day=dipole,
    )


def mixing_parameters(experiment: Experiment) -> tuple[str, ...]:
    """Return the fields of `Mixing` that the fold of an experiment depends on.

    They are those of the fluxes; and where mass states scatter on electrons, which know flavours,
    all the angles and δ_CP.
    """
    names = experiment.source.mixing_parameters
    if isinstance(experiment, CountingExperiment) and "electron" in experiment.interactions:
        components = experiment.source.components(experiment.mixing)
        if any(component.state.basis == "mass" for component in components):
            names += ELECTRON_FLAVOURS
    return tuple(dict.fromkeys(names))


def fold(experiment: Experiment, mixing: Mixing | None = None) -> Response:
    r"""Integrate an experiment once (Eq. 32 of arXiv:1905.03750) into its `Response`.

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
    mixing : Mixing, optional
        That of the fluxes of mass states, and of their flavours; by default the experiment's.

    Raises
    ------
    MunuError
        If it is not a loaded experiment, and as `munu.folding.nothing_counted.NothingCounted` if no
        recoil is counted: the threshold lies above their endpoint, or the efficiency is zero.

    Examples
    --------
    >>> response = munu.fold(munu.load("conus"))
    >>> print(response.species, f"{response.sm_total().sum():.0f} events")
    ('nu_e_bar',) 4746 events
    >>> per_moment = response.w_matrices(munu.global_fit("nufit60-no"))[0]
    >>> moments = munu.moment_vector([0.0, 0.0, 1e-10])
    >>> print(f"{(moments.conj() @ per_moment @ moments).real:.0f} dipole events")
    167 dipole events
    """
    _check_loaded(experiment)
    if mixing is None:
        mixing = experiment.mixing
    check_mixing(mixing)
    if isinstance(experiment, MomentBound):
        components = experiment.components(mixing)
        weights = np.array([[c.spectrum.total_flux_per_cm2_s] for c in components])
        per_mu_b2 = weights / weights.sum() / experiment.statistic.moment_mu_b**2
        return _response(experiment, components, np.stack([0 * weights, per_mu_b2]))
    response = _fold_in_bins(experiment, mixing)
    found = _estimator(experiment, response, mixing)
    return response if found is None else amplitudes(response, found)


def template_estimator(experiment: CountingExperiment) -> Estimator | None:
    """Return how an experiment's template fit weighs its bins; None if it counts events.

    Raises
    ------
    MunuError
        As `fold`, and as `munu.folding.template_fit.estimator`.
    """
    mixing = experiment.mixing
    return _estimator(experiment, _fold_in_bins(experiment, mixing), mixing)


def _estimator(
    experiment: CountingExperiment, response: Response, mixing: Mixing
) -> Estimator | None:
    """Return the estimator of an experiment that is folded in its bins already."""
    fit = template_fit_of(experiment)
    if fit is None:
        return None
    if set(fit.channels) != set(experiment.interactions):
        shape = replace(experiment, interactions=fit.channels, variants=())
        response = _fold_in_bins(shape, mixing)
    return estimator(response.sm_total(), fit)


def _fold_in_bins(experiment: CountingExperiment, mixing: Mixing) -> Response:
    """Return the events in each of the detector's bins."""
    components = experiment.source.components(mixing)
    measurements = [experiment.measurement()]
    for variant in experiment.variants:
        measurements += [variant.minus, variant.plus]
    detectors = [m.detector for m in measurements]
    counts = _energy_counts(experiment, mixing, components, detectors)
    nominal, *alternatives = (
        _response(experiment, components, _spread(count, components, m), _binned_axes(m))
        for count, m in zip(counts, measurements, strict=True)
    )
    variants = tuple(
        ResponseVariant(variant.name, minus, plus)
        for variant, minus, plus in zip(
            experiment.variants, alternatives[::2], alternatives[1::2], strict=True
        )
    )
    return replace(nominal, variants=variants)


def _check_loaded(experiment: object) -> None:
    if not isinstance(experiment, CountingExperiment | MomentBound):
        raise MunuError(
            f"{shown(experiment)} is not a loaded experiment",
            "Load it first, as in munu.fold(munu.load('conus'))",
        )


def _energy_counts(
    experiment: CountingExperiment,
    mixing: Mixing,
    components: tuple[BeamComponent, ...],
    detectors: Sequence[Detector],
) -> list[FloatArray]:
    """Return (Standard Model, dipole) counts per detector, each of shape (2, n_s, n_energies).

    The flux and the cross section are evaluated once, on panels that suit all the detectors.
    """
    distinct = list({id(detector): detector for detector in detectors}.values())
    counts = {id(d): np.zeros((2, len(components), d.n_bins)) for d in distinct}
    for channel, number_per_kg in experiment.channels():
        lowest, highest = recoil_range_kev(distinct, channel, components)
        if lowest >= highest:
            continue
        borders = recoil_panels_kev(distinct, channel, components, lowest, highest)
        nodes, weights = panel_nodes(borders[:-1], borders[1:], NODES_PER_PANEL)
        recoil = nodes.ravel()
        rates = np.stack(differential_rates(components, channel, recoil, mixing))
        rates *= weights.ravel() * number_per_kg * experiment.exposure_kg_s
        for detector in distinct:
            counts[id(detector)] += detector.counted(rates, recoil, channel.nucleus)
    if not np.any(counts[id(detectors[0])][1] > LEAST_DIPOLE_EVENTS):
        raise nothing_counted(experiment)
    return [counts[id(detector)] for detector in detectors]


def _spread(
    counts: FloatArray, components: tuple[BeamComponent, ...], measurement: Measurement
) -> FloatArray:
    """Spread counts (2, n_s, n_energies) over the other axes: (2, n_s, n_bins), C order."""
    edges = measurement.detector.bin_edges
    centres = 0.5 * (edges[1:] + edges[:-1])
    spread = counts[..., None]
    for axis in measurement.axes:
        shares = np.stack([axis.fractions(c.beam, centres) for c in components])
        spread = (spread[..., None] * shares[:, :, None, :]).reshape(*counts.shape, -1)
    return np.asarray(spread.reshape(*counts.shape[:2], -1))


def _binned_axes(measurement: Measurement) -> tuple[BinnedAxis, ...]:
    detector = measurement.detector
    energy = BinnedAxis(detector.observable, detector.unit, detector.bin_edges)
    return (energy, *(BinnedAxis(axis.name, axis.unit, axis.edges) for axis in measurement.axes))


def _response(
    experiment: Experiment,
    components: tuple[BeamComponent, ...],
    counts: FloatArray,
    axes: tuple[BinnedAxis, ...] = (),
) -> Response:
    return Response(
        experiment=experiment.identity.id,
        setup=experiment.identity.setup,
        species=tuple(component.species for component in components),
        beams=tuple(component.beam for component in components),
        states=tuple(component.state for component in components),
        sm_events=counts[0],
        dipole_events_per_mu_b2=counts[1],
        axes=axes,
    )
