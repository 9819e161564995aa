"""Arguments and options that several commands share, checked against what is allowed."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar, cast, final

import click
from click.shell_completion import CompletionItem

from munu.base.errors import MunuError, unknown
from munu.cli.completion import VALUES_OF_KEYS, Completed, setups_named
from munu.cli.misplaced import check_is_no_parameter

PARAMETERS_IN_WORDS: Final = (
    "Lambda_1, Lambda_2, Lambda_3 (mass basis), Lambda_e, Lambda_mu, Lambda_tau (flavour basis), "
    "or an effective one, mu_nu_e, mu_nu_mu, mu_nu_tau, mu_eff (common to all), in mu_B"
)

Command = TypeVar("Command", bound=Callable[..., Any])


@final
class OneOf(click.ParamType[str]):
    """A name from a list; a wrong one is answered with the nearest.

    Parameters
    ----------
    kind : str
        What is named, as in ``unknown parameter 'X'``.
    allowed : str or tuple of str
        The names, or where they or what returns them is, as in ``munu.physics.parameters:OTHERS``,
        imported when needed.
    """

    def __init__(self, kind: str, allowed: str | tuple[str, ...]) -> None:
        self.name = kind
        self._allowed = allowed

    @property
    def allowed(self) -> tuple[str, ...]:
        """The names."""
        if isinstance(self._allowed, tuple):
            return self._allowed
        module, _, name = self._allowed.partition(":")
        found = getattr(import_module(module), name)
        return tuple(found() if callable(found) else found)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the names."""
        return f"[{'|'.join(self.allowed)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; raises `MunuError` naming the nearest one."""
        if value not in self.allowed:
            raise self._unknown(value)
        return str(value)

    def _unknown(self, value: str) -> MunuError:
        """Return the error for a name that is none; a parameter's may be the symbol of one."""
        if self.name != "parameter":
            return unknown(self.name, value, self.allowed)
        from munu.physics.interactions.registry import by_symbol
        from munu.physics.parameters import check_no_phase_of_moments

        check_no_phase_of_moments(value)
        symbols = {symbol: name for symbol, name in by_symbol().items() if name in self.allowed}
        return unknown(self.name, value, self.allowed, also=symbols)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete from the list."""
        return [CompletionItem(name) for name in self.allowed if name.startswith(incomplete)]


@final
class Level(click.ParamType[float]):
    """A confidence level, as a number or in per cent."""

    name = "level"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the level; raises `MunuError` for what is none."""
        from munu.base.thresholds import checked_level

        return checked_level(value)


@final
class PictureFile(click.Path):
    """A picture to write; its format and folder are judged before anything is computed."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return the path; raises `MunuError` for one that cannot be written."""
        from munu.plotting.save import check_target

        path = super().convert(value, param, ctx)
        check_target(Path(os.fsdecode(path)))
        return path


@final
class ExperimentName(click.ParamType[str]):
    """An identifier of the catalogue or the path of a TOML file; `munu.load` judges it."""

    name = "experiment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; raises `MunuError` for that of a parameter."""
        check_is_no_parameter(str(value), ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete identifiers, setups after an @, and files."""
        from munu.experiments.load import setups
        from munu.experiments.named import catalogue

        names = catalogue()
        identifier, at, _ = incomplete.partition("@")
        if at and identifier in names:
            names = tuple(f"{identifier}@{setup}" for setup in setups(identifier))
        found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]


def experiment_argument(command: Command) -> Command:
    """Add the argument EXPERIMENT."""
    return click.argument("experiment", type=ExperimentName())(command)


def setup_option(command: Command) -> Command:
    """Add ``--setup``, and ``--set``, by which the experiments are loaded with other values."""

    @wraps(command)
    def at_changes(*args: Any, changes: tuple[str, ...], **options: Any) -> Any:
        return command(*args, **(_loaded(options, changes) if changes else options))

    return setup_and_changes_options(cast("Command", at_changes))


def setup_and_changes_options(command: Command) -> Command:
    """Add ``--setup`` and ``--set`` for a command that loads the experiments itself."""
    decorated = click.option(
        "--set",
        "changes",
        type=VALUES_OF_KEYS,
        multiple=True,
        metavar="KEY=VALUE",
        help="Value in place of the file's, by the path of its key, as in "
        "detector.threshold='0.2 keVee', or target.2.mass='1 kg' of the second of several; of one "
        "experiment alone, conus:target.mass='1 kg'. May be repeated.",
    )(command)
    return click.option(
        "--setup",
        type=Completed(setups_named),
        metavar="NAME",
        help="Setup, such as current or future.  [default: current, or the only one]",
    )(decorated)


def _loaded(options: dict[str, Any], changes: tuple[str, ...]) -> dict[str, Any]:
    """Return the options of a command with its experiments loaded with other values."""
    from munu.experiments.addressed import load_with

    name = "experiment" if "experiment" in options else "experiments"
    setup, asked = options["setup"], options[name]
    if not asked:
        raise MunuError("--set changes the files of experiments, and none is named", "Name one")
    names = [asked] if isinstance(asked, str) else asked
    for one in names:
        if one.endswith(".json"):
            message = f"--set changes the files of experiments, and {one} is a saved result"
            raise MunuError(message, "Leave it out, or name experiments")
    found = load_with(names, setup, changes)
    return {**options, "setup": None, name: found[0] if isinstance(asked, str) else found}


def experiments_argument(command: Command) -> Command:
    """Add the argument EXPERIMENTS, one or more."""
    return click.argument("experiments", type=ExperimentName(), nargs=-1, required=True)(command)


def plot_option(what: str) -> Callable[[Command], Command]:
    """Return what adds ``--plot``, to draw ``what``."""
    return click.option(
        "--plot",
        "picture",
        type=PictureFile(),
        help=f"Draw {what} into FILE (.png, .pdf or .svg).",
        metavar="FILE",
    )


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
    )(command)
