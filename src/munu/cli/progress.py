"""A progress bar on the terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from munu.base.visible import visible

PATIENCE_S = 3.0
"""A command that takes longer says on a terminal that it is at work."""


def _is_watched() -> bool:
    """Whether standard error is a terminal; without one rich, which is slow to import, is not."""
    return sys.stderr.isatty()


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with the amounts done and in all; the bar goes to stderr."""
    if not _is_watched():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn(description), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def waiting() -> Iterator[None]:
    """Say on a terminal how long it has been computing, and why it takes long if that is known."""
    if not _is_watched():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    from munu.base.effort import listening

    console = Console(stderr=True)
    status, started, why = console.status(""), monotonic(), ""

    def listen(reason: str) -> None:
        nonlocal why
        why = reason or why
        seconds = monotonic() - started
        if seconds > PATIENCE_S:
            status.update(Text(f"Computing for {seconds:.0f} s" + (why and f": {visible(why)}")))
            status.start()

    try:
        with listening(listen):
            yield
    finally:
        status.stop()
