r"""Spins of protons and neutrons in a nucleus, and what they make of the axial charge.

A neutrino sees the axial current of a nucleus at rest by the spins of its nucleons. Averaged over
the directions of the nuclear spin J the rate of Eq. (19) of arXiv:1905.03750 has

.. math:: Q_A^2 = \frac43\,\frac{J+1}{J}\left(g_A^p\langle S_p\rangle
          + g_A^n\langle S_n\rangle\right)^2

which is :math:`(g_A^p)^2` for a free proton, J = ⟨S_p⟩ = 1/2: Eq. (20) takes every unpaired nucleon
for such a one. It is F_A(0)/4 of M. Hoferichter, J. Menéndez and A. Schwenk, Phys. Rev. D 102
(2020) 074018 (arXiv:2007.08529), whose structure functions S(Q) are not taken over: at Q > 0 the
form factor of the file stands for them, and currents of two nucleons are left out.

The ⟨S⟩ and their sources are in ``data/nucleon_spins.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import sqrt
from typing import Final, final

from munu.base.frozen import FrozenMapping

UP_IN_PROTON: Final = 0.842
"""Spin that u quarks carry in a proton, HERMES, Phys. Rev. D 75 (2007) 012007; second-hand, as the
next two."""
DOWN_IN_PROTON: Final = -0.427
STRANGE_IN_PROTON: Final = -0.085


@final
@dataclass(frozen=True)
class NucleonSpins:
    """Spins of the nucleons of one isotope.

    Parameters
    ----------
    protons, neutrons : float
        ⟨S_p⟩ and ⟨S_n⟩ (ħ).
    source : str
    """

    protons: float
    neutrons: float
    source: str = ""

    def axial_nucleons(self, spin: float) -> tuple[float, float]:
        r"""Return the factors of Eq. (20)'s proton and neutron couplings in Q_A, with a sign.

        The u and d quarks of the nucleus carry :math:`s_u = \Delta u\langle S_p\rangle
        + \Delta d\langle S_n\rangle` and :math:`s_d = (\Delta d + \Delta s)\langle S_p\rangle
        + (\Delta u + \Delta s)\langle S_n\rangle`, strange quarks coupling as d quarks do. In
        Eq. (20) the proton counts two u and one d quark, so that s_u and s_d are those of
        :math:`\tfrac13(2s_u - s_d)` protons and :math:`\tfrac13(2s_d - s_u)` neutrons.

        Parameters
        ----------
        spin : float
            J of the nucleus (ħ); zero for none.
        """
        if spin == 0:
            return 0.0, 0.0
        up = UP_IN_PROTON * self.protons + DOWN_IN_PROTON * self.neutrons
        down = DOWN_IN_PROTON * self.protons + UP_IN_PROTON * self.neutrons
        down += STRANGE_IN_PROTON * (self.protons + self.neutrons)
        size = sqrt(4 / 3 * (spin + 1) / spin)
        return size * (2 * up - down) / 3, size * (2 * down - up) / 3


@lru_cache(maxsize=1)
def nucleon_spins() -> Mapping[str, NucleonSpins]:
    """Return the tabulated spins by isotope."""
    text = files("munu").joinpath("data/nucleon_spins.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    found = {
        name: NucleonSpins(row["protons"], row["neutrons"], table["sources"][row["source"]])
        for name, row in table["spins"].items()
    }
    return FrozenMapping(found)
