"""Expected events and recoil spectra of an experiment, as results."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, Unpack

import numpy as np

from munu.analysis.assumptions import assume, settle
from munu.analysis.couplings import amplitudes_at, events_with
from munu.analysis.origin import make_origin, mixing_notes
from munu.analysis.prediction_settings import check_mixing_and_phases, settings_of
from munu.analysis.question import Question, question
from munu.analysis.statement import caveats
from munu.base.arguments import checked_flag
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping
from munu.base.threads import on_one_thread
from munu.base.typing import ArrayLike, FloatArray
from munu.experiments.model import CountingExperiment, MomentBound
from munu.folding.fold import recoil_spectrum
from munu.folding.folded import (
    ExperimentLike,
    Folded,
    counts_by_recoil,
    fold_experiment,
    load_experiment,
)
from munu.folding.template_fit import in_bins, template_fit_of
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.centres import RecoilKind
from munu.results.core.bins import BinAxis
from munu.results.core.table import significant
from munu.results.rate import ChannelRate, ComponentRate, RateResult
from munu.results.spectrum import ComponentSpectrum, SpectrumResult

SPECTRUM_POINTS = 200
LOWEST_RECOIL_KEV = 0.01
NO_COUPLINGS: Final[Mapping[RecoilKind, FloatArray]] = FrozenMapping({})


def _counting(
    experiment: ExperimentLike, setup: str | None, given: Assumptions
) -> tuple[Folded, CountingExperiment]:
    """Return what counts events, folded: the experiment, or the detector behind a bound."""
    loaded = load_experiment(experiment, setup)
    counting = loaded.counting if isinstance(loaded, MomentBound) else loaded
    if counting is None:
        raise MunuError(
            f"'{loaded.identity.name}' is a bound on a moment and counts no events",
            "`munu limit` takes it; a file that states target, exposure and detector counts too",
        )
    mixing = settle([counting], given).neutrino_mixing
    folded = fold_experiment(counting, None, given.recoils, mixing)
    check_mixing_and_phases(given.values, given, [folded])
    return folded, counting


@checked_call
@on_one_thread
def rate(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    with_spectrum: bool = False,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> RateResult:
    """Return the expected events of an experiment (Eq. 32 of arXiv:1905.03750).

    Those of a bound on a moment are the events of the detector behind it, if its file states one.

    Parameters
    ----------
    experiment : str or Experiment
        Identifier (``conus``, ``conus@future``), path of a TOML file, or a loaded experiment.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    with_spectrum : bool
        Add the recoil spectrum, at the energies of `spectrum`.
    assumptions, **options
        Of `munu.Assumptions`: ``channels``, the recoils that are counted; and ``values`` of
        couplings, with their ``mediator_mass``, ``sterile_mass``, ``charges`` or ``radius_kind``,
        for ``events`` beside those of the Standard Model; of transition moments ``mixing``,
        ``delta_cp``, ``xi_1`` and ``xi_2``; the first two whatever the couplings where mass states
        scatter, as the Sun's.

    Raises
    ------
    MunuError
        For an unknown name, or an experiment that counts no events, or not of these recoils;
        for values that are none, and for what the question has no use for.

    Examples
    --------
    >>> conus = munu.rate("conus")
    >>> print(f"{conus.sm_events:.0f} events of the Standard Model")
    4746 events of the Standard Model
    >>> print(f"{conus.values(1e-10).sum():.0f} with a moment of 1e-10 mu_B")
    4917 with a moment of 1e-10 mu_B
    >>> other = munu.rate("conus", values={"sin2_theta_w": 0.25})
    >>> print(f"{other.events:.0f} with another weak angle")
    5343 with another weak angle
    """
    given = assume(rate, assumptions, options)
    with_spectrum = checked_flag("with_spectrum", with_spectrum)
    folded, counting = _counting(experiment, setup, given)
    counts = folded.counts
    asked, settled = question((), (), given), given.settled(folded.mixing)
    with_couplings = events_with(folded, asked, given)
    by_channel = _by_channel(folded, with_couplings)
    components = tuple(
        ComponentRate(
            species=species,
            beam=beam,
            sm_events=float(sm.sum()),
            dipole_events_per_mu_b2=float(dipole.sum()),
            sm_events_per_bin=sm,
            dipole_events_per_mu_b2_per_bin=dipole,
            channels=parts,
            events=None if whole is None else float(whole.sum()),
            events_per_bin=whole,
        )
        for species, beam, sm, dipole, parts, whole in zip(
            counts.species,
            counts.beams,
            counts.sm_events,
            counts.dipole_events_per_mu_b2,
            by_channel,
            _summed(with_couplings, len(by_channel)),
            strict=True,
        )
    )
    return RateResult(
        experiment=counts.experiment,
        setup=counts.setup,
        channels=given.recoils,
        sm_events=float(counts.sm_total().sum()),
        components=components,
        axes=tuple(BinAxis(observable=a.name, unit=a.unit, edges=a.edges) for a in counts.axes),
        spectrum=_spectrum(folded, counting, given) if with_spectrum else None,
        remarks=_template_remarks(counting, by_channel),
        with_values=asked.values,
        settings=settings_of(asked, settled, [folded]),
        events=float(sum(one.sum() for one in with_couplings.values())) if given.values else None,
        origin=make_origin(
            [folded.experiment],
            folded.mixing if given.mixing else None,
            extra_notes=_notes(asked, folded),
        ),
    )


def _notes(asked: Question, folded: Folded) -> tuple[str, ...]:
    return caveats(asked, [folded]) + mixing_notes([folded.experiment], folded.mixing)


def _summed(by_channel: Mapping[RecoilKind, FloatArray], n: int) -> list[FloatArray | None]:
    """Return the events of each of n components in all channels; None if there are no couplings."""
    if not by_channel:
        return [None] * n
    return list(sum(by_channel.values(), start=np.zeros(1)))


def _by_channel(
    folded: Folded, with_couplings: Mapping[RecoilKind, FloatArray] = NO_COUPLINGS
) -> list[dict[str, ChannelRate]]:
    """Return the events of each component by channel; zero where recoils reach no bin."""
    found: list[dict[str, ChannelRate]] = [{} for _ in folded.counts.species]
    for name, alone in counts_by_recoil(folded).items():
        sm, dipole = alone.sm_events.sum(axis=1), alone.dipole_events_per_mu_b2.sum(axis=1)
        whole = with_couplings[name].sum(axis=1) if name in with_couplings else None
        for i, parts in enumerate(found):
            parts[name] = ChannelRate(
                sm_events=float(sm[i]),
                dipole_events_per_mu_b2=float(dipole[i]),
                events=None if whole is None else float(whole[i]),
            )
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
    whole = _dipole_events(_by_channel(fold_experiment(counted)))
    shares = "; ".join(
        f"{channel}: {significant(seen[channel])} of {significant(events)}"
        for channel, events in whole.items()
        if channel in seen
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


@checked_call
@on_one_thread
def spectrum(
    experiment: ExperimentLike,
    setup: str | None = None,
    *,
    recoil_energy_kev: ArrayLike | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> SpectrumResult:
    """Return the differential rate on the target, before the detector.

    Parameters
    ----------
    experiment, setup, assumptions, **options
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
    given = assume(spectrum, assumptions, options)
    folded, counting = _counting(experiment, setup, given)
    return _spectrum(folded, counting, given, recoil_energy_kev)


