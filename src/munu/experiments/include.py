"""``include`` of an experiment file: tables that several experiments have in common."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

from munu.base.errors import MunuError, unknown
from munu.experiments.files import read_file
from munu.experiments.locate import PlacedError, Text
from munu.experiments.schema.document import SECTIONS

KEY: Final = "include"
_REMEDY: Final = 'Write include = "shielding.toml", or ["a.toml", "b.toml"], files beside this one'


@final
@dataclass(frozen=True)
class Included:
    """A file of tables that lie below those of an experiment file.

    Parameters
    ----------
    text : Text
    tables : mapping
        Its sections, as parsed.
    """

    text: Text
    tables: Mapping[str, Any]


def included(raw: Mapping[str, Any], folder: Path | None) -> tuple[Included, ...]:
    """Return the files that an experiment file includes, each of which lies above the one before.

    Parameters
    ----------
    raw : mapping
        The file, as parsed.
    folder : Path or None
        Where it is; None for one of the catalogue, or a text.

    Raises
    ------
    PlacedError
        For a value that names no files beside it, files that are missing or not TOML, and what
        they hold besides sections.
    """
    if KEY not in raw:
        return ()
    names = [raw[KEY]] if isinstance(raw[KEY], str) else raw[KEY]
    if not isinstance(names, list) or not names or not all(map(_is_name, names)):
        error = MunuError("include does not name files beside this one", _REMEDY)
        raise PlacedError((KEY,), error)
    if folder is None:
        raise PlacedError((KEY,), MunuError("include is that of a file", "Save the text first"))
    if len(set(names)) < len(names):
        raise PlacedError((KEY,), MunuError("include names a file twice", "Name each file once"))
    return tuple(_read(folder / name) for name in names)


def _is_name(value: object) -> bool:
    """Whether a value is the name of a file, without a folder: its tables would lie elsewhere."""
    return isinstance(value, str) and value != "" and Path(value).name == value


def _read(path: Path) -> Included:
    try:
        text = read_file(path)
        tables = tomllib.loads(text)
    except MunuError as error:
        raise PlacedError((KEY,), error) from error
    except (ValueError, RecursionError) as error:
        wrong = MunuError(f"{path.name} is not valid TOML: {error}", "Correct that line")
        raise PlacedError((KEY,), wrong) from error
    if "format" in tables:
        whole = MunuError(
            f"{path.name} is a whole experiment, and a file to include has sections alone",
            "Move what both share into a third file, or write what differs as a [setup.NAME]"
            f" of {path.name}",
        )
        raise PlacedError((KEY,), whole)
    for key in tables:
        if key not in SECTIONS:
            raise PlacedError((KEY,), unknown("section", key, SECTIONS, where=path.name))
    return Included(Text(path.name, text), tables)
