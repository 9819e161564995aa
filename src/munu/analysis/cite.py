"""BibTeX for the inputs of a result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from munu._version import __version__
from munu.base.arguments import checked_names
from munu.experiments.references import PAPER, references

SOFTWARE = "munu"

_LATEX = {
    "é": r"{\'e}",
    "ó": r"{\'o}",
    "ö": r"{\"o}",
    "σ": r"$\sigma$",
}


def keys_of(names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the keys to cite for result files (``.json``) and experiments.

    Parameters
    ----------
    names : str or sequence of str
        Paths of results written with ``--json``, identifiers, or paths of experiment files; none
        gives munu and the reference paper.

    Raises
    ------
    MunuError
        If a file is missing or is not a result, or an experiment is unknown.
    """
    keys = [SOFTWARE, PAPER]
    for name in checked_names("names", names):
        keys += _keys_of_result(Path(name)) if name.endswith(".json") else _keys_of(name)
    return tuple(dict.fromkeys(keys))


def _keys_of_result(path: Path) -> list[str]:
    from munu.results import read_json

    return list(read_json(path).origin.references)


def _keys_of(name: str) -> list[str]:
    from munu.experiments.load import load
    from munu.experiments.references import references_of

    return references_of(load(name))


def bibtex(keys: Sequence[str]) -> str:
    """Return BibTeX entries; an unknown e-print gets an entry with its number alone."""
    return "\n".join(_entry(key) for key in checked_names("keys", keys))


def _entry(key: str) -> str:
    if key == SOFTWARE:
        return _format("software", key, {"author": "{munu developers}", "title": "munu", **_self()})
    if key not in references():
        eprint = key.removeprefix("arXiv:")
        return _format("misc", key, {"eprint": eprint, "archivePrefix": "arXiv"})
    fields = dict(references()[key].fields)
    if "eprint" in fields:
        fields["archivePrefix"] = "arXiv"
    return _format("article" if "journal" in fields else "misc", key, fields)


def _self() -> dict[str, str]:
    return {
        "version": __version__,
        "note": "Limits on neutrino transition magnetic moments from low-energy scattering",
    }


def _format(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{_latex(name, value)}}}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _latex(name: str, value: str) -> str:
    """Return a field with accents as LaTeX, and the capitals of a title kept."""
    for letter, code in _LATEX.items():
        value = value.replace(letter, code)
    return f"{{{value}}}" if name == "title" else value
