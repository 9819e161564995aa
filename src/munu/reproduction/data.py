"""Every data set of the catalogue against the numbers that its experiment prints."""

from __future__ import annotations

import tomllib
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any, Final

from munu.analysis.fit import fit
from munu.analysis.origin import make_origin
from munu.analysis.weak_angle import weak_angle
from munu.experiments.model import CountingExperiment
from munu.folding.folded import fold_experiment, fold_moment, load_experiment
from munu.physics.assumptions import RECOILS, Assumptions, Recoils
from munu.physics.mixing import paper_mixing
from munu.reproduction.limits import limits_of
from munu.reproduction.ours import is_of_fit, ours
from munu.reproduction.work import Work
from munu.results.fit import FitResult
from munu.results.paper.data import DataResult
from munu.results.paper.data_rows import DataFit, DataRow

DATA: Final = (
    "coherent-csi-2017",
    "coherent-csi-2021",
    "coherent-lar-2020",
    "dresden-ii",
    "dresden-ii@ybe",
    "conus-plus",
    "conus-plus@electrons",
    "xenonnt-sr0-er",
)
TOYS: Final = 100


@lru_cache(maxsize=1)
def printed() -> tuple[dict[str, Any], ...]:
    """Return the experiments' own numbers (``data/measured_counts.toml``)."""
    text = files("munu").joinpath("data/measured_counts.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["rows"])


def compute(work: Work | None = None, *, toys: int = TOYS) -> DataResult:
    """Return the comparison, and the fits with nuclear and electron recoils on and off.

    Parameters
    ----------
    work : Work, optional
        Who does the fits, and is told.
    toys : int
        Toy experiments for each goodness of fit with sparse bins; 0 for none.
    """
    names = tuple(dict.fromkeys([*DATA, *(row["experiment"] for row in printed())]))
    with (work or Work()).begun(len(names)) as do:
        answers = do([partial(_answers, name, toys) for name in names])
    rows = {name: iter(own) for name, (_, own) in zip(names, answers, strict=True)}
    return DataResult(
        rows=tuple(next(rows[row["experiment"]]) for row in printed()),
        fits=tuple(one for fits, _ in answers for one in fits),
        origin=make_origin([load_experiment(name) for name in names]),
    )


def _answers(name: str, toys: int) -> tuple[list[DataFit], list[DataRow]]:
    """Return the fits to data, if they are shown, and our numbers beside those in print."""
    fits = [_fit(name, channels, toys) for channels in _channels(name)] if name in DATA else []
    rows = [row for row in printed() if row["experiment"] == name]
    known = next((one.fit for one in fits if one.fit.channels == "all"), None)
    if known is None and any(is_of_fit(row["quantity"]) for row in rows):
        known = fit(name, toys=0)
    return fits, [_row(row, known) for row in rows]


def _channels(name: str) -> tuple[Recoils, ...]:
    """Return what to switch: nothing for an experiment of one kind of recoils."""
    experiment = load_experiment(name)
    several = isinstance(experiment, CountingExperiment) and len(experiment.recoils) > 1
    return RECOILS if several else ("all",)


def _fit(name: str, channels: Recoils, toys: int) -> DataFit:
    return DataFit(
        fit=fit(name, channels=channels, toys=toys if channels == "all" else 0),
        weak_angle=weak_angle(name, channels=channels),
        limits=limits_of([fold_moment(name, None, channels)], Assumptions(mixing=paper_mixing())),
    )


def _row(row: dict[str, Any], known: FitResult | None) -> DataRow:
    sided = row.get("sided", "")
    value, low, high = ours(row["experiment"], row["quantity"], known, sided)
    folded = fold_experiment(row["experiment"])
    return DataRow(
        experiment=f"{folded.counts.experiment}@{folded.counts.setup}",
        quantity=row["quantity"],
        value=value,
        low=low,
        high=high,
        printed=float(row["value"]),
        printed_error=float(row.get("error", 0.0)),
        printed_error_low=row.get("error_low"),
        ratio=value / row["value"],
        source=row["source"],
        note=row.get("note", ""),
        sided=sided,
    )
