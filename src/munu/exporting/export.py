"""Results written for others: `munu.export`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from munu.base.arguments import check_name, checked_flag, checked_path
from munu.base.errors import MunuError, shown
from munu.base.files import check_folder_of, write_text_atomically
from munu.exporting.hepdata import SUBMISSION, hepdata_files
from munu.exporting.latex import latex_table
from munu.results.core.base import Result

FORMATS: Final = ("csv", "latex", "hepdata")


def export(
    result: Result,
    path: str | Path | None = None,
    *,
    format: str = "csv",  # noqa: A002 (the word of the command line)
    rows_alone: bool = False,
    replace: bool = False,
) -> str:
    r"""Return a result in a format that others read, and write it.

    Parameters
    ----------
    result : Result
        Of any function, or what `munu.read_json` returns.
    path : str or Path, optional
        File to write; of HEPData a folder, which is made, with ``submission.yaml`` and a file for
        each table. Without it nothing is written.
    format : {"csv", "latex", "hepdata"}
        ``csv`` has all numbers, as `Result.to_csv`; ``latex`` the table that is printed;
        ``hepdata`` a submission whose numbers have qualifiers: level, sides, method, what is
        assumed.
    rows_alone : bool
        Of LaTeX: the rows alone, for a table of yours.
    replace : bool
        Whether files that exist are written over.

    Raises
    ------
    MunuError
        For what is no result, an unknown format, a file that exists, and for HEPData a number that
        is not finite or a result that is no table.

    Examples
    --------
    >>> limit = munu.limit("conus", "Lambda_3")
    >>> print(munu.export(limit, format="latex", rows_alone=True))
    conus@current & $|\Lambda_{3}|$ & $3.738$ & $0$ & $0$ \\
    >>> print(munu.export(limit, format="hepdata").splitlines()[2])
    ---
    """
    if not isinstance(result, Result):
        raise MunuError(f"{shown(result)} is not a result", "Give what munu's functions return")
    check_name("format", format, FORMATS)
    if checked_flag("rows_alone", rows_alone) and format != "latex":
        raise MunuError("rows_alone is of LaTeX", "Leave it out, or take format='latex'")
    checked_flag("replace", replace)
    target = None if path is None else checked_path("path", path)
    if format == "hepdata":
        files = hepdata_files(result)
        if target is not None:
            _write_folder(target, files, replace=replace)
        return files[SUBMISSION]
    text = result.to_csv() if format == "csv" else latex_table(result, rows_alone=rows_alone)
    if target is not None:
        _check_new(target, replace=replace)
        write_text_atomically(target, text)
    return text


def _write_folder(folder: Path, files: dict[str, str], *, replace: bool) -> None:
    """Write the files of a submission, that which names them last."""
    check_folder_of(folder)
    for name in files:
        _check_new(folder / name, replace=replace)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise MunuError(
            f"cannot make the folder {folder}: {error.strerror}", "Name another one"
        ) from error
    for name in reversed(files):
        write_text_atomically(folder / name, files[name])


def _check_new(path: Path, *, replace: bool) -> None:
    if path.exists() and not replace:
        raise MunuError(f"{path} exists", "Name another, or replace it: replace=True, --replace")
