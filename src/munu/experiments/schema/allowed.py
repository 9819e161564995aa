"""What may be written for a key of an experiment file, read off the classes that check it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from munu.base.errors import MunuError
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.document import document_of
from munu.experiments.schema.fields import Section
from munu.physics.mixing import global_fits
from munu.sources.fission_spectra import HIGH_ENERGY_SPECTRA, LOW_ENERGY_SPECTRA
from munu.sources.tables import packaged_toml


def _sets(file: str, *keys: str) -> tuple[str, ...]:
    """Return the names of the sets of numbers in a table of the package."""
    table = packaged_toml(file)
    for key in keys:
        table = table[key]
    return tuple(table)


FISSION: Final = "reactor/fission.toml"
NAMES: Final[Mapping[tuple[str, str], Callable[[], Iterable[str]]]] = {
    ("InteractionSection", "mixing"): global_fits,
    ("MixingSection", "mixing"): global_fits,
    ("ReactorSection", "low_energy"): LOW_ENERGY_SPECTRA.keys,
    ("ReactorSection", "high_energy"): HIGH_ENERGY_SPECTRA.keys,
    ("ReactorSection", "fission_fractions"): partial(_sets, FISSION, "fission_fractions"),
    ("ReactorSection", "energies_per_fission"): partial(_sets, FISSION, "energies_per_fission_mev"),
    ("SolarSection", "fluxes"): partial(_sets, "solar/solar.toml", "fluxes"),
    ("GeoneutrinoSection", "fluxes"): partial(_sets, "background/fluxes.toml", "geoneutrinos"),
}
"""Names that a key takes which is a text for its class, by class and key."""


def allowed(content: Mapping[str, Any], path: Sequence[str], key: str) -> str:
    """Return what a key of a table takes, as names or units; empty where the classes do not say.

    Parameters
    ----------
    content : mapping
        The sections of a file.
    path : sequence of str
        Where the table stands in them.
    key : str

    Examples
    --------
    >>> print(allowed({}, ("target",), "mass"))
    Write a number and one of the units kg, g, mg, ton, tonne, t
    """
    if not path:
        return ""
    table: Any = content
    sections: list[type[Section]] = [document_of(content)]
    for part in path:
        table = table[int(part)] if isinstance(table, list) else dict(table).get(part, {})
        fields = [one.model_fields[part] for one in sections if part in one.model_fields]
        below = [section for field in fields for section in _sections(field.annotation)]
        sections = below if fields else sections
    for section in sections:
        if key in section.model_fields and _fits(section, table):
            return _of_field(section, key)
    return ""


def _sections(annotation: Any) -> Iterator[type[Section]]:
    """Yield the tables that an annotation may stand for."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)


def _fits(section: type[Section], table: Any) -> bool:
    """Whether a table has keys of a section alone, and the model that the section is of."""
    content = table if isinstance(table, dict) else {}
    return all(
        name in section.model_fields
        and (value in literal if (literal := _literal(section.model_fields[name])) else True)
        for name, value in content.items()
        if isinstance(value, str) or name not in section.model_fields
    )


def _literal(field: FieldInfo) -> tuple[Any, ...]:
    """Return the names that a key takes, or that entries of its list are."""
    of_list = get_origin(field.annotation) is list
    taken = get_args(field.annotation)[0] if of_list else field.annotation
    return get_args(taken) if get_origin(taken) is Literal else ()


def _of_field(section: type[Section], key: str) -> str:
    field = section.model_fields[key]
    names = (
        NAMES[section.__name__, key]()
        if (section.__name__, key) in NAMES
        else _literal(field) or _models(field)
    )
    if names:
        return f"Allowed: {', '.join(names)}"
    if field.annotation is bool:
        return "Write true or false"
    for one in field.metadata:
        if isinstance(one, BeforeValidator):
            return _remedy(one)
    return ""


def _models(field: FieldInfo) -> list[str]:
    """Return the names of the models among which a key chooses."""
    selectors = [one.selector for one in _choices((field.annotation, *field.metadata))]
    return list(
        dict.fromkeys(
            name
            for section in _sections(field.annotation)
            for selector in selectors
            if selector in section.model_fields
            for name in _literal(section.model_fields[selector])
        )
    )


def _choices(parts: Iterable[Any]) -> Iterator[Choice]:
    for part in parts:
        if isinstance(part, Choice):
            yield part
        yield from _choices(get_args(part))


def _remedy(validator: BeforeValidator) -> str:
    """Return what a quantity asks for where it is given as an empty text."""
    parse: Callable[[object], object] = partial(validator.func)
    try:
        parse("")
    except MunuError as error:
        return error.remedy
    return ""
