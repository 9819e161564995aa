"""Files of JSON objects, one a line with its checksum, to which lines are only ever appended."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from munu.base.errors import MunuError

CHECKSUM: Final = "sha256"
REMEDY: Final = "Name another file"


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


def content_of(path: Path) -> bytes:
    """Return what is in a file, nothing if there is none."""
    if path.exists() and not path.is_file():
        raise MunuError(f"{path} is not a regular file", REMEDY)
    try:
        return path.read_bytes() if path.exists() else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MunuError(f"cannot read {path}: {reason}", REMEDY) from error


def append_line(path: Path, line: str) -> None:
    """Append a line, on disk when this returns."""
    try:
        with path.open("ab") as stream:
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", REMEDY) from error


def cut_file(path: Path, size: int) -> None:
    """Take away what stands behind a number of bytes."""
    try:
        os.truncate(path, size)
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", REMEDY) from error
