"""Calls of public functions: a wrong one is answered like any other mistake of a user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import wraps
from inspect import Parameter, signature
from typing import Any, Final, ParamSpec, TypeVar

from munu.base.errors import NO_OTHERS, MunuError, unknown
from munu.base.options import keyword_of

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

OWN: Final = ("self", "cls")
"""What a method has before its arguments."""


def checked_call(function: Callable[P, R], also: Mapping[str, str] = NO_OTHERS) -> Callable[P, R]:
    """Return a function that answers a call which its parameters do not allow with `MunuError`.

    A call that they allow takes its usual way: only when Python refuses one is it looked at.

    Parameters
    ----------
    function : callable
    also : mapping of str to str
        The parameters that are meant by keywords of other functions.

    Examples
    --------
    >>> @checked_call
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(number=3)
    6
    >>> double(numbr=3)
    Traceback (most recent call last):
    ...
    munu.base.errors.MunuError: unknown keyword 'numbr' in double. Did you mean 'number'? ...
    """

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except TypeError:
            mistake = _mistake(function, args, kwargs, also)
            if mistake is None:  # It is of the function's own work.
                raise
        raise mistake

    return called


def checked_construction(made: type[T]) -> type[T]:
    """Return a data class whose constructor answers wrong calls as `checked_call` does."""
    changed: Any = made
    also = {keyword_of(one): one.name for one in fields(changed)}
    changed.__init__ = checked_call(changed.__init__, also)
    return made


def unknown_keyword(
    name: str, keyword: str, allowed: Iterable[str], *, also: Mapping[str, str] = NO_OTHERS
) -> MunuError:
    """Return the error for a keyword that the function of a name does not have."""
    known = tuple(allowed)
    if known:
        return unknown("keyword", keyword, known, where=name, also=also)
    return MunuError(f"unknown keyword '{keyword}' in {name}", "It takes no arguments")


def _mistake(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    also: Mapping[str, str],
) -> MunuError | None:
    """Return what is wrong with a call; None if its arguments fit."""
    asked = signature(function)
    name = function.__qualname__.removesuffix(".__init__")
    parameters = [one for one in asked.parameters.values() if one.name not in OWN]
    if Parameter.VAR_KEYWORD not in (one.kind for one in parameters):
        named = {one.name for one in parameters if one.kind is not Parameter.VAR_POSITIONAL}
        for keyword in kwargs:
            if keyword not in named:
                return unknown_keyword(name, keyword, map(_written, parameters), also=also)
    try:
        asked.bind(*args, **kwargs)
    except TypeError as error:
        listed = ", ".join(map(_written, parameters))
        return MunuError(f"{error} in {name}", f"It takes {listed or 'no arguments'}")
    return None


def _written(parameter: Parameter) -> str:
    """Return a parameter as Python writes it: ``*`` before the name of any number of arguments."""
    return str(parameter.replace(annotation=Parameter.empty, default=Parameter.empty))
