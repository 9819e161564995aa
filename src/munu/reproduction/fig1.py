"""Fig. 1 of arXiv:1905.03750: quenching factors of the detectors' nuclei (Eq. 26)."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.detectors.quenching import Lindhard
from munu.experiments.references import NUCLEI, PAPER
from munu.physics.nuclei import Nucleus, element
from munu.results.core.base import Origin
from munu.results.paper.figure_curves import Figure1Result, QuenchingCurve

ELEMENTS: Final = ("Si", "Na", "Ar", "Ge", "I", "Xe", "Cs")
RECOIL_ENERGIES_KEV: Final = (1e-2, 1e2)
POINTS: Final = 161


def _commonest(symbol: str) -> Nucleus:
    return max(element(symbol), key=lambda nucleus: nucleus.abundance)


def compute() -> Figure1Result:
    """Return Q(T) of the commonest isotope of each element."""
    energies = np.geomspace(*RECOIL_ENERGIES_KEV, POINTS)
    quenching = Lindhard()
    return Figure1Result(
        curves=tuple(
            QuenchingCurve(
                nucleus=nucleus.name,
                recoil_energy_kev=energies,
                quenching_factor=quenching(energies, nucleus),
            )
            for nucleus in map(_commonest, ELEMENTS)
        ),
        model=f"Eq. (26): {quenching.describe()}; the commonest isotope of each element",
        origin=Origin(experiments=(), inputs_hash=(), references=(PAPER, "Lewin:1995rx", *NUCLEI)),
    )
