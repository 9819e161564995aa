"""The JSON Schema of experiment files, generated from the classes that check them.

Editors that know it complete keys and mark mistakes. It says which keys there are, what is written
for them and in which units; what keys say together, such as counts that are as many as bins, is
checked by `munu validate` alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from munu.base.calls import checked_call
from munu.base.units import UNITS
from munu.experiments.header import HEADER_KEYS, IDENTIFIER, LONGEST_LABEL
from munu.experiments.named import catalogue
from munu.experiments.schema.document import (
    FORMAT,
    SECTIONS,
    BoundDocument,
    CountingBoundDocument,
    CountingDocument,
)
from munu.experiments.schema.electrons_only import OF_NUCLEI
from munu.experiments.setups import SETUP_KEYS

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: Final = (CountingDocument, BoundDocument, CountingBoundDocument)
SOMETIMES_MISSING: Final = {key for keys in OF_NUCLEI.values() for key in keys}
"""Keys that stand in the way of no editor: only `munu validate` sees which recoils they are of."""
PARTIAL: Final = "Part of "
"""What begins the names of tables whose keys may all stand in another one: a setup's."""


@checked_call
def schema() -> Schema:
    """Return the JSON Schema of experiment files.

    It is a plain dictionary, in the dialect of 2020-12, for files read from TOML. A file with
    setups, or one that is like another experiment or includes files, may have parts of each section
    only.

    Examples
    --------
    >>> munu.schema()["properties"]["format"]
    {'const': 1}
    >>> sorted(munu.schema()["$defs"]["ExposureSection"]["properties"])
    ['live_time', 'note', 'rates', 'source']
    """
    documents, definitions = _documents()
    partial = {
        key: {"anyOf": [one["properties"][key] for one in documents if key in one["properties"]]}
        for key in SECTIONS
    }
    partial = {key: _in_parts(value) for key, value in partial.items()}
    parts = {PARTIAL + name: _in_parts(one) for name, one in definitions.items()}
    header = _header()
    setup = {
        "type": "object",
        "properties": {**partial, "notes": header["notes"]},
        "propertyNames": {"enum": list(SETUP_KEYS)},
    }
    return {
        "$schema": DIALECT,
        "title": "munu experiment file",
        "type": "object",
        "properties": {
            **header,
            "setup": {"type": "object", "additionalProperties": setup},
        },
        "propertyNames": {"enum": [*HEADER_KEYS, *SECTIONS, "setup"]},
        "required": ["format", "id", "title", "reference"],
        "if": {"anyOf": [{"required": [key]} for key in ("setup", "like", "include")]},
        "then": {"properties": partial},
        "else": _by_statistic(documents),
        "$defs": {**definitions, **parts},
    }


def _by_statistic(documents: list[Schema]) -> Schema:
    """Return the schema of a whole file: one that counts, or a bound with a detector or without."""
    counting, *bounds = (
        {"properties": one["properties"], "required": one["required"]} for one in documents
    )
    kind = _sourced({"const": "bound"})
    bound = {"properties": {"kind": kind}, "required": ["kind"]}
    return {
        "if": {"properties": {"statistic": bound}, "required": ["statistic"]},
        "then": {"anyOf": bounds},
        "else": counting,
    }


def _header() -> Schema:
    """Return the schemas of the keys outside the sections."""
    text = {"type": "string", "minLength": 1}
    name = {"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"}
    beside = {"type": "string", "pattern": r"^[^/\\]+$"}
    return {
        "format": {"const": FORMAT},
        "id": name,
        "title": text,
        "reference": text,
        "label": {**text, "maxLength": LONGEST_LABEL},
        "notes": {"type": "array", "items": {"type": "string"}},
        "same_events": {"type": "array", "items": name},
        "include": {"anyOf": [beside, {"type": "array", "items": beside, "minItems": 1}]},
        "like": {"type": "string", "pattern": f"^({'|'.join(catalogue())})(@.+)?$"},
    }


def _documents() -> tuple[list[Schema], Schema]:
    """Return the schema of each kind of file, and those of the tables that they refer to."""
    definitions: Schema = {}
    found = []
    for document in DOCUMENTS:
        one = document.model_json_schema(schema_generator=_generator())
        definitions.update(one.pop("$defs"))
        found.append(one)
    tables = {name: _table(one) for name, one in definitions.items()}
    documents = [
        {**one, "properties": {k: _plain(v) for k, v in one["properties"].items()}} for one in found
    ]
    return documents, tables


def _table(one: Schema) -> Schema:
    """Return the schema of a table, whose values may be written with their source and note."""
    properties = {key: _sourced(_plain(value)) for key, value in one["properties"].items()}
    text = {"type": "string"}
    required = [key for key in one.get("required", ()) if key not in SOMETIMES_MISSING]
    table = {**_plain(one), "properties": {**properties, "source": text, "note": text}}
    return {**table, "required": required} if "required" in one else table


def _sourced(value: Schema) -> Schema:
    """Return the schema of a value, or of a table of it, its source and a note."""
    text = {"type": "string"}
    origin = {
        "type": "object",
        "properties": {"value": value, "source": text, "note": text},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"anyOf": [value, origin]}


def _plain(value: Any) -> Any:
    """Return a schema that allows tables of free keys a source, and is not of OpenAPI."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _plain(item) for key, item in value.items() if key not in ("discriminator",)}
    if isinstance(found.get("additionalProperties"), dict):
        text = {"type": "string"}
        found["properties"] = {"source": text, "note": text}
        found["additionalProperties"] = _sourced(found["additionalProperties"])
    if "oneOf" in found:
        found["anyOf"] = found.pop("oneOf")
    return found


def _in_parts(value: Any) -> Any:
    """Return a schema in which no key has to be there."""
    if isinstance(value, list):
        return [_in_parts(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _in_parts(item) for key, item in value.items()}
    if found.get("additionalProperties") is False and "value" not in found.get("properties", {}):
        found.pop("required", None)
    if "$ref" in found:
        found["$ref"] = found["$ref"].replace("#/$defs/", f"#/$defs/{PARTIAL}")
    return found


def _generator() -> type[Any]:
    """Return pydantic's generator, taught what is written for quantities and models."""
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        def function_before_schema(self, schema: Any) -> Schema:
            inner = super().function_before_schema(schema)
            return _written(schema["function"]["function"], inner)

    return Generator


def _written(validator: Callable[..., object], inner: Schema) -> Schema:
    """Return the schema of what a validator takes: a quantity as text, a model as its name."""
    facts: Mapping[str, Any] = (
        inspect.getclosurevars(validator).nonlocals if inspect.isfunction(validator) else {}
    )
    if "dimension" in facts:
        units = ", ".join(unit for unit in UNITS[facts["dimension"]] if unit)
        text = f"{facts['dimension']} in {units}" if units else facts["dimension"]
        allowed = facts["allowed"].text(next(iter(UNITS[facts["dimension"]])))
        return {"type": ["number", "string"], "description": f"{text}; {allowed}".strip("; ")}
    return inner
