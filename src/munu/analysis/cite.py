"""BibTeX for the inputs of a result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from munu._version import YEAR, __version__
from munu.base.arguments import checked_names
from munu.base.calls import checked_call
from munu.experiments.model import CountingExperiment, MomentBound
from munu.experiments.named import no_experiment
from munu.experiments.references import PAPER, references, references_of
from munu.folding.folded import ExperimentLike, load_experiment
from munu.results.core.base import Result, read_json

SOFTWARE = "munu"

_LATEX = {
    "é": r"{\'e}",
    "ó": r"{\'o}",
    "ö": r"{\"o}",
    "ν": r"$\nu$",
    "σ": r"$\sigma$",
}


Citable: TypeAlias = Result | ExperimentLike


@checked_call
def cite(*sources: Citable | Sequence[Citable]) -> str:
    """Return BibTeX for the inputs of results and experiments, and for munu.

    Parameters
    ----------
    *sources : Result, Experiment, str or Path, or a sequence of them
        Results, or their files (``.json``); experiments, their identifiers or files. None gives
        munu and the paper whose analysis it follows, which are always there.

    Raises
    ------
    MunuError
        If a file is missing or is not a result, or an experiment is unknown.

    Examples
    --------
    >>> entries = munu.cite(munu.limit("conus"))
    >>> print("@article{Miranda:2019wdy," in entries, entries.count("eprint"), "preprints")
    True 6 preprints
    """
    return bibtex(keys_of(sources))


@checked_call
def keys_of(sources: Citable | Sequence[Citable | Sequence[Citable]] = ()) -> tuple[str, ...]:
    """Return the keys to cite, as `cite` takes them; raises `MunuError` as it does."""
    keys = [SOFTWARE, PAPER, *(key for one in _listed(sources) for key in _keys_of(one))]
    return tuple(dict.fromkeys(keys))


def _listed(sources: object) -> list[Citable]:
    """Return one source or several, in sequences or not, as a list."""
    if isinstance(sources, list | tuple):
        return [one for each in sources for one in _listed(each)]
    if not isinstance(sources, Result | CountingExperiment | MomentBound | str | Path):
        raise no_experiment(sources)
    return [sources]


def _keys_of(source: Citable) -> list[str]:
    if isinstance(source, Result):
        return list(source.origin.references)
    if isinstance(source, str | Path) and str(source).endswith(".json"):
        return list(read_json(Path(source)).origin.references)
    return references_of(load_experiment(source))


@checked_call
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
        "year": YEAR,
        "version": __version__,
        "note": "Limits on moments and other couplings of neutrinos from low-energy scattering",
    }


def _format(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{_latex(name, value)}}}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _latex(name: str, value: str) -> str:
    """Return a field with accents as LaTeX, and the capitals of a title kept."""
    for letter, code in _LATEX.items():
        value = value.replace(letter, code)
    return f"{{{value}}}" if name == "title" else value
