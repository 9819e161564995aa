"""Regions, envelopes and Δχ² maps of planes, from names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np

from munu.analysis.assumptions import ABSENT, FIXED, assume
from munu.analysis.coupling_envelope import coupling_envelope
from munu.analysis.coupling_region import coupling_feldman_cousins_region, coupling_region
from munu.analysis.drawn_toys import METHODS, Progress, Wanted, check_drawn
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import signal_matrices
from munu.analysis.moment_plane_region import moment_plane_region
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed, fused_model, origin_of
from munu.base.arguments import check_name, checked_flag, checked_names
from munu.base.errors import MunuError, shown
from munu.base.thresholds import delta_chi2
from munu.base.typing import ComplexArray, FloatArray
from munu.base.units import checked_number
from munu.folding.folded import ExperimentLike, Folded, at_mixing
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import names as known_names
from munu.physics.mixing import Mixing
from munu.physics.moments import flavour_columns
from munu.physics.parameters import PHASE_SYMBOLS, SYMBOLS
from munu.results.coupling_envelope import CouplingEnvelopeResult
from munu.results.coupling_region import CouplingRegionResult
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult
from munu.results.region import EnvelopeResult, RegionResult
from munu.statistics import regions
from munu.statistics.models import FLAVOUR, MASS, PHASES, MomentModel, Plane
from munu.statistics.regions import Region

MAP_CHUNK = 50_000


def plane_columns(plane: Plane, mixing: Mixing) -> ComplexArray:
    r"""Return the basis B of a plane's moments in the coordinates of W, shape (3, 3).

    The identity for Λ₁, Λ₂, Λ₃, and for effective moments, which are coordinates of their own;
    :math:`\det U\,U^\dagger` for the flavour moments. For one modulus of each basis the columns are
    the dual basis of the two directions: the shortest Λ with the two components asked for; the
    third column is zero.
    """
    flavour = flavour_columns(mixing)
    if not plane.is_mixed:
        return flavour if plane.basis == FLAVOUR else np.eye(3, dtype=complex)
    rows = [
        np.eye(3)[MASS.index(name)] if name in MASS else flavour[:, FLAVOUR.index(name)].conj()
        for name in (plane.x, plane.y)
    ]
    return np.column_stack([np.linalg.pinv(np.array(rows)), np.zeros(3)])


def family_of(folded: Sequence[Folded], assumptions: Assumptions, plane: Plane) -> MomentModel:
    """Return χ² of the moments of a plane, for every δ_CP if the plane varies it.

    The Standard Model's events are those of the δ_CP assumed, on which electrons' recoils of mass
    states depend by less than 1e-4.

    Raises
    ------
    MunuError
        If the plane varies δ_CP and the fluxes of a source depend on it.
    """
    effective = plane.is_effective
    mixing = assumptions.neutrino_mixing
    folded = [at_mixing(one, mixing) for one in folded]
    if plane.varies_delta:
        _check_fluxes(folded)

    def w_of_delta(delta: float) -> ComplexArray:
        at_delta = replace(assumptions, delta_cp=delta)
        pieces = [signal_matrices(one.response, at_delta, effective=effective) for one in folded]
        columns = plane_columns(plane, at_delta.neutrino_mixing)
        return np.asarray(columns.conj().T @ np.concatenate(pieces) @ columns)

    model = fused_model(folded, assumptions, effective=effective)
    if plane.varies_delta:
        return model.at_every_delta(w_of_delta)
    return model.in_basis(plane_columns(plane, mixing))


def _check_fluxes(folded: Sequence[Folded]) -> None:
    for one in folded:
        if "delta_cp" in one.experiment.source.mixing_parameters:
            raise MunuError(
                f"the fluxes of '{one.experiment.identity.name}' depend on delta_cp, and are "
                "those of one value",
                "Ask for a region at each value of delta_cp instead",
            )


def region(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: str | tuple[str, str] = ("Lambda_1", "Lambda_2"),
    *,
    setup: str | None = None,
    cl: float = 0.90,
    profile: Sequence[str] = (),
    signed: bool = False,
    method: str = "asymptotic",
    precision: float = 0.02,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> RegionResult | CouplingRegionResult | FeldmanCousinsRegionResult:
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
        Parameters to minimise over: moduli of the same basis, phases. The other moments are zero.
    signed : bool
        Let real moments take both signs, those of the plane and a profiled one.
    method : {"asymptotic", "feldman-cousins"}
        With Wilks' threshold, or by toy experiments: a critical value at each point that the
        fraction ``cl`` of the toys with that truth does not exceed (physics/9711021).
    precision, seed, workers, scheduler, progress
        As in `munu.limit`; the edge's error is relative to half the extent of the region along each
        axis.
    assumptions, **options
        As in `munu.limit`, without ``one_sided``: a region has no sides. Phases that are neither in
        the plane nor profiled keep the values given.

    Raises
    ------
    MunuError
        For unknown or repeated names, a value out of range, phases ξ of a plane with a flavour
        moment, or a plane in which nothing can be seen.

    Examples
    --------
    >>> region = munu.region(["conus", "coherent-csi"], ("Lambda_1", "Lambda_2"))
    >>> print(region.unbounded, f"{region.delta_chi2:.3f}")
    False 4.605
    >>> print(*(f"{end:.3g}" for end in region.polygons[0].max(axis=0)))
    2.27e-09 1.59e-09
    """
    given = assume(region, assumptions, options)
    free = checked_names("profile", profile)
    check_name("method", method, METHODS)
    wanted = Wanted.checked(precision, seed, workers, scheduler, None, progress)
    check_drawn(method, wanted.workers)
    names = axes_of(plane)
    for name in (*names, *free):
        check_name("parameter", name, (*known_names(), *PHASE_SYMBOLS))
    if given.values or not {*names, *free} <= {*SYMBOLS, *PHASE_SYMBOLS}:
        if signed:
            raise MunuError("signed is of planes of moments", "Leave it out: couplings have signs")
        asked = question(names, free, given)
        if method == "feldman-cousins":
            return coupling_feldman_cousins_region(
                experiment, asked, setup, given, cl=cl, wanted=wanted
            )
        return coupling_region(experiment, asked, setup, given, cl=cl)
    question([name for name in names if name in SYMBOLS], (), given)
    chosen = replace(_plane(names, free, given), signed=checked_flag("signed", signed))
    if method == "feldman-cousins":
        folded, settled = fold_assumed(experiment, setup, given)
        family, phases = family_of(folded, settled, chosen), _free(chosen, "profiled")
        return moment_plane_region(folded, settled, family, chosen, phases, cl=cl, wanted=wanted)
    return moment_region(experiment, names, setup, given, cl=cl, profile=free, signed=chosen.signed)


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
    chosen = replace(_plane(plane, profile, given), signed=signed)
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, given)
    family = family_of(folded, settled, chosen)
    found = solve_region(family, chosen, threshold)
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
        conditions=settled.stored(_free(chosen, "profiled")),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
    )


