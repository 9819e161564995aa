"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from munu.errors import MunuError


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
        raise MunuError(
            f"cannot write {target}: {reason}", "Name a file in an existing folder you may write to"
        ) from error
    return target


def write_text_atomically(path: str | Path, text: str) -> Path:
    """Write a UTF-8 text file as :func:`write_bytes_atomically` does."""
    return write_bytes_atomically(path, text.encode("utf-8"))


def _copy_usual_permissions(path: str) -> None:
    """Give a temporary file, which only its owner may read, the permissions of any new file."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)
