"""Texts of a file are printed, never obeyed by a terminal."""

from __future__ import annotations

import json
import re

import munu
from munu.base.visible import visible, visible_json
from munu.experiments.template.write import write_template
from munu.results.core.table import Table, terminal_text

COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = "\x1b[31mred\x1b[2J\x07 \x9b31m\x7f \u202eback"


def test_control_characters_are_written_out():
    assert visible("a\x1b[2J\x07\x9bb\u202e") == r"a\x1b[2J\x07\x9bb\u202e"
    assert visible("μ² ≤ 1\n\tΔχ²") == "μ² ≤ 1\n\tΔχ²"


def test_json_keeps_the_text_and_hides_its_commands():
    document = json.dumps({"note": HOSTILE}, ensure_ascii=False)
    shown = visible_json(document)
    assert COMMANDS.search(shown) is None
    assert json.loads(shown) == {"note": HOSTILE}


def test_every_text_of_a_table_is_shown():
    table = Table(title=HOSTILE, columns=(HOSTILE,), rows=((HOSTILE,),), notes=(HOSTILE,))
    assert COMMANDS.search(terminal_text([table])) is None
    assert COMMANDS.search(table.html()) is None


def test_the_notes_of_a_file(tmp_path):
    path = tmp_path / "my.toml"
    write_template(path, like="texono")
    escaped = json.dumps(HOSTILE)
    text = path.read_text(encoding="utf-8").replace(
        'id = "my"', f'id = "my"\nnotes = [{escaped}]', 1
    )
    path.write_text(text, encoding="utf-8")
    found = munu.limit(path)
    assert HOSTILE in found.origin.notes
    assert r"\x1b[31mred" in str(found)
    assert COMMANDS.search(str(found)) is None
    assert COMMANDS.search(found.to_json()) is None
    assert munu.read_json(found.to_json()).to_json() == found.to_json()
