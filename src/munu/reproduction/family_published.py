"""Published limits on couplings, and ours from the same data in the convention of their authors."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from munu.analysis.limit import limit
from munu.base.thresholds import ONE_SIDED
from munu.base.typing import FloatArray
from munu.experiments.load import load
from munu.physics.interactions.registry import parameter as parameter_of
from munu.reproduction.published_limits import published_limits
from munu.results.coupling_limit import CouplingLimitResult
from munu.results.paper.family_comparison import UNSTATED_CL, FamilyComparison
from munu.results.paper.published import PublishedLimit


@lru_cache(maxsize=1)
def entries() -> tuple[dict[str, Any], ...]:
    """Return the blocks of ``data/published_couplings.toml``."""
    text = files("munu").joinpath("data/published_couplings.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["published"])


def comparison(entry: dict[str, Any]) -> FamilyComparison:
    """Return a published number with ours beside it."""
    printed = _listed(entry) if "listed" in entry else entry
    settings = entry.get("settings", {})
    experiments = [load(name, changes=entry.get("changes", {})) for name in entry["experiments"]]
    found = limit(
        experiments,
        entry["parameter"],
        cl=printed.get("cl") or UNSTATED_CL,
        one_sided=printed["sided"] == ONE_SIDED,
        **settings,
    )
    assert isinstance(found, CouplingLimitResult)
    return FamilyComparison(
        parameter=entry["parameter"],
        mass=settings.get("mediator_mass") or settings.get("sterile_mass", ""),
        our_data=entry["our_data"],
        published_data=printed["published_data"],
        is_same_data=entry["same_data"],
        ours=found.intervals,
        published=np.array(printed["intervals"]),
        cl=printed.get("cl"),
        sided=printed["sided"],
        convention=entry["convention"],
        reason=entry["reason"],
        source=printed["source"],
        status=printed["status"],
    )


def _listed(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the number of a row of the published limits."""
    wanted = entry["listed"]
    (row,) = [
        one
        for one in published_limits()
        if [one.quantity, one.document, one.data, one.sided][: len(wanted)] == wanted
    ]
    return {
        "intervals": _interval(row, parameter_of(entry["parameter"]).low)
        * entry.get("listed_times", 1),
        "cl": row.cl,
        "sided": row.sided,
        "published_data": row.data,
        "source": row.source,
        "status": "PDG listing" if row.pdg_place else entry["status"],
    }


def _interval(row: PublishedLimit, lowest: float) -> FloatArray:
    """Return an interval; a limit is one on the size of what may have a sign."""
    assert row.high is not None
    return np.array([[max(-row.high, lowest) if row.low is None else row.low, row.high]])
