"""The JSON Schema of experiment files: as the classes are, and what it takes and refuses."""

import json
import tomllib
from importlib.resources import files

import pytest

import munu
from munu.experiments.header import HEADER_KEYS
from munu.experiments.json_schema import PARTIAL
from munu.experiments.named import catalogue
from munu.experiments.schema.document import SECTIONS
from munu.experiments.schema.source import ReactorSection
from munu.experiments.template.write import template_text

LIKE = 'format = 1\nid = "mine"\ntitle = "mine"\nreference = "me"\nlike = "conus"\n'
MASS = LIKE + '[target]\nmass = "2 kg"\n'


@pytest.fixture(scope="module")
def schema():
    return json.loads(json.dumps(munu.schema()))


def test_every_key_of_the_classes_is_in_it(schema):
    assert schema["propertyNames"]["enum"] == [*HEADER_KEYS, *SECTIONS, "setup"]
    reactor = schema["$defs"]["ReactorSection"]
    assert set(reactor["properties"]) == {*ReactorSection.model_fields, "source", "note"}
    assert "thermal_power" in reactor["required"]
    assert "required" not in schema["$defs"][PARTIAL + "ReactorSection"]
    written, origin = reactor["properties"]["thermal_power"]["anyOf"]
    assert written["type"] == ["number", "string"]
    assert "thermal power in GW" in written["description"]
    assert origin["required"] == ["value"]


def test_references_resolve(schema):
    text = json.dumps(schema)
    for name in schema["$defs"]:
        assert name in text
    for part in text.split('"$ref": "#/$defs/')[1:]:
        assert part.split('"')[0] in schema["$defs"]


def validator(schema):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_takes_the_catalogue_and_templates(schema):
    check = validator(schema)
    folder = files("munu.experiments").joinpath("catalogue")
    for name in catalogue():
        content = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        assert check.is_valid(content), name
    assert check.is_valid(tomllib.loads(template_text("mine", "coherent-csi")))
    assert check.is_valid(tomllib.loads(MASS))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mass", "mas"),
        ('"2 kg"', "[1]"),
        ('like = "conus"', ""),
        ('"conus"', '"connus"'),
        ("[target]", "[taget]"),
        ("format = 1", "format = 2"),
        ('[target]\nmass = "2 kg"', '[source]\nkind = "reacter"'),
    ],
)
def test_it_refuses_mistakes(schema, old, new):
    assert not validator(schema).is_valid(tomllib.loads(MASS.replace(old, new)))
