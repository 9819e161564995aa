"""Fold an experiment: the only place that integrates over energy.

Path of a count: flux moments (:class:`munu.sources.base.Spectrum`) times cross section
coefficients (:mod:`munu.channels`) give the recoil spectrum; its product with the detector's
acceptance, integrated over recoil energy, gives the counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.channels import Channel
from munu.constants import SECONDS_PER_DAY
from munu.errors import MunuError
from munu.experiments.model import CountingExperiment, Experiment, MomentBound
from munu.mixing import Mixing
from munu.quadrature import panel_nodes
from munu.response import Response
from munu.sources.base import BeamComponent
from munu.typing import ArrayLike, FloatArray

NODES_PER_PANEL = 10
WIDEST_PANEL = 0.4
"""Largest width of a panel in ln T."""


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
        If an energy is not positive.
    """
    energies = np.atleast_1d(np.asarray(recoil_energy_kev, float))
    if energies.size == 0 or not np.all(energies > 0):
        raise MunuError("recoil energies must be positive", "Allowed: above 0 keV")
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


def _recoil_panels(
    experiment: CountingExperiment, channel: Channel, components: tuple[BeamComponent, ...]
) -> FloatArray:
    """Return the panel borders (keV) between which flux moments and acceptance are smooth."""
    endpoint = max(component.spectrum.endpoint_mev for component in components)
    highest = float(channel.maximum_recoil_kev(np.array([endpoint]))[0])
    kinks = experiment.detector.kinks_kev(channel.nucleus, highest)
    lowest = experiment.detector.lowest_recoil_kev(channel.nucleus, highest)
    if lowest >= highest:
        raise MunuError(
            f"the threshold of '{experiment.identity.id}' lies above the endpoint: {channel.name} recoils "
            f"reach {highest:.4g} keV and are counted from {lowest:.4g} keV",
            f"Lower the threshold, or use a source above {endpoint:.4g} MeV",
        )
    flux = np.concatenate([c.spectrum.kinks_mev for c in components])
    steps = channel.steps_kev()
    borders = np.concatenate(
        [kinks, channel.maximum_recoil_kev(flux), [lowest, highest], [] if steps is None else steps]
    )
    borders = np.unique(borders[(borders >= lowest) & (borders <= highest)])
    pieces = np.ceil(np.diff(np.log(borders)) / WIDEST_PANEL).astype(int)
    refined = [
        np.geomspace(low, high, n, endpoint=False)
        for low, high, n in zip(borders[:-1], borders[1:], np.maximum(pieces, 1), strict=True)
    ]
    return np.concatenate([*refined, borders[-1:]])


def fold(experiment: Experiment) -> Response:
    r"""Integrate an experiment once (Eq. 32 of arXiv:1905.03750) into its `Response`.

    .. math:: N_{sb} = t\,m\sum_x n_x\int dT\,A_b(T)\int dE\,\phi_s(E)\frac{d\sigma_x}{dT}

    with n_x the scattering centres per kg, m the mass, t the live time, A_b the acceptance. A
    `MomentBound` counts nothing: its "events" are μ² in μ_B², weighted by the flux of each state.

    Raises
    ------
    MunuError
        If the threshold lies above the endpoint of the recoil spectrum.
    """
    components = experiment.source.components()
    if isinstance(experiment, MomentBound):
        weights = np.array([[c.spectrum.total_flux_per_cm2_s] for c in components])
        return _response(experiment, components, np.zeros_like(weights), weights / weights.sum())
    shape = (len(components), experiment.detector.n_bins)
    sm, dipole = np.zeros(shape), np.zeros(shape)
    for channel, number_per_kg in experiment.channels():
        borders = _recoil_panels(experiment, channel, components)
        nodes, weights = panel_nodes(borders[:-1], borders[1:], NODES_PER_PANEL)
        recoil = nodes.ravel()
        acceptance = experiment.detector.acceptance(recoil, channel.nucleus)
        acceptance *= (number_per_kg * experiment.exposure_kg_s) * weights.reshape(-1, 1)
        rates = differential_rates(components, channel, recoil, experiment.mixing)
        sm += rates[0] @ acceptance
        dipole += rates[1] @ acceptance
    return _response(experiment, components, sm, dipole)


def _response(
    experiment: Experiment,
    components: tuple[BeamComponent, ...],
    sm: FloatArray,
    dipole: FloatArray,
) -> Response:
    return Response(
        experiment=experiment.identity.id,
        setup=experiment.identity.setup,
        species=tuple(component.species for component in components),
        beams=tuple(component.beam for component in components),
        states=tuple(component.state for component in components),
        sm_events=sm,
        dipole_events_per_mu_b2=dipole,
    )
