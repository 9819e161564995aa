"""Expected events and recoil spectra of an experiment, as results."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np

from munu.arguments import checked_flag
from munu.errors import MunuError
from munu.experiments.model import CountingExperiment
from munu.folded import ExperimentLike, Folded, fold_experiment, load_experiment
from munu.interactions import Channels, with_channels
from munu.nothing_counted import NothingCounted
from munu.origin import make_origin
from munu.rates import fold, recoil_spectrum
from munu.response import Response
from munu.results.bins import BinAxis
from munu.results.rate import ChannelRate, ComponentRate, RateResult
from munu.results.spectrum import ComponentSpectrum, SpectrumResult
from munu.typing import ArrayLike, FloatArray

SPECTRUM_POINTS = 200
LOWEST_RECOIL_KEV = 0.01


def _counting(
    experiment: ExperimentLike, setup: str | None, channels: Channels
) -> tuple[Folded, CountingExperiment]:
    """Return what counts events, folded: the experiment, or the detector behind a bound."""
    loaded = load_experiment(experiment, setup)
    if isinstance(loaded, CountingExperiment):
        folded = fold_experiment(experiment, setup, channels)
    elif loaded.counting is not None:
        folded = fold_experiment(loaded.counting, None, channels)
    else:
        raise MunuError(
            f"'{loaded.identity.name}' is a bound on a moment and counts no events",
            "`munu limit` takes it; a file that states target, exposure and detector counts too",
        )
    assert isinstance(folded.experiment, CountingExperiment)
    return folded, folded.experiment


def rate(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    channels: Channels = "all",
    with_spectrum: bool = False,
) -> RateResult:
    """Return the expected events of an experiment (Eq. 32 of arXiv:1905.03750).

    Those of a bound on a moment are the events of the detector behind it, if its file states one.

    Parameters
    ----------
    experiment : str or Experiment
        Identifier (``conus``, ``conus@future``), path of a TOML file, or a loaded experiment.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    channels : {"all", "nuclear", "electron"}
        The recoils; ``all`` are those that the experiment counts.
    with_spectrum : bool
        Add the recoil spectrum, at the energies of `spectrum`.

    Raises
    ------
    MunuError
        For an unknown name, or an experiment that counts no events, or not of these recoils.
    """
    with_spectrum = checked_flag("with_spectrum", with_spectrum)
    folded, counting = _counting(experiment, setup, channels)
    response = folded.response
    detector = counting.detector
    by_channel = _by_channel(counting, response)
    components = tuple(
        ComponentRate(
            species=species,
            beam=beam,
            sm_events=float(sm.sum()),
            dipole_events_per_mu_b2=float(dipole.sum()),
            sm_events_per_bin=sm,
            dipole_events_per_mu_b2_per_bin=dipole,
            channels=parts,
        )
        for species, beam, sm, dipole, parts in zip(
            response.species,
            response.beams,
            response.sm_events,
            response.dipole_events_per_mu_b2,
            by_channel,
            strict=True,
        )
    )
    return RateResult(
        experiment=response.experiment,
        setup=response.setup,
        channels=channels,
        sm_events=float(response.sm_total().sum()),
        components=components,
        axes=(
            BinAxis(observable=detector.observable, unit=detector.unit, edges=detector.bin_edges),
            *(BinAxis(observable=a.name, unit=a.unit, edges=a.edges) for a in counting.axes),
        ),
        spectrum=_spectrum(folded, counting, channels) if with_spectrum else None,
        origin=make_origin([folded.experiment]),
    )


def _by_channel(experiment: CountingExperiment, response: Response) -> list[dict[str, ChannelRate]]:
    """Return the events of each component by channel; zero where recoils reach no bin."""
    names: tuple[Channels, ...] = experiment.interactions
    found: list[dict[str, ChannelRate]] = [{} for _ in response.species]
    for name in names:
        counts = np.zeros((2, len(found)))
        with suppress(NothingCounted):
            alone = response
            if len(names) > 1:
                alone = fold(with_channels(replace(experiment, variants=()), name))
            counts = np.array(
                [alone.sm_events.sum(axis=1), alone.dipole_events_per_mu_b2.sum(axis=1)]
            )
        for parts, (sm, dipole) in zip(found, counts.T.tolist(), strict=True):
            parts[name] = ChannelRate(sm_events=sm, dipole_events_per_mu_b2=dipole)
    return found


def spectrum(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    channels: Channels = "all",
    recoil_energy_kev: ArrayLike | None = None,
) -> SpectrumResult:
    """Return the differential rate on the target, before the detector.

    Parameters
    ----------
    experiment, setup, channels
        As in `rate`.
    recoil_energy_kev : array, optional
        True recoil energies (keV); by default 200, logarithmic from 10 eV to the endpoint.

    Raises
    ------
    MunuError
        As `rate`; and for energies that are no positive numbers.
    """
    folded, counting = _counting(experiment, setup, channels)
    return _spectrum(folded, counting, channels, recoil_energy_kev)


def _recoil_energies_kev(experiment: CountingExperiment) -> FloatArray:
    """Return 200 recoil energies (keV), logarithmic from 10 eV to the endpoint."""
    endpoint = max(c.spectrum.endpoint_mev for c in experiment.source.components())
    highest = max(
        float(channel.maximum_recoil_kev(np.array([endpoint]))[0])
        for channel, _ in experiment.channels()
    )
    return np.geomspace(LOWEST_RECOIL_KEV, highest, SPECTRUM_POINTS)


def _spectrum(
    folded: Folded,
    experiment: CountingExperiment,
    channels: Channels,
    recoil_energy_kev: ArrayLike | None = None,
) -> SpectrumResult:
    if recoil_energy_kev is None:
        recoil_energy_kev = _recoil_energies_kev(experiment)
    found = recoil_spectrum(experiment, recoil_energy_kev)
    components = tuple(
        ComponentSpectrum(
            species=species, beam=beam, sm_per_kg_kev_day=sm, dipole_per_mu_b2_kg_kev_day=dipole
        )
        for species, beam, sm, dipole in zip(
            found.species,
            found.beams,
            found.sm_per_kg_kev_day,
            found.dipole_per_mu_b2_kg_kev_day,
            strict=True,
        )
    )
    return SpectrumResult(
        experiment=folded.response.experiment,
        setup=folded.response.setup,
        channels=channels,
        recoil_energy_kev=found.recoil_energy_kev,
        components=components,
        origin=make_origin([folded.experiment]),
    )
