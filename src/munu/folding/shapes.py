"""Shapes folded: the only place that integrates over recoil energy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from munu.base.frozen import read_only
from munu.base.typing import FloatArray
from munu.folding.nothing_counted import nothing_counted, nothing_on_axes
from munu.folding.prepared import PreparedCentre, PreparedFold
from munu.physics.centres import RecoilKind, ScatteringCentre
from munu.physics.interactions.base import Kernel, Shape
from munu.physics.interactions.dipole import ON_ELECTRON, ON_NUCLEUS
from munu.sources.base import BeamComponent, moments_of_all

LEAST_DIPOLE_EVENTS = 1e-6
"""For a moment of 1 μ_B, 1e10 of those that are looked for: fewer are none."""
MOST_RATES = 2_000_000
"""Most rates of shapes, components and recoil energies that are held at once, 16 MB."""

ShapeEvents: TypeAlias = tuple[FloatArray, ...]
"""Events of a shape, (n_s, n_bins) of each measurement: the nominal one, then each variant's."""


def shape_rates(
    components: Sequence[BeamComponent],
    centre: ScatteringCentre,
    shapes: Sequence[Shape],
    recoil_energy_kev: FloatArray,
    massless: FloatArray | None = None,
) -> FloatArray:
    r"""Return :math:`h_jh_k\int dE\,\phi_s\,K` of shapes, shape (n_shapes, n_s, n).

    In events per second, keV and scattering centre. K is a polynomial of second degree in 1/E, so
    that three moments of each flux are enough (design note 2); those of kernels without kinematics
    of their own, (n_s, 3, n), may be given.
    """
    profiles = {
        profile: profile(centre, recoil_energy_kev)
        for profile in dict.fromkeys(p for shape in shapes for p in (shape.left, shape.right))
    }
    products = [profiles[shape.left] * profiles[shape.right] for shape in shapes]
    moments: dict[object, FloatArray] = {} if massless is None else {None: massless}
    kernels: dict[Kernel, FloatArray] = {}
    found = np.zeros((len(shapes), len(components), recoil_energy_kev.size))
    for row, shape, product in zip(found, shapes, products, strict=True):
        # As of spins, which most isotopes lack.
        if not product.any():
            continue
        if shape.kernel not in kernels:
            kinematics = shape.kernel.minimum_energy_mev
            if kinematics not in moments:
                minimum = shape.kernel.lowest_energy_mev(centre, recoil_energy_kev)
                moments[kinematics] = moments_of_all([c.spectrum for c in components], minimum)
            coefficients = shape.kernel.coefficients(centre, recoil_energy_kev)
            kernels[shape.kernel] = np.einsum("kn,skn->sn", coefficients, moments[kinematics])
        np.multiply(kernels[shape.kernel], product, out=row)
    return found


def shape_events(prepared: PreparedFold, shapes: Sequence[Shape]) -> dict[Shape, ShapeEvents]:
    """Return the events of shapes, read-only; those of each do not depend on the others.

    Raises
    ------
    MunuError
        As `fold`: `NothingCounted` if moments are among the shapes and none of their recoils
        counts, or lies in the bins of further axes.
    """
    parts = [(part, _counts(part, shapes)) for part in (prepared, *prepared.beside)]
    dipole = [i for i, shape in enumerate(shapes) if shape in (ON_NUCLEUS, ON_ELECTRON)]
    seen = sum(part.nominal(counts[dipole]) for part, counts in parts)
    if dipole and not np.any(seen > LEAST_DIPOLE_EVENTS):
        raise nothing_counted(prepared.experiment)
    in_bins = sum(part.spread(counts[i])[0].sum() for part, counts in parts for i in dipole)
    if dipole and in_bins <= LEAST_DIPOLE_EVENTS:
        raise nothing_on_axes(prepared.experiment)
    found: dict[Shape, ShapeEvents] = {}
    for number, shape in enumerate(shapes):
        sides = zip(*(part.spread(counts[number]) for part, counts in parts), strict=True)
        found[shape] = tuple(read_only(np.asarray(sum(side))) for side in sides)
    return found


def _counts(prepared: PreparedFold, shapes: Sequence[Shape]) -> FloatArray:
    """Return the counts of shapes on one target, (n_shapes, n_s, n_energies)."""
    counts = np.zeros((len(shapes), len(prepared.components), prepared.n_energies))
    for recoil in dict.fromkeys(centre.recoil for centre, _ in prepared.centres):
        for own in _by_panels(shapes, recoil):
            some = [shapes[i] for i in own]
            for alike in prepared.alike(recoil, some[0].kernel):
                counts[own] += _energy_counts(alike, some)
    return counts


def _by_panels(shapes: Sequence[Shape], recoil: RecoilKind) -> list[list[int]]:
    """Return the numbers of the shapes of a kind of recoil, by the panels that they need."""
    found: dict[object, list[int]] = {}
    for number, shape in enumerate(shapes):
        if shape.kernel.recoil == recoil:
            found.setdefault(shape.kernel.recoil_limits_kev, []).append(number)
    return list(found.values())


def _energy_counts(alike: Sequence[PreparedCentre], shapes: Sequence[Shape]) -> FloatArray:
    """Return the counts of shapes of the same panels on centres that are counted alike."""
    first = alike[0]
    recoil, components = first.recoil_energy_kev, first.components
    massless = first.moments if shapes[0].kernel.recoil_limits_kev is None else None
    size = max(MOST_RATES // (len(components) * recoil.size), 1)

    def events(some: Sequence[Shape]) -> FloatArray:
        found = np.zeros((len(some), len(components), recoil.size))
        for one in alike:
            found += shape_rates(components, one.centre, some, recoil, massless) * one.weights
        return found

    blocks = (shapes[start : start + size] for start in range(0, len(shapes), size))
    return np.concatenate([first.counted(events(some)) for some in blocks])
