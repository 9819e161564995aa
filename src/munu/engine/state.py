"""Finished pieces of a study, kept in a file that an interrupted study goes on from.

The file has one JSON object a line: first what the study is, then pieces, appended as they are
finished. Every line ends with its SHA-256 and every piece names its study, so that a damaged line,
or one of another study, is refused and never believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, final

from munu.base.errors import MunuError
from munu.base.files import write_text_atomically
from munu.engine.forms import PieceForm
from munu.engine.lines import (
    append_line,
    check_appendable,
    checked_line,
    content_of,
    cut_file,
    digest_of,
    signed_line,
)
from munu.engine.lock import locked
from munu.engine.pieces import FailedPiece, Found, Piece
from munu.engine.refusals import damaged, no_file, no_state, other_study

VERSION: Final = 2
"""Of the form of the file."""
HEADER_KEYS: Final = {"munu_state", "study"}
PIECE_KEYS: Final = {"study", *Piece._fields, "result"}
GO_ON: Final = "Give the same command again to go on from there"


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
            If the file cannot be read or written, is damaged or empty, or belongs to another study
            or one that is at work.
        """
        state = cls(path, study, form)
        if path is None:
            return state
        content = content_of(path)
        if content is None:
            write_text_atomically(path, state.header)
            return state
        with locked(path):
            content = content_of(path) or b""
            whole = content.rfind(b"\n") + 1
            state._take(path, content, whole)
            if whole < len(content):
                cut_file(path, whole)
        return state

    def read(self, path: Path) -> None:
        """Take the pieces of a file of the same study; of an unfinished line at its end nothing.

        Raises
        ------
        MunuError
            If it cannot be read, is damaged, or belongs to another study.
        """
        content = _existing(path)
        self._take(path, content, content.rfind(b"\n") + 1)

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
        """Keep other processes from the file, and say of an interruption inside what it keeps.

        Of Ctrl-C or what ends the process in order, as a note on the exception.
        """
        try:
            with nullcontext() if self.path is None else locked(self.path):
                yield
        except (KeyboardInterrupt, SystemExit) as stopped:
            if self.path is not None:
                n = len(self.pieces)
                finished = f"{n} finished piece{'' if n == 1 else 's'}"
                stopped.add_note(f"interrupted: {self.path} keeps {finished}. {GO_ON}")
            raise

    def check_kept(self) -> None:
        """Raise `MunuError` if further pieces cannot be written."""
        if self.path is not None:
            check_appendable(self.path)

    def add(self, piece: Piece, result: Found | FailedPiece) -> None:
        """Keep the result of a piece, on disk at once."""
        if self.path is not None and self.pieces.get(piece) != result:
            append_line(self.path, self.line(piece, result))
        self.pieces[piece] = result

    def line(self, piece: Piece, result: Found | FailedPiece) -> str:
        """Return the line of a piece."""
        written = self.form.written(result)
        return signed_line({"study": self.identity, **piece._asdict(), "result": written})

    def _take(self, path: Path, content: bytes, whole: int) -> None:
        """Take the whole lines of a file; raises `MunuError` for one that is refused."""
        lines = content[:whole].splitlines()
        if not lines:
            raise no_state(path, content)
        for number, line in enumerate(lines, start=1):
            try:
                self._take_line(path, checked_line(line), is_first=number == 1)
            except MunuError:
                raise
            except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
                wrong = no_state(path, content) if number == 1 else damaged(path, number)
                raise wrong from error

    def _take_line(self, path: Path, document: dict[str, Any], *, is_first: bool) -> None:
        """Take a piece, or what the study is: once, and again where two files were joined."""
        if is_first or set(document) == HEADER_KEYS:
            self._check_study(path, document)
            return
        piece = _piece_of(document)
        result = self.form.read(document["result"])
        if document["study"] != self.identity:
            raise other_study(path, {}, {})
        known = self.pieces.get(piece)
        if known is None or isinstance(known, FailedPiece):
            self.pieces[piece] = result
        elif not isinstance(result, FailedPiece) and self.form.encoded(result) != self.form.encoded(
            known
        ):
            raise ValueError("the same piece with another result")

    def _check_study(self, path: Path, document: Mapping[str, Any]) -> None:
        theirs = {"munu_state": document["munu_state"], **dict(document["study"])}
        ours = {"munu_state": VERSION, **self.study}
        if theirs != ours:
            raise other_study(path, theirs, ours)


def read_study(path: Path) -> Mapping[str, Any]:
    """Return what the study is whose state a file holds; raises `MunuError` if it holds none."""
    content = _existing(path)
    try:
        document = checked_line(content.partition(b"\n")[0])
        study: Mapping[str, Any] = dict(document["study"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise no_state(path, content) from error
    if document.get("munu_state") != VERSION:
        raise no_state(path, content)
    return study


def _existing(path: Path) -> bytes:
    content = content_of(path)
    if content is None:
        raise no_file(path)
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
