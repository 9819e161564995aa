"""What a result was made from, read off its experiments."""

from __future__ import annotations

from collections.abc import Sequence

from munu.experiments.model import Experiment
from munu.mixing import Mixing
from munu.references import found_in, references_of
from munu.results.base import Origin


def make_origin(experiments: Sequence[Experiment], mixing: Mixing | None = None) -> Origin:
    """Return the origin of a result made from these experiments, in this order."""
    identities = [experiment.identity for experiment in experiments]
    keys = [key for experiment in experiments for key in references_of(experiment)]
    keys += found_in(mixing.source) if mixing else []
    notes = [note for identity in identities for note in identity.notes]
    return Origin(
        experiments=tuple(f"{identity.id}@{identity.setup}" for identity in identities),
        inputs_hash=tuple(identity.inputs_hash for identity in identities),
        notes=tuple(dict.fromkeys(notes)),
        references=tuple(dict.fromkeys(keys)),
    )
