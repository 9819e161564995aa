"""Dataclasses to JSON values and back, without loss.

Arrays become lists, complex numbers ``[re, im]``, infinity ``null``; a type hint says how to read
each back. No result holds NaN.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import Field, field, fields, is_dataclass
from math import isfinite, isnan
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import numpy as np

from munu.base.errors import MunuError, unknown
from munu.base.options import OPTION, key_of, option_of, stored_of

LATER: Final = "later"


def later(default: Any) -> Any:
    """Return a field that files of earlier versions lack, and what it is for them."""
    return field(default=default, metadata={LATER: True})


def lacks(one: Field[Any], values: Mapping[str, Any]) -> bool:
    """Whether a JSON object lacks a field that every version writes."""
    is_later = OPTION in one.metadata and option_of(one).is_later
    return key_of(one) not in values and not (is_later or one.metadata.get(LATER, False))


MOST_AXES: Final = 4
"""Of an array of a result, pairs of complex numbers counted."""


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
        return {key_of(one): _encoded_field(one, value) for one in fields(value)}
    return value


def _encoded_field(one: Field[Any], instance: object) -> Any:
    """Return the JSON value of a field: what stands for its value, or that itself."""
    value = getattr(instance, one.name)
    stored = stored_of(one)
    return stored[value] if stored else encode(value)


def decode(annotation: Any, value: Any) -> Any:
    """Return the value of a type hint from its JSON form (inverse of `encode`).

    Raises
    ------
    MunuError
        If the JSON value is not of that type.
    """
    try:
        return _decoded(annotation, value)
    except MunuError:
        raise
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise MunuError(
            f"{str(value)[:60]!r} is no value of this key", "Use a file that munu wrote with --json"
        ) from error


def _decoded(annotation: Any, value: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        present = [argument for argument in arguments if argument is not type(None)]
        return None if value is None else decode(present[0], value)
    if origin is np.ndarray:
        return _array(_typed(list, value), get_args(arguments[1])[0])
    if origin is tuple:
        return tuple(decode(arguments[0], item) for item in _typed(list, value))
    if origin in (dict, Mapping):
        items = _typed(dict, value).items()
        return {key: decode(arguments[1], item) for key, item in items}
    if annotation is float:
        return float("inf") if value is None else float(_typed((int, float), value))
    if is_dataclass(annotation):
        return decode_dataclass(annotation, _typed(dict, value))
    if annotation in (str, bool, int):
        return _typed(annotation, value)
    return value


def _typed(kind: type | tuple[type, ...], value: Any) -> Any:
    """Return a value of a type; True is no number."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    return value


def decode_dataclass(cls: Any, values: Mapping[str, Any]) -> Any:
    """Return a dataclass from the JSON object of its fields.

    Raises
    ------
    MunuError
        If a field is missing, other than one of `later` versions, or of another type.
    """
    hints = get_type_hints(cls)
    missing = [key_of(one) for one in fields(cls) if lacks(one, values)]
    if missing:
        raise MunuError(
            f"this JSON lacks {', '.join(missing)}", "Use a file that munu wrote with --json"
        )
    present = [one for one in fields(cls) if key_of(one) in values]
    return cls(**{one.name: _decoded_field(one, hints[one.name], values) for one in present})


def _decoded_field(one: Field[Any], annotation: Any, values: Mapping[str, Any]) -> Any:
    """Return the value of a field from a JSON object (inverse of `_encoded_field`)."""
    key, stored = key_of(one), stored_of(one)
    if not stored:
        return decode_field(key, annotation, values[key])
    found = [value for value, text in stored.items() if text == values[key]]
    if not found:
        raise unknown(key, values[key], stored.values(), where="this JSON")
    return found[0]


def decode_field(name: str, annotation: Any, value: Any) -> Any:
    """Return `decode` of a field's value; an error names the field."""
    try:
        return decode(annotation, value)
    except MunuError as error:
        raise MunuError(f"'{name}': {error.message}", error.remedy) from error


def _array(value: Any, scalar: Any) -> Any:
    numbers = np.asarray(value, dtype=object)
    if numbers.ndim > MOST_AXES or not all(_is_number(one, scalar) for one in numbers.ravel()):
        raise TypeError
    if issubclass(scalar, np.complexfloating):
        pairs = np.asarray(value, float)
        return pairs[..., 0] + 1j * pairs[..., 1]
    return np.where(numbers == None, np.inf, numbers).astype(scalar)  # noqa: E711


def _is_number(value: Any, scalar: Any) -> bool:
    """Whether a value of JSON is one of an array; infinity is None."""
    if value is None or isinstance(value, bool):
        return (value is None) != issubclass(scalar, np.bool_)
    return isinstance(value, int | float)
