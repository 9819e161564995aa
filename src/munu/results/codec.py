"""Dataclasses to JSON values and back, without loss.

Arrays become lists, complex numbers ``[re, im]``, infinity ``null``; a type hint says how to read
each back. No result holds NaN.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite, isnan
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from munu.errors import MunuError


def encode(value: Any) -> Any:
    """Return a value as JSON takes it.

    Raises
    ------
    ValueError
        For NaN, which has no JSON form.
    """
    if isinstance(value, np.ndarray | np.generic):
        return encode(value.tolist())
    if isinstance(value, complex):
        return [value.real, value.imag]
    if isinstance(value, float):
        if isnan(value):
            raise ValueError("a result holds NaN")
        return value if isfinite(value) else None
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    return value


def decode(annotation: Any, value: Any) -> Any:
    """Return the value of a type hint from its JSON form (inverse of `encode`)."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        present = [argument for argument in arguments if argument is not type(None)]
        return None if value is None else decode(present[0], value)
    if origin is np.ndarray:
        return _array(value, get_args(arguments[1])[0])
    if origin is tuple:
        return tuple(decode(arguments[0], item) for item in value)
    if origin is dict:
        return {key: decode(arguments[1], item) for key, item in value.items()}
    if annotation is float:
        return float("inf") if value is None else float(value)
    if is_dataclass(annotation):
        return decode_dataclass(annotation, value)
    return value


def decode_dataclass(cls: Any, values: Mapping[str, Any]) -> Any:
    """Return a dataclass from the JSON object of its fields.

    Raises
    ------
    MunuError
        If a field is missing.
    """
    hints = get_type_hints(cls)
    missing = [field.name for field in fields(cls) if field.name not in values]
    if missing:
        raise MunuError(
            f"this JSON lacks {', '.join(missing)}", "Use a file that munu wrote with --json"
        )
    return cls(**{f.name: decode(hints[f.name], values[f.name]) for f in fields(cls)})


def _array(value: Any, scalar: Any) -> Any:
    if issubclass(scalar, np.complexfloating):
        pairs = np.asarray(value, float)
        return pairs[..., 0] + 1j * pairs[..., 1]
    numbers = np.asarray(value, dtype=object)
    return np.where(numbers == None, np.inf, numbers).astype(scalar)  # noqa: E711
