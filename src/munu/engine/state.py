"""Finished pieces of a study, kept in a file that an interrupted study goes on from.

The file has one JSON object a line: first what the study is, then pieces, appended as they are
finished. Every line ends with its SHA-256 and every piece names its study, so that a damaged line,
or one of another study, is refused and never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, final

from munu.base.errors import MunuError
from munu.base.files import write_text_atomically
from munu.engine.lines import (
    append_line,
    checked_line,
    content_of,
    cut_file,
    digest_of,
    signed_line,
)
from munu.engine.pieces import FailedPiece, Found, Piece

VERSION: Final = 2
"""Of the form of the file."""
HEADER_KEYS: Final = {"munu_state", "study"}
PIECE_KEYS: Final = {"study", *Piece._fields, "result"}
FAILED_KEYS: Final = {"failed", "remedy"}
GO_ON: Final = "Give the same command again to go on from there"
REMEDY: Final = "Name another file, or start anew without it"


@final
@dataclass(frozen=True)
class PieceForm(Generic[Found]):
    """How the results of a kind of study are written.

    Parameters
    ----------
    encoded : callable
        From a result to its JSON object.
    decoded : callable
        Back; raises `ValueError`, `KeyError` or `TypeError` for an object that is none.
    """

    encoded: Callable[[Found], dict[str, Any]]
    decoded: Callable[[Mapping[str, Any]], Found]

    def written(self, result: Found | FailedPiece) -> dict[str, Any]:
        """Return the JSON object of a result, or of why there is none."""
        if isinstance(result, FailedPiece):
            return {"failed": result.message, "remedy": result.remedy}
        return self.encoded(result)

    def read(self, document: Mapping[str, Any]) -> Found | FailedPiece:
        """Return what a JSON object says; raises `ValueError` if it is not the one of `written`."""
        if set(document) == FAILED_KEYS:
            result: Found | FailedPiece = FailedPiece(document["failed"], document["remedy"])
            if not all(isinstance(one, str) for one in document.values()):
                raise ValueError("no reason")
        else:
            result = self.decoded(document)
        if self.written(result) != document:
            raise ValueError("other lengths")
        return result


@final
@dataclass(frozen=True)
class State(Generic[Found]):
    """The pieces of one study; in a file too if it is given one.

    Parameters
    ----------
    path : Path or None
    study : mapping
        What the results depend on besides the piece: values that JSON has.
    form : PieceForm
    pieces : dict
        Those that failed among them.
    """

    path: Path | None
    study: Mapping[str, Any]
    form: PieceForm[Found]
    pieces: dict[Piece, Found | FailedPiece] = field(default_factory=dict)

    @classmethod
    def opened(
        cls, path: Path | None, study: Mapping[str, Any], form: PieceForm[Found]
    ) -> State[Found]:
        """Return the state that a file holds, or an empty one, whose file is made at once.

        Part of a line at the end, which an interruption left, is taken away.

        Raises
        ------
        MunuError
            If the file cannot be read or written, is damaged, or belongs to another study.
        """
        state = cls(path, study, form)
        if path is None:
            return state
        content = content_of(path)
        if content:
            whole = content.rfind(b"\n") + 1
            state._take(path, content[:whole])
            if whole < len(content):
                cut_file(path, whole)
        else:
            write_text_atomically(path, state.header)
        return state

    def read(self, path: Path) -> None:
        """Take the pieces of a file of the same study; of an unfinished line at its end nothing.

        Raises
        ------
        MunuError
            If it cannot be read, is damaged, or belongs to another study.
        """
        content = _existing(path)
        self._take(path, content[: content.rfind(b"\n") + 1])

    @property
    def header(self) -> str:
        """The first line of its file."""
        return signed_line({"munu_state": VERSION, "study": dict(self.study)})

    @cached_property
    def identity(self) -> str:
        """SHA-256 of what the study is."""
        return digest_of(dict(self.study))

    def get(self, piece: Piece) -> Found | None:
        """Return the result of a finished piece, or None: one that failed is done again."""
        found = self.pieces.get(piece)
        return None if isinstance(found, FailedPiece) else found

    @contextmanager
    def working(self) -> Iterator[None]:
        """Add to an interruption of what is done inside, as a note, what the file keeps."""
        try:
            yield
        except KeyboardInterrupt as stopped:
            if self.path is not None:
                n = len(self.pieces)
                finished = f"{n} finished piece{'' if n == 1 else 's'}"
                stopped.add_note(f"interrupted: {self.path} keeps {finished}. {GO_ON}")
            raise

    def add(self, piece: Piece, result: Found | FailedPiece) -> None:
        """Keep the result of a piece, on disk at once."""
        known = self.pieces.get(piece)
        self.pieces[piece] = result
        if self.path is not None and known != result:
            append_line(self.path, self.line(piece, result))

    def line(self, piece: Piece, result: Found | FailedPiece) -> str:
        """Return the line of a piece."""
        written = self.form.written(result)
        return signed_line({"study": self.identity, **piece._asdict(), "result": written})

    def _take(self, path: Path, content: bytes) -> None:
        """Take the whole lines of a file; raises `MunuError` for one that is refused."""
        lines = content.splitlines()
        if not lines:
            raise _no_state(path)
        for number, line in enumerate(lines, start=1):
            try:
                self._take_line(path, checked_line(line), is_first=number == 1)
            except MunuError:
                raise
            except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
                raise (_no_state(path) if number == 1 else _damaged(path, number)) from error

    def _take_line(self, path: Path, document: dict[str, Any], *, is_first: bool) -> None:
        """Take a piece, or what the study is: once, and again where two files were joined."""
        if is_first or set(document) == HEADER_KEYS:
            self._check_study(path, document)
            return
        piece = _piece_of(document)
        result = self.form.read(document["result"])
        if document["study"] != self.identity:
            raise MunuError(f"{path} holds pieces of another study", REMEDY)
        known = self.pieces.get(piece)
        if known is None or isinstance(known, FailedPiece):
            self.pieces[piece] = result
        elif not isinstance(result, FailedPiece) and self.form.encoded(result) != self.form.encoded(
            known
        ):
            raise ValueError("the same piece with another result")

    def _check_study(self, path: Path, document: Mapping[str, Any]) -> None:
        version, theirs = document["munu_state"], dict(document["study"])
        ours = dict(self.study)
        if version != VERSION or theirs != ours:
            keys = dict.fromkeys([*ours, *theirs])
            differ = [key for key in keys if theirs.get(key) != ours.get(key)]
            differ = differ or ["form of the file"]
            raise MunuError(
                f"{path} belongs to another study, whose {', '.join(differ)} differ"
                + "s" * (len(differ) == 1),
                REMEDY,
            )


def read_study(path: Path) -> Mapping[str, Any]:
    """Return what the study is whose state a file holds; raises `MunuError` if it holds none."""
    line = _existing(path).partition(b"\n")[0]
    try:
        document = checked_line(line)
        study: Mapping[str, Any] = dict(document["study"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_state(path) from error
    if document.get("munu_state") != VERSION:
        raise _no_state(path)
    return study


def _existing(path: Path) -> bytes:
    content = content_of(path)
    if not content and not path.exists():
        raise MunuError(f"there is no state {path}", "Name a file that --state has written")
    return content


def _piece_of(document: Mapping[str, Any]) -> Piece:
    """Return which piece a line is of; raises `ValueError` if the line is none."""
    point, value, block = (document[name] for name in Piece._fields)
    if set(document) != PIECE_KEYS or not (_is_count(point) and _is_count(block)):
        raise ValueError("no piece")
    if not isinstance(value, float):
        raise ValueError("no value")
    return Piece(point, value, block)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _no_state(path: Path) -> MunuError:
    return MunuError(f"{path} is not a state of a study", REMEDY)


def _damaged(path: Path, number: int) -> MunuError:
    return MunuError(
        f"{path}, line {number}: the line is damaged",
        "Remove that line, and its piece is done again; or name another file",
    )
