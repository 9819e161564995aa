"""Expected events and recoil spectra of an experiment, as results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from munu.analysis.origin import make_origin
from munu.base.arguments import checked_flag
from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.fold import recoil_spectrum
from munu.folding.folded import (
    ExperimentLike,
    Folded,
    channel_responses,
    fold_experiment,
    load_experiment,
)
from munu.folding.selections import Channels
from munu.folding.template_fit import in_bins, template_fit_of
from munu.results.core.bins import BinAxis
from munu.results.core.table import significant
from munu.results.rate import ChannelRate, ComponentRate, RateResult
from munu.results.spectrum import ComponentSpectrum, SpectrumResult

SPECTRUM_POINTS = 200
LOWEST_RECOIL_KEV = 0.01


def _counting(
    experiment: ExperimentLike, setup: str | None, channels: Channels
) -> tuple[Folded, CountingExperiment]:
    """Return what counts events, folded: the experiment, or the detector behind a bound."""
    loaded = load_experiment(experiment, setup)
    if isinstance(loaded, CountingExperiment):
        folded = fold_experiment(loaded, None, channels)
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

    Examples
    --------
    >>> conus = munu.rate("conus")
    >>> print(f"{conus.sm_events:.0f} events of the Standard Model")
    4746 events of the Standard Model
    >>> print(f"{conus.values(1e-10).sum():.0f} with a moment of 1e-10 mu_B")
    4917 with a moment of 1e-10 mu_B
    """
    with_spectrum = checked_flag("with_spectrum", with_spectrum)
    folded, counting = _counting(experiment, setup, channels)
    response = folded.response
    by_channel = _by_channel(folded, counting)
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
        axes=tuple(BinAxis(observable=a.name, unit=a.unit, edges=a.edges) for a in response.axes),
        spectrum=_spectrum(folded, counting, channels) if with_spectrum else None,
        remarks=_template_remarks(counting, by_channel),
        origin=make_origin([folded.experiment]),
    )


def _by_channel(folded: Folded, counting: CountingExperiment) -> list[dict[str, ChannelRate]]:
    """Return the events of each component by channel; zero where recoils reach no bin."""
    found: list[dict[str, ChannelRate]] = [{} for _ in folded.response.species]
    nominal = replace(folded, experiment=replace(counting, variants=()))
    for name, alone in channel_responses(nominal).items():
        counts = [alone.sm_events.sum(axis=1), alone.dipole_events_per_mu_b2.sum(axis=1)]
        for parts, (sm, dipole) in zip(found, np.transpose(counts).tolist(), strict=True):
            parts[name] = ChannelRate(sm_events=sm, dipole_events_per_mu_b2=dipole)
    return found


def _template_remarks(
    experiment: CountingExperiment, by_channel: list[dict[str, ChannelRate]]
) -> tuple[str, ...]:
    """Return what a template fit sees of the events in its window; nothing where events count."""
    fit = template_fit_of(experiment)
    if fit is None:
        return ()
    counted = in_bins(experiment)
    seen = _dipole_events(by_channel)
    whole = _dipole_events(_by_channel(fold_experiment(counted), counted))
    shares = "; ".join(
        f"{channel}: {significant(seen[channel])} of {significant(events)}"
        for channel, events in whole.items()
    )
    return (
        "Events are counted as the experiment's fit sees them, the amplitude of the shape of "
        f"{' and '.join(fit.channels)} recoils in {experiment.detector.n_bins} bins. It sees of "
        f"the dipole events in the window {shares}.",
    )


def _dipole_events(components: list[dict[str, ChannelRate]]) -> dict[str, float]:
    """Return the events of an effective moment of 1e-10 μ_B by channel."""
    return {
        name: 1e-20 * sum(parts[name].dipole_events_per_mu_b2 for parts in components)
        for name in components[0]
    }


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
        As `rate`; and for energies that are not positive numbers.

    Examples
    --------
    >>> recoils = munu.spectrum("conus", recoil_energy_kev=[0.5, 1.0, 2.0])
    >>> print(*(f"{rate:.3g}" for rate in recoils.components[0].sm_per_kg_kev_day))
    64.4 5.27 0
    """
    folded, counting = _counting(experiment, setup, channels)
    return _spectrum(folded, counting, channels, recoil_energy_kev)


def _recoil_energies_kev(experiment: CountingExperiment) -> FloatArray:
    """Return 200 recoil energies (keV), logarithmic from 10 eV to the endpoint."""
    components = experiment.source.components(experiment.mixing)
    endpoint = max(c.spectrum.endpoint_mev for c in components)
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
