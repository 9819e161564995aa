"""Sets of files that belong together: written whole, or the old ones stay.

While files take their places the folder has no `MANIFEST`. A run that is killed in that time leaves
a mixture without one, and the next run puts the old files back before anything else.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from munu.base.errors import MunuError
from munu.base.temporaries import abandoned, remove, temporary_prefix

MANIFEST: Final = "SHA256SUMS"
"""Names the files that belong together, for ``sha256sum --check``."""
NEW: Final = "new"
OLD: Final = "old"
NAMES: Final = "names"
"""In the hidden folder: the files to come, those they replace, and the names of all."""


def write_set_atomically(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files into a folder: all of them, or none and the old ones stay.

    They are written into a hidden folder beside, and take their places when all are there. What
    stops them on the way, an interruption too, puts back those that were replaced.

    Parameters
    ----------
    folder : Path
        An existing one.
    contents : mapping of str to bytes
        By file name. `MANIFEST` is written with them, and keeps what earlier runs wrote there.

    Raises
    ------
    MunuError
        If a file cannot be written; nothing has changed then.
    """
    restore_interrupted(folder)
    try:
        with (
            tempfile.TemporaryDirectory(dir=folder, prefix=temporary_prefix()) as hidden,
            ExitStack() as undo,
        ):
            place = Path(hidden)
            (place / NEW).mkdir()
            (place / OLD).mkdir()
            for name, content in contents.items():
                _write_through(place / NEW / name, content)
            _write_through(place / NEW / MANIFEST, _manifest(folder, contents))
            _write_through(place / NAMES, json.dumps([MANIFEST, *contents]).encode())
            undo.callback(_restore, place, folder)
            _set_aside(folder / MANIFEST, place / OLD / MANIFEST)
            for name in (*contents, MANIFEST):
                _exchange(place / NEW / name, folder / name, place / OLD / name)
            undo.pop_all()
    except OSError as error:
        raise MunuError(
            f"cannot write {error.filename or folder}: {error.strerror}",
            "Name another folder, or make room in this one",
        ) from error
    return [folder / name for name in contents]


def restore_interrupted(folder: Path) -> None:
    """Put back the old files where a run was killed while new ones took their places.

    What such runs left in the folder is removed.
    """
    for place in abandoned(folder):
        if place.is_dir():
            with suppress(OSError, ValueError):
                _restore(place, folder)
        remove(place)


def _restore(place: Path, folder: Path) -> None:
    """Undo what was exchanged: files that are not among the new ones any more."""
    names = json.loads((place / NAMES).read_bytes())
    for name in names:
        new, old, target = place / NEW / name, place / OLD / name, folder / name
        taken = not os.path.lexists(new)
        if os.path.lexists(old) and (taken or not os.path.lexists(target)):
            os.replace(old, target)
        elif taken:
            target.unlink(missing_ok=True)


def _manifest(folder: Path, contents: Mapping[str, bytes]) -> bytes:
    """Return the checksums of the new files and those of other files that are still there."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    with suppress(OSError, UnicodeDecodeError):
        for line in (folder / MANIFEST).read_text(encoding="utf-8").splitlines():
            checksum, _, name = line.partition("  ")
            if name and name not in sums and os.path.lexists(folder / name):
                sums[name] = checksum
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _set_aside(target: Path, old: Path) -> None:
    with suppress(FileNotFoundError):
        os.replace(target, old)


def _exchange(new: Path, target: Path, old: Path) -> None:
    """Move a file into its place, keeping what was there."""
    if os.path.lexists(target):
        shutil.copy2(target, old, follow_symlinks=False)
    os.replace(new, target)
