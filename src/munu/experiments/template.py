"""Write a commented experiment file to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from munu.errors import MunuError, unknown
from munu.experiments.load import catalogue, load_setups, read_file
from munu.experiments.template_comments import HEADER, SECTIONS
from munu.files import write_text_atomically

_HEADER_LINE: Final = re.compile(r"\[(?:setup\.\w++\.)?(\w++)[^\]]*+\]")


def write_template(path: str | Path, like: str = "conus") -> Path:
    """Write a new experiment file with the values of another experiment and every option.

    Parameters
    ----------
    path : str or Path
        The file to write; it must not exist and must end in ``.toml``.
    like : str
        Identifier of the experiment whose values it takes, or the path of its file.

    Raises
    ------
    MunuError
        If the experiment is unknown or its file wrong, or the new file exists, has another ending
        or cannot be written.
    """
    target = Path(path)
    text = template_text(target.stem, like)
    if target.suffix != ".toml":
        raise MunuError(f"{target} is no name of a TOML file", f"Use {target.stem or 'my'}.toml")
    if target.exists():
        raise MunuError(f"{target} exists", "Choose another name; nothing is overwritten")
    return write_text_atomically(target, text)


def template_text(identifier: str, like: str = "conus") -> str:
    """Return the text of a new experiment file, as :func:`write_template` writes it."""
    original, known = _original(like)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", identifier) or "my-experiment"
    named = original.replace(f'id = "{known}"', f'id = "{name}"', 1)
    return f"{_comment(HEADER)}\n\n{_with_comments(named)}"


def _original(like: str) -> tuple[str, str]:
    """Return the text of an experiment and its identifier; a user's file must be valid."""
    if like in catalogue():
        entry = files("munu.experiments").joinpath(f"catalogue/{like}.toml")
        return entry.read_text(encoding="utf-8"), like
    if not like.endswith(".toml"):
        error = unknown("experiment", like, catalogue())
        raise MunuError(error.message, f"{error.remedy}; or the path of a TOML file")
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
