"""The commented file that `munu init` writes."""

import json
import re
import tomllib
from importlib.resources import files
from typing import get_args

import pytest
from pydantic import BaseModel

from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.experiments.load import load, loads, setups
from munu.experiments.named import catalogue
from munu.experiments.schema import document
from munu.experiments.schema.statistic import StatisticSection
from munu.experiments.template.blank import DETECTORS, FILL_IN, SOURCES, STATISTICS
from munu.experiments.template.comments import SECTIONS
from munu.experiments.template.write import template_text, write_template


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
    tables = {*models(document.CountingDocument), *models(document.BoundDocument)}
    assert len(tables) > 30
    for table in tables - {document.CountingDocument, document.BoundDocument}:
        for key, field in table.model_fields.items():
            assert re.search(rf"\b{key}\b", comments), (table.__name__, key)
            for choice in get_args(field.annotation):
                if isinstance(choice, str):
                    assert f'"{choice}"' in comments, (table.__name__, key, choice)


def test_every_value_that_a_key_has_when_left_out_is_stated():
    comments = " ".join("\n".join(SECTIONS.values()).split())
    for table in models(document.CountingDocument):
        for key, field in table.model_fields.items():
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            # A key that is true or false is false where it is left out.
            if default is not False and default not in (None, [], {}):
                written = default if isinstance(default, str) else f"{default:g}"
                stated = rf'\b{key} \(optional; "?{written}( \w+)?"? without it\)'
                assert re.search(stated, comments), (table.__name__, key, default)


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    for like in (None, "conus"):
        with pytest.raises(MunuError, match="exists"):
            write_template(path, like)
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


def filled(text):
    """A new file with the examples that its placeholders give."""
    assert FILL_IN in text
    return text.replace(FILL_IN, "")


ASKED = [
    *({"source": source} for source in SOURCES),
    *({"observable": observable} for observable in DETECTORS),
    *({"source": "spallation", "observable": observable} for observable in DETECTORS),
    *({"statistic": statistic} for statistic in STATISTICS),
    *({"source": source, "statistic": "bound"} for source in ("spallation", "chromium-51")),
    {"source": "chromium-51", "statistic": "template-fit"},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_blank_file_is_valid_with_its_examples(asked, tmp_path):
    path = write_template(tmp_path / "mine.toml", **asked)
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert mistakes(path) == ()


def test_every_statistic_of_a_file_has_a_blank():
    section = get_args(StatisticSection)[0]
    kinds = {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(section)}
    assert {*STATISTICS} == {*kinds, "bound"}


def test_a_misspelt_bound_is_named():
    """A file with one has another form, and the list of statistics left it out."""
    text = filled(template_text("mine", None)).replace('kind = "poisson"', 'kind = "bund"')
    with pytest.raises(MunuError, match=r"Did you mean 'bound'.*template-fit, bound"):
        loads(text)


@pytest.mark.parametrize("statistic", ["poisson", "template-fit", "bound"])
def test_no_placeholder_is_taken_for_a_value(statistic, tmp_path):
    """Each alone, the others filled; a title, reference or name of a beam may be any text."""
    path = write_template(tmp_path / "mine.toml", statistic=statistic)
    pieces = path.read_text(encoding="utf-8").split(FILL_IN)
    assert len(pieces) > 8
    for i in range(1, len(pieces)):
        if re.search(r'(title|reference|beam) = "$', pieces[i - 1]):
            continue
        text = "".join(pieces[:i]) + FILL_IN + "".join(pieces[i:])
        path.write_text(text, encoding="utf-8")
        assert mistakes(path), pieces[i - 1][-60:]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"source": "reaktor"}, "'reactor'"),
        ({"statistic": "poison"}, "'poisson'"),
        ({"observable": "charge"}, "ionisation"),
        ({"material": 'Ge"'}, "not a material"),
    ],
)
def test_what_a_blank_file_cannot_be(asked, words):
    with pytest.raises(MunuError, match=words):
        template_text("mine", **asked)


CHANGES = {
    'value = "3.85 kg"': 'value = "4 kg"',
    "value = 0.2312": "value = 0.2311",
    'quenching = { model = "lindhard"': 'quenching = { model = "constant", factor = 0.2',
    'value = "17 m"': 'value = "25 m"',
}


def test_a_changed_value_does_not_keep_the_source_of_another():
    text = template_text("mine", "conus")
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new, 1)
    found = {entry.key: entry for entry in loads(text).identity.provenance}
    for key in (
        "target.mass",
        "interaction.sin2_theta_w",
        "detector.quenching.model",
        "detector.quenching.factor",
        "source.baseline",
    ):
        assert (found[key].source, found[key].note) == ("", ""), key
    model = {entry.key: entry for entry in load("conus").identity.provenance}
    kept = model.keys() - {"detector.quenching.model"} & found.keys()
    for key in kept:
        if found[key].value == model[key].value:
            assert found[key] == model[key]


