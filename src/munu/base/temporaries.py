"""Names of temporary files, and the removal of those that killed processes left behind."""

from __future__ import annotations

import os
import platform
import shutil
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = ".munu-"
ABANDONED_S: Final = 86_400.0
"""Age at which a temporary file belongs to no run, whatever its name says: none takes a day."""


def temporary_prefix() -> str:
    """Return how the name of a temporary file begins: with its machine and process."""
    return f"{PREFIX}{_machine()}-{os.getpid()}-"


def abandoned(folder: Path) -> list[Path]:
    """Return the temporary files and folders in a folder whose processes have ended."""
    try:
        found = [path for path in folder.iterdir() if path.name.startswith(PREFIX)]
    except OSError:
        return []
    return sorted(path for path in found if _is_abandoned(path))


def remove_abandoned_files(folder: Path) -> None:
    """Remove the files that `abandoned` returns; the folders may hold what is to be put back."""
    for path in abandoned(folder):
        if not path.is_dir():
            remove(path)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if one may."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _is_abandoned(path: Path) -> bool:
    machine, _, rest = path.name.removeprefix(PREFIX).partition("-")
    number = rest.partition("-")[0]
    if machine == _machine() and number.isdecimal() and not _is_alive(int(number)):
        return True
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime > ABANDONED_S
    return False


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # Signal 0 would end it there.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
