"""A progress bar on the terminal and in a notebook, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from time import monotonic
from typing import Any, Final, final

from munu.base.arguments import check_text
from munu.base.calls import checked_call

WHOLE = 10.0
"""Rates from here are shown without decimals."""
CELLS: Final = 30
"""Of a bar in a notebook."""
PAUSE_S: Final = 0.2
"""Between two pictures of it."""

Progress = Callable[[int, int], None]
"""Called with the amounts done and in all."""


def progress_of_stage(progress: Progress | None, number: int, stages: int) -> Progress | None:
    """Return what tells how far one of several stages is, counted from 0, each of as much work."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, stages * total)


@final
@dataclass
class Rate:
    """How much is done a second, since something was first heard."""

    first: tuple[int, float] | None = None

    def per_second(self, done: int, now: float) -> float | None:
        """Return the rate; None at first."""
        if self.first is None:
            self.first = done, now
        start, then = self.first
        if now <= then or done <= start:
            return None
        return (done - start) / (now - then)

    def text(self, done: int, now: float) -> str:
        """Return the rate in words; empty at first."""
        found = self.per_second(done, now)
        if found is None:
            return ""
        return f"{found:.0f}/s" if found >= WHOLE else f"{found:.2g}/s"


def is_watched() -> bool:
    """Whether standard error is a terminal; without one rich, which is slow to import, is not."""
    return sys.stderr.isatty()


def _is_notebook() -> bool:
    """Whether this runs in the kernel of a notebook, which then has imported IPython."""
    shell: Any = sys.modules.get("IPython")
    return shell is not None and hasattr(shell.get_ipython(), "kernel")


@checked_call
def progress_bar(description: str = "Toy experiments") -> AbstractContextManager[Progress]:
    """Give a function for the keyword ``progress`` of long questions: it shows a bar.

    The bar is drawn on a terminal (standard error) or below the cell of a notebook, with the rate
    and the time left, and goes away at the end; elsewhere nothing is shown. The rate is that since
    the first call, as a state may bring much at once.

    Parameters
    ----------
    description : str
        What is counted.

    Raises
    ------
    MunuError
        For a description that is not text.

    Examples
    --------
    >>> with munu.progress_bar() as progress:
    ...     found = munu.coverage("coherent-csi", at=[0.0], toys=200, progress=progress)
    >>> print(found.toys)
    200
    """
    check_text("description", description)
    if _is_notebook():
        return _in_notebook(description)
    return _on_terminal(description) if is_watched() else _nowhere()


@contextmanager
def _nowhere() -> Iterator[Progress]:
    yield lambda done, total: None


@contextmanager
def _on_terminal(description: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn(description),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task, rate = bar.add_task(description, total=None, rate=""), Rate()
        yield lambda done, total: bar.update(
            task, completed=done, total=total, rate=rate.text(done, monotonic())
        )


@contextmanager
def _in_notebook(description: str) -> Iterator[Progress]:
    """Draw as text: rich would need ipywidgets to draw a line anew."""
    shown: Any = import_module("IPython.display")
    handle = shown.display({"text/plain": description}, raw=True, display_id=True)
    rate, drawn = Rate(), -PAUSE_S

    def tell(done: int, total: int) -> None:
        nonlocal drawn
        now = monotonic()
        words = line(description, done, total, rate, now)
        if now - drawn >= PAUSE_S or done >= total:
            handle.update({"text/plain": words}, raw=True)
            drawn = now

    try:
        yield tell
    finally:
        handle.update({"text/plain": ""}, raw=True)


def line(description: str, done: int, total: int, rate: Rate, now: float) -> str:
    """Return a bar as text, with the rate and the time left."""
    full = int(CELLS * min(done / total, 1.0)) if total else 0
    bar = "█" * full + "░" * (CELLS - full)
    words = [description, bar, f"{done}/{total}", rate.text(done, now)]
    speed = rate.per_second(done, now)
    if speed and total >= done:
        minutes, seconds = divmod(round((total - done) / speed), 60)
        words.append(f"{minutes}:{seconds:02d} left")
    return "  ".join(filter(None, words))
