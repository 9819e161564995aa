"""Remarks on an experiment, and the mistakes of its file, as results."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from munu.analysis.checks import check as checks
from munu.analysis.checks.mistakes import mistakes
from munu.analysis.checks.remark import Remark
from munu.analysis.checks.tables import table_remarks
from munu.analysis.origin import make_origin
from munu.analysis.show import show
from munu.base.calls import checked_call
from munu.base.threads import on_one_thread
from munu.experiments.load import load_setups
from munu.folding.folded import ExperimentLike, load_experiment
from munu.results.check import CheckResult, ValidationResult, ValidSetup, Warned
from munu.results.core.base import Origin


@checked_call
@on_one_thread
def check(experiment: ExperimentLike, setup: str | None = None) -> CheckResult:
    """Return what goes into an experiment, and what is odd about its physics.

    Such as a threshold above the endpoint, or quenching below its validity; ``munu check`` prints
    it.

    Parameters
    ----------
    experiment, setup
        As in `munu.rate`.

    Raises
    ------
    MunuError
        As `munu.load`.

    Examples
    --------
    >>> munu.check("conus").warnings
    ()
    """
    found = load_experiment(experiment, setup)
    recipe = show(found)
    return CheckResult(
        experiment=recipe.experiment,
        setup=recipe.setup,
        title=recipe.title,
        ingredients=recipe.ingredients,
        warnings=_warnings(checks.check(found)),
        origin=recipe.origin,
    )


@checked_call
def validate(experiment: str | Path) -> ValidationResult:
    """Return whether an experiment's file is valid, and every mistake if it is not.

    It is valid if it is complete, without mistakes and taken by every question in all its setups.

    Parameters
    ----------
    experiment : str or Path
        The path of a TOML file, or an identifier of the catalogue.

    Raises
    ------
    MunuError
        If there is no such file or experiment; a mistake in it is part of the result.

    Examples
    --------
    >>> munu.validate("conus").valid
    True
    """
    wrong = mistakes(experiment)
    if wrong:
        return ValidationResult(
            experiment=str(experiment),
            valid=False,
            setups=(),
            mistakes=tuple(" ".join(str(one).split()) for one in wrong),
            warnings=(),
            origin=Origin(experiments=(), inputs_hash=()),
        )
    found = load_setups(experiment)
    return ValidationResult(
        experiment=found[0].identity.id,
        valid=True,
        setups=tuple(
            ValidSetup(setup=one.identity.setup, inputs_hash=one.inputs_hash) for one in found
        ),
        mistakes=(),
        warnings=_warnings(remark for one in found for remark in table_remarks(one)),
        origin=make_origin(found),
    )


def _warnings(remarks: Iterable[Remark]) -> tuple[Warned, ...]:
    return tuple(Warned(key=one.key, message=one.message) for one in dict.fromkeys(remarks))