def _free(plane: Plane, treatment: str) -> dict[str, str]:
    """Return what the phases of a plane are that are not fixed: shown, or treated so."""
    shown = {name: "shown" for name in (plane.x, plane.y) if name in PHASES}
    absent = ABSENT if plane.is_effective else FIXED
    return {**absent, **shown} | {name: treatment for name in plane.profiled if name in PHASES}


def solve_region(family: MomentModel, plane: Plane, delta: float) -> Region:
    """Return the region of a model in a plane, by rays or, for two phases, by contours."""
    return regions.region(family, plane, delta)


def axes_of(plane: str | tuple[str, str]) -> tuple[str, str]:
    """Return the two names of a plane, given so or as "X,Y"; raises `MunuError` otherwise."""
    parts: object = plane.split(",") if isinstance(plane, str) else plane
    if not isinstance(parts, Sequence) or len(parts) != 2:
        raise MunuError(
            f"a plane has two axes, and {shown(plane)} does not name two",
            "Write it as Lambda_1,Lambda_2",
        )
    x, y = (str(part).strip() for part in parts)
    return x, y


def make_plane(
    plane: str | tuple[str, str],
    profile: Sequence[str],
    *,
    delta_cp: float,
    xi_1: float,
    xi_2: float,
) -> Plane:
    """Return the plane of two names, or of "X,Y"; raises `MunuError` for anything else."""
    x, y = axes_of(plane)
    return Plane(
        x,
        y,
        profiled=checked_names("profile", profile),
        delta_cp=checked_number("delta_cp", delta_cp),
        xi_1=checked_number("xi_1", xi_1),
        xi_2=checked_number("xi_2", xi_2),
    )


def _plane(plane: str | tuple[str, str], profile: Sequence[str], given: Assumptions) -> Plane:
    """Return a plane whose phases, unless in it or profiled, have the values assumed."""
    xi_1, xi_2 = given.xi_1 or 0.0, given.xi_2 or 0.0
    return make_plane(plane, profile, delta_cp=given.delta_cp or 0.0, xi_1=xi_1, xi_2=xi_2)


def relative_phases(plane: Plane) -> tuple[str, ...]:
    """Return the phases that the counts of a plane of two moduli depend on."""
    if plane.basis != MASS:
        return ("delta_cp",)
    return ("xi_2" if {plane.x, plane.y} == {"Lambda_1", "Lambda_3"} else "xi_1", "delta_cp")


def envelope(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: str | tuple[str, str] = ("Lambda_1", "Lambda_2"),
    *,
    vary: Sequence[str] = (),
    setup: str | None = None,
    cl: float = 0.90,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> EnvelopeResult | CouplingEnvelopeResult:
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
    names = axes_of(plane)
    varied = checked_names("vary", vary)
    if given.values or not {*names, *varied} <= {*SYMBOLS, *PHASE_SYMBOLS}:
        for name in (*names, *varied):
            check_name("parameter", name, (*known_names(), *PHASE_SYMBOLS))
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
    bare = _plane(plane, (), given)
    chosen = replace(bare, profiled=checked_names("vary", vary) or relative_phases(bare))
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
        conditions=settled.stored(_free(chosen, "varied")),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
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
