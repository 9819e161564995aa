"""Write a commented experiment file to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from munu.base.errors import MunuError
from munu.base.files import exists, write_text_atomically
from munu.experiments.files import read_file
from munu.experiments.load import load_setups
from munu.experiments.named import catalogue, unknown_experiment
from munu.experiments.template.blank import blank_text
from munu.experiments.template.comments import HEADER, SECTIONS

BLANK: Final = {
    "source": "reactor",
    "material": "",
    "observable": "ionisation",
    "statistic": "poisson",
}
"""What a file is for if nothing else is asked for."""

_NOTES: Final = re.compile(r'^notes = \[(?:\s|"(?:[^"\\]|\\.)*+"|,|#[^\n]*+)*+\]\n?', re.MULTILINE)
_TITLE: Final = re.compile(r"^title = .*$", re.MULTILINE)
_LABEL: Final = re.compile(r"^label = .*\n", re.MULTILINE)
_REFERENCE: Final = re.compile(r"^reference = .*$", re.MULTILINE)
_HEADER_LINE: Final = re.compile(r"(?:# )?\[(?:setup\.\w++\.)?(\w++)[^\]]*+\](?:  # .*)?")


def write_template(path: str | Path, like: str | None = None, **blank: str) -> Path:
    """Write a new experiment file with every option: with placeholders, or another's values.

    Parameters
    ----------
    path : str or Path
        The file to write; it must not exist and must end in ``.toml``.
    like : str, optional
        Identifier of the experiment whose values it takes, or the path of its file.
    **blank
        Without ``like``: ``source``, ``material``, ``observable`` and ``statistic``, as for
        `munu.experiments.template.blank.blank_text`.

    Raises
    ------
    MunuError
        If the experiment is unknown or its file wrong, or the new file exists, has another ending
        or cannot be written.
    """
    target = Path(path)
    text = template_text(target.stem, like, **blank)
    if target.suffix != ".toml":
        raise MunuError(
            f"{target} is not the name of a TOML file", f"Use {target.stem or 'my'}.toml"
        )
    if exists(target):
        raise MunuError(f"{target} exists", "Choose another name; nothing is overwritten")
    return write_text_atomically(target, text)


def template_text(identifier: str, like: str | None = None, **blank: str) -> str:
    """Return the text of a new experiment file, as :func:`write_template` writes it."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", identifier) or "my-experiment"
    if like is None:
        text = blank_text(name, **{**BLANK, **blank})
    else:
        text = _named(*_original(like), name)
    return f"{_comment(HEADER)}\n\n{_with_comments(text)}"


def _named(original: str, known: str, name: str) -> str:
    """Return another experiment's text under a new name, without its title, reference and notes.

    Those of the catalogue are named as what the new file is like, which keeps their sources apart
    (`munu.experiments.template.borrowed`).
    """
    text = original.replace(f'id = "{known}"', f'id = "{name}"', 1)
    text = text.replace("same_events = [", f'same_events = ["{known}", ', 1)
    if known not in catalogue() or original != _packaged(known):
        return text
    head, section, rest = text.partition("\n[")
    head = _NOTES.sub("", head)
    head = _TITLE.sub(f'title = "{name}, like {known}"', head)
    head = _LABEL.sub("", head)
    head = _REFERENCE.sub('reference = "this file"', head)
    like = (
        f"# The sources below are those of {known}, for its values: one that differs loses them."
        f'\nlike = "{known}"'
    )
    return f"{head.rstrip()}\n{like}\n{section}{rest}"


def _packaged(identifier: str) -> str:
    entry = files("munu.experiments").joinpath(f"catalogue/{identifier}.toml")
    return entry.read_text(encoding="utf-8")


def _original(like: str) -> tuple[str, str]:
    """Return the text of an experiment and its identifier; a user's file must be valid."""
    if like in catalogue():
        return _packaged(like), like
    if not like.endswith(".toml"):
        raise unknown_experiment(like)
    return read_file(Path(like)), load_setups(like)[0].identity.id


def _with_comments(text: str) -> str:
    """Put each section's comment before its first table."""
    lines, explained = [], set()
    for line in text.splitlines():
        match = _HEADER_LINE.fullmatch(line)
        section = match[1] if match else ""
        topics = ["setup"] if line.startswith("[setup") else []
        for topic in (*topics, section):
            if topic in SECTIONS and topic not in explained:
                explained.add(topic)
                lines.append(_comment(SECTIONS[topic]))
        lines.append(line)
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
