"""Write the explorer page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from munu._version import __version__
from munu.analysis.assumptions import settle
from munu.base.arguments import check_callable, checked_path
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.files import check_folder_of, write_text_atomically
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import ONE_SIDED, TWO_SIDED, delta_chi2, limit_delta_chi2
from munu.experiments.combination import check_combination
from munu.experiments.load import setups
from munu.experiments.model import Experiment
from munu.experiments.named import catalogue
from munu.explorer.dataset import dataset
from munu.explorer.groups import COUPLING_GROUP, MOMENT_GROUPS, mediator_groups
from munu.explorer.page import assembled
from munu.folding.folded import ExperimentLike, load_experiments
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import Mixing

LEVELS: Final = (0.6827, 0.90, 0.95, 0.99, 0.9973)
"""Confidence levels of the page."""
USUAL_SETUPS: Final = ("current", "future")
"""Those of the catalogue that the page has when no experiment is named."""
MIXING_OF_CATALOGUE: Final = "desalas2018-no"
"""That of its data sets; some setups of the future state another, and the page has one for all."""
ENDING: Final = ".html"


@checked_call
@on_one_thread
def explore(
    experiment: ExperimentLike | Sequence[ExperimentLike] | None = None,
    *,
    output: str | Path,
    setup: str | None = None,
    mixing: str | Mixing | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write a page that shows limits, regions and spectra while sliders move; return its path.

    It is one file, opens from disk in any browser and asks nothing of a network: the experiments
    are folded into it. An existing file is replaced.

    Parameters
    ----------
    experiment : str, Path, Experiment, or a sequence of them, optional
        As in `munu.limit`; by default the catalogue, in its setups ``current`` and ``future``.
    output : str or Path
        The file to write; it must end in ``.html``.
    setup : str, optional
        As in `munu.limit`.
    mixing : str or Mixing, optional
        As in `munu.limit`; δ_CP is a slider of the page. Of the catalogue ``desalas2018-no`` by
        default, as its files differ.
    progress : callable, optional
        Called with the number of experiments done and that of all.

    Raises
    ------
    MunuError
        For an unknown experiment, one that is named twice, files that differ in their mixing, and a
        file that cannot be written or has another ending.

    Examples
    --------
    >>> path = munu.explore(["conus", "coherent-csi"], output="page.html")
    >>> print(path, path.stat().st_size < 200_000)
    page.html True
    """
    check_callable("progress", progress)
    target = checked_path("output", output)
    if target.suffix.lower() != ENDING:
        raise MunuError(f"{target} does not end in {ENDING}", f"Name a file as in page{ENDING}")
    check_folder_of(target)
    loaded = _loaded(experiment, setup)
    _check_once(loaded)
    usual = MIXING_OF_CATALOGUE if experiment is None else None
    mediators, given = mediator_groups(), Assumptions(mixing=usual if mixing is None else mixing)
    settled = settle(loaded, given)
    datasets = []
    for done, one in enumerate(loaded):
        datasets.append(dataset(one, given, mediators))
        if progress is not None:
            progress(done + 1, len(loaded))
    fit = settled.neutrino_mixing
    payload = {
        "version": __version__,
        "levels": [_level(cl) for cl in LEVELS],
        "mixing": {
            "name": fit.name,
            "sin2": [fit.sin2_theta12, fit.sin2_theta13, fit.sin2_theta23],
        },
        "groups": [one.plain() for one in (*MOMENT_GROUPS, COUPLING_GROUP, *mediators)],
        "datasets": datasets,
        "conflicts": _conflicts(loaded),
    }
    return write_text_atomically(target, assembled(payload))


def _loaded(
    experiment: ExperimentLike | Sequence[ExperimentLike] | None, setup: str | None
) -> tuple[Experiment, ...]:
    """Return the experiments, those of the catalogue if none is named."""
    if experiment is not None:
        return load_experiments(experiment, setup)
    named = ((name, own) for name in catalogue() for own in setups(name) if own in USUAL_SETUPS)
    return load_experiments([f"{name}@{own}" for name, own in named if setup in (None, own)])


def _check_once(loaded: Sequence[Experiment]) -> None:
    names = [one.identity.name for one in loaded]
    for name in names:
        if names.count(name) > 1:
            raise MunuError(f"{name} is named twice", "Name it once")


def _level(cl: float) -> dict[str, Any]:
    """Return a confidence level with its thresholds of Δχ²."""
    return {
        "cl": cl,
        "two": limit_delta_chi2(cl, TWO_SIDED),
        "one": limit_delta_chi2(cl, ONE_SIDED),
        "plane": delta_chi2(cl, 2),
    }


def _conflicts(loaded: Sequence[Experiment]) -> list[list[Any]]:
    """Return the pairs that cannot be combined, by their numbers, and why."""
    found: list[list[Any]] = []
    for (i, first), (k, second) in combinations(enumerate(loaded), 2):
        if first.identity.id == second.identity.id:
            found.append([i, k, "are one experiment in two setups"])
            continue
        try:
            check_combination([first, second])
        except MunuError as error:
            found.append([i, k, error.message])
    return found
