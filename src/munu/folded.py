"""Experiments with their responses, by name or as they are; those of the catalogue made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, TypeGuard, final

from munu.arguments import check_name
from munu.errors import MunuError
from munu.experiments.load import catalogue, check_setup, load, no_experiment
from munu.experiments.model import CountingExperiment, Experiment, MomentBound
from munu.interactions import CHANNELS, Channels, loaded_channels, with_channels
from munu.rates import fold
from munu.response import Response

ExperimentLike: TypeAlias = str | Path | Experiment


@final
@dataclass(frozen=True)
class Folded:
    """An experiment with its response."""

    experiment: Experiment
    response: Response


def _is_of_catalogue(experiment: object) -> TypeGuard[str]:
    """Whether it names an experiment whose file, unlike a user's, cannot change."""
    return isinstance(experiment, str) and experiment.partition("@")[0] in catalogue()


def load_experiment(experiment: ExperimentLike, setup: str | None = None) -> Experiment:
    """Return an experiment, loaded if it is named; arguments as for `fold_experiment`.

    Raises
    ------
    MunuError
        As `munu.load`; and for a loaded experiment of another setup than the one asked for.
    """
    check_setup(setup)
    if _is_of_catalogue(experiment):
        return _load_of_catalogue(experiment, setup)
    if not isinstance(experiment, CountingExperiment | MomentBound):
        return load(experiment, setup)
    identity = experiment.identity
    if setup not in (None, identity.setup):
        raise MunuError(
            f"'{identity.id}' is loaded with the setup '{identity.setup}', not '{setup}'",
            "Load it with that setup, or leave the setup out",
        )
    return experiment


@lru_cache(maxsize=64)
def _load_of_catalogue(name: str, setup: str | None) -> Experiment:
    return load(name, setup)


def as_sequence(
    experiments: ExperimentLike | Sequence[ExperimentLike],
) -> tuple[ExperimentLike, ...]:
    """Return one experiment or several as a tuple.

    Raises
    ------
    MunuError
        If it is neither an experiment nor a sequence.
    """
    if isinstance(experiments, str | Path | CountingExperiment | MomentBound):
        return (experiments,)
    if not isinstance(experiments, Iterable):
        raise no_experiment(experiments)
    return tuple(experiments)


def fold_experiment(
    experiment: ExperimentLike, setup: str | None = None, channels: Channels = "all"
) -> Folded:
    """Load an experiment if it is named, and fold it.

    Parameters
    ----------
    experiment : str, Path or Experiment
        An identifier of the catalogue (``conus``, ``conus@future``), the path of a TOML file, or a
        loaded experiment.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    channels : {"all", "nuclear", "electron"}
        The recoils; ``all`` are those that the experiment counts.

    Raises
    ------
    MunuError
        As `munu.load` and `munu.fold`, and for channels that it does not count.
    """
    check_name("channels", channels, CHANNELS)
    check_setup(setup)
    if _is_of_catalogue(experiment):
        return _fold_of_catalogue(experiment, setup, channels)
    return _folded(experiment, setup, channels)


@lru_cache(maxsize=64)
def _fold_of_catalogue(name: str, setup: str | None, channels: Channels) -> Folded:
    return _folded(name, setup, channels)


def _folded(experiment: ExperimentLike, setup: str | None, channels: Channels) -> Folded:
    loaded = load_experiment(experiment, setup)
    chosen = with_channels(loaded, channels)
    if channels != "all" and loaded_channels(chosen) == loaded_channels(loaded):
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
    part = fold_experiment(experiment, setup, channels)
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
