"""States of one study that ran on several machines, joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import numpy as np

from munu.analysis.scan_pieces import INTERVALS
from munu.base.arguments import checked_path
from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown
from munu.base.files import check_folder_of, write_text_atomically
from munu.engine import FailedPiece, PieceForm, State, locked, read_study
from munu.results.core.base import Origin
from munu.results.state import StateResult
from munu.statistics.studies import OUTCOMES

FORMS: Final[Mapping[str, PieceForm[Any]]] = {
    "coverage": OUTCOMES,
    "feldman-cousins": OUTCOMES,
    "feldman-cousins-region": OUTCOMES,
    "scan": INTERVALS,
}
"""How the pieces of each kind of study are written."""


@checked_call
def merge(output: str | Path, states: str | Path | Sequence[str | Path]) -> StateResult:
    """Join states of one study that ran on several machines, and say what they hold.

    Pieces that are in several of them have to be the same, and stand once in the result. An output
    that exists is one of the states, and nothing in it is lost.

    Parameters
    ----------
    output : path
        File for the joined state; the study goes on from it.
    states : path or sequence of path
        As the keyword ``state`` of `munu.coverage`, `munu.limit`, `munu.region` or `munu.scan`
        names them.

    Raises
    ------
    MunuError
        If one of them cannot be read, is damaged or empty, or belongs to another study than the
        first, or a study is at work on the output, which is as before then.

    Examples
    --------
    The toys of a study, in two parts:

    >>> study = {"toys": 400, "moment_mu_b": [0.0, 2e-9]}
    >>> for part in ("1/2", "2/2"):
    ...     found = munu.coverage(
    ...         "coherent-csi", **study, part=part, state=f"part-{part[0]}.jsonl"
    ...     )
    >>> merged = munu.merge("toys.jsonl", ["part-1.jsonl", "part-2.jsonl"])
    >>> print(merged.toys)
    [400 400]
    >>> whole = munu.coverage("coherent-csi", **study, state="toys.jsonl")
    """
    target = checked_path("output", output)
    paths = _paths(states)
    check_folder_of(target)
    exists = target.exists()
    if exists and target not in paths:
        paths.insert(0, target)
    with locked(target) if exists else nullcontext():
        merged = _joined(paths)
        lines = [merged.line(piece, result) for piece, result in sorted(merged.pieces.items())]
        write_text_atomically(target, "".join([merged.header, *lines]))
    return _described(merged, paths)


def _paths(states: object) -> list[Path]:
    """Return one path or several as a list."""
    given = [states] if isinstance(states, str | Path) else states
    if not isinstance(given, Sequence) or not given:
        raise MunuError(f"states = {shown(states)} is not a list of files", "Name one or more")
    return [checked_path("states", one) for one in given]


def _joined(paths: Sequence[Path]) -> State[Any]:
    """Return the pieces of all files, which are of one study."""
    study = read_study(paths[0])
    form = FORMS.get(str(study.get("question")))
    if form is None:
        raise MunuError(
            f"{paths[0]} is of an unknown kind of study, {shown(study.get('question'))}",
            f"Allowed: {', '.join(FORMS)}",
        )
    merged = State(None, study, form)
    for path in paths:
        merged.read(path)
    return merged


def _described(merged: State[Any], paths: Sequence[Path]) -> StateResult:
    study = merged.study
    values = sorted({piece.value for piece in merged.pieces})
    rows = {value: row for row, value in enumerate(values)}
    pieces, toys, failed = np.zeros((3, len(values)), int)
    for piece, result in merged.pieces.items():
        i = rows[piece.value]
        pieces[i] += 1
        if isinstance(result, FailedPiece):
            failed[i] += 1
        elif merged.form is OUTCOMES:
            toys[i] += len(result)
            failed[i] += sum(isinstance(one, str) for one in result)
    return StateResult(
        question=study["question"],
        parameter=study["parameter"],
        states=tuple(map(str, paths)),
        values=np.array(values),
        pieces=pieces,
        toys=toys,
        failed=failed,
        origin=Origin(
            experiments=tuple(study["experiments"]),
            inputs_hash=tuple(study["inputs_hash"]),
            version=study["version of munu"],
        ),
    )
