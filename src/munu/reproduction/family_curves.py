"""Curves over masses, with points where they bend, split or end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from munu.analysis.scan import scan
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.reproduction.family_limits import CL
from munu.reproduction.family_questions import FamilyCurve
from munu.results.scan import FailedValue, ScanResult

BENT: Final = 0.03
"""How far, relatively, a straight line between two points may lie beside the curve."""
NEAR: Final = 0.02
"""Relative distance of two masses between which nothing more is asked: where a curve splits."""
ROUNDS: Final = 8
EndsByMass: TypeAlias = dict[float, FloatArray]


def curve(one: FamilyCurve) -> ScanResult:
    """Return the intervals over masses, of which there are more where they bend, split or end.

    Raises
    ------
    MunuError
        If no mass has a limit.
    """
    found = scan(
        list(one.members),
        one.parameter,
        over=one.over,
        start=one.first,
        end=one.last,
        points=one.points,
        cl=CL,
    )
    points, reasons = _by_mass(found, found.values.tolist())
    for _ in range(ROUNDS):
        wanted = further(points)
        if not wanted:
            break
        more, lost = _at(one, wanted, found.over_unit)
        points, reasons = points | more, reasons | lost
    good = [mass for mass, ends in points.items() if len(ends)]
    # Beyond the last mass with a limit the source makes no such neutrino.
    masses = [mass for mass in sorted(points) if min(good) <= mass <= max(good)]
    failed = [
        FailedValue(index=i, reason=reasons[mass])
        for i, mass in enumerate(masses)
        if mass in reasons
    ]
    return replace(
        found,
        values=np.array(masses),
        intervals=tuple(points[mass] for mass in masses),
        failures=tuple(failed),
    )


def _by_mass(found: ScanResult, masses: Sequence[float]) -> tuple[EndsByMass, dict[float, str]]:
    """Return the intervals at each mass, and why there are none where it failed."""
    reasons = {masses[one.index]: one.reason for one in found.failures}
    return dict(zip(masses, found.intervals, strict=True)), reasons


def _at(
    one: FamilyCurve, masses: Sequence[float], unit: str
) -> tuple[EndsByMass, dict[float, str]]:
    """Return what there is at further masses; a scan of which none has a limit is an error."""
    at = [f"{mass!r} {unit}" for mass in masses]
    try:
        found = scan(list(one.members), one.parameter, over=one.over, at=at, cl=CL)
    except MunuError as error:
        return dict.fromkeys(masses, np.empty((0, 2))), dict.fromkeys(masses, error.message)
    return _by_mass(found, masses)


def further(points: EndsByMass) -> list[float]:
    """Return the masses to ask for next: halfway, in the logarithm, where a line will not do.

    Parameters
    ----------
    points : dict of float to array
        Intervals at each mass; none where there is no limit.
    """
    masses = np.array(sorted(points))
    x = np.log(masses)
    width = np.diff(x)
    kinds = [_kind(points[mass]) for mass in masses.tolist()]
    changes = np.array([first != second for first, second in pairwise(kinds)])
    beside = np.max([_beside(x, y) for y in _ends(points, masses)], axis=0)
    wanted = (changes | (beside > BENT)) & (width > NEAR)
    halfway = np.exp((x[1:] + x[:-1])[wanted] / 2)
    return [float(mass) for mass in halfway]


def _kind(ends: FloatArray) -> tuple[object, ...]:
    """Return how many intervals there are, whether zero is in them, and which ends exist."""
    return (len(ends), bool(len(ends) and ends[0, 0] > 0), *np.isfinite(ends).ravel().tolist())


def _ends(points: EndsByMass, masses: FloatArray) -> FloatArray:
    """Return the logarithms of each end that is positive, one row an end, NaN where it is not."""
    most = max(map(len, points.values()))
    table = np.full((2 * most, masses.size), np.nan)
    for column, mass in enumerate(masses.tolist()):
        ends = points[mass].ravel()
        table[: ends.size, column] = np.where(ends > 0, ends, np.nan)
    return np.asarray(np.log(np.where(np.isfinite(table), table, np.nan)))


def _beside(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return how far the line of each step may lie beside the curve, zero where it is not known.

    By the larger second derivative of both its ends, or, as a jump has none, by how much more the
    step rises than with the slopes of its neighbours.
    """
    width = np.diff(x)
    slopes = np.diff(y) / width
    second = np.abs(2 * np.diff(slopes) / (x[2:] - x[:-2]))
    bend = np.fmax(np.append(0.0, second), np.append(second, 0.0))
    steep = np.abs(slopes)
    jump = np.zeros(width.size)
    jump[1:-1] = (steep[1:-1] - np.fmax(steep[:-2], steep[2:])) * width[1:-1]
    return np.asarray(np.fmax(np.fmax(width**2 / 8 * bend, jump), 0.0))
