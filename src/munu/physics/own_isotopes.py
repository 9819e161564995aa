"""Isotopes of one's own beside the tabulated ones, and elements mixed from them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import Final, final

from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping
from munu.physics.nuclei import Nucleus, elements

_NAME: Final = re.compile(r"([A-Z][a-z]?)-([1-9]\d{0,2})")
MASS_PER_NUCLEON: Final = (0.99, 1.01)
"""Atomic mass (u) over A: 1.0078 of hydrogen and 0.9988 of iron are the extremes in nature."""


@final
@dataclass(frozen=True)
class OwnIsotope:
    """An isotope as someone states it.

    Parameters
    ----------
    name : str
        Symbol and mass number, as in ``Ge-68``.
    protons : int
        Z.
    atomic_mass_u : float
        Mass of the neutral atom (u).
    spin : float
        Nuclear spin J (ħ).
    charge_radius_fm : float
        Root-mean-square charge radius (fm).
    abundance : float, optional
        Fraction by number of the element's atoms. Without, that of the tabulated isotope of the
        same name; none if there is no such isotope, which then is used by its name only.

    Raises
    ------
    MunuError
        If the name is none, Z exceeds A or is not that of the element, the mass is far from A, or
        the spin is not that of A nucleons.
    """

    name: str
    protons: int
    atomic_mass_u: float
    spin: float
    charge_radius_fm: float
    abundance: float | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise MunuError(
                f"'{self.name}' is not the name of an isotope", "Write symbol and A, as in Ge-68"
            )
        if not 1 <= self.protons <= self.mass_number:
            limits = f"Allowed: from 1 to {self.mass_number}"
            raise MunuError(f"{self.name} has {self.protons} protons", limits)
        known = elements().get(self.symbol)
        if known and known[0].protons != self.protons:
            text = f"{self.name} has {self.protons} protons, and {self.symbol} has another number"
            raise MunuError(text, f"Write protons = {known[0].protons}")
        low, high = MASS_PER_NUCLEON
        if not low <= self.atomic_mass_u / self.mass_number <= high:
            text = f"the atomic mass of {self.name}, {self.atomic_mass_u:g} u, is not near its A"
            raise MunuError(text, f"Allowed: {low} to {high} times {self.mass_number} u")
        if self.spin < 0 or (2 * self.spin) % 2 != self.mass_number % 2:
            kind = "0, 1, 2, ..." if self.mass_number % 2 == 0 else "1/2, 3/2, ... as 0.5, 1.5"
            raise MunuError(f"the spin of {self.name} is {self.spin:g}", f"Allowed: {kind}")
        if not self.charge_radius_fm > 0:
            raise MunuError(f"the charge radius of {self.name} is not positive", "Allowed: > 0 fm")

    @property
    def symbol(self) -> str:
        """Chemical symbol."""
        return self.name.partition("-")[0]

    @property
    def mass_number(self) -> int:
        """A."""
        return int(self.name.partition("-")[2])

    def nucleus(self, abundance: float) -> Nucleus:
        """Return it with a natural abundance."""
        return Nucleus(
            symbol=self.symbol,
            protons=self.protons,
            neutrons=self.mass_number - self.protons,
            atomic_mass_u=self.atomic_mass_u,
            abundance=abundance,
            spin=self.spin,
            charge_radius_fm=self.charge_radius_fm,
        )


def with_own_isotopes(own: Sequence[OwnIsotope]) -> Mapping[str, tuple[Nucleus, ...]]:
    """Return the elements with isotopes of one's own; those of abundance zero go by name only.

    Own isotopes with abundances make up their element, tabulated or new. Those without take the
    place of the tabulated ones of their names, or stand beside them.

    Parameters
    ----------
    own : sequence of OwnIsotope

    Raises
    ------
    MunuError
        If some isotopes of an element have an abundance and others none, or they do not add up
        to one, or two isotopes of an element state different numbers of protons.
    """
    by_symbol: defaultdict[str, list[OwnIsotope]] = defaultdict(list)
    for isotope in own:
        by_symbol[isotope.symbol].append(isotope)
    mixed = {symbol: _mixed(symbol, isotopes) for symbol, isotopes in by_symbol.items()}
    return FrozenMapping({**elements(), **mixed})


def _mixed(symbol: str, own: Sequence[OwnIsotope]) -> tuple[Nucleus, ...]:
    """Return an element's isotopes, own and tabulated."""
    if len({isotope.protons for isotope in own}) > 1:
        raise MunuError(f"isotopes of {symbol} have different numbers of protons", "Write one Z")
    stated = {i.name: i.abundance for i in own if i.abundance is not None}
    _check_abundances(symbol, own, stated)
    tabulated = {nucleus.name: nucleus for nucleus in elements().get(symbol, ())}
    natural = stated or {name: nucleus.abundance for name, nucleus in tabulated.items()}
    nuclei = {i.name: i.nucleus(natural.get(i.name, 0.0)) for i in own}
    rest = {} if stated else {n: nucleus for n, nucleus in tabulated.items() if n not in nuclei}
    return tuple({**rest, **nuclei}.values())


def _check_abundances(symbol: str, own: Sequence[OwnIsotope], stated: Mapping[str, float]) -> None:
    missing = [isotope.name for isotope in own if isotope.name not in stated]
    if stated and missing:
        raise MunuError(
            f"{missing[0]} has no abundance, and other isotopes of {symbol} have one",
            "Write an abundance for each isotope of the element, or for none",
        )
    if stated and not isclose(sum(stated.values()), 1.0, abs_tol=1e-6):
        raise MunuError(
            f"the abundances of {symbol} add up to {sum(stated.values()):g}, not to 1",
            "Write every isotope of the element with its fraction by number",
        )
