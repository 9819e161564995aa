"""Formulas with isotopes as people write them: ``76Ge``, ``Ge76``, ``130TeO2``, ``133Cs127I``.

A number is a mass number where it can be nothing else. What can be read in two ways is refused, and
the refusal says both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from munu.base.errors import MunuError
from munu.physics.atom_groups import without_groups
from munu.physics.formula_numbers import (
    LIGHT,
    TERM,
    FormulaTerm,
    Isotopes,
    as_table,
    check_numbers,
    refuse,
)

_FORMULA: Final = re.compile(rf"(?:{TERM.pattern})+")
_FRONT: Final = re.compile(r"(\d+(?:\.\d+)?)?([A-Z].*)")
_PIECE: Final = re.compile(r"(\d{1,3})([A-Z][a-z]?)")


def read_formula(text: str, isotopes: Isotopes) -> tuple[FormulaTerm, ...] | None:
    """Return the elements and isotopes of a formula with their numbers; None if it is none.

    Parameters
    ----------
    text : str
        ``Ge``, ``CaWO4``, ``Ca(OH)2``, ``Ge-76``, ``76Ge``, ``Ge76``, ``130TeO2``,
        ``6Li2MoO4``, ``133Cs127I``, with a multiple in front where that is not a mass number, as
        in ``2CsI``.
    isotopes : Isotopes

    Raises
    ------
    MunuError
        If the formula can be read in two ways, or has the mass number of no known isotope.
    """
    if "-" in text:
        return ((text, 1.0),)
    pieces = _PIECE.findall(text)
    chain = "".join(f"{number}{symbol}" for number, symbol in pieces) == text
    if len(pieces) > 1 and chain and all(isotopes.known(s, n) for n, s in pieces):
        return tuple((f"{symbol}-{number}", 1.0) for number, symbol in pieces)
    check_numbers(text, isotopes)
    front = _FRONT.fullmatch(without_groups(text))
    if front is None or not _FORMULA.fullmatch(front[2]):
        return None
    terms = TERM.findall(front[2])
    _check_capitals(front[2], terms, isotopes)
    if front[1]:
        return _numbered(text, front[1], terms, isotopes)
    return _unnumbered(text, terms, isotopes)


def _numbered(
    text: str, number: str, terms: Sequence[tuple[str, str]], isotopes: Isotopes
) -> tuple[FormulaTerm, ...]:
    """Read a formula with a number in front, a mass number or a multiple."""
    (symbol, count), rest = terms[0], terms[1:]
    if text in ("1H", "2H"):
        refuse(text, [(f"H-{number}", 1.0)], [("H", 1.0)])
    if not isotopes.mass(symbol, number):
        multiple = float(number)
        return tuple((name, multiple * n) for name, n in _unnumbered(text, terms, isotopes))
    _check_known(text, symbol, number, isotopes)
    first: FormulaTerm = (f"{symbol}-{number}", float(count or 1))
    others = _counts(rest)
    if rest and isotopes.known(rest[0][0], count):
        next_: FormulaTerm = (f"{rest[0][0]}-{count}", float(rest[0][1] or 1))
        refuse(text, [first, *others], [(first[0], 1.0), next_, *others[1:]])
    return (first, *(_unnumbered(text, rest, isotopes) if rest else ()))


def _unnumbered(
    text: str, terms: Sequence[tuple[str, str]], isotopes: Isotopes
) -> tuple[FormulaTerm, ...]:
    """Read the terms of a formula, each number one of atoms unless it can be none."""
    if len(terms) == 1 and isotopes.mass(*terms[0]):
        _check_known(text, *terms[0], isotopes)
        return _masses(terms, isotopes)
    heavy = [isotopes.protons.get(symbol, 0) > LIGHT for symbol, _ in terms]
    if all(isotopes.known(*term) for term in terms):
        if all(heavy):
            return _masses(terms, isotopes)
        refuse(text, _masses(terms, isotopes), _counts(terms))
    if any(isotopes.mass(*term) and z for term, z in zip(terms, heavy, strict=True)):
        refuse(text, _masses(terms, isotopes), _counts(terms))
    return _counts(terms)


def _counts(terms: Sequence[tuple[str, str]]) -> tuple[FormulaTerm, ...]:
    """Return terms with their numbers as atoms, those of one element together."""
    numbers: defaultdict[str, float] = defaultdict(float)
    for symbol, number in terms:
        numbers[symbol] += float(number or 1)
    return tuple(numbers.items())


def _masses(terms: Sequence[tuple[str, str]], isotopes: Isotopes) -> tuple[FormulaTerm, ...]:
    """Return terms with their numbers as mass numbers where heavy or alone, else as atoms."""
    every = all(isotopes.known(*term) for term in terms)

    def read(symbol: str, number: str) -> FormulaTerm:
        heavy = isotopes.protons.get(symbol, 0) > LIGHT
        if isotopes.mass(symbol, number) and (every or heavy):
            return (f"{symbol}-{number}", 1.0)
        return (symbol, float(number or 1))

    return tuple(read(*term) for term in terms)


def check_mixture(text: str, parts: Sequence[tuple[str, str]], isotopes: Isotopes) -> None:
    """Raise `MunuError` for a mixture that can be read in two ways.

    In ``76Ge:74Ge`` the numbers could be mass numbers, and ``CsI:Na`` could be doped.

    Parameters
    ----------
    text : str
        The mixture; in ``76Ge:1Si`` the numbers count, as there is no Si-1.
    parts : sequence of (str, str)
        Its formulas, and the number in front of each, empty for none.
    isotopes : Isotopes
    """
    front = [isotopes.known(_first(formula), number) for formula, number in parts]
    numbered = all(number for _, number in parts)
    if any(front) and (all(front) or not numbered):
        masses = [f"{number}{formula}" for formula, number in parts]
        refuse(text, [(name, 1.0) for name in masses], _counts(parts))
    if any(_lone_mass(formula, isotopes) for formula, _ in parts):
        read = [(_lone_mass(formula, isotopes) or formula, number) for formula, number in parts]
        atoms = [
            (_first(f), str(float(n or 1) * float(f[len(_first(f)) :])))
            if _lone_mass(f, isotopes)
            else (f, n)
            for f, n in parts
        ]
        refuse(text, _counts(read), _counts(atoms))
    if not any(number for _, number in parts):
        names = [formula for formula, _ in parts]
        raise MunuError(
            f"'{text}' may be {names[0]} with a dopant, or as many of each",
            f"Write {names[0]}, as a dopant is too little to count, or {as_table(_counts(parts))}",
        )


def _lone_mass(formula: str, isotopes: Isotopes) -> str:
    """Return the isotope that ``Ge76`` may mean; empty for other formulas."""
    found = TERM.fullmatch(formula)
    return f"{found[1]}-{found[2]}" if found and isotopes.known(found[1], found[2]) else ""


def _first(formula: str) -> str:
    """Return the first symbol of a formula."""
    return str(TERM.findall(formula)[0][0])


def _check_known(text: str, symbol: str, number: str, isotopes: Isotopes) -> None:
    if not isotopes.known(symbol, number):
        names = sorted(name for name in isotopes.names if name.partition("-")[0] == symbol)
        raise MunuError(
            f"'{text}' has a mass number of no known isotope, {symbol}-{number}",
            f"Known: {', '.join(names)}; for numbers of atoms write {{ {symbol} = {number} }}",
        )


def _check_capitals(text: str, terms: Sequence[tuple[str, str]], isotopes: Isotopes) -> None:
    """Refuse ``CSI``, which is C, S and I, or CsI in capitals; CO, CO2 and CS2 are molecules."""
    if not text.isupper():
        return
    for (one, number), (two, after) in pairwise(terms):
        pair = one + two.lower()
        molecule = pair == "Co" or (pair == "Cs" and after)
        if not number and pair in isotopes.protons and not molecule:
            remedy = f"Write {text.replace(one + two, pair)}"
            if all(symbol in isotopes.protons for symbol, _ in terms):
                remedy += f" for {pair}, {as_table(_counts(terms))} for {one} and {two}"
            raise MunuError(f"'{text}' has {one}{two}, which may be {pair} in capitals", remedy)
