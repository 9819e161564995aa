"""Files that state only what differs from an experiment of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from munu.experiments.schema.document import document_of
from munu.experiments.trees import Branch, Leaf, overlay, plain


def lacks_sections(sections: Branch) -> bool:
    """Whether sections are missing, so that a file is not one by itself."""
    content = plain(sections)
    assert isinstance(content, dict)
    fields = document_of(content).model_fields.items()
    return any(field.is_required() and name not in content for name, field in fields)


def completed(own: Branch, other: Branch) -> Branch:
    """Return sections with what they lack taken from those of another experiment."""
    merged = overlay(other, own)
    assert isinstance(merged, Branch)
    return merged


def takes_data(own: Branch, other: Branch) -> bool:
    """Whether counts that sections lack are observed ones of the other, whose events they are."""
    mine, theirs = own.nodes.get("statistic"), other.nodes.get("statistic")
    if not isinstance(theirs, Branch) or (isinstance(mine, Branch) and "observed" in mine.nodes):
        return False
    observed = theirs.nodes.get("observed")
    return observed is not None and observed != Leaf("sm") and _value(observed) != "sm"


def _value(node: object) -> object:
    return node.value if isinstance(node, Leaf) else None


def other_setup(like: str, names: tuple[str, ...], default: str) -> str:
    """Return the setup of the other experiment: the one named, the default one, or the first."""
    named = like.partition("@")[2]
    return named or (default if default in names else names[0])


def note_of(raw: Mapping[str, Any]) -> str:
    """Return what a file that is completed says of itself."""
    return f"What the file does not state is that of {raw['like']}."
