"""What tells results in one picture from each other: a legend says it, and a title what they share.

Of results that have all in common nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from munu.physics.interactions.registry import named
from munu.plotting.mathtext import mathtext
from munu.results.core.table import percent


def level(one: Any) -> str:
    """Return the confidence level of a result."""
    return f"{percent(one.cl)} C.L."


def short_treatment(one: Any) -> str:
    """Return what is done with the other parameters, in a few words."""
    if one.profiled:
        return profiled_over(one.profiled)
    return "profiled" if one.others == "profiled" else "slice"


def profiled_over(names: Sequence[str]) -> str:
    """Return over what a statement is minimised; with no names it is a slice."""
    symbols = ", ".join(mathtext(named(name).symbol) for name in names)
    return f"profiled over {symbols}" if symbols else "slice"


def restrictions(one: Any) -> str:
    """Return what tells a statement from the usual one."""
    return ", ".join(one.assumptions.restrictions())


def told_apart(results: Sequence[Any], *by: Callable[[Any], str]) -> list[str]:
    """Return for each result what it does not share with all the others, after a comma.

    Parameters
    ----------
    results : sequence of Result
    *by : callable
        What they may differ in, in words.

    Examples
    --------
    >>> regions = [munu.region("conus", cl=cl) for cl in (0.9, 0.95)]
    >>> told_apart(regions, level, short_treatment)
    [', 90 % C.L.', ', 95 % C.L.']
    """
    columns = [list(map(words, results)) for words in by]
    differing = [column for column in columns if len(set(column)) > 1]
    return [
        "".join(f", {column[i]}" for column in differing if column[i]) for i in range(len(results))
    ]


def titled(results: Sequence[Any], rest: str) -> str:
    """Return a title that begins with the level, if all results have one level."""
    levels = set(map(level, results))
    return f"{levels.pop()}, {rest}" if len(levels) == 1 else f"{rest[:1].upper()}{rest[1:]}"


def threshold_text(delta_chi2: float, degrees_of_freedom: int = 2) -> str:
    """Return up to which Δχ² a region goes, as a title says it, with its degrees of freedom."""
    freedom = "1 degree" if degrees_of_freedom == 1 else f"{degrees_of_freedom} degrees"
    return f"Δχ² = {delta_chi2:.2f}, {freedom} of freedom"


def titled_of_two(results: Sequence[Any]) -> str:
    """Return the title of regions of two parameters: level and Δχ², if all have one level."""
    if len(set(map(level, results))) > 1:
        return "Two degrees of freedom"
    return titled(results, threshold_text(results[0].delta_chi2))
