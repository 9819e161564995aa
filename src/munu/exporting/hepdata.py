"""Submissions to HEPData: a file that names tables, and a file for each, after its schema 1.1."""

from __future__ import annotations

from typing import Any, Final

from munu._version import __version__
from munu.exporting.columns import ColumnTable, ExportColumn, column_tables
from munu.exporting.yaml_text import yaml_text
from munu.physics.assumptions import Assumptions
from munu.results.cls_limit import ClsLimitResult
from munu.results.core.base import Result
from munu.results.posterior import PosteriorResult

SUBMISSION: Final = "submission.yaml"
ASYMPTOTIC: Final = "asymptotic"
"""What results call a threshold after Wilks."""
LONGEST_NAME: Final = 64
"""Characters of a table's name."""
PHRASES: Final = ("Neutrino", "Coherent elastic neutrino-nucleus scattering")


def hepdata_files(result: Result) -> dict[str, str]:
    """Return the files of a submission by name.

    Raises
    ------
    MunuError
        As `munu.exporting.columns.column_tables`.
    """
    tables = column_tables(result)
    files: dict[str, str] = {}
    documents = [{"comment": " ".join(result.summary())}]
    for number, table in enumerate(tables, start=1):
        name = f"{result.kind_of_result}-{number}.yaml"
        files[name] = yaml_text(_data(result, table))
        documents.append(_entry(result, table, name, len(tables)))
    return {SUBMISSION: "".join(f"---\n{yaml_text(one)}" for one in documents), **files}


def _entry(result: Result, table: ColumnTable, data_file: str, number: int) -> dict[str, Any]:
    """Return what the submission says of a table."""
    piece = f", piece {table.piece}" if number > 1 else ""
    names = " ".join(column.name for column in table.columns)
    title = f"{result.kind_of_result.capitalize()} {' + '.join(result.origin.experiments)}"
    return {
        "name": f"{title[: LONGEST_NAME - len(piece)]}{piece}",
        "description": " ".join(result.summary()) + piece.replace(", p", " P"),
        "keywords": [
            {"name": "observables", "values": [names[:128]]},
            {"name": "phrases", "values": list(PHRASES)},
        ],
        "data_file": data_file,
    }


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
    return {"header": header, "values": [{"value": value} for value in one.values]}


def qualifiers(result: Result) -> list[dict[str, Any]]:
    """Return level, sides, method, what is done with other parameters, and what is assumed."""
    held = {name: getattr(result, name, None) for name in ("cl", "delta_chi2", "method", "others")}
    conditions: Any = getattr(result, "conditions", None)
    found: list[dict[str, Any]] = []
    if held["cl"] is not None:
        found.append({"name": "C.L.", "value": float(f"{100 * held['cl']:.12g}"), "units": "%"})
    if isinstance(conditions, Assumptions) and isinstance(held["delta_chi2"], float):
        number = 2 if hasattr(result, "plane") else 1
        if number == 1:
            found.append({"name": "Sidedness", "value": conditions.sided})
        freedom = "1 degree" if number == 1 else f"{number} degrees"
        method = f"Delta chi2 = {held['delta_chi2']:.4f} (Wilks), {freedom} of freedom"
        if held["method"] not in (None, ASYMPTOTIC):
            method = held["method"]
        found.append({"name": "Method", "value": method})
    elif isinstance(result, PosteriorResult):
        found.append({"name": "Method", "value": f"{result.method}, highest density"})
    elif isinstance(result, ClsLimitResult):
        found.append({"name": "Sidedness", "value": result.conditions.sided})
        found.append({"name": "Method", "value": "CLs, asymptotic (arXiv:1007.1727)"})
    elif held["method"] is not None:
        found.append({"name": "Method", "value": f"{held['method']}, toy experiments"})
    elif hasattr(conditions, "sided"):
        found.append({"name": "Method", "value": "Delta chi2, 1 degree of freedom"})
    if held["others"] is not None:
        profiled = ", ".join(getattr(result, "profiled", ()))
        found.append({"name": "Other parameters", "value": profiled_text(held["others"], profiled)})
    if isinstance(conditions, Assumptions):
        found.append({"name": "Assumptions", "value": conditions.text()})
    found.append({"name": "Data", "value": " + ".join(result.origin.experiments)})
    found.append({"name": "Software", "value": f"munu {__version__}"})
    return found


def profiled_text(others: str, profiled: str) -> str:
    """Return what is done with other parameters, and which they are."""
    return f"{others}: {profiled}" if profiled else others
