"""Limits of today's data on |Λ₁|, |Λ₂|, |Λ₃|: data sets alone and combined, beside projections.

`coherent-csi` and `coherent-csi-2017` hold the same events, and `coherent-csi-2021` includes them:
the combinations take the last alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

import numpy as np

from munu.analysis.assumptions import PROFILED
from munu.analysis.goodness import observes, standard_model_fits
from munu.analysis.model import joint_model
from munu.analysis.origin import make_origin
from munu.analysis.region import moment_region
from munu.base.errors import MunuError
from munu.base.identity import Same
from munu.base.thresholds import TWO_SIDED, delta_chi2
from munu.base.typing import ComplexArray
from munu.folding.folded import Folded, fold_experiment, load_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.reproduction import published
from munu.reproduction.limits import beside, limits_of
from munu.reproduction.published_limits import shown_today
from munu.reproduction.work import Work
from munu.results.paper.printed import PrintedLimit
from munu.results.paper.today import TodayResult, TodaySet
from munu.results.paper.today_limit import TodayLimit
from munu.results.region import RegionResult
from munu.statistics.limits import BLIND_TOLERANCE, interval

CL: Final = 0.90
COHERENT: Final = ("coherent-csi-2021", "coherent-lar-2020")
REACTORS: Final = ("dresden-ii", "conus-plus")
SOLAR: Final = ("xenonnt-sr0-er", "borexino-phase-ii")
SETS: Final = {
    "CsI, first run": ("coherent-csi-2017",),
    "CsI": ("coherent-csi-2021",),
    "LAr": ("coherent-lar-2020",),
    "Dresden-II": ("dresden-ii",),
    "Dresden-II, photo-neutrons": ("dresden-ii@ybe",),
    "CONUS+": ("conus-plus",),
    "CONUS+, electrons": ("conus-plus@electrons",),
    "XENONnT": ("xenonnt-sr0-er",),
    "Borexino": ("borexino-phase-ii",),
    "COHERENT": COHERENT,
    "reactors": REACTORS,
    "COHERENT, reactors": (*COHERENT, *REACTORS),
    "solar": SOLAR,
    "reactors, solar": (*REACTORS, *SOLAR),
    "all": (*COHERENT, *REACTORS, *SOLAR),
}
"""Data sets alone, then combined: CsI's first run is part of the data of CsI."""

ADDED: Final = (
    "Published convention, the moments of the species added: about 1.4 times stronger than in the "
    "per-species convention of the limits from data above."
)
"""Of limits from the delayed beam, that of two species."""

PLANES: Final = (
    ("Lambda_1", "Lambda_2"),
    ("Lambda_1", "Lambda_3"),
    ("Lambda_2", "Lambda_3"),
)
SHOWN: Final = {
    "CsI": ("coherent-csi-2021",),
    "Dresden-II": ("dresden-ii",),
    "CONUS+": ("conus-plus",),
    "XENONnT": ("xenonnt-sr0-er",),
    "Borexino": ("borexino-phase-ii",),
    "COHERENT, reactors": (*COHERENT, *REACTORS),
    "all": (*COHERENT, *REACTORS, *SOLAR),
    "LAr, future": ("coherent-lar@future",),
    "CONUS, future": ("conus@future",),
    "CONNIE, future": ("connie@future",),
}
"""Regions of the figure: data alone and combined, then projections without systematic errors."""


def compute(work: Work | None = None) -> TodayResult:
    """Return the limits, the regions and the numbers printed elsewhere.

    Parameters
    ----------
    work : Work, optional
        Who does them, and is told.
    """
    assumptions = Assumptions(mixing=paper_mixing())
    # Combinations come first: who is done before others has small ones left then.
    data = SETS | SHOWN
    labels = sorted(data, key=lambda label: -len(data[label]))
    with (work or Work()).begun(len(labels)) as do:
        answers = dict(zip(labels, do([partial(_answers, one) for one in labels]), strict=True))
    sets = [one for label in SETS for one in answers[label] if isinstance(one, TodaySet)]
    shown = [(label, one) for label in SHOWN for one in answers[label]]
    regions = [(label, one) for label, one in shown if isinstance(one, RegionResult)]
    failures = [one for _, one in shown if isinstance(one, str)]
    names = dict.fromkeys(name for members in SETS.values() for name in members)
    return TodayResult(
        cl=CL,
        delta_chi2=delta_chi2(CL, 1),
        sets=tuple(sets),
        projected=projections(),
        published=shown_today(),
        regions=tuple(region for _, region in regions),
        region_labels=tuple(label for label, _ in regions),
        remarks=(*remarks(sets), *failures),
        assumptions=assumptions.stored(PROFILED),
        origin=make_origin([load_experiment(name) for name in names], assumptions.neutrino_mixing),
    )


def _answers(label: str) -> list[TodaySet | RegionResult | str]:
    """Return limits and regions of data, where they are shown: who has folded them does all."""
    limits = [_set(label)] if label in SETS else []
    planes = PLANES if label in SHOWN else ()
    return [*limits, *(_region_or_reason(label, plane) for plane in planes)]


def _set(label: str) -> TodaySet:
    folded = [fold_experiment(name) for name in SETS[label]]
    return today_set(label, folded, Assumptions(mixing=paper_mixing()))


