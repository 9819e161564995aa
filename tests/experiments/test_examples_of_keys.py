"""The page on own experiments shows every key of the schema, and its lines are valid."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from munu.experiments.schema.document import BoundDocument, CountingDocument
from munu.experiments.template.comments import SECTIONS

PAGE = (Path(__file__).parents[2] / "docs/own-experiment.md").read_text(encoding="utf-8")
LINES = PAGE.partition("## Each way in a line")[2].partition("```toml\n")[2].partition("```")[0]
BASE = """
[source]
kind = "solar"
fluxes = "b16-gs98"
survival = 0.5
[target]
material = "Ge"
mass = "1 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "ionisation"
threshold = "0.1 keVee"
quenching = "lindhard"
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = "unity"
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
"""
BOUND = ("source", "interaction", "statistic")


def models(annotation: Any) -> set[type[BaseModel]]:
    """Return the models that an annotation names, and those inside them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.values()
        return {annotation}.union(*(models(field.annotation) for field in fields))
    return set().union(*(models(part) for part in get_args(annotation)))


def keys() -> list[str]:
    found = models(CountingDocument) | models(BoundDocument)
    return sorted({name for model in found for name in model.model_fields})


@pytest.mark.parametrize("key", keys())
def test_every_key_has_an_example(key: str) -> None:
    written = rf"(?<![\w-]){re.escape(key)}\s*="
    table = rf"^\s*\[+(?:[\w.\"-]+\.)?{re.escape(key)}[\].]"
    everything = PAGE + "\n".join(SECTIONS.values())
    assert re.search(written, everything) or re.search(table, everything, re.MULTILINE)


@pytest.mark.parametrize("line", LINES.splitlines())
def test_every_line_is_valid(line: str) -> None:
    content = tomllib.loads(BASE)
    for section, table in tomllib.loads(line).items():
        is_whole = re.match(r"\w+ = ", line)
        content[section] = table if is_whole else content.get(section, {}) | table
    document: type[BaseModel] = CountingDocument
    if content["statistic"]["kind"] == "bound":
        document = BoundDocument
        content = {name: content[name] for name in BOUND}
        content["interaction"] = {"mixing": "nufit60-no"}
    document.model_validate(content)
