"""Panels of recoil energy inside which the integrand of a fold is smooth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.quadrature import cut_geometrically, panel_nodes
from munu.base.typing import FloatArray
from munu.detectors.cells import too_narrow
from munu.detectors.detector import Detector
from munu.detectors.resolution import SPAN_SIGMAS
from munu.physics.centres import ScatteringCentre
from munu.physics.interactions.base import Kernel
from munu.sources.base import BeamComponent

WIDEST_PANEL = 0.4
"""Largest width of a panel in ln T."""
WIDEST_IN_SIGMAS = 2.5
"""Largest width of a panel in standard deviations of the measured energy."""
SMALLEST_RECOIL = 1e-9
"""Lowest recoil looked at in a detector without a sharp threshold, relative to the endpoint."""
MOST_PANELS = 20_000
NODES = (4, 6, 10)
"""Gauss-Legendre nodes of panels, by their width."""
NARROW = (0.04, 0.28)
"""Shares of the largest width up to which the first two numbers of nodes do: with h of it in
standard deviations the remainder of n nodes falls as h^2n, and is that of ten in a whole panel."""
NEGLIGIBLE = 1e-12
"""Acceptance that counts as none, relative to the largest."""


@final
@dataclass(frozen=True, eq=False)
class RecoilRange:
    """Recoil energies (keV) between which any detector counts, and where an acceptance has a kink.

    The upper one is the kinematic endpoint, or where the last bin is `SPAN_SIGMAS` below the mean.
    """

    lowest_kev: float
    highest_kev: float
    kinks_kev: FloatArray


def recoil_range(
    detectors: Sequence[Detector], centre: ScatteringCentre, components: Sequence[BeamComponent]
) -> RecoilRange:
    """Return the range of recoils of a centre.

    Raises
    ------
    MunuError
        If a resolution counts recoils of vanishing energy and no recoil threshold is set.
    """
    most = max(component.spectrum.endpoint_mev for component in components)
    endpoint = float(centre.maximum_recoil_kev(np.array([most]))[0])
    found = [(one, *one.lowest_and_kinks_kev(centre.nucleus, endpoint)) for one in detectors]
    return RecoilRange(
        min(_lowest_kev(detector, least, centre, endpoint) for detector, least, _ in found),
        max(_highest_kev(detector, centre, endpoint) for detector in detectors),
        np.concatenate([kinks for _, _, kinks in found]),
    )


def _highest_kev(detector: Detector, centre: ScatteringCentre, endpoint: float) -> float:
    if detector.matrix is not None:
        return min(endpoint, float(detector.matrix.to(centre.nucleus).energies_kev[-1]))
    if np.isinf(detector.bin_edges[-1]):
        return endpoint
    grid = endpoint * np.geomspace(SMALLEST_RECOIL, 1.0, 400)
    mean = detector.mean_observable(grid, centre.nucleus)
    reaches = mean - SPAN_SIGMAS * detector.resolution.sigma(mean) <= detector.bin_edges[-1]
    last = int(np.flatnonzero(reaches).max(initial=0))
    return float(grid[min(last + 1, grid.size - 1)])


def _lowest_kev(
    detector: Detector, lowest: float, centre: ScatteringCentre, endpoint: float
) -> float:
    steps = centre.steps_kev()
    if steps is not None:
        lowest = max(lowest, float(steps[0]))
    if lowest > 0:
        return lowest
    grid = endpoint * np.geomspace(SMALLEST_RECOIL, 1.0, 200)
    counted = detector.acceptance(grid, centre.nucleus).sum(axis=1)
    if counted[0] > NEGLIGIBLE * counted.max():
        raise MunuError(
            "the detector's resolution counts recoils of vanishing energy",
            "State the recoil threshold below which a recoil is never seen",
        )
    return float(grid[np.argmax(counted > NEGLIGIBLE * counted.max())])


def recoil_panels_kev(
    detectors: Sequence[Detector],
    centre: ScatteringCentre,
    components: Sequence[BeamComponent],
    kernels: Sequence[Kernel],
    within: RecoilRange,
) -> FloatArray:
    """Return panel borders (keV), increasing from the lowest to the highest recoil.

    They are the kinks of the flux, as the kinematics of each kernel have them, of the cross section
    and of every detector's acceptance, with cuts in panels that are wide on a logarithmic scale or
    beside the resolution.

    Raises
    ------
    MunuError
        If the resolution is so narrow that more than `MOST_PANELS` would be needed.
    """
    flux = np.concatenate([component.spectrum.kinks_mev for component in components])
    steps = centre.steps_kev()
    kinematics = dict.fromkeys(k.recoil_limits_kev for k in kernels if k.recoil_limits_kev)
    lowest, highest = within.lowest_kev, within.highest_kev
    borders = np.concatenate(
        [
            within.kinks_kev,
            centre.maximum_recoil_kev(flux),
            *(ends(centre, flux) for ends in kinematics),
            [lowest, highest],
            [] if steps is None else steps,
        ]
    )
    borders = distinct(borders[(borders >= lowest) & (borders <= highest)])
    pieces = _shares_of_widest(detectors, centre, borders)
    if pieces.sum() > MOST_PANELS:
        raise too_narrow("is far narrower than the range of recoils")
    return cut_geometrically(borders, np.maximum(np.ceil(pieces), 1).astype(int))


def recoil_points_kev(
    detectors: Sequence[Detector], centre: ScatteringCentre, borders: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return recoil energies (keV), increasing, and weights that integrate over the panels.

    Panels between the rows of a table of flux are many and narrow, and take fewer nodes.
    """
    number = np.take(NODES, np.searchsorted(NARROW, _shares_of_widest(detectors, centre, borders)))
    energies = np.zeros(number.sum())
    weights = np.zeros(number.sum())
    last = np.cumsum(number)
    for nodes in set(number.tolist()):
        (own,) = np.nonzero(number == nodes)
        places = (last[own] - nodes)[:, None] + np.arange(nodes)
        energies[places], weights[places] = panel_nodes(borders[own], borders[own + 1], nodes)
    return energies, weights


def _shares_of_widest(
    detectors: Sequence[Detector], centre: ScatteringCentre, borders: FloatArray
) -> FloatArray:
    """Return the width of each panel over the largest one."""
    shares = np.diff(np.log(borders)) / WIDEST_PANEL
    for detector in detectors:
        shares = np.maximum(shares, _width_in_sigmas(detector, centre, borders) / WIDEST_IN_SIGMAS)
    return np.asarray(shares)


def _width_in_sigmas(
    detector: Detector, centre: ScatteringCentre, borders: FloatArray
) -> FloatArray:
    """Return each panel's width in the measured energy, in standard deviations at its middle."""
    if detector.resolution.is_sharp:
        return np.zeros(borders.size - 1)
    mean = detector.mean_observable(borders, centre.nucleus)
    middle = 0.5 * (mean[1:] + mean[:-1])
    return np.diff(mean) / np.maximum(detector.resolution.sigma(middle), 1e-9)
