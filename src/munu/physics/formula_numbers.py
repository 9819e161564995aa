"""Numbers of a formula that are a mass number and one of atoms in one: ``Li2100MoO4``.

Typed without superscripts, Li₂¹⁰⁰MoO₄ has the number 2100, Zn¹⁰⁰MoO₄ looks like a hundred atoms of
zinc, and ⁶Li₂MoO₄, its mass number behind the symbol, like 62 of lithium.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias, final

from munu.base.errors import MunuError

FormulaTerm: TypeAlias = tuple[str, float]
"""An element, ``Ge``, or an isotope, ``Ge-76``, and its number of atoms."""

Numbered: TypeAlias = tuple[str, str]
"""A symbol and the number behind it, empty for none."""

TERM: Final = re.compile(r"([A-Z][a-z]?)(\d+(?:\.\d+)?)?")
_OF_GROUP: Final = re.compile(r"\)(\d+)\(*([A-Z][a-z]?)")
_GROUPS: Final = re.compile(r"\(|\)(?:\d+(?:\.\d+)?)?")
_FRONT: Final = re.compile(r"(\d+)[A-Z]")

LIGHT: Final = 10
"""Z up to which molecules hold as many atoms as nuclei hold nucleons: C12H26 is dodecane."""
LARGEST_MOLECULE: Final = 2
"""Atoms of one element alone that are a molecule and no mass number: H2 is hydrogen."""
ORGANIC: Final = frozenset({"C", "H", "N", "O"})
"""Elements of molecules with long chains, whose numbers count atoms: C16H14 holds no N-14."""


@final
@dataclass(frozen=True)
class Isotopes:
    """The isotopes that a formula may name.

    Parameters
    ----------
    protons : mapping of str to int
        Z of each element.
    names : frozenset of str
        As in ``Ge-76``.
    """

    protons: Mapping[str, int]
    names: frozenset[str]

    def mass(self, symbol: str, number: str | None) -> bool:
        """Tell whether a number beside a symbol could be a mass number: whole, from Z to 3Z."""
        protons = self.protons.get(symbol)
        if not number or not number.isdigit() or protons is None:
            return False
        return protons <= int(number) <= 3 * protons and int(number) > LARGEST_MOLECULE

    def known(self, symbol: str, number: str | None) -> bool:
        """Tell whether it is the mass number of an isotope that there is."""
        return self.mass(symbol, number) and f"{symbol}-{number}" in self.names


def check_numbers(text: str, isotopes: Isotopes) -> None:
    """Raise `MunuError` for a compound with a number that hides a mass number.

    Such a one ends in a known mass number of the element after it, or is one of its own element,
    or begins with one. Molecules of carbon, hydrogen, nitrogen and oxygen alone are let pass, and
    compounds of which each number is a mass number.

    Parameters
    ----------
    text : str
        A formula, with groups of atoms or without.
    isotopes : Isotopes
    """
    terms = TERM.findall(_GROUPS.sub("", text))
    symbols = {symbol for symbol, _ in terms}
    if not terms or ("C" in symbols and symbols <= ORGANIC):
        return
    front = _FRONT.match(text)
    number = front[1] if front else ""
    _check_front(text, number, terms, isotopes)
    first = isotopes.mass(terms[0][0], number)
    for parts in _OF_GROUP.findall(text):
        if any(_ends(parts[0], parts[1], isotopes)):
            _refuse_group(text, *parts)
    _check_ends(text, number if first else "", terms, isotopes)
    rest = terms[1:] if first else terms
    is_plain = len(rest) == 1 or all(isotopes.known(*term) for term in rest)
    if "(" in text or not is_plain:
        _check_own(text, number if first else "", terms, isotopes)


def _ends(number: str, symbol: str, isotopes: Isotopes) -> Iterator[tuple[str, str]]:
    """Yield the ways to split a number into atoms of one element and a mass number of the next."""
    if number.isdigit():
        for cut in range(len(number)):
            atoms, mass = number[:cut], number[cut:]
            if isotopes.known(symbol, mass) and not mass.startswith("0") and atoms != "0":
                yield atoms, mass


def _check_front(text: str, number: str, terms: Sequence[Numbered], isotopes: Isotopes) -> None:
    """Refuse ``2100MoO3``, which is two of molybdenum 100, or 2100 of each."""
    symbol = terms[0][0]
    if isotopes.mass(symbol, number):
        return
    for multiple, mass in _ends(number, symbol, isotopes):
        if multiple:
            masses = [(f"{symbol}-{mass}", _count(terms[0][1])), *_atoms(terms[1:])]
            refuse(text, _times(multiple, masses), _times(number, _atoms(terms)))


def _check_ends(text: str, first: str, terms: Sequence[Numbered], isotopes: Isotopes) -> None:
    """Refuse a number that ends in a mass number of the element after it."""
    for i, (symbol, number) in enumerate(terms[:-1]):
        after, count = terms[i + 1]
        for atoms, mass in _ends(number, after, isotopes):
            between = [(symbol, _count(atoms)), (f"{after}-{mass}", _count(count))]
            masses = [*_atoms(terms[:i]), *between, *_atoms(terms[i + 2 :])]
            refuse(text, _named(first, masses), _named(first, _atoms(terms)))


def _check_own(text: str, first: str, terms: Sequence[Numbered], isotopes: Isotopes) -> None:
    """Refuse a number that is, or begins with, a mass number of its own element."""
    own = [_own(*term, isotopes) for term in terms]
    if first:
        own[0] = None
    if any(own):
        atoms = _atoms(terms)
        masses = [one or plain for one, plain in zip(own, atoms, strict=True)]
        refuse(text, _named(first, masses), _named(first, atoms))


def _own(symbol: str, number: str, isotopes: Isotopes) -> FormulaTerm | None:
    """Return the isotope that a number behind its symbol may mean."""
    if isotopes.known(symbol, number):
        return f"{symbol}-{number}", 1.0
    for cut in range(1, len(number) if number.isdigit() else 0):
        if isotopes.known(symbol, number[:cut]) and number[cut] != "0":
            return f"{symbol}-{number[:cut]}", float(number[cut:])
    return None


def _atoms(terms: Sequence[Numbered]) -> list[FormulaTerm]:
    return [(symbol, _count(number)) for symbol, number in terms]


def _count(number: str) -> float:
    return float(number or 1)


def _times(multiple: str, terms: Sequence[FormulaTerm]) -> list[FormulaTerm]:
    return [(name, float(multiple) * number) for name, number in terms]


def _named(mass: str, terms: Sequence[FormulaTerm]) -> list[FormulaTerm]:
    """Return terms, the first one an isotope if there is a mass number in front."""
    (symbol, number), *rest = terms
    return [(f"{symbol}-{mass}" if mass else symbol, number), *rest]


def _refuse_group(text: str, number: str, symbol: str) -> NoReturn:
    raise MunuError(
        f"'{text}' can be read in two ways: {number} may end in a mass number of {symbol}",
        f'Write a table without groups, as {{ {symbol} = 1, O = 4 }}, isotopes as "{symbol}-..."',
    )


def refuse(text: str, isotopes: Sequence[FormulaTerm], atoms: Sequence[FormulaTerm]) -> NoReturn:
    """Raise `MunuError` with the two readings of a formula as tables to copy."""
    remedy = f"Write {as_table(isotopes)} or {as_table(atoms)}"
    raise MunuError(f"'{text}' can be read in two ways", remedy)


def as_table(terms: Sequence[FormulaTerm]) -> str:
    """Return a material as a TOML table, the atoms of one name together."""
    numbers = {name: 0.0 for name, _ in terms}
    for name, number in terms:
        numbers[name] += number
    keys = [(name if name.isalpha() else f'"{name}"', number) for name, number in numbers.items()]
    return f"{{ {', '.join(f'{key} = {number:g}' for key, number in keys)} }}"
