"""Random damage to experiment files: characters, lines, keys, values and types."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.base.units import parse_quantity
from munu.experiments.load import loads
from munu.experiments.model import CountingExperiment
from munu.experiments.named import catalogue

TEXTS = {
    name: files("munu.experiments").joinpath(f"catalogue/{name}.toml").read_text(encoding="utf-8")
    for name in catalogue()
}
KEY = re.compile(r"(?<=[\n{,] )[a-z_0-9]+(?= =)|(?<=\n)[a-z_0-9]+(?= =)|(?<=\[)[a-z_.]+(?=\])")
VALUE = re.compile(r'(?<== )(?:"[^"\n]*"|-?[0-9.e]+|true|\[[^\n\]]*\])')
OTHER_VALUES = (
    '""', '"x"', '"kg"', "0", "-1", "1e400", "1e-320", "nan", "-inf", "true", "[]", "[1, 2]",
    "[[1, 2], [3, 4]]", "{}", "{ value = 1 }", "{ value = { value = 2 } }", '{ model = "flat" }',
    '{ kind = [1] }', "1979-05-27", "07:32:00", "10" * 40, '"1e400 kg"', '"0 kg"', '"1e-400 yr"',
    '"../secret.csv"', '"/etc/passwd"', '"__import__(\'os\')"', '"\\u0000"', '"٣ kg"',
)  # fmt: skip


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, str]:
    """Return the name of a catalogue file and its text after one to three random changes."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(DAMAGES))(draw, text)
    return name, text


def _position(draw: st.DrawFn, text: str) -> int:
    return draw(st.integers(0, max(len(text) - 1, 0)))


def _characters(draw: st.DrawFn, text: str) -> str:
    start = _position(draw, text)
    return text[:start] + draw(st.text(max_size=3)) + text[start + draw(st.integers(0, 3)) :]


def _lines(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines()
    if not lines:
        return text
    i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    change = draw(st.sampled_from(("drop", "swap", "repeat", "cut")))
    if change == "drop":
        del lines[i]
    elif change == "swap":
        lines[i], lines[j] = lines[j], lines[i]
    elif change == "repeat":
        lines.insert(j, lines[i])
    else:
        lines = lines[:i]
    return "\n".join(lines) + "\n"


def _replace(draw: st.DrawFn, text: str, pattern: re.Pattern[str], new: str) -> str:
    matches = list(pattern.finditer(text))
    if not matches:
        return text
    match = draw(st.sampled_from(matches))
    return text[: match.start()] + new + text[match.end() :]


def _keys(draw: st.DrawFn, text: str) -> str:
    names = sorted({match[0] for other in TEXTS.values() for match in KEY.finditer(other)})
    return _replace(draw, text, KEY, draw(st.sampled_from(names)))


def _values(draw: st.DrawFn, text: str) -> str:
    written = sorted({match[0] for other in TEXTS.values() for match in VALUE.finditer(other)})
    return _replace(draw, text, VALUE, draw(st.sampled_from(written)))


def _types(draw: st.DrawFn, text: str) -> str:
    return _replace(draw, text, VALUE, draw(st.sampled_from(OTHER_VALUES)))


DAMAGES = (_characters, _lines, _keys, _values, _types)


def written_values(raw, setup):
    """Every value of the text that the setup takes, by key: its own tables over the base's."""
    base, over = {}, {}
    for section, content in raw.items():
        if section == "source" or (isinstance(content, dict) and section != "setup"):
            base |= dict(_leaves(content, section))
    for section, content in raw.get("setup", {}).get(setup, {}).items():
        if section != "notes":
            over |= dict(_leaves(content, section))
    return base, over


def _leaves(node, path):
    selects = isinstance(node, dict) and {"kind", "model", "observable"} & node.keys()
    if isinstance(node, dict) and "value" in node and not selects:
        node = node["value"]
    if isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for number, item in enumerate(node, start=1):
            yield from _leaves(item, f"{path}[{number}]")
    elif isinstance(node, dict):
        for key, item in node.items():
            if key not in ("source", "note"):
                yield from _leaves(item, f"{path}.{key}")
    else:
        yield path, node


def read(name, text):
    """Return the experiment, or the error in its place; any other exception is a failure."""
    try:
        return loads(text, name=f"{name}.toml")
    except MunuError as error:
        return error


@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(damaged_files())
def test_a_damaged_file_is_refused_in_one_line_or_read_as_written(damaged):
    name, text = damaged
    result = read(name, text)
    if isinstance(result, MunuError):
        event("refused")
        assert str(result).startswith(f"{name}.toml")
        assert "pydantic" not in str(result)
        return
    event("read")
    base, over = written_values(tomllib.loads(text), result.identity.setup)
    values = {entry.key: entry.value for entry in result.identity.provenance}
    assert values.keys() <= base.keys() | over.keys()
    assert over.keys() <= values.keys()
    for key, value in values.items():
        expected = over.get(key, base.get(key))
        assert value == (str(expected) if isinstance(expected, str) else value)
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            assert float(value) == float(expected)
    if isinstance(result, CountingExperiment):
        assert result.mass_kg == parse_quantity(values["target.mass"], "mass") > 0
        assert result.live_time_s == parse_quantity(values["exposure.live_time"], "time") > 0
        assert np.all(np.diff(result.detector.bin_edges) > 0)
