"""Electrons of an atom that a neutrino can free: binding energies and the stepping function.

The subshells and the source of every energy are in ``data/electron_shells.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import final

import numpy as np

from munu.base.errors import unknown
from munu.base.frozen import FrozenMapping
from munu.base.typing import ArrayLike, FloatArray


@final
@dataclass(frozen=True)
class Subshell:
    """One electron subshell of a neutral atom.

    Parameters
    ----------
    name : str
        X-ray name: ``K``, ``L1``, ``L2``, ...
    electrons : int
        Number of electrons in it.
    binding_energy_kev : float
        Energy needed to free one of them (keV).
    """

    name: str
    electrons: int
    binding_energy_kev: float


@lru_cache(maxsize=1)
def atoms() -> Mapping[str, tuple[Subshell, ...]]:
    """Return the subshells of every tabulated element, innermost first, by symbol."""
    text = files("munu").joinpath("data/electron_shells.toml").read_text(encoding="utf-8")
    found = {
        symbol: tuple(Subshell(*row) for row in [*table["core"], *table["valence"]])
        for symbol, table in tomllib.loads(text)["elements"].items()
    }
    return FrozenMapping(found)


def subshells(symbol: str) -> tuple[Subshell, ...]:
    """Return an element's subshells; `MunuError` names the nearest element if it is unknown."""
    if symbol not in atoms():
        raise unknown("element", symbol, atoms(), where="the electron binding energies")
    return atoms()[symbol]


@lru_cache
def _steps(symbol: str) -> tuple[FloatArray, FloatArray]:
    """Distinct binding energies (keV, increasing), and the electrons freed below and above each."""
    energies = np.array([subshell.binding_energy_kev for subshell in subshells(symbol)])
    electrons = np.array([subshell.electrons for subshell in subshells(symbol)], dtype=float)
    edges, step = np.unique(energies, return_inverse=True)
    freed = np.concatenate([[0.0], np.cumsum(np.bincount(step, weights=electrons))])
    edges.flags.writeable = freed.flags.writeable = False
    return edges, freed


def steps(symbol: str) -> FloatArray:
    """Return the energies (keV, increasing) at which `effective_electrons` jumps.

    An integral over the deposited energy has its panels cut here.

    Raises
    ------
    MunuError
        If the element is not tabulated.
    """
    return _steps(symbol)[0]


def effective_electrons(symbol: str, deposited_energy_kev: ArrayLike) -> FloatArray:
    r"""Return the number of electrons that an energy deposit T can free.

    The stepping function :math:`Z_{\rm eff}(T) = \sum_i n_i\,\theta(T - B_i)` multiplies the
    cross section on a free electron; V. I. Kopeikin et al., Phys. Atom. Nucl. 60 (1997) 1859,
    L. A. Mikaelyan, Phys. Atom. Nucl. 65 (2002) 1173 (hep-ph/0202070).

    Parameters
    ----------
    symbol : str
        Element.
    deposited_energy_kev : array
        T (keV): kinetic energy of the electron plus its binding energy.

    Returns
    -------
    array
        Between 0 and Z, of the shape of T; a step counts at T = B_i.

    Raises
    ------
    MunuError
        If the element is not tabulated.
    """
    edges, freed = _steps(symbol)
    return np.asarray(freed[np.searchsorted(edges, deposited_energy_kev, side="right")])
