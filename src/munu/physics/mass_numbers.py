"""Mass numbers written where a formula has numbers of atoms, as in ``76Ge`` or ``Ge76``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from munu.base.errors import MunuError

_BEFORE: Final = re.compile(r"(\d{1,3})([A-Z][a-z]?)")
_AFTER: Final = re.compile(r"([A-Z][a-z]?)(\d{1,3})(?![\d.])")
_TERM: Final = re.compile(r"[A-Z][a-z]?[\d.]*")
LIGHT: Final = 10
"""Z up to which molecules hold as many atoms as nuclei hold nucleons: C12H26 is dodecane."""
LARGEST_MOLECULE: Final = 2
"""Atoms of one element alone that are a molecule and no mass number: H2 is hydrogen."""


def isotopes_written(text: str, protons: Mapping[str, int]) -> tuple[str, ...]:
    """Return the isotopes that a formula seems to mean, as in ``Ge-76``; none if it is a formula.

    A number before the first symbol, or after one, is a mass number if it lies between Z and 3Z.
    Of light elements it is one only where the element stands alone.

    Parameters
    ----------
    text : str
        A formula with or without a number in front: no mixture.
    protons : mapping of str to int
        Z of each element known.
    """
    before = [(symbol, int(number)) for number, symbol in _BEFORE.findall(text)]
    pieces = "".join(f"{number}{symbol}" for symbol, number in before)
    if text[:1].isdigit() and _are_masses(before if pieces == text else before[:1], protons):
        return tuple(f"{symbol}-{number}" for symbol, number in before)
    after = [(symbol, int(number)) for symbol, number in _AFTER.findall(text)]
    if len(_TERM.findall(text)) == 1:
        heavy = [(symbol, number) for symbol, number in after if number > LARGEST_MOLECULE]
    else:
        heavy = [(s, number) for s, number in after if protons.get(s, 0) > LIGHT]
    found = [pair for pair in heavy if _are_masses([pair], protons)]
    return tuple(f"{symbol}-{number}" for symbol, number in found)


def _are_masses(pairs: list[tuple[str, int]], protons: Mapping[str, int]) -> bool:
    return all(
        protons.get(s, number) <= number <= 3 * protons.get(s, number) for s, number in pairs
    )


def check_mass_numbers(text: str, protons: Mapping[str, int]) -> None:
    """Raise `MunuError` for a formula with mass numbers, naming what to write for its isotopes."""
    names = isotopes_written(text, protons)
    if len(names) == 1 and len(_TERM.findall(text)) == 1:
        raise _refusal(text, f"Write {names[0]} for the isotope")
    if names:
        table = ", ".join(f'"{name}" = 1' for name in names)
        raise _refusal(text, f"Write isotopes as a table, such as {{ {table} }}")


def check_no_isotopes(
    text: str, parts: Sequence[tuple[str, float]], known: Mapping[str, object]
) -> None:
    """Raise `MunuError` for a mixture such as ``76Ge:74Ge``, each number a mass of its element.

    Parameters
    ----------
    text : str
        The mixture.
    parts : sequence of (str, float)
        Its formulas, each with the number in front.
    known : mapping of str to object
        The isotopes, by name.
    """
    isotopes = [f"{part}-{number:g}" for part, number in parts]
    if len(isotopes) > 1 and all(name in known for name in isotopes):
        table = ", ".join(f'"{name}" = 1' for name in isotopes)
        numbers = ", ".join(f"{part} = {number:g}" for part, number in parts)
        raise _refusal(text, f"Write {{ {table} }} for isotopes, {{ {numbers} }} for elements")


def _refusal(text: str, remedy: str) -> MunuError:
    return MunuError(
        f"'{text}' has mass numbers where a formula has numbers of atoms",
        f"{remedy}; in 2Ge:1Si the numbers count atoms",
    )
