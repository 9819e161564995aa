"""What a command says on a terminal while it is at work, nothing in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from munu.base.progress import is_watched
from munu.base.visible import visible

PATIENCE_S = 3.0
"""A command that takes longer says on a terminal that it is at work."""


@contextmanager
def waiting() -> Iterator[None]:
    """Say on a terminal how long it has been computing, and why it takes long if that is known."""
    if not is_watched():
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
