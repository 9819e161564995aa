"""Names of experiments: those of the catalogue, and what a value says that names none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown, unknown
from munu.experiments.display import Displayed

_LABEL: Final = re.compile(r'^label = "(.+)"$', re.MULTILINE)
_BETWEEN: Final = re.compile(r"\s*[,;+&]\s*|\s+")
"""What people write between the names of several experiments."""


@checked_call
@lru_cache(maxsize=1)
def catalogue() -> tuple[str, ...]:
    """Return the identifiers of the catalogue, sorted.

    Examples
    --------
    >>> "coherent-csi-2021" in munu.catalogue()
    True
    """
    folder = files("munu.experiments").joinpath("catalogue")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def labels() -> dict[str, str]:
    """Return the identifier of each experiment of the catalogue by the label it is shown with."""
    folder = files("munu.experiments").joinpath("catalogue")
    found: dict[str, str] = {}
    for name in catalogue():
        label = _LABEL.search(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        if label is not None:
            found[label[1]] = name
    return found


def no_experiment(value: object) -> MunuError:
    """Return the error for a value that names no experiment and is none."""
    return MunuError(
        f"{shown(value)} is not an experiment",
        "Give an identifier such as 'conus', the path of a TOML file, or a loaded experiment",
    )


def no_name(value: object) -> MunuError:
    """Return the error for a value that names no file, where a loaded experiment is none either."""
    said = "is loaded already" if isinstance(value, Displayed) else "does not name an experiment"
    return MunuError(
        f"{shown(value)} {said}",
        "Give an identifier such as 'conus', or the path of a TOML file",
    )


def unknown_experiment(name: str, asked: str = "") -> MunuError:
    """Return the error for a name that is none of the catalogue; a file called so comes first.

    Parameters
    ----------
    name : str
        An identifier, without a setup.
    asked : str
        What was asked for, where that says more.
    """
    error = unknown("experiment", name, catalogue(), also=labels())
    file = Path(f"{name}.toml")
    with suppress(OSError, ValueError):
        if name and Path(name).is_dir():
            return MunuError(f"{name} is a folder, not an experiment", "Give a TOML file in it")
        if file.is_file():
            return MunuError(error.message, f"Did you mean the file '{file}'? Write its whole name")
    several = [part for part in _BETWEEN.split(asked or name) if part]
    if len(several) > 1 and _are_known(several):
        return MunuError(
            f"{shown(asked or name)} names {len(several)} experiments at once",
            f"Give a list, {several}, or on the command line {' '.join(several)}",
        )
    return MunuError(error.message, f"{error.remedy}; or the path of a TOML file")


def _are_known(names: Sequence[str]) -> bool:
    return all(one.partition("@")[0] in catalogue() for one in names)
