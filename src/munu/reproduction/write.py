"""Results and pictures into a folder, each file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from munu.errors import MunuError
from munu.files import write_text_atomically
from munu.reproduction.registry import Target
from munu.results.base import Result

PICTURES = (".png", ".pdf")


def checked_folder(folder: Path) -> Path:
    """Make a folder if it is missing, and check before any work that it can be written to.

    Raises
    ------
    MunuError
        If it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MunuError(
            f"cannot make the folder {folder}: {error.strerror}", "Name another with --output"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MunuError(
            f"cannot write to the folder {folder}: permission denied", "Name another with --output"
        )
    return folder


def write_outputs(target: Target, result: Result, folder: Path) -> list[Path]:
    """Write NAME.csv, NAME.json and the pictures as PNG and PDF; return their paths."""
    written = [
        write_text_atomically(folder / f"{target.name}.csv", result.to_csv()),
        write_text_atomically(folder / f"{target.name}.json", result.to_json()),
    ]
    for name, figure in target.pictures(result).items():
        from munu.plotting.save import save

        written += [save(figure, folder / f"{name}{suffix}") for suffix in PICTURES]
    return written
