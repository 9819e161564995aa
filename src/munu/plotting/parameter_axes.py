"""Axes of parameters: symbols, units and scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import named
from munu.plotting.look import Look
from munu.plotting.mathtext import mathtext, mathtext_unit
from munu.plotting.style import moment_unit

OF_MOMENTS: Final = "magnetic moment"
"""Dimension of what the unit of a picture is for."""


def parameter_scales(names: Sequence[str], look: Look) -> FloatArray:
    """Return what one stands for on the axis of each parameter.

    Raises
    ------
    MunuError
        For a unit of moments where no axis is one.
    """
    units = [named(name).unit for name in names]
    if look.unit is not None and all(unit.dimension != OF_MOMENTS for unit in units):
        raise MunuError(
            f"a unit of moments is of no use to {' and '.join(names)}", "Leave unit out"
        )
    moments = [unit.dimension == OF_MOMENTS for unit in units]
    return np.where(moments, look.unit_mu_b, [unit.scale for unit in units])


def parameter_label(name: str, look: Look | None = None) -> str:
    """Return what the axis of a parameter says: its symbol and unit."""
    one = named(name)
    symbol, unit = mathtext(one.symbol), mathtext_unit(one.unit.text)
    if one.unit.dimension == OF_MOMENTS and look is not None and look.unit is not None:
        unit = moment_unit(look.unit_mu_b)
    return f"{symbol} ({unit})" if unit else symbol


def check_one_parameter(names: Sequence[str]) -> None:
    """Raise `MunuError` for results along several parameters, which share no axis."""
    different = list(dict.fromkeys(names))
    if len(different) > 1:
        raise MunuError(
            f"curves along {' and '.join(different)} do not go into one picture",
            "Draw results of one parameter together",
        )


def check_signs(names: Sequence[str], kinds: Sequence[str]) -> None:
    """Raise `MunuError` for a logarithmic axis of a parameter that may be negative."""
    for name, kind in zip(names, kinds, strict=True):
        if kind == "log" and named(name).low < 0:
            raise MunuError(
                f"{name} takes both signs, and has no logarithmic axis",
                "Leave log out, or name x or y",
            )
