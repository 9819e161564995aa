"""Exports on disk: whole, and over nothing that exists unless that is asked for."""

from __future__ import annotations

from pathlib import Path

from munu.base.errors import MunuError
from munu.base.files import check_folder_of, is_stream, write_text_atomically


def write_file(target: Path, text: str, *, replace: bool) -> None:
    """Write a text.

    Raises
    ------
    MunuError
        If the file exists and is not to be replaced, or cannot be written.
    """
    check_folder_of(target)
    _check_new(target, replace=replace)
    write_text_atomically(target, text)


def write_folder(folder: Path, files: dict[str, str], *, replace: bool) -> None:
    """Write the files of a submission, that which names them last.

    Raises
    ------
    MunuError
        As `write_file`.
    """
    check_folder_of(folder)
    for name in files:
        _check_new(folder / name, replace=replace)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise MunuError(
            f"cannot make the folder {folder}: {error.strerror}", "Name another one"
        ) from error
    for name in reversed(files):
        write_text_atomically(folder / name, files[name])


def _check_new(path: Path, *, replace: bool) -> None:
    if path.exists() and not is_stream(path) and not replace:
        raise MunuError(f"{path} exists", "Name another, or replace it: replace=True, --replace")
