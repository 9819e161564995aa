"""Regions, envelopes and Δχ² maps of planes, from names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from munu import results
from munu.analysis.assumptions import assume
from munu.analysis.drawn_toys import (
    METHODS,
    USUAL_PRECISION,
    USUAL_SEED,
    Wanted,
    check_drawn,
)
from munu.analysis.goodness import standard_model_fits
from munu.analysis.planes import (
    axes_of,
    check_phases_once,
    coupling_question,
    family_of,
    free_phases_of,
    idle_remarks,
    plane_of,
    plane_toys,
)
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.arguments import check_name, checked_flag, checked_names
from munu.base.calls import checked_call
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import checked_level, delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import by_symbol
from munu.physics.interactions.registry import names as known_names
from munu.physics.parameters import PHASE_SYMBOLS, SYMBOLS
from munu.results.region import EnvelopeResult, RegionResult
from munu.statistics import regions
from munu.statistics.models import MASS, MomentModel, Plane

MAP_CHUNK = 50_000


@checked_call
@on_one_thread
def region(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: str | tuple[str, str] = ("Lambda_1", "Lambda_2"),
    *,
    setup: str | None = None,
    cl: float | str = 0.90,
    profile: Sequence[str] = (),
    signed: bool = False,
    method: str = "asymptotic",
    precision: float = USUAL_PRECISION,
    seed: int = USUAL_SEED,
    workers: int = 1,
    scheduler: str | None = None,
    state: str | Path | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> RegionResult | results.CouplingRegionResult | results.FeldmanCousinsRegionResult:
    r"""Return the allowed region of a plane, Δχ² with two degrees of freedom.

    It is the set of points (x, y) with

    .. math:: \Delta\chi^2(x, y) = \chi^2(x, y) - \min_{x',y'}\chi^2(x', y') \le t

    where χ² is minimised over the nuisances and what is profiled, and a χ² distribution with two
    degrees of freedom is below t with probability ``cl``: 4.61 at 90 % (S. S. Wilks, Ann. Math.
    Statist. 9 (1938) 60).

    The region is solved along rays from the origin and does not depend on a plot window.

    Parameters
    ----------
    experiment, setup, cl
        As in `munu.limit`.
    plane : tuple of str, or "X,Y"
        Two of the moduli ``Lambda_1`` ... ``Lambda_tau`` and the phases ``delta_cp``, ``xi_1``,
        ``xi_2``; or of the effective moments ``mu_nu_e``, ``mu_nu_mu``, ``mu_nu_tau``. With one
        modulus of each basis, Λ is the shortest vector with these components. Or two couplings,
        such as ``sin2_theta_w``, whose region may have several pieces.
    profile : str or sequence of str
        Parameters to minimise over: moduli of the same basis, and phases, which else keep their
        values. The other moments are zero. Of planes with other couplings, couplings: phases of
        moduli are then minimised over as well, unless they are given.
    signed : bool
        Let real moments take both signs, those of the plane and a profiled one.
    method : {"asymptotic", "feldman-cousins"}
        With Wilks' threshold, or by toy experiments: a critical value at each point that the
        fraction ``cl`` of the toys with that truth does not exceed (physics/9711021).
    precision, seed, workers, scheduler, state, progress
        As in `munu.limit`; the edge's error is relative to half the extent of the region along each
        axis.
    assumptions, **options
        As in `munu.limit`, without ``one_sided``: a region has no sides. Phases that are neither in
        the plane nor profiled keep the values given.

    Raises
    ------
    MunuError
        For unknown or repeated names, a phase that has a value too, a value out of range, phases ξ
        of a plane with a flavour moment, or a plane in which nothing can be seen.

    Examples
    --------
    >>> region = munu.region(["conus", "coherent-csi"], ("Lambda_1", "Lambda_2"))
    >>> print(region.unbounded, f"{region.delta_chi2:.3f}")
    False 4.605
    >>> print(*(f"{end:.3g}" for end in region.polygons[0].max(axis=0)))
    2.27e-09 1.59e-09
    """
    given = assume(region, assumptions, options)
    cl = checked_level(cl)
    free = checked_names("profile", profile)
    check_name("method", method, METHODS)
    wanted = Wanted.checked(precision, seed, workers, scheduler, state, progress)
    check_drawn("region", method, wanted)
    names = axes_of(plane)
    if method == "feldman-cousins":
        from munu.analysis.feldman_cousins_region import feldman_cousins_region

        toys = plane_toys(experiment, names, free, setup, given, signed=signed)
        return feldman_cousins_region(toys, cl=cl, wanted=wanted)
    asked = coupling_question(names, free, given, signed=signed)
    if asked is not None:
        from munu.analysis.coupling_region import coupling_region

        return coupling_region(experiment, asked, setup, given, cl=cl)
    signed = checked_flag("signed", signed)
    return moment_region(experiment, names, setup, given, cl=cl, profile=free, signed=signed)


def moment_region(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: tuple[str, str],
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    profile: Sequence[str] = (),
    signed: bool = False,
) -> RegionResult:
    """Return the region of two moments or phases; arguments as of `region`.

    Raises
    ------
    MunuError
        As `region`.
    """
    chosen = replace(plane_of(plane, profile, given), signed=signed)
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, given)
    family = family_of(folded, settled, chosen)
    found = regions.region(family, chosen, threshold)
    return RegionResult(
        plane=(chosen.x, chosen.y),
        cl=cl,
        delta_chi2=threshold,
        polygons=found.polygons,
        corners=found.corners,
        outlines=found.outlines,
        failed_rays=np.array([s for s, _ in found.failures]),
        failures=tuple(reason for _, reason in found.failures),
        unbounded=found.unbounded,
        unbounded_ranges=found.blind_ranges,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=family.standard_model_chi2 - found.chi2_min,
        best_fit=found.best_fit,
        others="profiled" if chosen.profiled else "zero",
        profiled=chosen.profiled,
        signed=chosen.signed,
        assumptions=settled.stored(free_phases_of(chosen, "profiled")),
        origin=origin_of(
            folded, settled, standard_model_fits(folded, settled), extra_notes=idle_remarks(chosen)
        ),
    )


def relative_phases(plane: Plane) -> tuple[str, ...]:
    """Return the phases that the counts of a plane of two moduli depend on."""
    if plane.basis != MASS:
        return ("delta_cp",)
    return ("xi_2" if {plane.x, plane.y} == {"Lambda_1", "Lambda_3"} else "xi_1", "delta_cp")


@checked_call
@on_one_thread
def envelope(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: str | tuple[str, str] = ("Lambda_1", "Lambda_2"),
    *,
    vary: Sequence[str] = (),
    setup: str | None = None,
    cl: float | str = 0.90,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> EnvelopeResult | results.CouplingEnvelopeResult:
    r"""Return the most conservative and most aggressive contour over phases.

    Along each direction of the plane they are the largest and the smallest, over the phases φ
    varied, of the moduli r at which the region ends:

    .. math:: \Delta\chi^2(r, \phi) = \chi^2(r, \phi) - \min\chi^2 = t

    with the minimum over the plane and the phases, and t as in `region`; Fig. 7 of
    arXiv:1905.03750.

    Parameters
    ----------
    experiment, plane, setup, cl, assumptions, **options
        As in `region`; the plane shows two moduli. Of other couplings, whose regions may have
        several pieces, the result has what is allowed for some phases, and for all of them.
    vary : str or sequence of str, optional
        Phases varied; the others keep the values given. By default δ_CP and the relative
        phase of the two moments: ξ₁ for Λ₂ and Λ₃, ξ₂ for Λ₁ and Λ₃; for Λ₁ and Λ₂, whose relative
        phase is ξ₃ = ξ₁ - ξ₂, it is ξ₁.

    Raises
    ------
    MunuError
        As `region`; and if an axis is not a modulus, or what varies is not a phase.

    Examples
    --------
    >>> found = munu.envelope(["conus", "coherent-csi"], ("Lambda_1", "Lambda_2"), vary=["xi_1"])
    >>> for contour in (found.inner_mu_b, found.outer_mu_b):
    ...     print(*(f"{end:.3g}" for end in contour.max(axis=0)))
    7.85e-10 5.5e-10
    2.27e-09 1.59e-09
    """
    given = assume(envelope, assumptions, options)
    cl = checked_level(cl)
    names = axes_of(plane)
    varied = checked_names("vary", vary)
    if given.values or not {*names, *varied} <= {*SYMBOLS, *PHASE_SYMBOLS}:
        for name in (*names, *varied):
            check_name("parameter", name, (*known_names(), *PHASE_SYMBOLS), also=by_symbol())
        from munu.analysis.coupling_envelope import coupling_envelope

        return coupling_envelope(experiment, names, varied, setup, given, cl=cl)
    question([name for name in names if name in SYMBOLS], (), given)
    return moment_envelope(experiment, names, varied, setup, given, cl=cl)


def moment_envelope(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: tuple[str, str],
    vary: Sequence[str],
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
) -> EnvelopeResult:
    """Return the envelope of two moments; arguments as of `envelope`.

    Raises
    ------
    MunuError
        As `envelope`.
    """
    bare = plane_of(plane, (), given)
    varied = checked_names("vary", vary) or relative_phases(bare)
    check_phases_once(varied, given)
    chosen = replace(bare, profiled=varied)
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, given)
    family = family_of(folded, settled, chosen)
    found = regions.envelope(family, chosen, threshold)
    return EnvelopeResult(
        plane=(chosen.x, chosen.y),
        cl=cl,
        delta_chi2=threshold,
        varied=chosen.profiled,
        angle=found.angle,
        outer_mu_b=found.outer,
        inner_mu_b=found.inner,
        outer_phases=found.outer_phases,
        inner_phases=found.inner_phases,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=family.standard_model_chi2 - found.chi2_min,
        assumptions=settled.stored(free_phases_of(chosen, "varied")),
        origin=origin_of(
            folded, settled, standard_model_fits(folded, settled), extra_notes=idle_remarks(chosen)
        ),
    )


def delta_chi2_map(family: MomentModel, plane: Plane, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return χ² on a grid of two moduli (μ_B) less its smallest value, shape (len(y), len(x)).

    Nothing is profiled; the moduli may have either sign.
    """
    axes = np.array([0.0, 0.5 * np.pi, 0.25 * np.pi])
    w_x, w_y, w_between = family.dipole_events(*plane.directions(axes, np.zeros((3, 0))))
    cross = 2 * w_between - w_x - w_y
    chi2 = np.empty((y.size, x.size))
    rows = max(1, MAP_CHUNK // x.size)
    for start in range(0, y.size, rows):
        block = y[start : start + rows, None, None]
        signal = x[:, None] ** 2 * w_x + (x[:, None] * block) * cross
        signal += block**2 * w_y + family.sm
        chi2[start : start + rows] = family.likelihood.chi2(signal)
    return np.asarray(chi2 - chi2.min())
