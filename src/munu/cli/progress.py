"""A progress bar on the terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import final

from munu.base.visible import visible

PATIENCE_S = 3.0
"""A command that takes longer says on a terminal that it is at work."""
WHOLE = 10.0
"""Rates from here are shown without decimals."""


@final
@dataclass
class Rate:
    """How much is done a second, since something was first heard."""

    first: tuple[int, float] | None = None

    def text(self, done: int, now: float) -> str:
        """Return the rate in words; empty at first."""
        if self.first is None:
            self.first = done, now
        start, then = self.first
        if now <= then or done <= start:
            return ""
        found = (done - start) / (now - then)
        return f"{found:.0f}/s" if found >= WHOLE else f"{found:.2g}/s"


def _is_watched() -> bool:
    """Whether standard error is a terminal; without one rich, which is slow to import, is not."""
    return sys.stderr.isatty()


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with the amounts done and in all; the bar goes to stderr.

    It shows the rate, of what was done since the first call: a state may bring much at once.
    """
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
    columns = (
        TextColumn(description),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task, rate = bar.add_task(description, total=None, rate=""), Rate()
        yield lambda done, total: bar.update(
            task, completed=done, total=total, rate=rate.text(done, monotonic())
        )


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
