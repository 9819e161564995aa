"""Experiments with their folded counts, by name or as they are; equal ones are folded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias, final

from munu.base.digests import own_digest
from munu.base.errors import MunuError
from munu.experiments.load import check_setup, load
from munu.experiments.model import CountingExperiment, Experiment, MomentBound
from munu.experiments.named import catalogue, no_experiment
from munu.folding.counts import FoldedCounts
from munu.folding.fold import fold_shapes, mixing_parameters
from munu.folding.kept import KeptFolds
from munu.folding.selections import check_channels
from munu.folding.template_fit import template_fit_of
from munu.physics.assumptions import Recoils
from munu.physics.centres import RecoilKind
from munu.physics.interactions.base import Shape
from munu.physics.mixing import Mixing

PREPARED = 16
"""Experiments, each at a mixing, whose preparation is kept."""

ExperimentLike: TypeAlias = str | Path | Experiment


@final
@dataclass(frozen=True)
class Folded:
    """An experiment with its folded counts.

    Parameters
    ----------
    experiment : Experiment
    counts : FoldedCounts
        Its fold; where moments are seen by some recoils only, with the dipole events of those.
    mixing : Mixing
        That of the fold.
    channels : {"all", "nuclear", "electron"}
        The recoils of the experiment by which moments are seen.
    """

    experiment: Experiment
    counts: FoldedCounts
    mixing: Mixing
    channels: Recoils = "all"


def at_mixing(folded: Folded, mixing: Mixing) -> Folded:
    """Return an experiment folded at another mixing: the same where it does not matter.

    Its events are those of the Standard Model; others know at which mixing they were made.
    """
    names = mixing_parameters(folded.experiment)
    if all(getattr(folded.mixing, name) == getattr(mixing, name) for name in names):
        return folded
    assert folded.counts.amplitude is None
    return fold_moment(folded.experiment, None, folded.channels, mixing)


NO_LISTS: Final[tuple[type, ...]] = (bytes, bytearray)
"""Sequences of numbers that hold no experiments."""


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
        if not isinstance(experiment, str | Path):
            raise no_experiment(experiment)
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
    if isinstance(experiments, NO_LISTS) or not isinstance(experiments, Iterable):
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
    channels: Recoils = "all",
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
    loaded = load_experiment(experiment, setup)
    check_channels(loaded, channels)
    named = loaded.mixing if mixing is None else mixing
    counts = counts_of(loaded, named)
    if channels != "all":
        counts = counts.of_recoils((channels,))
    return Folded(loaded, counts, named, channels)


def counts_of(
    experiment: Experiment, mixing: Mixing | None = None, shapes: tuple[Shape, ...] = ()
) -> FoldedCounts:
    """Return the fold of an experiment, that of an equal one if it has been made.

    Equal is what has the same content, whatever its name or where it comes from. One with a part
    that is not of this package, whose formulas may change under their name, is folded anew. Of one
    that has been folded, only the shapes that are new are folded (`munu.folding.kept`).
    """
    named = experiment.mixing if mixing is None else mixing
    content = _content(experiment)
    if content is None:
        return fold_shapes(experiment, named, shapes)
    seen = tuple(float(getattr(named, name)) for name in mixing_parameters(experiment))
    return _counts_at(_Key(content, seen, experiment, named), shapes, named)


@lru_cache(maxsize=64)
def _counts_at(key: _Key, shapes: tuple[Shape, ...], mixing: Mixing) -> FoldedCounts:
    """Return kept folds with the mixing asked for: who asked first may have had another δ_CP."""
    return _counts(key, shapes).at(mixing)


@final
@dataclass(frozen=True)
class _Key:
    """What tells one fold from another, and what to fold."""

    content: str
    mixing_seen: tuple[float, ...]
    experiment: Experiment = field(compare=False)
    mixing: Mixing = field(compare=False)


@lru_cache(maxsize=64)
def _counts(key: _Key, shapes: tuple[Shape, ...]) -> FoldedCounts:
    if isinstance(key.experiment, CountingExperiment):
        return _kept(key).counts(shapes)
    return fold_shapes(key.experiment, key.mixing, shapes)


@lru_cache(maxsize=PREPARED)
def _kept(key: _Key) -> KeptFolds:
    assert isinstance(key.experiment, CountingExperiment)
    return KeptFolds(key.experiment, key.mixing)


def _content(experiment: Experiment) -> str | None:
    """Return the digest of what a fold depends on besides the mixing, made once: it cannot change.

    None if some of it is not of this package.
    """
    known = vars(experiment)
    if "_folded_content" not in known:
        known["_folded_content"] = own_digest(_folded_fields(experiment))
    found: str | None = known["_folded_content"]
    return found


def _folded_fields(experiment: Experiment) -> list[object]:
    if not isinstance(experiment, CountingExperiment):
        return _fields_but(experiment, "counting")
    return [*_fields_but(experiment, "statistic"), template_fit_of(experiment)]


def _fields_but(experiment: Experiment, name: str) -> list[object]:
    """Return the values of all fields but the mixing and another one."""
    names = (one.name for one in fields(experiment))
    return [getattr(experiment, own) for own in names if own not in ("mixing", name)]


def counts_by_recoil(folded: Folded) -> dict[RecoilKind, FoldedCounts]:
    """Return the folded counts of each kind of recoil alone; zero where it reaches no bin."""
    return {kind: folded.counts.of_recoils((kind,)) for kind in folded.counts.recoils}


def fold_moments(
    experiments: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None = None,
    channels: Recoils = "all",
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
    channels: Recoils = "all",
    mixing: Mixing | None = None,
) -> Folded:
    """Return what `fold_moments` returns of one experiment."""
    folded = fold_experiment(experiment, setup, mixing=mixing)
    check_channels(folded.experiment, channels)
    if channels == "all" or isinstance(folded.experiment, MomentBound):
        return folded
    counts = folded.counts.with_moments_on((channels,))
    return replace(folded, counts=counts, channels=channels)
