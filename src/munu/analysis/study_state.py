"""Finished toys of a study, kept in a file that an interrupted study goes on from.

The file has one JSON object a line: first what the study is, then pieces, each a batch of toys,
appended as they are finished. Every line ends with its SHA-256 and every piece names its study, so
that a damaged line, or one of another study, is refused and never believed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final, final

from munu.base.errors import MunuError
from munu.base.files import write_text_atomically
from munu.statistics.studies import Outcome

CHECKSUM: Final = "sha256"
FORM: Final = 1
"""Version of the form of the file."""
HEADER_KEYS: Final = {"munu_state", "study"}
PIECE_KEYS: Final = {"study", "modulus", "toys", "delta_chi2", "failures"}
REMEDY: Final = "Name another file, or remove it to start anew"


@final
@dataclass(frozen=True)
class Piece:
    """Outcomes of consecutive toys at one true modulus.

    Parameters
    ----------
    modulus : int
        Position of the true modulus among those of the study.
    first_toy : int
        With the seed of the study and the modulus it fixes the random numbers.
    outcomes : tuple of float or str
    """

    modulus: int
    first_toy: int
    outcomes: tuple[Outcome, ...]

    def encoded(self, identity: str) -> dict[str, Any]:
        """Return its JSON object; a failed toy is ``null``, its reason stands by its position."""
        failed = {str(i): one for i, one in enumerate(self.outcomes) if isinstance(one, str)}
        return {
            "study": identity,
            "modulus": self.modulus,
            "toys": [self.first_toy, self.first_toy + len(self.outcomes)],
            "delta_chi2": [None if isinstance(one, str) else one for one in self.outcomes],
            "failures": failed,
        }

    @classmethod
    def decoded(cls, document: Mapping[str, Any]) -> Piece:
        """Return the piece of a JSON object; raises `ValueError` if its lengths or types are wrong.

        Inverse of `encoded`.
        """
        values, reasons = document["delta_chi2"], document["failures"]
        if not isinstance(values, list) or not isinstance(reasons, dict):
            raise ValueError("no lists")
        outcomes = [reasons[str(i)] if one is None else one for i, one in enumerate(values)]
        if not all(isinstance(one, str) or _is_delta_chi2(one) for one in outcomes):
            raise ValueError("no outcomes")
        first_toy = document["toys"][0]
        if not (_is_count(document["modulus"]) and _is_count(first_toy)):
            raise ValueError("no counts")
        piece = cls(document["modulus"], first_toy, tuple(outcomes))
        if piece.encoded(document["study"]) != document:
            raise ValueError("other lengths")
        return piece


@final
@dataclass(frozen=True)
class StudyState:
    """The pieces of one study; in a file too if it is given one.

    Parameters
    ----------
    path : Path or None
    study : mapping
        What the outcomes depend on besides the toy: values that JSON has.
    pieces : dict
        By modulus and first toy.
    """

    path: Path | None
    study: Mapping[str, Any]
    pieces: dict[tuple[int, int], Piece] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path | None, study: Mapping[str, Any]) -> StudyState:
        """Return the state that a file holds, or an empty one, whose file is made at once.

        Part of a line at the end, which an interruption left, is taken away.

        Raises
        ------
        MunuError
            If the file cannot be read or written, is damaged, or belongs to another study.
        """
        state = cls(path, study)
        if path is None:
            return state
        content = _content(path)
        if content:
            whole = content.rfind(b"\n") + 1
            state._take(content[:whole])
            if whole < len(content):
                _cut(path, whole)
        else:
            write_text_atomically(path, _line({"munu_state": FORM, "study": dict(study)}))
        return state

    @property
    def identity(self) -> str:
        """Return the SHA-256 of what the study is."""
        return _digest(dict(self.study))

    def get(self, modulus: int, first_toy: int, size: int) -> list[Outcome] | None:
        """Return the outcomes of a finished piece of a size, or None."""
        found = self.pieces.get((modulus, first_toy))
        return list(found.outcomes) if found and len(found.outcomes) == size else None

    def add(self, modulus: int, first_toy: int, outcomes: Sequence[Outcome]) -> None:
        """Keep a piece, on disk at once."""
        piece = Piece(modulus, first_toy, tuple(outcomes))
        self.pieces[modulus, first_toy] = piece
        if self.path is not None:
            _append(self.path, _line(piece.encoded(self.identity)))

    def _take(self, content: bytes) -> None:
        """Take the lines of a file."""
        lines = content.splitlines()
        if not lines:
            raise MunuError(f"{self.path} is not a state of a coverage study", REMEDY)
        for number, line in enumerate(lines, start=1):
            try:
                self._take_line(_checked(line), is_first=number == 1)
            except MunuError:
                raise
            except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
                raise self._damaged(number) from error

    def _take_line(self, document: dict[str, Any], *, is_first: bool) -> None:
        """Take a piece, or what the study is: once, and again where two files were joined."""
        if is_first or set(document) == HEADER_KEYS:
            self._check_study(document)
        else:
            self._take_piece(document)

    def _check_study(self, document: Mapping[str, Any]) -> None:
        form, theirs, ours = document["munu_state"], dict(document["study"]), dict(self.study)
        if form != FORM or theirs != ours:
            differ = [key for key in ours if theirs.get(key) != ours[key]] or ["form of the file"]
            raise MunuError(
                f"{self.path} belongs to another study, whose {', '.join(differ)} differ"
                + "s" * (len(differ) == 1),
                REMEDY,
            )

    def _take_piece(self, document: dict[str, Any]) -> None:
        piece = Piece.decoded(document)
        if document["study"] != self.identity:
            raise MunuError(f"{self.path} holds toys of another study", REMEDY)
        known = self.pieces.setdefault((piece.modulus, piece.first_toy), piece)
        if known != piece:
            raise ValueError("the same toys with other outcomes")

    def _damaged(self, number: int) -> MunuError:
        if number == 1:
            return MunuError(f"{self.path} is not a state of a coverage study", REMEDY)
        return MunuError(
            f"{self.path}, line {number}: the line is damaged",
            "Remove that line, and its toys are drawn again; or name another file",
        )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_delta_chi2(value: object) -> bool:
    return isinstance(value, float) and isfinite(value) and value >= 0


def _digest(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _line(document: Mapping[str, Any]) -> str:
    """Return a JSON object as a line, its checksum at the end."""
    whole = {**document, CHECKSUM: _digest(document)}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _checked(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line without its checksum; `ValueError` if that is wrong."""
    document = json.loads(line)
    if not isinstance(document, dict) or document.pop(CHECKSUM) != _digest(document):
        raise ValueError("another checksum")
    return document


def _content(path: Path) -> bytes:
    """Return what is in a file, nothing if there is none."""
    try:
        return path.read_bytes() if path.exists() else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MunuError(f"cannot read {path}: {reason}", "Name another file") from error


def _append(path: Path, line: str) -> None:
    try:
        with path.open("ab") as stream:
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", "Name another file") from error


def _cut(path: Path, size: int) -> None:
    try:
        os.truncate(path, size)
    except OSError as error:
        raise MunuError(f"cannot write {path}: {error.strerror}", "Name another file") from error
