"""Nuclei of detector materials: isotopes, natural elements and compounds.

The isotopes and the source of every column are in ``data/nuclei.csv``.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import isclose, isfinite
from typing import TypeAlias, final

from munu.base.constants import ATOMIC_MASS_UNIT_MEV, AVOGADRO_PER_MOL, ELECTRON_MASS_MEV
from munu.base.errors import MunuError, unknown
from munu.base.frozen import FrozenMapping, freeze
from munu.physics.formula_numbers import FormulaTerm, Isotopes
from munu.physics.mass_numbers import check_mixture, read_formula

_TWO_NUMBERS = re.compile(r"[\d.]\s+[\d.]")
_MIXTURE_PART = re.compile(r"(\d+(?:\.\d+)?)?\s*([A-Z(][A-Za-z0-9.()-]*)")


@final
@dataclass(frozen=True)
class Nucleus:
    """One isotope, in its nuclear ground state.

    Parameters
    ----------
    symbol : str
        Chemical symbol.
    protons, neutrons : int
        Z and N.
    atomic_mass_u : float
        Mass of the neutral atom (u).
    abundance : float
        Natural abundance: fraction by number of the element's atoms; zero for one that is used by
        its name only.
    spin : float
        Nuclear spin J (ħ).
    charge_radius_fm : float
        Root-mean-square charge radius (fm).
    """

    symbol: str
    protons: int
    neutrons: int
    atomic_mass_u: float
    abundance: float
    spin: float
    charge_radius_fm: float

    @property
    def mass_number(self) -> int:
        """A = Z + N."""
        return self.protons + self.neutrons

    @property
    def name(self) -> str:
        """Symbol and mass number, as in ``Ge-72``."""
        return f"{self.symbol}-{self.mass_number}"

    @property
    def mass_mev(self) -> float:
        """Nuclear mass m_A (MeV): the atomic mass less Z electrons.

        The electrons' binding energy, below 3e-6 of the mass, is neglected.
        """
        return self.atomic_mass_u * ATOMIC_MASS_UNIT_MEV - self.protons * ELECTRON_MASS_MEV

    @property
    def unpaired_protons(self) -> int:
        """Z₊ - Z₋ of Eq. (20) of arXiv:1905.03750, up to a sign: 1 for odd Z, else 0."""
        return self.protons % 2

    @property
    def unpaired_neutrons(self) -> int:
        """N₊ - N₋ of Eq. (20) of arXiv:1905.03750, up to a sign: 1 for odd N, else 0."""
        return self.neutrons % 2


@final
@dataclass(frozen=True)
class Target:
    """A detector material: the nuclei of one formula unit.

    Parameters
    ----------
    fractions : tuple of (Nucleus, float)
        Number of nuclei of each isotope per formula unit, η_x of Eq. (31) of arXiv:1905.03750.

    Raises
    ------
    MunuError
        If there is no nucleus, or a number is not positive.
    """

    fractions: tuple[tuple[Nucleus, float], ...]

    def __post_init__(self) -> None:
        if not self.fractions:
            raise MunuError("a target needs at least one nucleus")
        for nucleus_, number in self.fractions:
            _check_number(nucleus_.name, number)
        freeze(self)

    @property
    def molar_mass_g(self) -> float:
        """Mass of one mole of formula units (g): Σ_x A_x η_x."""
        return sum(nucleus_.atomic_mass_u * number for nucleus_, number in self.fractions)

    def nuclei_per_kg(self) -> tuple[tuple[Nucleus, float], ...]:
        r"""Return the isotopes with their numbers of nuclei per kg of material.

        :math:`N_x / m = N_A\,\eta_x / \sum_y A_y\eta_y`, Eq. (31) of arXiv:1905.03750.
        """
        formula_units = 1e3 * AVOGADRO_PER_MOL / self.molar_mass_g  # Eq. (31)
        return tuple((nucleus_, number * formula_units) for nucleus_, number in self.fractions)


ElementTable: TypeAlias = Mapping[str, tuple[Nucleus, ...]]
"""Elements with their isotopes, by symbol."""


@lru_cache(maxsize=1)
def elements() -> Mapping[str, tuple[Nucleus, ...]]:
    """Return every tabulated element with its natural isotopes, by symbol."""
    text = files("munu").joinpath("data/nuclei.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[Nucleus, ...]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        protons = int(row["protons"])
        isotope = Nucleus(
            symbol=row["symbol"],
            protons=protons,
            neutrons=int(row["mass_number"]) - protons,
            atomic_mass_u=float(row["atomic_mass_u"]),
            abundance=float(row["abundance"]),
            spin=float(row["spin"]),
            charge_radius_fm=float(row["charge_radius_fm"]),
        )
        found[isotope.symbol] = (*found.get(isotope.symbol, ()), isotope)
    return FrozenMapping(found)


def element(symbol: str) -> tuple[Nucleus, ...]:
    """Return the natural isotopes of an element; `MunuError` names the nearest one if unknown."""
    if symbol not in elements():
        raise unknown("element", symbol, elements())
    return elements()[symbol]


def nucleus(name: str, table: ElementTable | None = None) -> Nucleus:
    """Return an isotope by name, ``Ge-76``, ``76Ge`` or ``Ge76``, of the tabulated ones or others.

    `MunuError` names the nearest one if it is unknown.
    """
    table = elements() if table is None else table
    terms = _read(name, table) or ()
    written = terms[0][0] if len(terms) == 1 else name
    symbol, _, _ = written.partition("-")
    if symbol not in table:
        raise unknown("element", symbol, table)
    isotopes = {isotope.name: isotope for isotope in table[symbol]}
    if written not in isotopes:
        raise unknown("isotope", written, isotopes)
    return isotopes[written]


def parse_material(
    material: str | Mapping[str, float],
    enrichment: Mapping[str, float] | None = None,
    table: ElementTable | None = None,
) -> Target:
    """Return the nuclei of a material given as a physicist writes it.

    Parameters
    ----------
    material : str or mapping
        A formula (``Ge``, ``CsI``, ``Ca(OH)2``), an isotope (``Ge-76``, ``76Ge``, ``Ge76``), a
        formula with isotopes (``130TeO2``, ``133Cs127I``), a mixture by number (``2Ge:1Si``), or a
        mapping from any of them but the last to a number (``{"Ge": 2, "Si": 1}``).
    enrichment : mapping, optional
        Isotopic fractions by number that replace the natural ones, as in
        ``{"Ge-76": 0.86, "Ge-74": 0.14}``. Those of each element add up to one.
    table : mapping of str to tuple of Nucleus, optional
        The isotopes of each element; those of `elements` without it.

    Raises
    ------
    MunuError
        If the text is not a formula or can be read in two ways, an element or isotope is not
        tabulated, a number is not positive, fractions do not add up to one, an isotope is enriched
        twice, or an enriched element is not in the material.
    """
    table = elements() if table is None else table
    parts = _mixture(material, table) if isinstance(material, str) else material
    compositions = _enriched_compositions(enrichment or {}, table)
    natural: set[str] = set()
    numbers: defaultdict[Nucleus, float] = defaultdict(float)
    for formula, multiple in parts.items():
        _check_number(formula, multiple)
        for name, count in _terms(formula, table):
            _check_number(name, count)
            if "-" in name:
                numbers[nucleus(name, table)] += multiple * count
                continue
            natural.add(name)
            for isotope, fraction in (compositions.get(name) or _natural(name, table)).items():
                numbers[isotope] += multiple * count * fraction
    for symbol in compositions.keys() - natural:
        raise MunuError(f"enrichment of {symbol}, which is not a natural element of '{material}'")
    return Target(tuple(numbers.items()))


def _mixture(text: str, table: ElementTable) -> dict[str, float]:
    """Split ``2Ge:1Si`` into formulas and their multiples; a lone formula has multiple one."""
    if ":" not in text:
        return {text: 1.0}
    parts: list[tuple[str, str]] = []
    for part in text.split(":"):
        match = _MIXTURE_PART.fullmatch(part.strip())
        if match is None:
            raise _unreadable(text, table)
        parts.append((match[2], match[1] or ""))
    check_mixture(text, parts, _isotopes(table))
    multiples: defaultdict[str, float] = defaultdict(float)
    for formula, number in parts:
        multiples[formula] += float(number or 1)
    return dict(multiples)


def _isotopes(table: ElementTable) -> Isotopes:
    """Return what a formula may name."""
    protons = {symbol: nuclei[0].protons for symbol, nuclei in table.items()}
    return Isotopes(protons, frozenset(n.name for nuclei in table.values() for n in nuclei))


def _terms(text: str, table: ElementTable) -> tuple[FormulaTerm, ...]:
    """Return the elements and isotopes of a formula without parentheses, with their numbers."""
    terms = _read(text, table)
    if terms is None:
        raise _unreadable(text, table)
    return terms


def _read(text: str, table: ElementTable) -> tuple[FormulaTerm, ...] | None:
    """Read a formula with blanks between its numbers and symbols, as in ``76 Ge``."""
    if _TWO_NUMBERS.search(text):
        return None
    return read_formula("".join(text.split()), _isotopes(table))


def _natural(symbol: str, table: ElementTable) -> dict[Nucleus, float]:
    """Return an element's isotopes with their abundances."""
    if symbol not in table:
        raise unknown("element", symbol, table)
    natural = {isotope: isotope.abundance for isotope in table[symbol] if isotope.abundance > 0}
    if not natural:
        raise MunuError(
            f"the isotopes of {symbol} have no abundance",
            f"Give each one, or name the isotope: {table[symbol][0].name}",
        )
    return natural


