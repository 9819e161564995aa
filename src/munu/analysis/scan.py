"""Limits as a function of a mass, or of a value in the experiments' files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Unpack

import numpy as np

from munu.analysis.assumptions import assume, settle
from munu.analysis.coupling_axes import axes_of
from munu.analysis.coupling_limit import allowed_values
from munu.analysis.couplings import couplings_of
from munu.analysis.model import interval
from munu.analysis.origin import make_origin, mixing_notes
from munu.analysis.question import Question, question
from munu.analysis.scanned_values import MASSES, check_over, scanned_values
from munu.analysis.statement import caveats, fold_assumed, fused_model
from munu.base.arguments import check_callable, check_text, checked_names
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.load import load
from munu.experiments.model import Experiment
from munu.folding.folded import ExperimentLike, as_sequence, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.parameters import Others, is_effective
from munu.results.scan import FailedValue, ScanResult

Progress = Callable[[int, int], None]
USUAL_POINTS: Final = 60


def scan(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    *,
    over: str,
    start: float | str | None = None,
    end: float | str | None = None,
    points: int | None = None,
    at: Sequence[float | str] | None = None,
    setup: str | None = None,
    cl: float = 0.90,
    others: Others = "zero",
    profile: str | Sequence[str] = (),
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
        ``target.mass`` or ``source.baseline``, that every one of the files may have.
    start, end : str or float
        First and last value, with their unit, as in ``"0.1 MeV"``; the points are spaced
        logarithmically.
    points : int, optional
        By default 60.
    at : sequence of str or float, optional
        The values themselves, in the place of the three.
    progress : callable, optional
        Called with the numbers of values done and in all.

    Raises
    ------
    MunuError
        As `munu.limit`; for values that are not positive or differ in their unit, and if all of
        them fail.

    Examples
    --------
    >>> masses = {"over": "target.mass", "at": ["2 kg", "4 kg"]}
    >>> found = munu.scan("conus", "Lambda_3", **masses, sigma_sys=0)
    >>> print(*(f"{ends[-1, 1]:.3g}" for ends in found.intervals), "mu_B")
    1.02e-10 8.59e-11 mu_B
    """
    given = assume(scan, assumptions, options)
    check_callable("progress", progress)
    check_text("over", over)
    loaded = load_experiments(experiment, setup)
    settle(loaded, given)
    profiled = checked_names("profile", profile)
    check_over(over, (parameter, *profiled, *given.values), given)
    example = _with_mass(given, over, "1 MeV") if over in MASSES else given
    asked = question((parameter,), profiled, example, others=others)
    values, unit = scanned_values(over, start, end, points, at)
    delta = limit_delta_chi2(cl, given.sided)
    intervals: list[FloatArray] = []
    failures: list[FailedValue] = []
    reason: MunuError | None = None
    for index, value in enumerate(values.tolist()):
        try:
            here = _at(over, f"{value!r} {unit}".strip(), experiment, setup, given)
            intervals.append(_intervals(*here, asked, others, delta, cl))
        except MunuError as error:
            reason = reason or error
            failures.append(FailedValue(index=index, reason=str(error)))
            intervals.append(np.empty((0, 2)))
        if progress:
            progress(index + 1, values.size)
    if reason is not None and len(failures) == values.size:
        message = f"every value of {over} fails, the first so: {reason.message}"
        raise MunuError(message, reason.remedy)
    folded, settled = fold_assumed(loaded, None, given)
    notes = caveats(asked, folded) + mixing_notes(loaded, settled.neutrino_mixing)
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
        intervals=tuple(intervals),
        failures=tuple(failures),
        conditions=replace(settled.stored(), values=asked.values),
        origin=make_origin(
            loaded,
            settled.neutrino_mixing,
            extra_notes=notes,
        ),
    )


def _at(
    over: str,
    value: str,
    experiment: ExperimentLike | Sequence[ExperimentLike],
    setup: str | None,
    given: Assumptions,
) -> tuple[Sequence[ExperimentLike], str | None, Assumptions]:
    """Return experiments and what is assumed at a value."""
    if over in MASSES:
        return as_sequence(experiment), setup, _with_mass(given, over, value)
    number = float(value) if " " not in value else value
    return [_changed(one, setup, over, number) for one in as_sequence(experiment)], None, given


def _with_mass(given: Assumptions, over: str, mass: str) -> Assumptions:
    if over == "mediator_mass":
        return replace(given, mediator_mass=mass)
    return replace(given, sterile_mass=mass)


def _changed(one: ExperimentLike, setup: str | None, over: str, value: object) -> Experiment:
    if isinstance(one, str | Path):
        return load(one, setup, changes={over: value})
    raise MunuError(
        f"{over} is a key of files, and an experiment is loaded already",
        "Name the experiments, or their files",
    )


def _intervals(
    experiments: Sequence[ExperimentLike],
    setup: str | None,
    given: Assumptions,
    asked: Question,
    others: Others,
    delta: float,
    cl: float,
) -> FloatArray:
    """Return all intervals of the parameter, shape (k, 2)."""
    folded, settled = fold_assumed(experiments, setup, given)
    if not asked.is_of_moments:
        couplings = couplings_of(folded, asked, settled)
        return allowed_values(axes_of(asked, couplings, given), couplings, delta).intervals
    name = asked.shown[0].name
    model = fused_model(folded, settled, effective=is_effective(name))
    free = others == "profiled" and given.xi_1 is None and given.xi_2 is None
    found = interval(model, name, settled, cl=cl, others=others, phases_free=free)
    return np.array([[found.lower_mu_b, found.upper_mu_b]])
