"""Submissions to HEPData: a file that names tables, and a file for each, after its schema 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from munu.exporting.column_table import Bin, ColumnTable, ExportColumn
from munu.exporting.columns import column_tables
from munu.exporting.yaml_text import yaml_text
from munu.physics.assumptions import Assumptions
from munu.results.cls_limit import ClsLimitResult
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.couplings import couplings_text
from munu.results.core.stated import profiled_text
from munu.results.posterior import PosteriorResult

SUBMISSION: Final = "submission.yaml"
ASYMPTOTIC: Final = "asymptotic"
"""What results call a threshold after Wilks."""
LONGEST_NAME: Final = 64
"""Characters of a table's name."""
LONGEST_PIECE: Final = 40
"""Characters of a piece in it; a longer one is numbered."""
PRIOR_UNITS: Final = "in the units of the parameters"
"""Of what a prior says."""
PHRASES: Final = ("Neutrino", "Neutrino scattering", "Electromagnetic properties")


def hepdata_files(result: Result) -> dict[str, str]:
    """Return the files of a submission by name.

    Raises
    ------
    MunuError
        As `munu.exporting.columns.column_tables`.
    """
    tables = column_tables(result)
    files: dict[str, str] = {}
    documents = [{"comment": f"{_sentences(result)} {_remarks(result)}"}]
    for number, table in enumerate(tables, start=1):
        name = f"{result.kind_of_result}-{number}.yaml"
        files[name] = yaml_text(_data(result, table))
        piece = table.piece if len(table.piece) <= LONGEST_PIECE else str(number)
        documents.append(_entry(result, table, name, piece if len(tables) > 1 else ""))
    return {SUBMISSION: "".join(f"---\n{yaml_text(one)}" for one in documents), **files}


def _entry(result: Result, table: ColumnTable, data_file: str, name: str) -> dict[str, Any]:
    """Return what the submission says of a table."""
    piece = f", piece {name}" if name else ""
    names = " ".join(column.name for column in table.columns)
    return {
        "name": f"{_title(result, LONGEST_NAME - len(piece))}{piece}",
        "description": _sentences(result) + (f" Piece {name}." if name else ""),
        "keywords": [
            {"name": "observables", "values": [names[:128]]},
            {"name": "phrases", "values": list(PHRASES)},
        ],
        "data_file": data_file,
    }


def _title(result: Result, most: int) -> str:
    """Return the kind of a result, and as many of its experiments as there is room for."""
    kind, names = result.kind_of_result.capitalize(), result.origin.shown()
    for number in range(len(names), 0, -1):
        more = f" and {len(names) - number} more" if number < len(names) else ""
        title = f"{kind} {' + '.join(names[:number])}{more}"
        if len(title) <= most:
            return title
    return kind


def _sentences(result: Result) -> str:
    """Return the summary of a result, a stop after each line."""
    return _stopped(result.summary())


def _remarks(result: Result) -> str:
    """Return the notes of a result, and which inputs it is from."""
    pairs = zip(result.origin.shown(), result.origin.inputs_hash, strict=True)
    inputs = ", ".join(f"{name} {digest}" for name, digest in pairs)
    return _stopped((*result.origin.notes, f"SHA-256 of the inputs: {inputs}"))


def _stopped(lines: Iterable[str]) -> str:
    return " ".join(f"{line.removesuffix('.')}." for line in lines)


def _data(result: Result, table: ColumnTable) -> dict[str, Any]:
    """Return the variables of a table, and what depends on them with its qualifiers."""
    variables, dependent = table.columns[: table.independent], table.columns[table.independent :]
    said = qualifiers(result)
    return {
        "independent_variables": [_variable(one) for one in variables],
        "dependent_variables": [
            {**_variable(one), "qualifiers": said} if said else _variable(one) for one in dependent
        ],
    }


def _variable(one: ExportColumn) -> dict[str, Any]:
    header = {"name": one.name, **({"units": one.unit} if one.unit else {})}
    return {"header": header, "values": [_value(value) for value in one.values]}


def _value(value: float | str | Bin) -> dict[str, Any]:
    if isinstance(value, tuple):
        return dict(zip(("low", "high"), value, strict=True))
    return {"value": value}


def qualifiers(result: Result) -> list[dict[str, Any]]:
    """Return level, sides, method, what is done with other parameters, and what is assumed."""
    held = {name: getattr(result, name, None) for name in ("cl", "delta_chi2", "method", "others")}
    assumptions: Any = getattr(result, "assumptions", None)
    found: list[dict[str, Any]] = []
    if held["cl"] is not None:
        found.append({"name": "C.L.", "value": float(f"{100 * held['cl']:.12g}"), "units": "%"})
    if isinstance(assumptions, Assumptions) and isinstance(held["delta_chi2"], float):
        number = 2 if hasattr(result, "plane") else 1
        if number == 1:
            found.append({"name": "Sidedness", "value": assumptions.sided})
        freedom = "1 degree" if number == 1 else f"{number} degrees"
        method = f"Delta chi2 = {held['delta_chi2']:.4f} (Wilks), {freedom} of freedom"
        if held["method"] not in (None, ASYMPTOTIC):
            method = held["method"]
        found.append({"name": "Method", "value": method})
    elif isinstance(result, PosteriorResult):
        found.append({"name": "Method", "value": f"{result.method}, highest density"})
        priors = "; ".join(f"{one.parameter}: {one.prior}" for one in result.parameters)
        found.append({"name": "Priors", "value": f"{priors}; {PRIOR_UNITS}"})
        found.append({"name": "Nuisances", "value": result.nuisances})
    elif isinstance(result, ClsLimitResult):
        found.append({"name": "Sidedness", "value": result.assumptions.sided})
        found.append({"name": "Method", "value": "CLs, asymptotic (arXiv:1007.1727)"})
    elif held["method"] is not None:
        found.append({"name": "Method", "value": f"{held['method']}, toy experiments"})
    elif hasattr(assumptions, "sided"):
        found.append({"name": "Method", "value": "Delta chi2, 1 degree of freedom"})
    if held["others"] is not None:
        others = profiled_text(held["others"], getattr(result, "profiled", ()))
        found.append({"name": "Other parameters", "value": others})
    if isinstance(assumptions, Assumptions):
        found.append({"name": "Assumptions", "value": assumptions.text()})
    found += _of_events(result)
    found.append({"name": "Data", "value": experiments_of(result)})
    found += [{"name": "Changed", "value": text} for text in result.origin.changes_by_name()]
    found.append({"name": "Software", "value": f"munu {result.origin.version}"})
    return found


def _of_events(result: Result) -> list[dict[str, Any]]:
    """Return the recoils and the couplings of events."""
    recoils: str = getattr(result, "channels", "")
    values: Mapping[str, float] = getattr(result, "with_values", {})
    found = [{"name": "Recoils", "value": recoils}] if recoils else []
    if values:
        text = couplings_text(values, getattr(result, "settings", {}))
        found.append({"name": "Couplings besides the Standard Model's", "value": text})
    return found