def _recoil_energies_kev(
    experiment: CountingExperiment, recoils: Collection[RecoilKind]
) -> FloatArray:
    """Return 200 recoil energies (keV), logarithmic from 10 eV to the endpoint."""
    components = experiment.source.components(experiment.mixing)
    endpoint = max(c.spectrum.endpoint_mev for c in components)
    highest = max(
        float(centre.maximum_recoil_kev(np.array([endpoint]))[0])
        for part in experiment.parts()
        for centre, _ in part.centres()
        if centre.recoil in recoils
    )
    return np.geomspace(LOWEST_RECOIL_KEV, highest, SPECTRUM_POINTS)


def _spectrum(
    folded: Folded,
    experiment: CountingExperiment,
    given: Assumptions,
    recoil_energy_kev: ArrayLike | None = None,
) -> SpectrumResult:
    if recoil_energy_kev is None:
        recoil_energy_kev = _recoil_energies_kev(experiment, folded.counts.recoils)
    asked, settled = question((), (), given), given.settled(folded.mixing)
    amplitudes, x = amplitudes_at(folded, asked, given)
    at_mixing = replace(experiment, mixing=folded.mixing)
    found = recoil_spectrum(at_mixing, recoil_energy_kev, folded.counts.recoils, amplitudes, x)
    components = tuple(
        ComponentSpectrum(
            species=species,
            beam=beam,
            sm_per_kg_kev_day=sm,
            dipole_per_mu_b2_kg_kev_day=dipole,
            per_kg_kev_day=whole if given.values else None,
        )
        for species, beam, sm, dipole, whole in zip(
            found.species,
            found.beams,
            found.sm_per_kg_kev_day,
            found.dipole_per_mu_b2_kg_kev_day,
            found.per_kg_kev_day,
            strict=True,
        )
    )
    return SpectrumResult(
        experiment=folded.counts.experiment,
        setup=folded.counts.setup,
        channels=given.recoils,
        with_values=asked.values,
        settings=settings_of(asked, settled, [folded]),
        recoil_energy_kev=found.recoil_energy_kev,
        components=components,
        origin=make_origin(
            [folded.experiment],
            folded.mixing if given.mixing else None,
            extra_notes=_notes(asked, folded),
        ),
    )
