"""The origin of a result, read off its experiments."""

from __future__ import annotations

from collections.abc import Sequence

from munu.base.digests import digest
from munu.experiments.identity import Identity
from munu.experiments.load import CHANGED_HERE
from munu.experiments.model import Experiment, stated_survival
from munu.experiments.references import found_in, references_of
from munu.physics.mixing import Mixing
from munu.results.core.base import Origin
from munu.statistics.specification import Bound, Projection

EQUATION_34 = "arXiv:1905.03750"
"""Where the statistic of projections is, and the reference of the experiments of its Table II."""


def make_origin(
    experiments: Sequence[Experiment],
    mixing: Mixing | None = None,
    *,
    extra_notes: Sequence[str] = (),
) -> Origin:
    """Return the origin of a result made from these experiments, in this order."""
    identities = [experiment.identity for experiment in experiments]
    keys = [key for experiment in experiments for key in references_of(experiment)]
    keys += found_in(mixing.source) if mixing else ()
    notes = [*extra_notes, *_notes(identities)]
    return Origin(
        experiments=tuple(f"{identity.id}@{identity.setup}" for identity in identities),
        inputs_hash=tuple(experiment.inputs_hash for experiment in experiments),
        notes=tuple(dict.fromkeys(notes)),
        references=tuple(dict.fromkeys(keys)),
        labels=tuple(identity.short_name for identity in identities),
        changes=_changes(identities),
    )


def _changes(identities: Sequence[Identity]) -> tuple[str, ...]:
    """Return what was changed in the file of each; nothing where none was."""
    changes = tuple(identity.changes for identity in identities)
    return changes if any(changes) else ()


def _notes(identities: Sequence[Identity]) -> list[str]:
    """Return the notes, each with the experiments it is about if it is not about all of them.

    What was changed in several is told with their names: one key replaces values of all.
    """
    about: dict[str, list[str]] = {}
    for identity in identities:
        for note in identity.notes:
            about.setdefault(note, []).append(identity.id)
    return [
        f"{', '.join(dict.fromkeys(names))}: {note}"
        if len(names) < len(identities) or (len(names) > 1 and note.startswith(CHANGED_HERE))
        else note
        for note, names in about.items()
    ]


def mixing_notes(experiments: Sequence[Experiment], mixing: Mixing) -> tuple[str, ...]:
    """Return what does not follow a mixing other than that of the experiments' files."""
    return tuple(
        f"{one.identity.id}: P_e1 = {survival:g} is a number of its file, which does not follow "
        f"the mixing {mixing.name}."
        for one in experiments
        if (survival := stated_survival(one)) is not None
        and digest(one.mixing.with_delta(0.0)) != digest(mixing.with_delta(0.0))
    )


def systematic_notes(experiments: Sequence[Experiment], sigma_sys: float | None) -> tuple[str, ...]:
    """Return what a reader of a projected limit must know about its systematic uncertainty.

    Table II of arXiv:1905.03750 follows from σ_sys = 0 in Eq. (34), not from the values printed;
    other experiments are in no such table.
    """
    if sigma_sys is not None:
        bounds = [one.identity.id for one in experiments if isinstance(one.statistic, Bound)]
        return tuple(f"{name}: a bound, which sigma_sys does not change." for name in bounds)
    sizes = {
        one.identity: one.statistic.sigma_sys
        for one in experiments
        if isinstance(one.statistic, Projection) and one.statistic.sigma_sys > 0
    }
    if not sizes:
        return ()
    printed = " and ".join(f"{value:g}" for value in sorted(set(sizes.values())))
    said = f"The projection has sigma_sys = {printed} in Eq. (34)"
    if any(identity.references[:1] == (EQUATION_34,) for identity in sizes):
        return (f"{said}; Table II of {EQUATION_34} follows from 0 (sigma_sys=0, --sigma-sys 0).",)
    return (f"{said} of {EQUATION_34}.",)
