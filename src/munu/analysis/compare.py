"""Compare two results: what differs in what was asked, and in what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.options import key_of
from munu.base.units import Range, checked_number
from munu.physics.assumptions import Assumptions
from munu.results.comparison import ComparisonResult, Difference
from munu.results.core.base import Origin, Result, read_json, without_workers

RELATIVE: Final = Range(low=0.0, high=1.0)
ASKED: Final = frozenset(
    [
        *("cl", "compared", "degrees_of_freedom", "method", "precision", "relative", "result"),
        *("experiment", "setup", "channels", "settings", "with_values", "over", "over_unit"),
        *("parameter", "plane", "moment", "signed", "unit", "units", "varied"),
        *("others", "profiled", "nuisances", "live_points", "seed", "toys"),
    ]
)
"""Keys of results, besides those that they share, that say what was asked."""
ABOUT: Final = ("inputs", "results", "notes")
CHI2: Final = "chi2"
"""In the keys of χ² and its differences, which are of order one where anything is at stake."""
LONGEST: Final = 40
"""Characters of a value that are shown."""
ABSENT: Final = "absent"

ResultLike = Result | str | Path


@checked_call
def compare(a: ResultLike, b: ResultLike, *, relative: float = 0.0) -> ComparisonResult:
    """Return what differs between two results of one kind.

    Inputs are the experiments with the digests of their files, the version of munu, everything
    assumed and asked; numbers are what was found. Who computed them, ``workers``, is no difference.
    Nothing is computed again.

    Parameters
    ----------
    a, b : Result, str or Path
        Results, or as `munu.read_json` reads them.
    relative : float
        Numbers count as equal up to this relative difference: of a number alone over the larger of
        the two, in a list over the largest number of both lists, as one of them may be zero but
        for rounding; of χ² over no less than one. Zero for equal to the last bit.

    Returns
    -------
    ComparisonResult
        True where nothing differs.

    Raises
    ------
    MunuError
        For what is no result, results of different kinds, and a tolerance that is not from 0 to 1.

    Examples
    --------
    >>> first, second = munu.limit("conus"), munu.limit("conus", "Lambda_3", cl=0.95)
    >>> found = munu.compare(first, second)
    >>> print(*(one.key for one in found.of("inputs")))
    parameter cl
    >>> print(f"{next(one.relative for one in found.differences if one.key == 'limit_mu_b'):.2f}")
    0.33
    >>> bool(munu.compare(first, munu.limit("conus"), relative=1e-10))
    True
    """
    tolerance = checked_number("relative", relative, RELATIVE)
    first, second = _result(a), _result(b)
    if first.kind_of_result != second.kind_of_result:
        kinds = f"'{first.kind_of_result}' and '{second.kind_of_result}'"
        raise MunuError(f"results of kinds {kinds} have nothing to compare", "Give two of one kind")
    documents = [without_workers(one.to_dict()) for one in (first, second)]
    found = list(_differences("", *documents, tolerance=tolerance))
    return ComparisonResult(
        compared=first.kind_of_result,
        relative=tolerance,
        differences=tuple(sorted(found, key=lambda one: ABOUT.index(one.about))),
        origin=_origin(first.origin, second.origin),
    )


def _result(given: ResultLike) -> Result:
    return given if isinstance(given, Result) else read_json(given)


def _origin(first: Origin, second: Origin) -> Origin:
    """Return the experiments of both, each once."""
    hashes = dict(zip(first.experiments, first.inputs_hash, strict=True))
    for name, digest in zip(second.experiments, second.inputs_hash, strict=True):
        hashes.setdefault(name, digest)
    return Origin(
        experiments=tuple(hashes),
        inputs_hash=tuple(hashes.values()),
        references=tuple(dict.fromkeys((*first.references, *second.references))),
    )


def _about(key: str) -> str:
    """Return what a key says: what was asked, what was found, or remarks."""
    top = key.partition(".")[0].partition("[")[0]
    if top == "notes":
        return "notes"
    shared = {key_of(one) for kind in (Origin, Assumptions) for one in fields(kind)}
    return "inputs" if top in shared or top in ASKED else "results"


def _is_numeric(value: object) -> bool:
    """Whether a value is a number, infinity, or a list of them at any depth."""
    if isinstance(value, list):
        return all(map(_is_numeric, value)) and len(value) > 0
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _differences(key: str, a: Any, b: Any, *, tolerance: float) -> Iterator[Difference]:
    """Yield the differences of two JSON values."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for name in dict.fromkeys((*a, *b)):
            inside = f"{key}.{name}" if key else name
            yield from _differences(
                inside, a.get(name, ABSENT), b.get(name, ABSENT), tolerance=tolerance
            )
    elif _is_numeric(a) and _is_numeric(b) and _shape(a) == _shape(b):
        yield from _of_numbers(key, a, b, tolerance)
    elif _is_list(a) and _is_list(b) and len(a) == len(b):
        for index, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _differences(f"{key}[{index}]", one, other, tolerance=tolerance)
    elif a != b:
        yield Difference(
            about=_about(key), key=key, first=_said(a), second=_said(b), relative=None, number=1
        )


def _of_numbers(key: str, a: Any, b: Any, tolerance: float) -> Iterator[Difference]:
    """Yield the largest difference of numbers, null being infinite."""
    first, second = (np.array(_flat(one), dtype=float) for one in (a, b))
    first, second = (np.where(np.isnan(one), np.inf, one) for one in (first, second))
    finite = np.isfinite(first) & np.isfinite(second)
    scale = max(np.abs(first[finite]).max(initial=0.0), np.abs(second[finite]).max(initial=0.0))
    scale = max(scale, 1.0) if CHI2 in key else scale
    change = np.subtract(first, second, out=np.zeros_like(first), where=finite)
    relative = np.abs(change) / (scale if scale > 0 else 1.0)
    relative[np.isinf(first) != np.isinf(second)] = np.inf
    if not np.any(relative > tolerance):
        return
    most = int(relative.argmax())
    yield Difference(
        about=_about(key),
        key=key,
        first=_said(_flat(a)[most]),
        second=_said(_flat(b)[most]),
        relative=float(relative[most]),
        number=int(np.sum(relative > tolerance)),
    )


def _is_list(value: Any) -> bool:
    """Whether a value is a list of which items are compared, not as a whole."""
    return isinstance(value, list) and not _is_numeric(value)


def _shape(value: Any) -> tuple[object, ...]:
    """Return the lengths of a list and of the lists in it; empty for a number."""
    return (len(value), *map(_shape, value)) if isinstance(value, list) else ()


def _flat(value: Any) -> list[Any]:
    """Return the numbers of a list at any depth."""
    if not isinstance(value, list):
        return [value]
    return [number for item in value for number in _flat(item)]


def _said(value: Any) -> str:
    """Return a value in few characters; a list of numbers by its length."""
    if isinstance(value, list) and _is_numeric(value):
        return f"{len(value)} numbers"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
