"""An experiment with some of its scattering channels, or at another weak mixing angle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, Literal

from munu.analysis import ExperimentLike, Folded, as_sequence, fold_experiment, load_experiment
from munu.arguments import check_name
from munu.couplings import weak_couplings
from munu.errors import MunuError
from munu.experiments.load import catalogue, check_setup
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.rates import fold
from munu.response import Response

Channels = Literal["all", "nuclear", "electron"]
CHANNELS: Final[tuple[Channels, ...]] = ("all", "nuclear", "electron")


def with_channels(experiment: Experiment, channels: Channels) -> Experiment:
    """Return the experiment with its nuclear or its electron recoils alone, or all it counts.

    The data and the backgrounds stay.

    Parameters
    ----------
    experiment : Experiment
    channels : {"all", "nuclear", "electron"}
        ``all`` are the channels of the experiment's file.

    Raises
    ------
    MunuError
        For an unknown channel, one that the experiment does not count, or a bound on a moment,
        which holds for all its recoils together.
    """
    check_name("channels", channels, CHANNELS)
    if channels == "all":
        return experiment
    counting = counting_part(experiment)
    if counting is None:
        raise MunuError(
            f"'{experiment.identity.id}' is a bound on a moment and has no channels",
            "Leave the channels at 'all'",
        )
    if channels not in counting.interactions:
        raise MunuError(
            f"'{experiment.identity.id}' does not count {channels} recoils",
            f"Allowed: all, {', '.join(counting.interactions)}",
        )
    if isinstance(experiment, CountingExperiment):
        return replace(experiment, interactions=(channels,))
    if len(counting.interactions) > 1:
        raise MunuError(
            f"'{experiment.identity.id}' is a bound on a moment from all its recoils together",
            "Leave the channels at 'all'; `munu rate` takes them apart",
        )
    return experiment


def fold_channels(
    experiment: ExperimentLike, setup: str | None = None, channels: Channels = "all"
) -> Folded:
    """Return `munu.analysis.fold_experiment` of an experiment with some of its channels."""
    check_name("channels", channels, CHANNELS)
    check_setup(setup)
    if isinstance(experiment, str) and experiment.partition("@")[0] in catalogue():
        return _fold_of_catalogue(experiment, setup, channels)
    return _folded(experiment, setup, channels)


@lru_cache(maxsize=64)
def _fold_of_catalogue(name: str, setup: str | None, channels: Channels) -> Folded:
    return _folded(name, setup, channels)


def _folded(experiment: ExperimentLike, setup: str | None, channels: Channels) -> Folded:
    if channels == "all":
        return fold_experiment(experiment, setup)
    loaded = load_experiment(experiment, setup)
    chosen = with_channels(loaded, channels)
    if loaded_channels(chosen) == loaded_channels(loaded):
        return fold_experiment(experiment, setup)
    return Folded(chosen, fold(chosen))


def fold_moments(
    experiments: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None = None,
    channels: Channels = "all",
) -> list[Folded]:
    """Return one experiment or several, folded, with moments that scatter in some channels alone.

    The Standard Model events are those of all recoils that an experiment counts: the data hold
    them, whatever the moments scatter on.
    """
    return [fold_moment(one, setup, channels) for one in as_sequence(experiments)]


def fold_moment(
    experiment: ExperimentLike, setup: str | None = None, channels: Channels = "all"
) -> Folded:
    """Return what `fold_moments` returns of one experiment."""
    part = fold_channels(experiment, setup, channels)
    whole = part if channels == "all" else fold_experiment(experiment, setup)
    return Folded(whole.experiment, _with_dipole_of(whole.response, part.response))


def _with_dipole_of(response: Response, other: Response) -> Response:
    """Return a response with the dipole events of another, those of its variants too."""
    if response is other:
        return response
    variants = tuple(
        replace(
            own,
            minus=_with_dipole_of(own.minus, its.minus),
            plus=_with_dipole_of(own.plus, its.plus),
        )
        for own, its in zip(response.variants, other.variants, strict=True)
    )
    dipole = other.dipole_events_per_mu_b2
    return replace(response, dipole_events_per_mu_b2=dipole, variants=variants)


def loaded_channels(experiment: Experiment) -> tuple[str, ...]:
    """Return the channels that an experiment counts; none for a bound alone."""
    counting = counting_part(experiment)
    return () if counting is None else counting.interactions


def with_weak_angle(experiment: CountingExperiment, sin2_theta_w: float) -> CountingExperiment:
    """Return the experiment with another sin²θ_W in the quarks' and the electron's couplings.

    Raises
    ------
    MunuError
        If the value is no squared sine, or the quarks' couplings are not those of the electron's
        sin²θ_W.
    """
    own = experiment.electron_couplings
    if experiment.couplings != weak_couplings(own.sin2_theta_w, radiative=own.radiative):
        raise MunuError(
            f"quarks and electrons of '{experiment.identity.id}' differ in sin2_theta_w or in "
            "radiative corrections",
            "Make both from one value, with weak_couplings and ElectronCouplings",
        )
    return replace(
        experiment,
        couplings=weak_couplings(sin2_theta_w, radiative=own.radiative),
        electron_couplings=replace(own, sin2_theta_w=sin2_theta_w),
    )