def today_set(label: str, folded: Sequence[Folded], assumptions: Assumptions) -> TodaySet:
    """Return every limit of a set of data; a fit that fails is marked and the rest goes on."""
    direction, blind, weakest = _weakest(folded, assumptions)
    if observes(folded) and not weakest.failure:
        expected = replace(assumptions, asimov=True)
        weakest = beside(weakest, _along(folded, expected, direction, blind))
    return TodaySet(
        label=label,
        experiments=tuple(f"{x.counts.experiment}@{x.counts.setup}" for x in folded),
        limits=limits_of(folded, assumptions),
        blind_directions=blind,
        weakest_direction=direction,
        weakest=weakest,
        standard_model=standard_model_fits(folded, assumptions),
    )


def _weakest(
    folded: Sequence[Folded], assumptions: Assumptions
) -> tuple[ComplexArray, int, TodayLimit]:
    """Return `weakest_direction` and the limit along it; a fit that fails is marked there."""
    direction, blind = np.zeros(3, complex), 0
    try:
        direction, blind = weakest_direction(folded, assumptions)
    except MunuError as error:
        return direction, blind, _failed(error)
    return direction, blind, _along(folded, assumptions, direction, blind)


def _along(
    folded: Sequence[Folded], assumptions: Assumptions, direction: ComplexArray, blind: int
) -> TodayLimit:
    """Return the limit on |Λ| along a direction; there is none along a blind one."""
    try:
        model = joint_model(folded, assumptions).in_basis(direction[:, None])
        found = interval(model, 0, delta_chi2(CL, 1))
    except MunuError as error:
        return _failed(error)
    return TodayLimit(
        parameter="Lambda",
        others="zero",
        limit_mu_b=np.inf if blind else found.upper_mu_b,
        unbounded_because="blind direction" if blind else found.unbounded_because,
    )


def _failed(error: MunuError) -> TodayLimit:
    return TodayLimit(parameter="Lambda", others="zero", limit_mu_b=np.inf, failure=str(error))


def weakest_direction(
    folded: Sequence[Folded], assumptions: Assumptions
) -> tuple[ComplexArray, int]:
    r"""Return the unit Λ that a set of data bounds least, and the number of blind directions.

    Each experiment bounds :math:`\Lambda^\dagger W_e\Lambda \le x_e` with :math:`W_e` the sum over
    its bins and :math:`x_e` the excess it allows along its most visible direction; the direction is
    that of the smallest eigenvalue of :math:`\sum_e W_e/x_e`. Its phase makes the largest component
    positive.
    """
    total = np.sum([_bounded(Same(one), assumptions) for one in folded], axis=0)
    values, vectors = np.linalg.eigh(total)
    direction = vectors[:, 0]
    pivot = direction[np.argmax(np.abs(direction))]
    blind = int(np.count_nonzero(values <= BLIND_TOLERANCE * values[-1]))
    turned = np.round(direction * abs(pivot) / pivot, 12)
    return np.asarray(turned.real + 0.0 + 1j * (turned.imag + 0.0)), blind


@lru_cache(maxsize=len(SETS))
def _bounded(same: Same[Folded], assumptions: Assumptions) -> ComplexArray:
    """Return W/x of one experiment, which is looked for once: it is in several combinations."""
    (one,) = same.objects
    model = joint_model([one], assumptions)
    w = model.w[: one.counts.n_bins].sum(axis=0)
    best = np.linalg.eigh(w)[1][:, -1]
    reach = interval(model.in_basis(best[:, None]), 0, delta_chi2(CL, 1)).upper_mu_b
    return np.asarray(w / (reach**2 * (best.conj() @ w @ best).real))


def _region_or_reason(label: str, plane: tuple[str, str]) -> RegionResult | str:
    """Return a region of the figure, or why there is none."""
    members = SHOWN[label]
    sigma_sys = 0.0 if members[0].endswith("@future") else None
    try:
        return moment_region(members, plane, None, Assumptions(sigma_sys=sigma_sys), cl=CL)
    except MunuError as error:
        return f"✗ {label}, region of {' and '.join(plane)}: {error}"


def projections() -> tuple[PrintedLimit, ...]:
    """Return the limits that arXiv:1905.03750 prints for future setups: Δχ² = 2.71, two-sided.

    Each has the notes of its row in Table II, and says where its convention makes it stronger.
    """
    return tuple(
        PrintedLimit(
            label=f"{row.label}{'' if row.group == 'Reactor' else f', {row.beam}'}",
            quantity=name,
            limit_mu_b=limit.value,
            source=row.source,
            sided=TWO_SIDED,
            text=limit.text,
            note=_note(row),
        )
        for row in published.limits()
        if row.setup == "future"
        for name, limit in zip(published.PARAMETERS, row.limits, strict=True)
    )


def _note(row: published.PrintedLimits) -> str:
    """Return what to know of a row of Table II."""
    notes = load_experiment(f"{row.experiment}@{row.setup}").identity.notes
    return " ".join((*([ADDED] if row.beam == "delayed" else []), *notes))


def remarks(sets: Sequence[TodaySet]) -> tuple[str, ...]:
    """Return which combinations see what their members alone do not."""
    by_label = {one.label: one for one in sets}
    lines = []
    for label in ("COHERENT, reactors", "reactors, solar"):
        if label in by_label and "reactors" in by_label:
            limit = by_label[label].weakest.limit_mu_b
            if by_label["reactors"].blind_directions and np.isfinite(limit):
                lines.append(
                    f"{label}: closes the blind direction of the reactors, where the combination "
                    f"bounds |Λ| below {limit / 1e-10:.3g}."
                )
    lines.append(
        "CsI's first run and the paper's one number are the same events, and CsI holds them: the "
        "combinations take CsI alone."
    )
    return tuple(lines)
