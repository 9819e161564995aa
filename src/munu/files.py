"""Files, and sets of files, that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from munu.errors import MunuError

REMEDY: Final = "Name a file in an existing folder you may write to"


def check_folder_of(path: Path) -> None:
    """Find before any work whether a file can be written.

    Raises
    ------
    MunuError
        If its folder is missing or cannot be written to.
    """
    folder = path.parent
    if not folder.is_dir():
        raise MunuError(f"cannot write {path}: there is no folder {folder}", REMEDY)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MunuError(f"cannot write {path}: the folder {folder} is read-only", REMEDY)


def write_bytes_atomically(path: str | Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old content or the new, never a part.

    The content goes to a temporary file in the same folder, which then takes the file's name.

    Raises
    ------
    MunuError
        If the folder is missing or cannot be written; no partial file is left.
    """
    target = Path(path)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _copy_usual_permissions(temporary)
        os.replace(temporary, target)
    except (OSError, ValueError) as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        reason = getattr(error, "strerror", None) or str(error)
        raise MunuError(f"cannot write {target}: {reason}", REMEDY) from error
    return target


def write_text_atomically(path: str | Path, text: str) -> Path:
    """Write a UTF-8 text file as :func:`write_bytes_atomically` does."""
    return write_bytes_atomically(path, text.encode("utf-8"))


def write_set_atomically(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files into a folder: all of them, or none and the old ones stay.

    They are written into a hidden folder beside, and take their places when all are there. What
    stops them on the way, an interruption too, puts back those that were replaced.

    Parameters
    ----------
    folder : Path
        An existing one.
    contents : mapping of str to bytes
        By file name.

    Raises
    ------
    MunuError
        If a file cannot be written; nothing has changed then.
    """
    try:
        with (
            tempfile.TemporaryDirectory(dir=folder, prefix=".munu-") as hidden,
            ExitStack() as undo,
        ):
            new, old = Path(hidden, "new"), Path(hidden, "old")
            new.mkdir()
            old.mkdir()
            for name, content in contents.items():
                _write_through(new / name, content)
            for name in contents:
                _exchange(new / name, folder / name, old / name, undo)
            undo.pop_all()
    except OSError as error:
        raise MunuError(
            f"cannot write {error.filename or folder}: {error.strerror}",
            "Name another folder, or make room in this one",
        ) from error
    return [folder / name for name in contents]


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _exchange(new: Path, target: Path, old: Path, undo: ExitStack) -> None:
    """Move a file into its place; ``undo`` learns how to restore what was there."""
    if os.path.lexists(target):
        shutil.copy2(target, old, follow_symlinks=False)
        undo.callback(os.replace, old, target)
    else:
        undo.callback(target.unlink, missing_ok=True)
    os.replace(new, target)


def _copy_usual_permissions(path: str) -> None:
    """Give a temporary file, which only its owner may read, the permissions of any new file."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)
