"""The papers behind the inputs of a result, read off experiment files and docstrings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, final

from munu.base.frozen import FrozenMapping
from munu.experiments.chosen_sources import sources_of_nuclei_and_atoms
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.physics import electroweak_boxes

PAPER = "Miranda:2019wdy"
"""The reference paper."""

CONSTANTS = ("ParticleDataGroup:2018ovx", "Tiesinga:2021myr")
NUCLEI = ("Wang:2021xhn", "Meija:2016", "Kondev:2021lzi", "Angeli:2013epw")
"""Sources of ``data/nuclei.csv``."""

TEXTS: Final = 4096
"""Whose papers are kept: a result looks at about a hundred."""

_EPRINT = re.compile(r"arXiv:\d{4}\.\d{4,5}")


@final
@dataclass(frozen=True)
class Reference:
    """A paper.

    Parameters
    ----------
    key : str
        BibTeX key.
    cited_as : tuple of str
        How files and docstrings name it.
    fields : dict of str to str
        BibTeX fields.
    """

    key: str
    cited_as: tuple[str, ...]
    fields: dict[str, str]


@lru_cache(maxsize=1)
def references() -> Mapping[str, Reference]:
    """Return every known paper by key (``data/references.toml``)."""
    text = files("munu").joinpath("data/references.toml").read_text(encoding="utf-8")
    found = {
        entry["key"]: Reference(
            key=entry["key"],
            cited_as=tuple(entry["cited_as"]),
            fields={k: str(v) for k, v in entry.items() if k not in ("key", "cited_as")},
        )
        for entry in tomllib.loads(text)["reference"]
    }
    return FrozenMapping(found)


@lru_cache(maxsize=TEXTS)
def found_in(text: str) -> tuple[str, ...]:
    """Return the keys of the papers that a text cites; an unknown e-print is its own key."""
    plain = " ".join(text.split())
    keys = [r.key for r in references().values() if any(name in plain for name in r.cited_as)]
    return (*keys, *(name for name in _EPRINT.findall(plain) if name not in _known_names()))


@lru_cache(maxsize=1)
def _known_names() -> frozenset[str]:
    """Return all that papers are cited as."""
    return frozenset(name for one in references().values() for name in one.cited_as)


def references_of(experiment: Experiment) -> list[str]:
    """Return the keys of the papers behind an experiment's inputs.

    They are those its file cites for values or notes, those in the docstrings of its form factor,
    detector effects and couplings, and those of the constants and nuclei it uses.
    """
    identity = experiment.identity
    texts = [*identity.references, *(entry.note for entry in identity.provenance)]
    texts += sources_of_nuclei_and_atoms(counting_part(experiment))
    counting = counting_part(experiment)
    texts += [type(part).__doc__ or "" for part in _parts(counting)]
    if counting and "nuclear" in counting.recoils:
        by_flavour = counting.couplings.charge_radii == "flavours"
        texts += [electroweak_boxes.__doc__ or ""] * by_flavour
    keys = [key for text in texts for key in found_in(text)]
    return list(dict.fromkeys([*keys, *CONSTANTS, *(NUCLEI if counting else ())]))


def _parts(counting: CountingExperiment | None) -> tuple[object, ...]:
    """Return the objects whose models have papers; none for a bound alone."""
    if counting is None:
        return ()
    detectors = [one.detector for one in counting.parts()]
    responses = [part for d in detectors for part in (d.quenching, d.efficiency, d.resolution)]
    parts = (counting.form_factor, *responses)
    couplings = counting.electron_couplings
    corrected = "electron" in counting.recoils and couplings.radiative
    return (*parts, couplings) if corrected else parts
