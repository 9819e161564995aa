"""Atomic corrections of the stepping function for electrons, where calculations give numbers.

They and their sources are in ``data/atomic_corrections.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping, freeze
from munu.base.typing import FloatArray

AtomicModel: TypeAlias = Literal["stepping", "rrpa"]
STEPPING: Final = "stepping"
"""The stepping function alone, `munu.physics.atoms`."""


@final
@dataclass(frozen=True, eq=False)
class AtomicCorrection:
    """Weak scattering on the electrons of an element over that of the stepping function.

    Parameters
    ----------
    energies_kev, ratios : array, shape (n,)
        Energy deposits, increasing, and the ratio there: straight lines between, and the value of
        the nearer end outside.
    reach_kev : tuple of float
        Energies between which the calculation holds.
    source : str
    """

    energies_kev: FloatArray
    ratios: FloatArray
    reach_kev: tuple[float, float]
    source: str

    def __post_init__(self) -> None:
        freeze(self)

    def __call__(self, deposited_energy_kev: FloatArray) -> FloatArray:
        """Return the ratio at energy deposits (keV)."""
        return np.interp(deposited_energy_kev, self.energies_kev, self.ratios)


@lru_cache(maxsize=1)
def corrections() -> Mapping[str, Mapping[str, AtomicCorrection]]:
    """Return the corrections by model and element."""
    text = files("munu").joinpath("data/atomic_corrections.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    sources = table.pop("sources")
    found = {
        model: FrozenMapping(
            {symbol: _correction(row, sources[model]) for symbol, row in elements.items()}
        )
        for model, elements in table.items()
    }
    return FrozenMapping(found)


def _correction(row: Mapping[str, Any], source: str) -> AtomicCorrection:
    energies_kev, ratios = np.array(row["ratio"], float).T
    low, high = row["reach_kev"]
    return AtomicCorrection(energies_kev, ratios, (low, high), source)


def atomic_correction(model: AtomicModel, symbol: str) -> AtomicCorrection | None:
    """Return the correction of an element, None of the stepping function.

    Raises
    ------
    MunuError
        If the model has no numbers of the element.
    """
    if model == STEPPING:
        return None
    known = corrections()[model]
    if symbol not in known:
        raise MunuError(
            f"the atomic correction '{model}' has no numbers of {symbol}",
            f'Allowed: {", ".join(known)}; or atomic = "{STEPPING}"',
        )
    return known[symbol]
