"""One process at a time works on a state."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from munu.base.errors import MunuError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep others from a file that exists, as long as the ``with`` lasts.

    The lock ends with the process, killed or not. Where there are none, as on some shared disks,
    nobody is kept off.

    Raises
    ------
    MunuError
        If another process, or another study of this one, is at work on it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise MunuError(f"cannot read {path}: {error.strerror}", "Name another file") from error
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl: Any = import_module("fcntl")
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise MunuError(
            f"{path} is the state of a study that is at work now",
            "Wait until that ends, or name another file for this one: `munu merge` joins them",
        ) from error
    except (ImportError, OSError):
        return
