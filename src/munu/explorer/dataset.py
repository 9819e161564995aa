"""What the page carries of an experiment: forms of its bins, its likelihood, its spectrum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from munu.analysis.data_likelihood import specification_of
from munu.analysis.statement import fold_assumed
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment, Experiment
from munu.explorer.forms import (
    Form,
    coupling_form,
    is_of_masses,
    joined,
    moment_forms,
    standard_point,
)
from munu.explorer.groups import COUPLING_GROUP, Group
from munu.explorer.packing import packed, plain_factor
from munu.folding.counts import BinnedAxis
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.statistics.build import build, with_expected_data
from munu.statistics.likelihoods import plain_parts


def dataset(
    experiment: Experiment, assumptions: Assumptions, mediators: Sequence[Group]
) -> dict[str, Any]:
    """Return an experiment as the page takes it.

    Parameters
    ----------
    experiment : Experiment
    assumptions : Assumptions
        The mixing, and otherwise the usual ones.
    mediators : sequence of Group
    """
    (folded,), settled = fold_assumed(experiment, None, assumptions)
    counting = isinstance(experiment, CountingExperiment)
    forms = []
    for recoil in folded.counts.recoils:
        one, own = folded, settled
        if len(folded.counts.recoils) > 1:
            (one,), own = fold_assumed(experiment, None, replace(assumptions, recoils=recoil))
        forms += moment_forms(one, own, recoil)
        if counting:
            groups = (COUPLING_GROUP, *mediators)
            forms += [coupling_form(one, group, own, recoil) for group in groups]
    standard = folded.counts.sm_of_folds()
    factor, (of_standard, *tables) = joined(forms, standard)
    identity = experiment.identity
    return {
        "id": identity.name,
        "label": identity.short_name,
        "title": identity.title,
        "basis": "mass" if is_of_masses(folded) else "flavour",
        "recoils": list(folded.counts.recoils),
        "nSignal": int(standard.size),
        "rank": int(factor.shape[1]),
        **plain_factor(factor),
        "standard": packed(of_standard[:, 0]),
        "forms": [_plain(form, table) for form, table in zip(forms, tables, strict=True)],
        "standardPoint": standard_point(folded, settled) if counting else None,
        **_likelihood(folded, settled, standard),
        "axes": [_axis(axis) for axis in folded.counts.axes],
    }


def _likelihood(folded: Folded, assumptions: Assumptions, standard: FloatArray) -> dict[str, Any]:
    """Return the parts of χ² with the data that were observed, and with those expected."""
    counts = folded.counts
    specification = specification_of(folded.experiment, assumptions)
    expected = with_expected_data(specification, counts.sm_total())
    variants = tuple(variant.name for variant in counts.variants)
    observed, asimov = (
        plain_parts(build(one, counts.experiment, standard, variants), standard)
        for one in (specification, expected)
    )
    return {
        "parts": observed,
        "expected": [_of_data(part) for part in asimov],
        "observes": observed != asimov,
    }


def _of_data(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a part depends on the data: a variance may, where it is that of the counts."""
    return {key: part[key] for key in ("data", "variance", "loss", "spread") if key in part}


def _axis(axis: BinnedAxis) -> dict[str, Any]:
    """Return an axis; one bin without an end has no edges that could be drawn."""
    edges = axis.edges.tolist() if np.all(np.isfinite(axis.edges)) else None
    return {"name": axis.name, "unit": axis.unit, "bins": axis.n_bins, "edges": edges}


def _plain(form: Form, table: FloatArray) -> dict[str, Any]:
    return {
        "group": form.group,
        "recoil": form.recoil,
        "pairs": [index for pair in form.pairs for index in pair],
        "table": packed(table.T),
    }
