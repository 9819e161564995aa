"""Remarks about names of nuisances that are nearly those of the catalogue, and so not shared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from munu.analysis.checks.remark import Remark
from munu.experiments.load import load_setups
from munu.experiments.model import Experiment, counting_part
from munu.experiments.named import catalogue
from munu.statistics.shared_nuisances import sharable


def shared_name_remarks(experiment: Experiment) -> Iterator[Remark]:
    """Remark on a nuisance whose name differs from one of the catalogue by its writing alone."""
    names = [name for name in _names(experiment) if name not in _of_catalogue().values()]
    for name in names:
        known = _of_catalogue().get(_letters(name))
        if known:
            yield Remark(
                "statistic",
                f"the nuisance '{name}' is another one than '{known}' of the catalogue, with which"
                " it shares nothing: names are compared letter by letter",
            )


@lru_cache(maxsize=1)
def _of_catalogue() -> dict[str, str]:
    """Return the nuisances of the catalogue by their letters."""
    known = (one for name in catalogue() for one in load_setups(name))
    return {_letters(name): name for one in known for name in _names(one)}


def _names(experiment: Experiment) -> tuple[str, ...]:
    counting = counting_part(experiment)
    if counting is None:
        return ()
    return sharable(counting.statistic, [variant.name for variant in counting.variants])


def _letters(name: str) -> str:
    """Return what remains of a name that is written in another way."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
