"""Several sources at one detector: the cores of a power plant, a reactor and the Sun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import final

from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.physics.mixing import Mixing
from munu.sources.base import BeamComponent, Source
from munu.sources.part_time import PartTimeSource


@final
@dataclass(frozen=True, kw_only=True)
class SeveralSources(Source):
    """The fluxes of several sources, each with its beams.

    Where two of them send one species in beams of one name, as two reactors do, the beams are
    numbered in the order of the sources: ``reactor 1``, ``reactor 2``.

    Parameters
    ----------
    sources : tuple of Source
    columns : tuple of str, optional
        Where they are the columns of one table, the species of each.

    Raises
    ------
    MunuError
        If there is none; and of its components, if a beam has the name that another gets as one
        of several, ``reactor 1``.
    """

    sources: tuple[Source, ...]
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.sources:
            raise MunuError("a list of sources is empty", "Give one or more")
        names = dict.fromkeys(name for one in self.sources for name in one.mixing_parameters)
        # What is a fact of the class for one source is one of the object here.
        object.__setattr__(self, "mixing_parameters", tuple(names))
        freeze(self)

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the components of all sources, those of equal names numbered."""
        made = [one.components(mixing) for one in self.sources]
        pairs = Counter(pair for one in made for pair in {(c.species, c.beam) for c in one})
        twice = {beam for (_, beam), number in pairs.items() if number > 1}
        _check_names(made, twice)
        return tuple(
            replace(component, beam=f"{component.beam} {i}", numbered_from=component.own_beam)
            if component.beam in twice
            else component
            for i, one in enumerate(made, start=1)
            for component in one
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return what the sources override, with their numbers."""
        return self._numbered([one.overridden() for one in self.sources])

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the sources' descriptions, with their numbers."""
        return self._numbered([one.describe() for one in self.sources])

    @staticmethod
    def _numbered(pairs: list[tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (f"source {i}: {quantity}", value)
            for i, one in enumerate(pairs, start=1)
            for quantity, value in one
        )


def _check_names(made: Sequence[Sequence[BeamComponent]], twice: Collection[str]) -> None:
    """Raise `MunuError` for a beam whose name is that of another with its number."""
    beams = [dict.fromkeys(component.beam for component in one) for one in made]
    numbered = {
        f"{beam} {i}" for i, one in enumerate(beams, start=1) for beam in one if beam in twice
    }
    for name in (name for one in beams for name in one if name not in twice):
        if name in numbered:
            raise MunuError(
                f"two beams are called '{name}': one of that name, and one of several called"
                f" '{name.rpartition(' ')[0]}', which are numbered",
                "Give the former another name",
            )


def each(source: Source, key: str = "source") -> tuple[tuple[str, Source], ...]:
    """Return the sources that one is made of, each with its key in an experiment file.

    Parameters
    ----------
    source : Source
    key : str, optional
        Of the source itself.
    """
    whole = _whole(source)
    if not isinstance(whole, SeveralSources):
        return ((key, whole),)
    keys = [f"{key}.columns.{name}" for name in whole.columns]
    keys = keys or [f"{key}[{1 + i}]" for i in range(len(whole.sources))]
    pairs = zip(keys, whole.sources, strict=True)
    return tuple(found for name, one in pairs for found in each(one, name))


def _whole(source: Source) -> Source:
    """Return a source itself, also where it is on for a part of the time."""
    return source.source if isinstance(source, PartTimeSource) else source
