"""Results and likelihoods written for others: `munu.export`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from munu.analysis.likelihood import Likelihood
from munu.base.arguments import check_name, checked_flag, checked_path
from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown
from munu.base.threads import on_one_thread
from munu.exporting.files import write_file, write_folder
from munu.exporting.hepdata import SUBMISSION, hepdata_files
from munu.exporting.hs3_document import hs3_document
from munu.exporting.latex import latex_table
from munu.exporting.pyhf_workspace import pyhf_workspace
from munu.exporting.uhi_histograms import uhi_histograms
from munu.results.core.base import Result

OF_RESULTS: Final[tuple[str, ...]] = ("csv", "latex", "hepdata")
OF_LIKELIHOODS: Final[tuple[str, ...]] = ("pyhf", "uhi", "hs3")
FORMATS: Final = (*OF_RESULTS, *OF_LIKELIHOODS)


@checked_call
@on_one_thread
def export(
    subject: Result | Likelihood,
    path: str | Path | None = None,
    *,
    format: str = "csv",  # noqa: A002 (the word of the command line)
    approximate: bool = False,
    rows_alone: bool = False,
    replace: bool = False,
) -> str:
    r"""Return a result or a likelihood in a format that others read, and write it.

    Parameters
    ----------
    subject : Result or Likelihood
        A result of any function, or what `munu.read_json` returns; or what `munu.likelihood`
        returns.
    path : str or Path, optional
        File to write; of HEPData a folder, which is made, with ``submission.yaml`` and a file for
        each table. Without it nothing is written.
    format : str
        Of results: ``csv`` has all numbers, as `Result.to_csv`; ``latex`` the table that is
        printed; ``hepdata`` a submission whose numbers have qualifiers: level, sides, method, what
        is assumed. Of likelihoods: ``pyhf``, a workspace of Poisson counts, linear in the square of
        one moment; ``uhi``, histograms of data, backgrounds, the Standard Model and moments;
        ``hs3``, the whole likelihood with every nuisance, as functions of its parameters.
    approximate : bool
        Of pyhf: take what it holds otherwise than munu as near as it comes; without, that is an
        error, which names it.
    rows_alone : bool
        Of LaTeX: the rows alone, for a table of yours.
    replace : bool
        Whether files that exist are written over.

    Raises
    ------
    MunuError
        For a format that does not fit, a file that exists, for HEPData a number that is not finite
        or a result that is no table, and for a likelihood that a format cannot hold.

    Examples
    --------
    >>> limit = munu.limit("conus", "Lambda_3")
    >>> print(munu.export(limit, format="latex", rows_alone=True))
    conus@current & $|\Lambda_{3}|$ & $3.738$ & $0$ & $0$ \\
    >>> print(munu.export(limit, format="hepdata").splitlines()[2])
    ---
    >>> import json
    >>> text = munu.export(munu.likelihood("xenonnt-sr0-er", "mu_eff"), format="pyhf")
    >>> print(json.loads(text)["measurements"][0]["config"]["poi"])
    mu_eff_squared_in_1e-22_mu_B2
    """
    check_name("format", format, FORMATS)
    _check_subject(subject, format)
    _check_options(format, rows_alone=rows_alone, approximate=approximate)
    checked_flag("replace", replace)
    target = None if path is None else checked_path("path", path)
    if isinstance(subject, Likelihood):
        text = _of_likelihood(subject, format, approximate=approximate)
    elif format == "hepdata":
        files = hepdata_files(subject)
        if target is not None:
            write_folder(target, files, replace=replace)
        return files[SUBMISSION]
    else:
        text = subject.to_csv() if format == "csv" else latex_table(subject, rows_alone=rows_alone)
    if target is not None:
        write_file(target, text, replace=replace)
    return text


def _of_likelihood(found: Likelihood, format_: str, *, approximate: bool) -> str:
    if format_ == "uhi":
        return uhi_histograms(found)
    if format_ == "hs3":
        return hs3_document(found)
    return pyhf_workspace(found, approximate=approximate)


def _check_subject(subject: object, format_: str) -> None:
    """Raise `MunuError` for what is neither a result nor a likelihood, or not of the format."""
    taken = f"results take {', '.join(OF_RESULTS)}, likelihoods {', '.join(OF_LIKELIHOODS)}"
    if not isinstance(subject, Result | Likelihood):
        raise MunuError(
            f"{shown(subject)} is not a result or a likelihood",
            f"Give what munu's functions return; {taken}",
        )
    allowed, what = OF_LIKELIHOODS, "likelihood"
    if isinstance(subject, Result):
        allowed, what = OF_RESULTS, f"result of kind '{subject.kind_of_result}'"
    if format_ not in allowed:
        raise MunuError(f"format {format_} is not of a {what}", taken[0].upper() + taken[1:])


def _check_options(format_: str, *, rows_alone: bool, approximate: bool) -> None:
    if checked_flag("rows_alone", rows_alone) and format_ != "latex":
        raise MunuError("rows_alone is of LaTeX", "Leave it out, or take format='latex'")
    if checked_flag("approximate", approximate) and format_ != "pyhf":
        raise MunuError("approximate is of pyhf", "Leave it out, or take format='pyhf'")
