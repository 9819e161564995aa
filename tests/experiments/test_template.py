"""The commented file that `munu init` writes."""

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from munu.errors import MunuError
from munu.experiments import schema
from munu.experiments.load import catalogue, load, loads, setups
from munu.experiments.template import template_text, write_template
from munu.experiments.template_comments import SECTIONS


@pytest.mark.parametrize("like", catalogue())
def test_a_new_file_is_the_experiment_it_is_like(like, tmp_path):
    path = write_template(tmp_path / "mine.toml", like)
    for setup in setups(like):
        mine, model = load(path, setup), load(like, setup)
        assert mine.identity.id == "mine"
        assert mine.identity.provenance == model.identity.provenance
        assert str(mine.source.describe()) == str(model.source.describe())


@pytest.mark.parametrize("like", catalogue())
def test_each_section_is_explained_once(like):
    text = template_text("mine", like)
    present = {name for name in SECTIONS if re.search(rf"^\[(setup\.\w+\.)?{name}\b", text, re.M)}
    for name, comment in SECTIONS.items():
        first = f"# {comment.splitlines()[0]}".rstrip()
        assert text.splitlines().count(first) == (name in present)


def models(annotation):
    """Every table model within a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for argument in get_args(annotation):
        yield from models(argument)


def test_every_option_of_the_format_is_explained():
    comments = "\n".join(SECTIONS.values())
    tables = {*models(schema.CountingDocument), *models(schema.BoundDocument)}
    assert len(tables) > 30
    for table in tables - {schema.CountingDocument, schema.BoundDocument}:
        for key, field in table.model_fields.items():
            assert re.search(rf"\b{key}\b", comments), (table.__name__, key)
            for choice in get_args(field.annotation):
                if isinstance(choice, str):
                    assert f'"{choice}"' in comments, (table.__name__, key, choice)


def test_every_value_that_a_key_has_when_left_out_is_stated():
    comments = " ".join("\n".join(SECTIONS.values()).split())
    for table in models(schema.CountingDocument):
        for key, field in table.model_fields.items():
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            if default not in (None, [], {}):
                written = default if isinstance(default, str) else f"{default:g}"
                stated = rf'\b{key} \(optional; "?{written}( \w+)?"? without it\)'
                assert re.search(stated, comments), (table.__name__, key, default)


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    with pytest.raises(MunuError, match="exists"):
        write_template(path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "like", "words"),
    [
        ("a.toml", "conuss", "'conus'"),
        ("a.txt", "conus", "a.toml"),
        ("no/a.toml", "conus", "write"),
    ],
)
def test_a_bad_name_leaves_no_file(tmp_path, name, like, words):
    with pytest.raises(MunuError, match=words):
        write_template(tmp_path / name, like)
    assert list(tmp_path.iterdir()) == []


def test_any_stem_makes_a_valid_file():
    for stem in ("a b", 'q"uote', "ünï", "..", ""):
        assert loads(template_text(stem)).identity.id


def test_a_new_file_can_be_like_the_user_s_own(tmp_path):
    first = write_template(tmp_path / "first.toml", "coherent-csi")
    second = write_template(tmp_path / "second.toml", str(first))
    assert load(second).identity.id == "second"
    assert load(second).mass_kg == load(first).mass_kg