def test_a_changed_value_may_have_a_source_of_its_own():
    text = template_text("mine", "conus").replace(
        '"3.85 kg", source = "arXiv:1905.03750, Table I"', '"4 kg", source = "weighed"'
    )
    (mass,) = [one for one in loads(text).identity.provenance if one.key == "target.mass"]
    assert (mass.value, mass.source) == ("4 kg", "weighed")


@pytest.mark.parametrize("words", ['source = "{}"', 'note = "", source = "{}"'])
def test_a_changed_value_may_be_of_a_paper_that_the_other_has_of_another_value(words):
    text = template_text("mine", "conus")
    model = {entry.key: entry for entry in load("conus").identity.provenance}
    paper = model["target.mass"].source
    assert paper
    assert model["interaction.sin2_theta_w"].source != paper
    line = next(row for row in text.splitlines() if row.startswith("sin2_theta_w ="))
    stated = f"sin2_theta_w = {{ value = 0.24, {words.format(paper)} }}"
    found = {entry.key: entry for entry in loads(text.replace(line, stated)).identity.provenance}
    assert found["interaction.sin2_theta_w"].source == paper


def test_a_value_of_another_setup_keeps_its_source():
    text = template_text("mine", "conus")
    future = '{ value = "100 kg", source = "arXiv:1905.03750, Table I, in square brackets" }'
    line = next(row for row in text.splitlines() if row.startswith("mass ="))
    (mass,) = [
        one
        for one in loads(text.replace(line, f"mass = {future}")).identity.provenance
        if one.key == "target.mass"
    ]
    assert mass.source.endswith("in square brackets")


@pytest.mark.parametrize("like", catalogue())
def test_a_new_file_says_nothing_in_the_other_s_name(like):
    """No general note of the other is printed, even where it was copied back; nor its title."""
    text = template_text("mine", like)
    model = load(like, setups(like)[0])
    theirs = tomllib.loads(_catalogue_text(like)).get("notes", [])
    copied = text.replace(f'like = "{like}"', f'like = "{like}"\nnotes = {json.dumps(theirs)}')
    for one in (text, copied):
        mine = loads(one, setup=setups(like)[0]).identity
        assert not set(theirs) & set(mine.notes)
        assert mine.title != model.identity.title
        assert model.identity.title not in one


def _catalogue_text(name):
    return files("munu.experiments").joinpath(f"catalogue/{name}.toml").read_text(encoding="utf-8")


def test_what_a_file_is_like_must_be_known():
    text = template_text("mine", "conus").replace('like = "conus"', 'like = "conuss"')
    with pytest.raises(MunuError, match="'conus'"):
        loads(text)


def test_any_stem_makes_a_valid_file():
    for stem in ("a b", 'q"uote', "ünï", "..", ""):
        assert loads(template_text(stem, "conus")).identity.id
        assert loads(filled(template_text(stem))).identity.id


def test_a_new_file_can_be_like_the_user_s_own(tmp_path):
    first = write_template(tmp_path / "first.toml", "coherent-csi")
    second = write_template(tmp_path / "second.toml", str(first))
    assert load(second).identity.id == "second"
    assert load(second).mass_kg == load(first).mass_kg


@pytest.mark.parametrize("statistic", ["poisson", "gaussian", "projection"])
def test_a_pulsed_beam_has_arrival_times_to_uncomment(statistic, tmp_path):
    text = template_text("mine", None, source="spallation", statistic=statistic)
    block = re.search(r"^# \[axes\.time\].*(\n# .*)+$", text, re.MULTILINE)
    assert (block is not None) == (statistic != "projection")
    if block is None:
        return
    assert '"tabulated-arrival"' in text
    lines = [line.removeprefix("# ") for line in block[0].splitlines()]
    timed = filled(text.replace(block[0], "\n".join(lines)))
    for key in ("observed", "events", "error"):
        timed = re.sub(rf'\b{key} = \["(\d+)"\]', rf"{key} = [\1, \1, \1]", timed)
    (tmp_path / "mine.toml").write_text(timed, encoding="utf-8")
    assert mistakes(tmp_path / "mine.toml") == ()
    assert [axis.name for axis in load(tmp_path / "mine.toml").axes] == ["time"]


def test_a_source_that_is_always_on_has_none():
    assert "# [axes" not in template_text("mine", None, source="reactor")
