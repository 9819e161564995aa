"""Figures into files, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from munu.base.errors import unknown
from munu.base.files import check_folder_of, write_bytes_atomically
from munu.plotting.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNDATED = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}
"""Formats, each with the metadata that keeps the time out of the file."""
OPTIONS: dict[str, dict[str, Any]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
"""Of formats: PNG is packed half as fast again as by default, into files 4 % larger."""
DOTS_PER_INCH = 200


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG, PDF or SVG, after the file's suffix; return the path.

    Raises
    ------
    MunuError
        For another suffix, or a folder that cannot be written to.
    """
    return write_bytes_atomically(path, picture(figure, path.suffix))


def check_target(path: Path) -> None:
    """Find before any work whether `save` could write a figure there.

    Raises
    ------
    MunuError
        As `save`.
    """
    _kind_of(path.suffix)
    check_folder_of(path)


def _kind_of(suffix: str) -> str:
    kind = suffix.removeprefix(".").lower()
    if kind not in UNDATED:
        raise unknown("picture format", suffix, [f".{name}" for name in UNDATED])
    return kind


def pictures(figure: Figure, suffixes: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of files with the figure, by suffix, which is laid out once for all.

    Raises
    ------
    MunuError
        As `picture`.
    """
    if len(suffixes) > 1:
        with house_style():
            figure.set_dpi(DOTS_PER_INCH)
            layout = figure.get_layout_engine()
            if layout is not None:
                _leave_frames_out(figure)
                layout.execute(figure)
                figure.set_layout_engine(None)
    return {suffix: picture(figure, suffix) for suffix in suffixes}


def _leave_frames_out(figure: Figure) -> None:
    """Lay out panels without their spines, which are no wider and ask for all ticks once more."""
    for axes in figure.axes:
        for spine in axes.spines.values():
            spine.set_in_layout(False)


def picture(figure: Figure, suffix: str) -> bytes:
    """Return the content of a file ``.png``, ``.pdf`` or ``.svg`` with the figure.

    Raises
    ------
    MunuError
        For another suffix.
    """
    kind = _kind_of(suffix)
    stream = io.BytesIO()
    with house_style():
        figure.savefig(
            stream, format=kind, dpi=DOTS_PER_INCH, metadata=UNDATED[kind], **OPTIONS.get(kind, {})
        )
    return stream.getvalue()
