"""Files of JSON objects, one a line with its checksum, to which lines are only ever appended."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from munu.base.errors import MunuError
from munu.base.files import exists

CHECKSUM: Final = "sha256"
REMEDY: Final = "Name another file"
KEPT: Final = (
    "What it holds is kept: make room, or see that it is there and may be written, and give the "
    "same command again"
)


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a JSON object."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def signed_line(document: Mapping[str, Any]) -> str:
    """Return a JSON object as a line, its checksum at the end."""
    whole = {**document, CHECKSUM: digest_of(document)}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def checked_line(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line without its checksum; `ValueError` if that is wrong."""
    document = json.loads(line)
    if not isinstance(document, dict) or document.pop(CHECKSUM) != digest_of(document):
        raise ValueError("another checksum")
    return document


def content_of(path: Path) -> bytes | None:
    """Return what is in a file, None if there is none."""
    if exists(path) and not path.is_file():
        raise MunuError(f"{path} is not a regular file", REMEDY)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MunuError(f"cannot read {path}: {reason}", REMEDY) from error


def check_appendable(path: Path) -> None:
    """Raise `MunuError` if lines cannot be appended."""
    if not os.access(path, os.W_OK):
        raise MunuError(
            f"cannot write {path}, which is read-only and lacks pieces",
            "Make it writable, or name another file",
        )


def append_line(path: Path, line: str) -> None:
    """Append a line to a file that exists, on disk when this returns, or nothing."""
    descriptor = None
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        size = os.fstat(descriptor).st_size
        _write(descriptor, line.encode(), size)
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", KEPT) from error
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _write(descriptor: int, content: bytes, size: int) -> None:
    """Write all of it, or leave the file with its size: of a full disk with no part of a line."""
    try:
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def cut_file(path: Path, size: int) -> None:
    """Take away what stands behind a number of bytes."""
    try:
        os.truncate(path, size)
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", REMEDY) from error
