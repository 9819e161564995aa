"""Keys that another key of the file replaces: what-if values of them would change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

from munu.base.errors import MunuError
from munu.experiments.locate import PlacedError, dotted
from munu.experiments.schema.context import PER_SECOND
from munu.experiments.schema.document import BoundDocument, CountingBoundDocument, Document
from munu.experiments.schema.fields import Section
from munu.experiments.schema.source import SpallationSection, TabulatedSection
from munu.experiments.schema.targets import RESPONSE, each_target
from munu.experiments.trees import Node, states

Path: TypeAlias = tuple[str, ...]
LIVE_TIME: Final = ("exposure", "live_time")
CHANNELS: Final = ("interaction", "channels")
OF_NUCLEI_ALONE: Final = (
    *("form_factor", "neutron_radius", "neutron_skin"),
    *("spin_term", "nucleon_spins", "moment_on_spin0"),
)
"""Keys of the interaction that no electron sees."""
WHOLE: Final = ("protons", "flux_unit")
"""Keys of a source that may say what arrives in the whole live time."""


@final
@dataclass(frozen=True)
class Unused:
    """A key that is not used, as another one is stated.

    Parameters
    ----------
    path, by : tuple of str
        Of the key and of the other, entries of arrays numbered from 0.
    """

    path: Path
    by: Path

    @property
    def why(self) -> str:
        """Why it is not used."""
        if self.by == CHANNELS:
            return 'electrons alone recoil, interaction.channels = ["electron"]'
        how = "is of the whole live time" if self.by[-1] in WHOLE else "is stated"
        return f"{dotted(self.by)} {how}"

    @property
    def remedy(self) -> str:
        """What to do instead of changing it."""
        if self.by == CHANNELS:
            return "Leave it out, or change interaction.channels too"
        if self.by[-1] in WHOLE:
            return f"{PER_SECOND[self.by[-1]]}, or change {dotted(self.by)}"
        return f"Change {dotted(self.by)}, or take a setup or a file without it"


def unused(document: Document) -> tuple[Unused, ...]:
    """Return the keys of a file that another one of its keys replaces."""
    found = [*_within(document, ()), *_live_times(document)]
    if not isinstance(document, BoundDocument):
        found += _responses(document)
    return tuple(found)


def unused_by_electrons(content: Mapping[str, Any]) -> tuple[Unused, ...]:
    """Return the keys of nuclei in a file whose electrons alone recoil; it need not leave them out.

    They are apart from `unused`, as a file may state them for what it is combined or compared with.

    Parameters
    ----------
    content : mapping
        The sections before they are checked, as what is wrong below such a key is not the reason.
    """
    interaction, target = content.get("interaction"), content.get("target")
    if not isinstance(interaction, Mapping) or interaction.get("channels") != ["electron"]:
        return ()
    targets: list[Path] = [("target",)]
    if isinstance(target, list):
        targets = [("target", str(i)) for i in range(len(target))]
    keys = [(*table, "quenching") for table in (("detector",), *targets)]
    return tuple(
        Unused(key, CHANNELS) for key in (*keys, *(("interaction", key) for key in OF_NUCLEI_ALONE))
    )


def _within(value: object, path: Path) -> Iterator[Unused]:
    """Yield what keys replace in the table in which they stand."""
    if isinstance(value, Section):
        for key, others in type(value).REPLACES.items():
            if getattr(value, key) is not None:
                yield from (Unused((*path, other), (*path, key)) for other in others)
        value = {name: getattr(value, name) for name in type(value).model_fields}
    entries = dict(enumerate(value)) if isinstance(value, list) else value
    for name, below in entries.items() if isinstance(entries, Mapping) else ():
        yield from _within(below, (*path, str(name)))


def _responses(document: Any) -> Iterator[Unused]:
    """Yield the parts of the detector's response that each target states for itself."""
    targets = each_target(document.target)
    for key in RESPONSE:
        if all(getattr(one, key) is not None for _, one in targets):
            yield Unused(("detector", key), (*targets[0][0], key))


def _live_times(document: Document) -> Iterator[Unused]:
    """Yield the live times over which what arrives in all of them is spread, so that they cancel.

    So does that of the exposure from a source that is on for a time of its own.
    """
    fixed = [_fixed(path, one) for path, one in _sources(document)]
    yield from (
        Unused((*by[:-1], "live_time"), by) for by in fixed if by is not None and by[-1] in WHOLE
    )
    if fixed[0] is not None and None not in fixed:
        yield Unused(LIVE_TIME, fixed[0])


def _sources(document: Document) -> list[tuple[Path, Any]]:
    """Return the sources of a file, each with its path."""
    if isinstance(document.source, list):
        return [(("source", str(i)), one) for i, one in enumerate(document.source)]
    return [(("source",), document.source)]


def _fixed(path: Path, source: Any) -> Path | None:
    """Return the key that keeps a source's events the same for any live time of the exposure."""
    if isinstance(source, SpallationSection) and source.protons is not None:
        return (*path, "protons")
    if isinstance(source, TabulatedSection) and source.is_fluence:
        return (*path, "flux_unit")
    return (*path, "live_time") if source.live_time is not None else None


def check_changes(found: Sequence[Unused], paths: Iterable[str]) -> None:
    """Raise `PlacedError` for the change of a key that is not used.

    Parameters
    ----------
    found : sequence of Unused
    paths : iterable of str
        Of the keys that are changed, as in ``source.2.baseline``.
    """
    for path in map(_parts, paths):
        for one in found:
            if path[: len(one.path)] == one.path:
                error = MunuError(f"to change it changes nothing, as {one.why}", one.remedy)
                raise PlacedError(path, error)


def _parts(path: str) -> Path:
    return tuple(str(int(part) - 1) if part.isdigit() else part for part in path.split("."))


def notes_of_changes(document: Document, paths: Iterable[str]) -> Iterator[str]:
    """Yield what some changes leave as it is: a source's events, and a published bound."""
    changed = sorted(map(_parts, paths))
    fixed = [_fixed(path, one) for path, one in _sources(document)]
    if LIVE_TIME in changed:
        for by in fixed:
            if by is not None:
                why = Unused(LIVE_TIME, by).why
                yield f"Events of {dotted(by[:-1])} do not follow {dotted(LIVE_TIME)}, as {why}."
    of_bound = ("source", "statistic")
    keys = [dotted(one) for one in changed if one[0] not in of_bound and one[-1] != "mixing"]
    if isinstance(document, CountingBoundDocument) and keys:
        yield f"The bound is as published and does not follow {', '.join(keys)}."


def notes_of_files(found: Sequence[Unused], layers: Sequence[Node]) -> Iterator[str]:
    """Yield what must be said of keys that a file states and does not use.

    They stand above the key that replaces them, as in a file over what it is `like`, or beside it.

    Parameters
    ----------
    found : sequence of Unused
    layers : sequence of trees
        What lies above each other, the uppermost last.
    """
    told: dict[str, list[str]] = {}
    for one in found:
        mine, its = _uppermost(layers, one.path), _uppermost(layers, one.by)
        is_beside = one.path[:-1] == one.by[:-1] and mine == its
        if -1 < its < mine or (is_beside and its > -1):
            told.setdefault(one.why, []).append(dotted(one.path))
    yield from (f"Not used: {', '.join(keys)}, as {why}." for why, keys in told.items())


def _uppermost(layers: Sequence[Node], path: Path) -> int:
    """Return the number of the uppermost layer that states a key, -1 if none does."""
    return max((i for i, layer in enumerate(layers) if states(layer, path)), default=-1)
