"""``munu``: the command group, and how mistakes are reported."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Final, NoReturn, final

import click

from munu._version import __version__
from munu.base.errors import MunuError, nearest
from munu.base.threads import one_thread_from_the_start
from munu.base.visible import visible
from munu.cli.misplaced import extra_arguments
from munu.cli.repeated import check_repeated

COMMANDS: Final = {
    "experiments": "munu.cli.experiments:experiments",
    "show": "munu.cli.experiments:show",
    "rate": "munu.cli.rate:rate",
    "limit": "munu.cli.limit:limit",
    "profile": "munu.cli.limit:profile",
    "scan": "munu.cli.scan:scan",
    "region": "munu.cli.region:region",
    "envelope": "munu.cli.region:envelope",
    "fit": "munu.cli.fit:fit",
    "weak-angle": "munu.cli.fit:weak_angle",
    "coverage": "munu.cli.coverage:coverage",
    "merge": "munu.cli.merge:merge",
    "posterior": "munu.cli.posterior:posterior",
    "reproduce": "munu.cli.reproduce:reproduce",
    "init": "munu.cli.files:init",
    "validate": "munu.cli.files:validate",
    "check": "munu.cli.files:check",
    "schema": "munu.cli.schema:schema",
    "print": "munu.cli.saved:print_saved",
    "compare": "munu.cli.compare:compare",
    "plot": "munu.cli.plot:plot",
    "export": "munu.cli.export:export",
    "explore": "munu.cli.explore:explore",
    "cite": "munu.cli.cite:cite",
}
"""Where each command is; a module is imported when its command runs."""

CALLED_ELSEWHERE: Final = {
    **dict.fromkeys(("list", "ls", "catalogue", "catalog"), "experiments"),
    **dict.fromkeys(("info", "describe", "inspect"), "show"),
    **dict.fromkeys(("new", "create", "template"), "init"),
    **dict.fromkeys(("draw", "figure"), "plot"),
    **dict.fromkeys(("parameters", "params"), "limit --help"),
    "convert": "export",
    "help": "--help",
    "version": "--version",
}
"""What other programs call commands of this one; the nearest name is that of another command."""

MISTAKE: Final = 2
INTERRUPTED: Final = 130
ENDED_BY_SIGNAL: Final = 128
"""What shells add to the number of a signal."""
OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000
"""A command makes thousands of classes and few cycles: looking for these took a fifth of it."""
OUTPUT_REMEDY: Final = "Send it to a file with room, a pipe or /dev/null"


def _command(name: str) -> click.Command:
    module, _, function = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(module), function)
    return command


@final
class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command for an unknown one, and an option that is given twice."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            guess = CALLED_ELSEWHERE.get(args[0]) or nearest(args[0], COMMANDS)
            hint = f"Did you mean '{guess}'? " if guess else ""
            raise MunuError(f"unknown command '{args[0]}'", f"{hint}Allowed: {', '.join(COMMANDS)}")
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            check_repeated(command, rest)
        return name, command, rest


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="munu", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Limits on magnetic moments and other couplings of neutrinos from low-energy scattering.

    Every command takes --json, which prints one JSON document and nothing else, and --help. An
    EXPERIMENT is an identifier of the catalogue (`munu experiments`), with its setup as in
    conus@future if you like, or the path of a TOML file (`munu init`).

    \b
    Examples:
      munu reproduce table2
      munu limit conus --parameter Lambda_1
      munu rate coherent-csi --json

    Completion of names in your shell, once per session or in its start file:

    \b
    eval "$(_MUNU_COMPLETE=bash_source munu)"
    eval "$(_MUNU_COMPLETE=zsh_source munu)"
    _MUNU_COMPLETE=fish_source munu | source
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> NoReturn:
    """Run the command line: exit code 0, 2 for a user's mistake, 130 when interrupted."""
    one_thread_from_the_start()
    # No plug-in of pydantic has a say in files, and looking for them takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        _end_in_order()
        _check_output()
        _print_anywhere()
        code = cli.main(prog_name="munu", standalone_mode=False) or 0
        sys.stdout.flush()
    except MunuError as error:
        code = _complain(str(error))
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        code = _complain(_click_message(error))
    except (click.Abort, KeyboardInterrupt) as stopped:
        _say_what_is_kept(stopped)
        code = INTERRUPTED
    except SystemExit as stopped:
        _say_what_is_kept(stopped)
        raise
    except BrokenPipeError:
        code = _close_quietly()
    except OSError as error:
        _close_quietly()
        code = _complain(_os_message(error))
    except MemoryError as error:
        code = _complain(f"out of memory: {error}. Use fewer bins, or finer ones only where needed")
    # All memory goes back at once: looking for cycles in it took a sixth of a short command.
    gc.freeze()
    sys.exit(code if isinstance(code, int) else 0)


def _os_message(error: OSError) -> str:
    """Return what went wrong: with a file that is named, or else with the output."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    return f"cannot write the output: {reason}. {OUTPUT_REMEDY}"


def _end_in_order() -> None:
    """Let a signal that ends the process take back what is half done: files, folders."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _ended)


def _ended(number: int, _: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(ENDED_BY_SIGNAL + number)


def _check_output() -> None:
    """Refuse to start where standard output is closed: the result would be lost.

    Python has no stream then, and the next file that is opened would take its place.
    """
    if sys.stdout is None:
        raise MunuError("standard output is closed", OUTPUT_REMEDY)


def _print_anywhere() -> None:
    """Replace letters that the terminal's encoding lacks instead of failing on them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _say_what_is_kept(stopped: BaseException) -> None:
    """Print what the work noted on the interruption, which click wraps."""
    for one in (stopped, stopped.__cause__):
        for note in getattr(one, "__notes__", ()):
            _complain(note)


def _complain(message: str) -> int:
    """Print one line, if there is anywhere to print it."""
    with suppress(OSError):
        click.echo(f"munu: {visible(' '.join(message.split()))}", err=True)
    return MISTAKE


def _click_message(error: click.ClickException) -> str:
    """Return click's message with the nearest option, or where the help is."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        return _unknown_option(error.option_name, error.ctx)
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    see = f"See `{context.command_path} --help`"
    return f"{message}. {extra_arguments(message, context.command) or see}"


def _unknown_option(name: str, context: click.Context) -> str:
    """Return which option is meant, or which commands have one of that name."""
    options = [*_options(context.command), "--help"]
    allowed = ", ".join(options)
    others = [f"`munu {one}`" for one in COMMANDS if name in _options(_command(one))]
    guess = nearest(name.lstrip("-"), [one[2:] for one in options])
    remedy = f"Did you mean '--{guess}'?" if guess else f"Allowed: {allowed}"
    if others:
        remedy = f"It is one of {', '.join(others)}; allowed here: {allowed}"
    return f"unknown option '{name}'. {remedy}"


def _options(command: click.Command) -> list[str]:
    return [name for one in command.params for name in one.opts if name[:2] == "--"]


def _close_quietly() -> int:
    """Leave nothing to flush into a pipe whose reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
