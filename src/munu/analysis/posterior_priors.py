"""Priors as they are written, ``flat(0, 1e-9 mu_B)``, read for the parameters they are of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Final

from munu.base.errors import MunuError, shown, unknown
from munu.base.units import parse_quantity
from munu.physics.interactions.registry import named
from munu.physics.parameters import Parameter
from munu.statistics.priors import FlatPrior, GaussianPrior, LogPrior, Prior, SquarePrior

Written = Mapping[str, str] | Sequence[str]
"""Priors by name, or texts NAME=PRIOR."""

_CALL: Final = re.compile(r"\s*(\w+)\s*(?:\(([^()]*)\))?\s*")
KINDS: Final = ("flat", "log", "square", "gaussian")
EXAMPLES: Final = "flat(0, 1e-9), log(1e-12, 1e-9), square(0, 1e-9), gaussian(0.24, 0.01)"
HOW: Final = "Write it as in --prior NAME='flat(LOW, HIGH)', in Python prior={'NAME': ...}"


def read_priors(names: Sequence[str], written: Written) -> tuple[Prior, ...]:
    """Return the prior of each parameter; a parameter that has two ends is flat between them.

    Raises
    ------
    MunuError
        For a prior that is missing, of no parameter, unknown, improper or not within the values
        that its parameter may have.
    """
    given = _by_name(written)
    for name in given:
        if name not in names:
            raise unknown("parameter", name, names, where="the priors")
    return tuple(_prior(named(name), given.get(name)) for name in names)


def text_of(prior: Prior) -> str:
    """Return a prior as it is written, in the unit of its parameter."""
    ends = f"{prior.low!r}, {prior.high!r}"
    if isinstance(prior, GaussianPrior):
        return f"gaussian({prior.mean!r}, {prior.sigma!r})"
    kinds = {FlatPrior: "flat", LogPrior: "log", SquarePrior: "square"}
    return f"{kinds[type(prior)]}({ends})"


def _by_name(written: object) -> dict[str, str]:
    if isinstance(written, Mapping):
        return {str(name): str(text) for name, text in written.items()}
    texts = [written] if isinstance(written, str) else written
    if not isinstance(texts, Sequence):
        raise MunuError(f"prior = {shown(written)} names no priors", HOW)
    found: dict[str, str] = {}
    for text in texts:
        name, equals, prior = str(text).partition("=")
        if not equals:
            raise MunuError(f"prior {shown(text)} is not NAME=PRIOR", HOW)
        if name.strip() in found:
            raise MunuError(f"{name.strip()} has two priors", "Give each name one")
        found[name.strip()] = prior
    return found


def _prior(one: Parameter, text: str | None) -> Prior:
    """Return the prior of a parameter."""
    bounded = isfinite(one.low) and isfinite(one.high)
    if text is None and one.kind != "phase":
        raise MunuError(f"{one.name} has no prior", f"Give one of {EXAMPLES} in its unit. {HOW}")
    match = _CALL.fullmatch(text or "flat")
    if match is None:
        raise MunuError(f"{one.name}: {shown(text)} is not a prior", f"Write {EXAMPLES}")
    kind, inside = match[1], [part for part in (match[2] or "").split(",") if part.strip()]
    if kind not in KINDS:
        raise unknown("prior", kind, KINDS, where=one.name)
    if kind == "flat" and not inside and bounded:
        return FlatPrior(one.low, one.high)
    if len(inside) != 2:
        what = "a mean and a sigma" if kind == "gaussian" else "two ends"
        raise MunuError(
            f"{one.name}: the prior {kind} takes {what}, without which it is improper",
            f"Write {EXAMPLES}",
        )
    first, second = (_number(one, part.strip()) for part in inside)
    if kind == "gaussian":
        return _gaussian(one, first, second)
    return _between(one, kind, first, second)


def _gaussian(one: Parameter, mean: float, sigma: float) -> Prior:
    if sigma <= 0:
        raise MunuError(f"{one.name}: sigma = {sigma:g} is not positive", "Give the width")
    try:
        return GaussianPrior(one.low, one.high, mean, sigma)
    except MunuError as error:
        raise MunuError(f"{one.name}: {error.message}", error.remedy) from error


def _between(one: Parameter, kind: str, low: float, high: float) -> Prior:
    """Return a prior between two ends, which its parameter and its kind must allow."""
    if not low < high:
        raise MunuError(
            f"{one.name}: the prior ends at {high:g}, before it begins at {low:g}",
            "Write the lower end first",
        )
    if low not in one.allowed or high not in one.allowed:
        raise MunuError(
            f"{one.name}: the prior from {low:g} to {high:g} is not within {one.allowed.low:g} to "
            f"{one.allowed.high:g}, which it may be",
            "Let it end there",
        )
    if kind == "log" and low <= 0:
        raise MunuError(
            f"{one.name}: a prior flat in the logarithm begins above zero, not at {low:g}",
            "Say where: what is below cannot be told from zero",
        )
    if kind == "square" and low < 0:
        raise MunuError(
            f"{one.name}: a prior flat in the square does not begin below zero, as at {low:g}",
            "Take flat for a parameter of both signs",
        )
    if kind == "log":
        return LogPrior(low, high)
    return SquarePrior(low, high) if kind == "square" else FlatPrior(low, high)


def _number(one: Parameter, text: str) -> float:
    """Return a number in the unit of a parameter."""
    try:
        number = float(text)
    except ValueError:
        try:
            number = parse_quantity(text, one.unit.dimension)
        except MunuError as error:
            raise MunuError(f"{one.name}: {error.message}", error.remedy) from error
    if not isfinite(number):
        raise MunuError(f"{one.name}: the prior has no end at {text}", "Give finite numbers")
    return number
