"""Why a file is refused as the state of a study, and what to do then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from munu.base.errors import MunuError, shown

REMEDY: Final = "Name another file, or start anew without it"
RESTORE: Final = "Put a copy of it back, or remove it to start anew, or name another file"
SHORT: Final = 40
"""Letters of a value that is shown."""
WORDS: Final = {
    "inputs_hash": "content of the experiments' files",
    "munu_state": "form of the file",
    "batch": "toys of a block",
    "free": "number of phases and directions that are minimised over",
}
"""Keys of a study that are no words."""


def no_file(path: Path) -> MunuError:
    """Return the error of a state that is named and is not there."""
    return MunuError(f"there is no state {path}", "Name a file that --state has written")


def no_state(path: Path, content: bytes) -> MunuError:
    """Return the error of content that does not begin as a state does."""
    if not content.strip(b"\0"):
        what = "holds nothing but zeros" if content else "is empty"
        return MunuError(f"{path} {what}: a full disk or a loss of power takes lines away", RESTORE)
    if content.startswith((b'{"munu_state"', b"\0")):
        lost = content.partition(b"\n")[2].count(b"sha256")
        return MunuError(
            f"{path}, line 1: what the study is stands there, and is damaged or cut: of the "
            f"{lost} lines after it none can be used",
            RESTORE,
        )
    return MunuError(f"{path} is not a state of a study", REMEDY)


def damaged(path: Path, number: int) -> MunuError:
    """Return the error of a line that is not what was written."""
    return MunuError(
        f"{path}, line {number}: the line is damaged",
        "Remove that line, and its piece is done again; or name another file",
    )


def other_study(path: Path, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> MunuError:
    """Return the error of a state of another study, with what differs."""
    differ = list(_differences(theirs, ours))
    listed = "; ".join(differ) or "a piece names it"
    return MunuError(f"{path} belongs to another study: {listed}", REMEDY)


def _differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs, as in ``seed: 1 there, 2 here``; of tables each of their keys."""
    for key in dict.fromkeys([*ours, *theirs]):
        there, here = theirs.get(key), ours.get(key)
        if isinstance(there, Mapping) and isinstance(here, Mapping):
            yield from _differences(there, here)
        elif there != here:
            yield f"{WORDS.get(key, key)}: {_beside(there, here)}"


def _beside(there: object, here: object) -> str:
    if max(len(str(there)), len(str(here))) > SHORT:
        return "another one there"
    return f"{_written(there)} there, {_written(here)} here"


def _written(value: object) -> str:
    return "not stated" if value is None else shown(value)
