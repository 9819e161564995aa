"""The parameters of the page, in groups: those of one form, which most may be varied together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, final

from munu.base.errors import MunuError
from munu.physics.interactions.compatible import check_together
from munu.physics.interactions.registry import parameter
from munu.physics.parameters import (
    COMMON_PARAMETER,
    EFFECTIVE_PARAMETERS,
    FLAVOUR_PARAMETERS,
    MASS_PARAMETERS,
)

MASSES_MEV: Final = (1, 10, 30, 100, 1000)
"""Masses of a mediator that are folded into the page."""

MASS_MOMENTS: Final = "mass-moments"
FLAVOUR_MOMENTS: Final = "flavour-moments"
EFFECTIVE_MOMENTS: Final = "effective-moments"
COMMON_MOMENT: Final = "common-moment"
COUPLINGS: Final = "couplings"

_PAIRS: Final = ("ee", "mumu", "tautau", "emu", "etau", "mutau")


@final
@dataclass(frozen=True)
class Group:
    """Parameters that one form has, and how the page calls them.

    Parameters
    ----------
    key, title : str
    names : tuple of str
        Parameters of the registry.
    mass_mev : int or None
        Of the mediator, where there is one.
    """

    key: str
    title: str
    names: tuple[str, ...]
    mass_mev: int | None = None

    @property
    def columns(self) -> tuple[int, ...]:
        """The coordinate of each coupling; a complex one has its imaginary part in the next."""
        sizes = [2 if parameter(name).kind == "modulus" else 1 for name in self.names]
        return tuple(accumulate(sizes[:-1], initial=0))

    @property
    def together(self) -> bool:
        """Whether its parameters may be varied in one likelihood, or one by one."""
        try:
            check_together(self.names)
        except MunuError:
            return False
        return True

    def plain(self) -> dict[str, Any]:
        """Return what the page needs to show it."""
        return {
            "key": self.key,
            "title": self.title,
            "mass": self.mass_mev,
            "together": self.together,
            "columns": self.columns,
            "parameters": [_plain(name) for name in self.names],
        }


MOMENT_GROUPS: Final = (
    Group(MASS_MOMENTS, "Transition moments, mass basis", MASS_PARAMETERS),
    Group(FLAVOUR_MOMENTS, "Transition moments, flavour basis", FLAVOUR_PARAMETERS),
    Group(EFFECTIVE_MOMENTS, "Effective moments", EFFECTIVE_PARAMETERS),
    Group(COMMON_MOMENT, "Moment common to all flavours", (COMMON_PARAMETER,)),
)
COUPLING_GROUP: Final = Group(
    COUPLINGS,
    "Charge radii, NSI with quarks, weak angle",
    (
        *(f"charge_radius_{pair}" for pair in _PAIRS),
        *(f"epsilon_{quark}_{pair}" for quark in "ud" for pair in _PAIRS),
        "sin2_theta_w",
    ),
)


def mediator_groups(masses_mev: Sequence[int] = MASSES_MEV) -> tuple[Group, ...]:
    """Return the groups of vector mediators, one for each mass (MeV)."""
    return tuple(
        Group(
            f"mediator-{mass}",
            f"Vector mediator of {mass} MeV",
            ("g_universal", "g_b-l", "g_lmu-ltau"),
            mass,
        )
        for mass in masses_mev
    )


def _plain(name: str) -> dict[str, Any]:
    one = parameter(name)
    return {
        "name": one.name,
        "symbol": one.symbol,
        "about": one.about,
        "family": one.family,
        "unit": one.unit.text,
        "key": one.unit.key,
        "scale": one.unit.scale,
        "kind": one.kind,
        "low": one.low if one.low > -1e300 else None,
        "high": one.high if one.high < 1e300 else None,
    }
