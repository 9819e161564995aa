"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from munu.base.errors import MunuError
from munu.base.temporaries import remove_abandoned_files, temporary_prefix

REMEDY: Final = "Name a file in an existing folder you may write to"


def exists(path: Path) -> bool:
    """Whether there is something of a name; a name that no file can have does not exist."""
    with suppress(OSError, ValueError):
        return path.exists()
    return False


def is_stream(path: Path) -> bool:
    """Whether a name is that of a device or a pipe, which is written to and never replaced."""
    return exists(path) and not (path.is_file() or path.is_dir())


def check_folder_of(path: Path) -> None:
    """Find before any work whether a file, or that which a link leads to, can be written.

    Raises
    ------
    MunuError
        If its folder is missing or cannot be written to.
    """
    if is_stream(path):
        return
    try:
        folder = (Path(os.path.realpath(path)) if path.is_symlink() else path).parent
        path.exists()
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", REMEDY) from error
    if not folder.is_dir():
        raise MunuError(f"cannot write {path}: there is no folder {folder}", REMEDY)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MunuError(f"cannot write {path}: the folder {folder} is read-only", REMEDY)


def write_bytes_atomically(path: str | Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old content or the new, never a part.

    The content goes to a temporary file in the same folder, which then takes the file's name;
    those that killed processes left there are removed.

    Raises
    ------
    MunuError
        If the folder is missing or cannot be written; no partial file is left.
    """
    target, temporary = Path(path), None
    try:
        if is_stream(target):
            target.write_bytes(content)
            return target
        file = Path(os.path.realpath(target))  # A link stays one.
        remove_abandoned_files(file.parent)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=temporary_prefix())
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _permissions(file))
        os.replace(temporary, file)
        temporary = None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MunuError(f"cannot write {target}: {reason}", REMEDY) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
    return target


def write_text_atomically(path: str | Path, text: str) -> Path:
    """Write a UTF-8 text file as :func:`write_bytes_atomically` does."""
    return write_bytes_atomically(path, text.encode("utf-8"))


def _permissions(file: Path) -> int:
    """Return those of a file that is replaced, or of any new one; a temporary one is private."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(file.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
