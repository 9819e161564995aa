"""Options whose text a command judges by itself, completed in the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, final

import click
from click.shell_completion import CompletionItem

from munu.base.errors import MunuError

Names = Callable[[click.Context], Iterable[str]]


@final
class Completed(click.ParamType[str]):
    """Text that is completed from names.

    Parameters
    ----------
    names : callable
        Returns them for what stands on the command line so far.
    separator : str
        What stands between several of them; empty where there is one.
    after : str
        What follows a name, as in ``NAME=VALUE``.
    """

    name = "text"

    def __init__(self, names: Names, *, separator: str = "", after: str = "") -> None:
        self._names, self._separator, self._after = names, separator, after

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the last name; nothing where an experiment that is named cannot be read."""
        head, separator, begun = "", "", incomplete
        if self._separator:
            head, separator, begun = incomplete.rpartition(self._separator)
        try:
            names = tuple(self._names(ctx))
        except MunuError:
            return []
        return [
            CompletionItem(f"{head}{separator}{name}{self._after}")
            for name in names
            if name.startswith(begun) and name != head
        ]


def parameters(ctx: click.Context) -> Iterable[str]:
    """Return the names of all parameters, and of the phases of the moments."""
    from munu.physics.interactions.registry import names
    from munu.physics.parameters import PHASES

    del ctx
    return (*names(), *(one.name for one in PHASES))


def phases(ctx: click.Context) -> Iterable[str]:
    """Return the names of all phases."""
    from munu.physics.interactions.registry import named

    return (one for one in parameters(ctx) if named(one).kind == "phase")


def mixings(ctx: click.Context) -> Iterable[str]:
    """Return the names of the global fits."""
    from munu.physics.mixing import global_fits

    del ctx
    return global_fits()


def setups_named(ctx: click.Context) -> Iterable[str]:
    """Return the setups of the experiments on the command line."""
    from munu.experiments.load import setups

    return dict.fromkeys(one for name in _experiments(ctx) for one in setups(name))


def keys(ctx: click.Context) -> Iterable[str]:
    """Return the keys of the files of the experiments on the command line."""
    from munu.experiments.keys import keys_of

    setup = ctx.params.get("setup")
    return dict.fromkeys(key for name in _experiments(ctx) for key in keys_of(name, setup))


def scanned(ctx: click.Context) -> Iterable[str]:
    """Return what can be scanned over: masses and keys."""
    from munu.analysis.scanned_values import MASSES

    return (*MASSES, *keys(ctx))


def _experiments(ctx: click.Context) -> tuple[str, ...]:
    """Return the experiments so far: without a value for the last option nothing is sorted yet."""
    given = ctx.params.get("experiments") or ctx.params.get("experiment") or ctx.args
    return (given,) if isinstance(given, str) else tuple(given)


VALUES_OF_PARAMETERS: Final = Completed(parameters, after="=")
VALUES_OF_KEYS: Final = Completed(keys, after="=")