def _enriched_compositions(
    enrichment: Mapping[str, float], table: ElementTable
) -> dict[str, dict[Nucleus, float]]:
    """Group isotopic fractions by element and check that each element's add up to one."""
    compositions: defaultdict[str, dict[Nucleus, float]] = defaultdict(dict)
    for name, fraction in enrichment.items():
        _check_number(name, fraction)
        isotope = nucleus(name, table)
        if isotope in compositions[isotope.symbol]:
            raise MunuError(f"the enrichment names {isotope.name} twice", "Name it once")
        compositions[isotope.symbol][isotope] = fraction
    for symbol, fractions in compositions.items():
        total = sum(fractions.values())
        if not isclose(total, 1.0, abs_tol=1e-6):
            raise MunuError(
                f"the isotopic fractions of enriched {symbol} add up to {total:g}, not to 1",
                "Name every isotope that is left, with its fraction by number",
            )
    return dict(compositions)


def _check_number(name: str, number: float) -> None:
    if not (isfinite(number) and number > 0):
        raise MunuError(f"the number of {name} is {number}", "Allowed: a positive number")


def _unreadable(text: str, table: ElementTable) -> MunuError:
    return MunuError(
        f"cannot read the material '{text}'",
        f"Write Ge, CsI, CaWO4, Ge-76 or 2Ge:1Si, with the elements {', '.join(table)}",
    )
