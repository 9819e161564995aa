r"""Functions of nuisances as expressions of HS3: sums, products, max, min, abs, exp and sqrt.

They are those of `munu.statistics.likelihoods.interpolation`, `saturating` and `positive`, with
their branches written by max and min.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from munu.statistics.specification import ShapeInterpolation

LEAST_MEAN: Final = "1e-300"
"""Below any prediction: 0 ln 0 is no number to a reader."""
BEND: Final = 0.5
"""Standard deviations over which a shape goes from its parabola to a straight line."""
UNCHANGED_UP_TO: Final = 1.5
"""Standard deviations up to which the coordinate of a saturating shape is θ itself."""


def total(terms: Iterable[tuple[float, str]], constant: float = 0.0) -> str:
    """Return a sum of numbers times expressions; those times zero are left out.

    Examples
    --------
    >>> print(total([(2.0, "a"), (0.0, "b"), (-1.0, "c")], 0.5))
    0.5+2.0*a-1.0*c
    """
    parts = [repr(float(constant))] if constant else []
    parts += [f"{float(number)!r}*{text}" for number, text in terms if number]
    return "+".join(parts).replace("+-", "-") or "0.0"


def factor(change: str) -> str:
    """Return what a normalisation multiplies by: 1 + x, and positive below x = -1/2."""
    below = f"min(2*({change})+1,0)"
    return f"max({change},-0.5)+0.5+0.5*exp({below}-0.5*{below}**2)"


def saturating_coordinate(theta: str) -> str:
    """Return t(θ): θ itself near zero, and two standard deviations far from it."""
    up, down = (f"min(max({side}{theta}-{UNCHANGED_UP_TO},0),1)" for side in ("", "-"))
    inside = f"min(max({theta},-{UNCHANGED_UP_TO}),{UNCHANGED_UP_TO})"
    return f"{inside}+{up}-0.5*{up}**2-{down}+0.5*{down}**2"


def even_part(theta: str, interpolation: ShapeInterpolation) -> str:
    """Return h(t): its size far from zero, and a polynomial near it."""
    if interpolation == "polynomial":
        z = f"min(abs({theta}),1)**2"
        return f"max(abs({theta}),1)-1+{z}*(15-10*{z}+3*{z}**2)/8"
    s = f"min(max((abs({theta})-1)/{BEND},0),1)"
    inside, beyond = f"min(abs({theta}),1)**2", f"max(abs({theta}),1)-1"
    return f"{inside}+{beyond}+{BEND}*{s}*(1-{s})**2"


def positive(events: str, margin: float | None) -> str:
    """Return c(r): events that are not negative; as they are where the margin is None."""
    if margin is None:
        return events
    if margin == 0:
        return f"max({events},0)"
    delta = repr(float(margin))
    s = f"min(max(({events})/{delta},0),1)"
    return f"max({events},{delta})-{delta}+{delta}*(2*{s}**2-{s}**3)"
