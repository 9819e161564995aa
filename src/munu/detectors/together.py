"""Several detectors that see the same recoils, such as one and its variants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.base.typing import FloatArray
from munu.detectors.detector import Detector
from munu.physics.nuclei import Nucleus


def all_in_rows(detectors: Sequence[Detector], nucleus: Nucleus | None) -> bool:
    """Return whether the response of each detector is a matrix with straight lines between rows.

    Then `counted_by_all` is less work than a product with the acceptance at each recoil.
    """
    return all(
        detector.matrix is not None and detector.matrix.to(nucleus).interpolation == "linear"
        for detector in detectors
    )


def counted_by_all(
    detectors: Sequence[Detector],
    rates: FloatArray,
    recoil_energy_kev: FloatArray,
    nucleus: Nucleus | None,
) -> FloatArray:
    """Return `Detector.counted` of each detector, one after the other along the last axis.

    Matrices whose rows are at the same energies have the rates shared out to these rows once.

    Parameters
    ----------
    detectors : sequence of Detector
    rates : array, shape (..., n)
    recoil_energy_kev : array, shape (n,)
    nucleus : Nucleus or None
        What recoils; None for electrons.
    """
    shared: dict[tuple[bytes, float], FloatArray] = {}
    found = []
    for detector in detectors:
        matrix = detector.matrix.to(nucleus) if detector.matrix else None
        if matrix is None or matrix.interpolation == "log":
            found.append(detector.counted(rates, recoil_energy_kev, nucleus))
            continue
        threshold = detector.recoil_threshold_kev
        key = (matrix.energies_kev.tobytes(), threshold)
        if key not in shared:
            seen = rates * (recoil_energy_kev >= threshold)
            shared[key] = matrix.in_rows(seen, recoil_energy_kev)
        found.append(shared[key] @ matrix.probabilities)
    return np.concatenate(found, axis=-1)
