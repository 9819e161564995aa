"""Fold an experiment: the only place that integrates over recoil energy.

Path of a count: flux moments (:class:`munu.sources.base.Spectrum`) times cross section
coefficients (:mod:`munu.channels`) give the recoil spectrum; its product with the detector's
acceptance, integrated over recoil energy, gives the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.arguments import checked_numbers
from munu.channels import Channel
from munu.constants import SECONDS_PER_DAY
from munu.detectors.detector import Detector
from munu.errors import MunuError, shown
from munu.experiments.model import CountingExperiment, Experiment, Measurement, MomentBound
from munu.mixing import Mixing
from munu.quadrature import panel_nodes
from munu.quantities import Range
from munu.recoil_panels import recoil_panels_kev, recoil_range_kev
from munu.response import BinnedAxis, Response, ResponseVariant
from munu.sources.base import BeamComponent
from munu.typing import ArrayLike, FloatArray

NODES_PER_PANEL = 10
POSITIVE = Range(low=0.0, low_open=True)


@final
class NothingCounted(MunuError):
    """No recoil reaches the bins of a detector."""


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
        If an energy is no positive number.
    """
    energies = checked_numbers("recoil_energy_kev", recoil_energy_kev, POSITIVE, unit="keV")
    components = experiment.source.components()
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


def fold(experiment: Experiment) -> Response:
    r"""Integrate an experiment once (Eq. 32 of arXiv:1905.03750) into its `Response`.

    .. math:: N_{sb} = t\,m\sum_x n_x\int dT\,A_b(T)\int dE\,\phi_s(E)\frac{d\sigma_x}{dT}

    with n_x the scattering centres per kg, m the mass, t the live time, A_b the acceptance. Axes
    beside the energy spread each bin; every shape variant is folded too. The "events" of a
    `MomentBound` are μ² over the square of the bound, weighted by the flux of each state; those of
    the detector behind it are the fold of its ``counting``.

    Parameters
    ----------
    experiment : Experiment
        A loaded one, as `munu.load` gives it.

    Raises
    ------
    MunuError
        If it is no loaded experiment, and as `NothingCounted` if its threshold lies above the
        endpoint of the recoil spectrum.
    """
    _check_loaded(experiment)
    if isinstance(experiment, MomentBound):
        components = experiment.components()
        weights = np.array([[c.spectrum.total_flux_per_cm2_s] for c in components])
        per_mu_b2 = weights / weights.sum() / experiment.statistic.moment_mu_b**2
        return _response(experiment, components, np.stack([0 * weights, per_mu_b2]))
    components = experiment.source.components()
    measurements = [experiment.measurement()]
    for variant in experiment.variants:
        measurements += [variant.minus, variant.plus]
    counts = _energy_counts(experiment, components, [m.detector for m in measurements])
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
            f"{shown(experiment)} is no loaded experiment",
            "Load it first, as in munu.fold(munu.load('conus'))",
        )


def _energy_counts(
    experiment: CountingExperiment,
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
        rates = np.stack(differential_rates(components, channel, recoil, experiment.mixing))
        rates *= weights.ravel() * number_per_kg * experiment.exposure_kg_s
        for detector in distinct:
            counts[id(detector)] += detector.counted(rates, recoil, channel.nucleus)
    if not np.any(counts[id(detectors[0])][1] > 0):
        raise _nothing_counted(experiment, components)
    return [counts[id(detector)] for detector in detectors]


def _nothing_counted(
    experiment: CountingExperiment, components: tuple[BeamComponent, ...]
) -> NothingCounted:
    """Return the error of a detector whose bins no recoil reaches."""
    detector = experiment.detector
    energy = np.array([max(component.spectrum.endpoint_mev for component in components)])
    ends = []
    for channel, _ in experiment.channels():
        recoil = channel.maximum_recoil_kev(energy)
        measured = float(detector.mean_observable(recoil, channel.nucleus)[0])
        ends.append((measured, float(recoil[0]), channel.name))
    measured, recoil_kev, name = max(ends)
    return NothingCounted(
        f"the threshold of '{experiment.identity.name}' lies above the endpoint: recoils of {name} "
        f"reach {recoil_kev:.4g} keV, measured as {measured:.4g} {detector.unit}, and are counted "
        f"from {detector.bin_edges[0]:.4g} {detector.unit} and {detector.recoil_threshold_kev:.4g} "
        "keV of recoil",
        "Lower the threshold, or use a source of higher energy",
    )


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
