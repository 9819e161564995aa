"""Remarks about a least recoil energy that cuts what the detector would count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from munu.analysis.checks.remark import Remark
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.physics.centres import RecoilKind, ScatteringCentre

LEAST_CUT: Final = 1e-3
"""Probability below the threshold, over the largest: rates that grow as 1/T² make more of it."""
NEGLIGIBLE: Final = 1e-4
"""The same, where a threshold may stand."""
FURTHEST: Final = 1e-4
"""Part of the threshold down to which the response is looked at."""
RECOILS: Final[dict[RecoilKind, str]] = {
    "nuclear": "of nuclei",
    "electron": "of electrons, which are not quenched,",
}


def recoil_threshold_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Check that recoils below the threshold of each target, which cuts every kind, are not seen.

    Where the response goes on down to no energy at all, as a wide Gaussian does, the threshold is
    what ends it, and is not remarked upon.
    """
    for part in experiment.parts():
        if part.detector.recoil_threshold_kev > 0:
            yield from _of_target(part)


def _of_target(experiment: CountingExperiment) -> Iterator[Remark]:
    threshold = experiment.detector.recoil_threshold_kev
    centres = [centre for centre, _ in experiment.centres()]
    below = {centre: _below(experiment, centre) for centre in centres}
    cut = {centre: seen for centre, seen in below.items() if _is_cut(seen)}
    if not cut:
        return
    end = min(_end_kev(threshold, seen) for seen in cut.values())
    for kind, words in RECOILS.items():
        shares = [float(seen.max()) for centre, seen in cut.items() if centre.recoil == kind]
        if shares:
            yield Remark(
                "detector.recoil_threshold",
                f"recoils {words} below {threshold:.3g} keV would be counted with up to"
                f" {100 * max(shares):.3g} % of the largest probability, and are cut;"
                f" lower it to {end:.2g} keV, below which none is seen",
            )


def _grid_kev(threshold_kev: float) -> FloatArray:
    """Return recoil energies up to just below the threshold."""
    return np.geomspace(FURTHEST, 1 - 1e-9, 200) * threshold_kev


def _below(experiment: CountingExperiment, centre: ScatteringCentre) -> FloatArray:
    """Return the probability at `_grid_kev` without the threshold, over the largest of any recoil.

    It is zero where no electron is free, and of recoils that no neutrino of the source gives.
    """
    detector = replace(experiment.detector, recoil_threshold_kev=0.0)
    endpoint = max(c.spectrum.endpoint_mev for c in experiment.source.components(experiment.mixing))
    highest = float(centre.maximum_recoil_kev(np.array([endpoint]))[0])
    energies = _grid_kev(experiment.detector.recoil_threshold_kev)
    least = centre.steps_kev()
    exists = energies < highest
    if least is not None and least.size:
        exists &= energies > least.min()
    above = np.geomspace(1e-6 * highest, highest, 400)
    largest = float(detector.acceptance(above, centre.nucleus).sum(axis=1).max())
    if largest <= 0:
        return np.zeros(energies.size)
    seen = detector.acceptance(energies, centre.nucleus).sum(axis=1)
    return np.asarray(np.where(exists, seen, 0.0) / largest)


def _is_cut(seen: FloatArray) -> bool:
    """Tell whether recoils are cut that are seen, by a response that would end further down."""
    return bool(seen.max() > LEAST_CUT and seen[0] < 0.5 * LEAST_CUT)


def _end_kev(threshold_kev: float, seen: FloatArray) -> float:
    """Return the recoil energy (keV) below which all recoils are as good as unseen."""
    is_seen = seen > max(NEGLIGIBLE, 2 * float(seen[0]))
    return float(_grid_kev(threshold_kev)[np.argmax(is_seen) - 1])
