"""Progress of a long computation, for whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Pass what `tell` reports in this thread to a function, as long as the ``with`` lasts."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def tell(reason: str) -> None:
    """Say that the work goes on, and why it takes long; an empty text if it does not."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(reason)
