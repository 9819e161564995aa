"""Experiments with their responses, by name or as they are; equal ones are folded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, final

from munu.base.arguments import check_name
from munu.base.digests import own_digest
from munu.base.errors import MunuError
from munu.experiments.load import catalogue, check_setup, load, no_experiment
from munu.experiments.model import CountingExperiment, Experiment, Interaction, MomentBound
from munu.folding.counts import Response
from munu.folding.fold import fold, mixing_parameters
from munu.folding.nothing_counted import NothingCounted
from munu.folding.selections import CHANNELS, Channels, with_channels
from munu.folding.template_fit import template_fit_of
from munu.physics.mixing import Mixing

ExperimentLike: TypeAlias = str | Path | Experiment


@final
@dataclass(frozen=True)
class Folded:
    """An experiment with its response.

    Parameters
    ----------
    experiment : Experiment
    response : Response
        Its fold; where moments are seen by some recoils only, with the dipole events of those.
    mixing : Mixing
        That of the fold.
    channels : {"all", "nuclear", "electron"}
        The recoils of the experiment by which moments are seen.
    """

    experiment: Experiment
    response: Response
    mixing: Mixing
    channels: Channels = "all"


def at_mixing(folded: Folded, mixing: Mixing) -> Folded:
    """Return an experiment folded at another mixing: the same where it does not matter."""
    names = mixing_parameters(folded.experiment)
    if all(getattr(folded.mixing, name) == getattr(mixing, name) for name in names):
        return folded
    return fold_moment(folded.experiment, None, folded.channels, mixing)


def load_experiment(experiment: ExperimentLike, setup: str | None = None) -> Experiment:
    """Return an experiment, loaded if it is named; arguments as for `fold_experiment`.

    Raises
    ------
    MunuError
        As `munu.load`; and for a loaded experiment of another setup than the one asked for.
    """
    check_setup(setup)
    if isinstance(experiment, str) and experiment.partition("@")[0] in catalogue():
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
    """Load an experiment of the catalogue, whose file does not change while the program runs."""
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


def load_experiments(
    experiments: ExperimentLike | Sequence[ExperimentLike], setup: str | None = None
) -> tuple[Experiment, ...]:
    """Return one experiment or several, loaded if they are named.

    Raises
    ------
    MunuError
        As `load_experiment`; and if there is none.
    """
    loaded = tuple(load_experiment(one, setup) for one in as_sequence(experiments))
    if not loaded:
        raise MunuError("nothing to combine", "Name at least one experiment")
    return loaded


def fold_experiment(
    experiment: ExperimentLike,
    setup: str | None = None,
    channels: Channels = "all",
    mixing: Mixing | None = None,
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
    mixing : Mixing, optional
        By default the experiment's.

    Raises
    ------
    MunuError
        As `munu.load` and `munu.fold`, and for channels that it does not count.
    """
    check_name("channels", channels, CHANNELS)
    chosen = with_channels(load_experiment(experiment, setup), channels)
    named = chosen.mixing if mixing is None else mixing
    return Folded(chosen, response_of(chosen, named), named)


def response_of(experiment: Experiment, mixing: Mixing | None = None) -> Response:
    """Return the fold of an experiment, that of an equal one if it has been made.

    Equal is what has the same content, whatever its name or where it comes from. One with a part
    that is not of this package, whose formulas may change under their name, is folded anew.
    """
    named = experiment.mixing if mixing is None else mixing
    content = own_digest(_folded_fields(experiment))
    if content is None:
        return fold(experiment, named)
    seen = tuple(float(getattr(named, name)) for name in mixing_parameters(experiment))
    return _response(_Key(content, seen, experiment, named))


@final
@dataclass(frozen=True)
class _Key:
    """What tells one fold from another, and what to fold."""

    content: str
    mixing_seen: tuple[float, ...]
    experiment: Experiment = field(compare=False)
    mixing: Mixing = field(compare=False)


@lru_cache(maxsize=64)
def _response(key: _Key) -> Response:
    return fold(key.experiment, key.mixing)


def _folded_fields(experiment: Experiment) -> list[object]:
    """Return the fields that a fold depends on besides the mixing."""
    if not isinstance(experiment, CountingExperiment):
        return _fields_but(experiment, "counting")
    return [*_fields_but(experiment, "statistic"), template_fit_of(experiment)]


def _fields_but(experiment: Experiment, name: str) -> list[object]:
    """Return the values of all fields but the mixing and another one."""
    names = (one.name for one in fields(experiment))
    return [getattr(experiment, own) for own in names if own not in ("mixing", name)]


def channel_responses(folded: Folded) -> dict[Interaction, Response]:
    """Return the response of each channel alone; zero where its recoils reach no bin."""
    experiment = folded.experiment
    assert isinstance(experiment, CountingExperiment)
    names = experiment.interactions
    if len(names) == 1:
        return {names[0]: folded.response}
    return {name: _of_channel(experiment, name, folded) for name in names}


def _of_channel(experiment: CountingExperiment, name: Interaction, folded: Folded) -> Response:
    try:
        return response_of(with_channels(experiment, name), folded.mixing)
    except NothingCounted:
        return folded.response.scaled(0.0)


def fold_moments(
    experiments: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None = None,
    channels: Channels = "all",
    mixing: Mixing | None = None,
) -> list[Folded]:
    """Return one experiment or several, folded, with moments that scatter in some channels alone.

    The Standard Model events are those of all recoils that an experiment counts: the data hold
    them, whatever the moments scatter on.
    """
    return [fold_moment(one, setup, channels, mixing) for one in as_sequence(experiments)]


def fold_moment(
    experiment: ExperimentLike,
    setup: str | None = None,
    channels: Channels = "all",
    mixing: Mixing | None = None,
) -> Folded:
    """Return what `fold_moments` returns of one experiment."""
    loaded = load_experiment(experiment, setup)
    part = fold_experiment(loaded, None, channels, mixing)
    whole = part if channels == "all" else fold_experiment(loaded, None, "all", mixing)
    response = _with_dipole_of(whole.response, part.response)
    return replace(whole, response=response, channels=channels)


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
