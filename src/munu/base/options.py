"""How a field of a data class is asked for, checked, said and stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import lru_cache
from typing import Any, Final, final

from munu.base.arguments import check_name, check_text, checked_flag, plain_value
from munu.base.errors import MunuError, shown
from munu.base.frozen import FrozenMapping
from munu.base.units import (
    BARE_NUMBERS,
    UNITS,
    Range,
    canonical_unit,
    checked_number,
    parse_quantity,
    quantity_argument,
    split_quantity,
)

OPTION: Final = "option"


@final
@dataclass(frozen=True, kw_only=True)
class Option:
    """What a field is besides its name, its type and its default.

    Parameters
    ----------
    help : str
        What the command line says of it.
    kind : type
        ``str``, ``float``, ``bool`` (a flag of the command line), or ``dict``: names with numbers
        or texts, NAME=VALUE on the command line.
    keyword : str
        Name of the keyword; empty for the field's.
    flag : str
        Name of the command line's option; empty for the keyword with dashes.
    key : str
        Key in JSON; empty for the keyword.
    stored : mapping
        What stands for a value in JSON, where it is not the value itself.
    dimension : str
        Of a quantity with its unit, `munu.base.units.UNITS`; empty for any other text. A number
        (``float``) with a dimension may be given as a text with its unit.
    choices : tuple of str
        The values allowed; empty for any text.
    called : str
        What a value is called when a wrong one is given; empty for the keyword.
    metavar : str, optional
        What stands for the value in the help; by default the choices or the type.
    allowed : Range
        The numbers allowed.
    words : callable, optional
        The words for a value in a line of assumptions, empty for none; by default the keyword and
        the value, where that is not the default.
    restricts : bool
        Whether a title has these words too where the value is not the default.
    left_out : tuple of str
        The questions that do not take it.
    is_later : bool
        Whether files of earlier versions may lack it in their JSON.
    """

    help: str
    kind: type[str] | type[float] | type[bool] | type[dict[str, Any]] = str
    keyword: str = ""
    flag: str = ""
    key: str = ""
    stored: Mapping[Any, Any] = field(default_factory=lambda: FrozenMapping({}))
    dimension: str = ""
    choices: tuple[str, ...] = ()
    called: str = ""
    metavar: str | None = None
    allowed: Range = BARE_NUMBERS
    words: Callable[[Any], str] | None = None
    restricts: bool = False
    left_out: tuple[str, ...] = ()
    is_later: bool = True


def option(**described: Any) -> Mapping[str, Option]:
    """Return the metadata of a field that is an `Option` so described."""
    return {OPTION: Option(**described)}


@lru_cache(maxsize=8)
def options_of(cls: Any) -> Mapping[str, Field[Any]]:
    """Return the fields of a data class that are options, by keyword, in their order."""
    return FrozenMapping({keyword_of(one): one for one in fields(cls) if OPTION in one.metadata})


def option_of(one: Field[Any]) -> Option:
    """Return the option that a field is."""
    found = one.metadata[OPTION]
    assert isinstance(found, Option)
    return found


def keyword_of(one: Field[Any]) -> str:
    """Return the keyword of a field, its name if it is not an option or has no other."""
    return (option_of(one).keyword if OPTION in one.metadata else "") or one.name


def flag_of(one: Field[Any]) -> str:
    """Return the command line's option of a field, as in ``--delta-cp``."""
    return f"--{option_of(one).flag or keyword_of(one).replace('_', '-')}"


def spellings_of(one: Field[Any]) -> str:
    """Return a field as users write it: the option, the keyword, as ``--delta-cp (delta_cp)``."""
    return f"{flag_of(one)} ({keyword_of(one)})"


def key_of(one: Field[Any]) -> str:
    """Return the JSON key of a field."""
    return (option_of(one).key if OPTION in one.metadata else "") or keyword_of(one)


def stored_of(one: Field[Any]) -> Mapping[Any, Any]:
    """Return what stands in JSON for a field's values, where it is not the value itself."""
    return option_of(one).stored if OPTION in one.metadata else {}


def checked_option(one: Field[Any], value: object) -> Any:
    """Return a value that a field may have; None is one where it is the default.

    Raises
    ------
    MunuError
        For any other.
    """
    name, asked = keyword_of(one), option_of(one)
    if value is None and one.default is None:
        return None
    if asked.kind is bool:
        return checked_flag(name, value)
    if asked.kind is float:
        return _number(name, value, asked)
    if asked.kind is dict:
        return _named(spellings_of(one), value)
    if asked.dimension:
        return _quantity(name, value, asked)
    if asked.choices:
        check_name(asked.called or name, value, asked.choices)
    else:
        check_text(name, value)
    return value


def _named(name: str, value: object) -> Mapping[str, Any]:
    """Return values by name, given so or as texts NAME=VALUE."""
    if isinstance(value, Mapping):
        return FrozenMapping({str(key): item for key, item in value.items()})
    texts = [value] if isinstance(value, str) else plain_value(value)
    remedy = "Write NAME=VALUE on the command line, or give a mapping of names to values"
    if not isinstance(texts, list):
        raise MunuError(f"{name} = {shown(value)} does not name values", remedy)
    found: dict[str, Any] = {}
    for text in texts:
        key, equals, item = str(text).partition("=")
        if not equals or not key.strip() or not item.strip():
            raise MunuError(f"{name}: {shown(text)} is not NAME=VALUE", remedy)
        if key.strip() in found:
            raise MunuError(f"{name}: {key.strip()} stands twice", "Give each name once")
        found[key.strip()] = item.strip()
    return FrozenMapping(found)


def _number(name: str, value: object, asked: Option) -> float:
    """Return a number, given as one or, where it has a dimension, as a text with a unit or none."""
    if not isinstance(value, str) or not asked.dimension:
        return checked_number(name, value, asked.allowed)
    return checked_number(name, _read(name, value, asked.dimension), asked.allowed)


def _read(name: str, text: str, dimension: str) -> float:
    """Return the number of a text, in the unit of the dimension where it has one."""
    try:
        return float(text)
    except ValueError:
        units = ", ".join(filter(None, UNITS[dimension]))
    try:
        split_quantity(text, f"Write a number, or one with its unit ({units})", "a number")
        return parse_quantity(text, dimension)
    except MunuError as error:
        raise MunuError(f"{name}: {error.message}", error.remedy) from error


def _quantity(name: str, value: object, asked: Option) -> str:
    """Return a quantity as a text that another run reads."""
    try:
        number = quantity_argument(value, asked.dimension, asked.allowed)
    except MunuError as error:
        raise MunuError(f"{name}: {error.message}", error.remedy) from error
    return f"{number:.12g} {canonical_unit(asked.dimension)}"


def words_of(one: Field[Any], value: Any) -> str:
    """Return the words for a value of a field in a line of assumptions; empty for none."""
    words = option_of(one).words
    if words is not None:
        return words(value)
    return "" if value == one.default else f"{keyword_of(one)} {value}"
