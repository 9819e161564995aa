"""The setups that a file has, and the one that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from munu.base.errors import MunuError, unknown
from munu.experiments.diagnostics import SourceText
from munu.experiments.header import check_notes
from munu.experiments.schema.document import SECTIONS

DEFAULT_SETUP: Final = "current"
SETUP_KEYS: Final = (*SECTIONS, "notes")


def choose_setup(raw: Mapping[str, Any], setup: str | None, source_text: SourceText) -> str:
    """Return the setup of a file that is meant; raises `MunuError` as `load`."""
    names = setup_names(raw, source_text)
    if setup is None:
        if DEFAULT_SETUP in names:
            return DEFAULT_SETUP
        if len(names) == 1:
            return names[0]
        raise MunuError(f"{source_text.name} has several setups", f"Name one of {', '.join(names)}")
    if setup not in names:
        where = f"experiment '{raw.get('id', source_text.name)}'"
        raise unknown("setup", setup, names, where=where)
    return setup


def setup_names(raw: Mapping[str, Any], source_text: SourceText) -> tuple[str, ...]:
    """Return the setups of a file; one without any is the setup ``current``."""
    table = raw.get("setup", {DEFAULT_SETUP: {}})
    if not isinstance(table, dict) or not table:
        raise source_text.error(("setup",), "setup is not a table", "Write [setup.current]")
    for name, content in table.items():
        if not name.strip() or "@" in name or not name.isprintable():
            message = f"{name!r} is not the name of a setup"
            raise source_text.error(
                ("setup", name), message, "Allowed: a text without @, on one line"
            )
        if not isinstance(content, dict):
            raise source_text.error(
                ("setup",), f"setup.{name} is not a table", f"Write [setup.{name}]"
            )
        for key in content:
            if key not in SETUP_KEYS:
                error = unknown("key", key, SETUP_KEYS, where=f"[setup.{name}]")
                raise source_text.error(("setup", name, key), error.message, error.remedy)
        check_notes(content, ("setup", name), source_text)
    return tuple(table)
