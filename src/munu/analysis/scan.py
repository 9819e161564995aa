"""Limits as a function of a mass, or of a value in the experiments' files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack, final

import numpy as np

from munu._version import __version__
from munu.analysis.assumptions import assume, phases_are_free, settle
from munu.analysis.conditions import conditions_of
from munu.analysis.moment_phases import stored_for
from munu.analysis.origin import make_origin, mixing_notes
from munu.analysis.question import question
from munu.analysis.scan_pieces import INTERVALS, ScannedLimit, ScannedValue
from munu.analysis.scanned_values import MASSES, check_over, checked_over, scanned_values
from munu.analysis.statement import caveats, fold_assumed, shared_notes
from munu.analysis.toy_study import free_phases
from munu.base.arguments import check_callable, checked_names, checked_path
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import checked_level, limit_delta_chi2
from munu.engine import FailedPiece, Marking, Piece, State, Workers, computed
from munu.experiments.addressed import addressed, load_with, split_key
from munu.experiments.changes import parsed_changes, plain_path
from munu.experiments.load import CHANGED_HERE
from munu.experiments.model import Experiment
from munu.folding.folded import ExperimentLike, as_sequence, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.parameters import Others
from munu.results.scan import FailedValue, ScanResult


@checked_call
@on_one_thread
def scan(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    *,
    over: str | None = None,
    start: float | str | None = None,
    end: float | str | None = None,
    points: int | None = None,
    at: Sequence[float | str] | None = None,
    setup: str | None = None,
    cl: float | str = 0.90,
    others: Others = "zero",
    profile: str | Sequence[str] = (),
    changes: Mapping[str, object] | Sequence[str] = (),
    state: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> ScanResult:
    r"""Return every interval of a parameter at each value of a mass, or of a key of the files.

    Each value is folded once; a value at which the limit fails is marked, with the reason.

    Parameters
    ----------
    experiment, parameter, setup, cl, others, profile, assumptions, **options
        As in `munu.limit`; experiments by name or path where a key of their files is varied.
    over : str
        ``mediator_mass``, ``sterile_mass``, or the path of a key, as in ``detector.threshold``,
        ``target.mass`` or ``source.baseline``, that every one of the files may have; that of one of
        several experiments has its name before it, ``conus:target.mass``. It has to be stated.
    start, end : str or float
        First and last value, with their unit, as in ``"0.1 MeV"``; the points are spaced
        logarithmically.
    points : int, optional
        By default 60.
    at : sequence of str or float, optional
        The values themselves, in the place of the three.
    changes : mapping of str to value, or sequence of str, optional
        Values of other keys of the files, as in `munu.load`, for experiments by name or path.
    state : path, optional
        File that keeps finished values, from which an interrupted scan goes on; those that failed
        are done again.
    workers, scheduler
        Who does the values, as in `munu.coverage`.
    progress : callable, optional
        Called with the numbers of values done and in all.

    Raises
    ------
    MunuError
        As `munu.limit`; for values that are not positive or of units of two kinds, and if all of
        them fail.

    Examples
    --------
    >>> masses = {"over": "target.mass", "at": ["2 kg", "4 kg"]}
    >>> found = munu.scan("conus", "Lambda_3", **masses, sigma_sys=0)
    >>> print(*(f"{ends[-1, 1]:.3g}" for ends in found.intervals), "mu_B")
    1.02e-10 8.59e-11 mu_B
    """
    given = assume(scan, assumptions, options)
    cl = checked_level(cl)
    check_callable("progress", progress)
    crew = Workers.checked(workers, scheduler)
    path = None if state is None else checked_path("state", state)
    over = checked_over(over)
    replaced = parsed_changes(changes)
    loaded = load_experiments(experiment, setup)
    if replaced:
        loaded = _changed(experiment, setup, replaced)
    settle(loaded, given)
    profiled = checked_names("profile", profile)
    key, varied = _varied_key(over, as_sequence(experiment), replaced)
    check_over(key, (parameter, *profiled, *given.values), given)
    example = _with_mass(given, over, "1 MeV") if over in MASSES else given
    asked = question((parameter,), profiled, example, others=others)
    values, unit = scanned_values(over, start, end, points, at)
    delta = limit_delta_chi2(cl, given.sided)
    tasks = [
        _at(over, f"{value!r} {unit}".strip(), experiment, setup, given, replaced)
        for value in values.tolist()
    ]
    study = {
        "question": "scan",
        "version of munu": __version__,
        "experiments": [f"{one.identity.id}@{one.identity.setup}" for one in loaded],
        "inputs_hash": [one.inputs_hash for one in loaded],
        "conditions": conditions_of(given),
        "parameter": parameter,
        "others": others,
        "profiled": [one.name for one in asked.profiled],
        "cl": cl,
        "over": over,
        "values": values.tolist(),
        "unit": unit,
    }
    pieces = [Piece(i, value, 0) for i, value in enumerate(values.tolist())]
    kept = State.opened(path, study, INTERVALS)
    limits = Marking(ScannedLimit(loaded, asked, others, cl))
    with kept.working(), crew.running(limits) as run:
        ends = computed(run, pieces, tasks, kept, _ToldValues(progress, values.size))
    failed = {i: one for i, one in enumerate(ends) if isinstance(one, FailedPiece)}
    if len(failed) == values.size:
        message = f"every value of {over} fails, the first so: {failed[0].message}"
        raise MunuError(message, failed[0].remedy)
    folded, settled = fold_assumed(loaded, None, given)
    stored = stored_for(asked, settled, given)
    if asked.is_of_moments:
        stored = settled.stored(free_phases(parameter, phases_are_free(others, given)))
    notes = caveats(asked, folded) + mixing_notes(loaded, settled.neutrino_mixing)
    notes += (
        *_where_varied(key, [loaded[i] for i in varied], loaded),
        *_of_changes(loaded, tasks),
        *shared_notes(folded, settled),
    )
    return ScanResult(
        parameter=parameter,
        unit=asked.shown[0].unit.key,
        over=over,
        over_unit=unit,
        cl=cl,
        delta_chi2=delta,
        others=others if not asked.profiled else "profiled",
        profiled=tuple(one.name for one in asked.profiled),
        values=values,
        intervals=tuple(
            np.empty((0, 2)) if isinstance(one, FailedPiece) else np.array(one) for one in ends
        ),
        failures=tuple(
            FailedValue(index=i, reason=str(MunuError(one.message, one.remedy)))
            for i, one in failed.items()
        ),
        workers=crew.processes,
        assumptions=stored,
        origin=make_origin(
            loaded,
            settled.neutrino_mixing,
            extra_notes=notes,
        ),
    )


@final
@dataclass
class _ToldValues:
    """Tells how many values are done."""

    progress: Progress | None
    total: int
    done: int = 0

    def __call__(self, pieces: Sequence[Piece]) -> None:
        self.done += len(pieces)
        if self.progress:
            self.progress(self.done, self.total)


def _varied_key(
    over: str, experiments: Sequence[ExperimentLike], replaced: Mapping[str, object]
) -> tuple[str, tuple[int, ...]]:
    """Return what is varied, a key without the name of its experiment, and in which of them.

    One that is set as well, or of an experiment that has been loaded, is refused.
    """
    if over in MASSES:
        return over, ()
    names = [one for one in experiments if isinstance(one, str | Path)]
    if len(names) < len(experiments):
        raise MunuError(
            f"{over} is a key of files, and an experiment is loaded already",
            "Name the experiments, or their files",
        )
    plain = plain_path(over)
    called, key = split_key(plain, names)
    varied = addressed(called, names)
    for path in replaced:
        other, same = split_key(path, names)
        fixed = {*addressed(other, names)} if same == key else set()
        if fixed and (fixed <= {*varied} or (other and fixed & {*varied})):
            how = "" if path == plain else f", as {path}"
            raise MunuError(f"{over} is scanned over and set{how}", "Leave one of the two out")
    return key, varied


def _at(
    over: str,
    value: str,
    experiment: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None,
    given: Assumptions,
    replaced: Mapping[str, object],
) -> ScannedValue | FailedPiece:
    """Return experiments and what is assumed at a value, or why there are none."""
    try:
        if over in MASSES:
            return ScannedValue(_with_mass(given, over, value))
        number = float(value) if " " not in value else value
        changes = {**replaced, over: number}
        return ScannedValue(given, list(_changed(experiment, setup, changes)))
    except MunuError as error:
        return FailedPiece(error.message, error.remedy)


def _of_changes(
    loaded: Sequence[Experiment], tasks: Sequence[ScannedValue | FailedPiece]
) -> tuple[str, ...]:
    """Return what experiments say at each value and not without it, as of counts that stay."""
    scanned = [one.experiments for one in tasks if isinstance(one, ScannedValue)]
    said, before = [_own_notes(them) for them in scanned], _own_notes(loaded)
    return tuple(
        note
        for note in (said[0] if said else ())
        if all(note in other for other in said) and note not in before
    )


def _own_notes(experiments: Sequence[Experiment]) -> dict[str, None]:
    """Return the notes of experiments, of several with their names, but what was changed."""
    return dict.fromkeys(
        f"{one.identity.id}: {note}" if len(experiments) > 1 else note
        for one in experiments
        for note in one.identity.notes
        if not note.startswith(CHANGED_HERE)
    )


def _where_varied(
    key: str, varied: Sequence[Experiment], loaded: Sequence[Experiment]
) -> tuple[str, ...]:
    """Return in which of several experiments a key of the files is varied."""
    if len(loaded) == 1 or not varied:
        return ()
    names = " and ".join(one.identity.name for one in varied)
    one_alone = f"; in one alone it is ID:{key}" if len(varied) == len(loaded) else ""
    return (f"{key} is varied in {names}{one_alone}.",)


def _with_mass(given: Assumptions, over: str, mass: str) -> Assumptions:
    if over == "mediator_mass":
        return replace(given, mediator_mass=mass)
    return replace(given, sterile_mass=mass)


def _changed(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None,
    changes: Mapping[str, object],
) -> tuple[Experiment, ...]:
    names = [one for one in as_sequence(experiment) if isinstance(one, str | Path)]
    if len(names) < len(as_sequence(experiment)):
        raise MunuError(
            "changes are of keys of files, and an experiment is loaded already",
            "Name the experiments, or their files",
        )
    return load_with(names, setup, changes)
