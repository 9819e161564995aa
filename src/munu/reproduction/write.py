"""Results and pictures into a folder: all files of a run, or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from munu.base.errors import MunuError
from munu.base.files import exists
from munu.reproduction.registry import PaperTarget, target
from munu.results.core.base import Result

PICTURES = (".png", ".pdf")


@contextmanager
def output_folder(folder: Path) -> Iterator[Path]:
    """Give a folder, made if it is missing and checked before any work; use in a ``with``.

    If the work fails or is interrupted, the folders made for it go again.

    Raises
    ------
    MunuError
        If it cannot be made or written to.
    """
    missing = [one for one in (folder, *folder.parents) if not exists(one)]
    try:
        _make(folder)
        yield folder
    except BaseException:
        for one in missing:
            with suppress(OSError):
                one.rmdir()
        raise


def _make(folder: Path) -> None:
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


def made(name: str, *, drawn: bool) -> tuple[Result, dict[str, bytes]]:
    """Return a table or figure by name, and the contents of its files if they are wanted."""
    asked = target(name)
    result = asked.compute()
    return result, outputs(asked, result) if drawn else {}


def outputs(asked: PaperTarget, result: Result) -> dict[str, bytes]:
    """Return NAME.csv, NAME.json and the pictures as PNG and PDF: contents by file name."""
    texts = {f"{asked.name}.csv": result.to_csv(), f"{asked.name}.json": result.to_json()}
    contents = {name: text.encode("utf-8") for name, text in texts.items()}
    for name, figure in asked.pictures(result).items():
        from munu.plotting.figures import release
        from munu.plotting.save import pictures

        found = pictures(figure, PICTURES)
        contents |= {f"{name}{suffix}": content for suffix, content in found.items()}
        release(figure)
    return contents
