"""Checks of arguments: a wrong value gets one line with the remedy."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from munu.base.errors import NO_OTHERS, MunuError, shown, unknown
from munu.base.typing import ComplexArray, FloatArray
from munu.base.units import BARE_NUMBERS, Range


def checked_numbers(
    name: str, values: object, allowed: Range = BARE_NUMBERS, *, unit: str = ""
) -> FloatArray:
    """Return one number or several as an array, shape (n,), n > 0.

    Raises
    ------
    MunuError
        If there is none, one is not a real number, is not finite or is out of range, or they have
        two axes.
    """
    remedy = f"Allowed: {f'finite numbers {allowed.text(unit)}'.rstrip()}, one or more"
    array = np.atleast_1d(_array(values))
    if array.ndim != 1 or array.size == 0 or array.dtype.kind not in "iuf":
        raise MunuError(f"{name} = {shown(values)} is not a list of numbers", remedy)
    numbers = array.astype(float)
    wrong = [number for number in numbers if not isfinite(number) or number not in allowed]
    if wrong:
        worst = max(wrong, key=abs)
        raise MunuError(f"{name} = {worst:g} {unit}".rstrip() + " is out of range", remedy)
    return numbers


def checked_complex(name: str, values: object, shape: tuple[int, ...]) -> ComplexArray:
    """Return finite complex numbers of a shape; raises `MunuError` for anything else."""
    array = _array(values)
    if array.shape != shape or array.dtype.kind not in "iufc" or not np.all(np.isfinite(array)):
        size = " x ".join(map(str, shape))
        raise MunuError(
            f"{name} = {shown(values)} is not an array of {size} numbers",
            f"Give {size} finite numbers, real or complex",
        )
    return array.astype(complex)


def _array(values: object) -> np.ndarray[Any, np.dtype[Any]]:
    """Return an array; an empty one if the values make none."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.empty(0)


def checked_integer(name: str, value: object, *, smallest: int) -> int:
    """Return a whole number.

    Raises
    ------
    MunuError
        If it is none, or less than the smallest.
    """
    remedy = f"Allowed: a whole number, {smallest} or more"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise MunuError(f"{name} = {shown(value)} is not a whole number", remedy)
    if value < smallest:
        raise MunuError(f"{name} = {value} is out of range", remedy)
    return int(value)


def checked_flag(name: str, value: object) -> bool:
    """Return True or False; raises `MunuError` for anything else."""
    if not isinstance(value, bool | np.bool_):
        raise MunuError(f"{name} = {shown(value)} is neither yes nor no", "Allowed: True, False")
    return bool(value)


def plain_value(value: object) -> Any:
    """Return a value as a file has it: NumPy's arrays and numbers, and tuples, as Python's lists.

    Examples
    --------
    >>> plain_value({"edges": (np.float64(0.5), 1), "counts": np.array([3, 4])})
    {'edges': [0.5, 1], 'counts': [3, 4]}
    """
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain_value(one) for key, one in value.items()}
    return value


def checked_names(name: str, values: object) -> tuple[str, ...]:
    """Return one name or several as a tuple, unread; raises `MunuError` for anything else."""
    names = (values,) if isinstance(values, str) else values
    names = plain_value(names) if isinstance(names, np.ndarray) else names
    if not isinstance(names, Sequence) or not all(isinstance(one, str) for one in names):
        raise MunuError(f"{name} = {shown(values)} is not a list of names", "Give texts in a list")
    return tuple(names)


def check_name(
    kind: str,
    value: object,
    allowed: Collection[str],
    *,
    where: str = "",
    also: Mapping[str, str] = NO_OTHERS,
) -> None:
    """Raise `munu.base.errors.unknown` if the value is not one of the allowed names."""
    if not isinstance(value, str) or value not in allowed:
        raise unknown(kind, value, allowed, where=where, also=also)


def check_text(name: str, value: object) -> None:
    """Raise `MunuError` if the value is not text."""
    if not isinstance(value, str):
        raise MunuError(f"{name} = {shown(value)} is not text", "Give a text")


def check_callable(name: str, value: object) -> None:
    """Raise `MunuError` if the value can neither be called nor is None."""
    if value is not None and not callable(value):
        raise MunuError(f"{name} = {shown(value)} cannot be called", "Give a function, or None")


def checked_path(name: str, value: object) -> Path:
    """Return a path; raises `MunuError` for what is none."""
    if not isinstance(value, str | os.PathLike):
        raise MunuError(f"{name} = {shown(value)} is not a path", "Give the name of a file")
    return Path(value)
