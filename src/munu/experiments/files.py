"""Experiment files on the disk: their names, with a setup after them, and their text."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from munu.base.errors import MunuError, nearest


def read_file(path: Path) -> str:
    """Return the text of an experiment file.

    Raises
    ------
    MunuError
        If it is missing, no regular file (a folder, a pipe, which could block) or no UTF-8 text.
    """
    try:
        if path.exists() and not path.is_file():
            raise MunuError(f"cannot read {path}: it is not a regular file", "Name a TOML file")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MunuError(f"{path} is not UTF-8 text", "Save it as UTF-8") from error
    except MunuError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be opened"
        raise MunuError(f"cannot read {path}: {reason}", _similar_file(path)) from error


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have names none."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def path_and_setup(name: str) -> tuple[Path, str]:
    """Split ``folder/my.toml@future``; an @ elsewhere belongs to the path."""
    path, separator, setup = name.rpartition("@")
    if separator and path.endswith(".toml"):
        check_setup_is_named(name, separator, setup)
        return Path(path), setup
    return Path(name), ""


def check_setup_is_named(name: str, separator: str, setup: str) -> None:
    """Raise `MunuError` for an @ without a name after it."""
    if separator and not setup:
        raise MunuError(f"'{name}' names no setup after the @", f"Write {name}current")


def _similar_file(path: Path) -> str:
    try:
        beside = [entry.name for entry in path.parent.glob("*.toml")]
    except OSError:
        beside = []
    guess = nearest(path.name, beside)
    return f"Did you mean '{guess}'?" if guess else "Check its name; `munu init` writes a file"
