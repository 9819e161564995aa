r"""The weak mixing angle from data: the question about the parameter ``sin2_theta_w``.

Couplings are linear in :math:`s^2=\sin^2\theta_W` and rates quadratic in couplings, so that counts
are an exact parabola in it, a part of the folded form (`munu.physics.interactions.weak`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np

from munu.analysis.assumptions import ABSENT, assume, settle
from munu.analysis.coupling_axes import axes_of
from munu.analysis.couplings import counting, couplings_of
from munu.analysis.fit import check_data, fold_counts
from munu.analysis.origin import make_origin
from munu.analysis.question import question
from munu.analysis.statement import shared_notes
from munu.base.arguments import check_name
from munu.base.calls import checked_call
from munu.base.distinct import distinct
from munu.base.threads import on_one_thread
from munu.base.thresholds import delta_chi2
from munu.folding.folded import ExperimentLike, Folded, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.weak import SIN2_THETA_W
from munu.physics.parameters import PARAMETERS
from munu.results.weak_angle import WeakAngleResult
from munu.statistics.limits import CouplingLine

GRID: Final = np.linspace(0.0, 1.0, 101)
CURVE_POINTS: Final = 61
CURVE_TOP: Final = 6.0
"""Δχ² up to which the curve has that many points, beside those searched."""
EQUAL: Final = 1e-6
"""Δχ² that tells no value from another."""
FLAT: Final = 0.1
"""Width of the range within `EQUAL`, as a part of that within 1, above which χ² has no one best."""


@checked_call
@on_one_thread
def weak_angle(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    *,
    setup: str | None = None,
    moment: str | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> WeakAngleResult:
    """Return sin²θ_W from data, with moments zero or one of them free.

    The angle is that of the experiments' couplings: MS-bar at the Z mass where they have radiative
    corrections (Eq. 21 of arXiv:1905.03750 for quarks, `munu.physics.electron_couplings` for
    electrons), which do not change with it.

    Parameters
    ----------
    experiment, setup
        As in `munu.fit`; with ``expected``, projections too.
    moment : str, optional
        A moment that is minimised over, the others zero: ``Lambda_1`` ... ``Lambda_tau``, or an
        effective one, ``mu_nu_e``, ``mu_nu_mu``, ``mu_nu_tau``, ``mu_eff``, as in `munu.limit`.
    assumptions, **options
        As in `munu.limit`, without ``one_sided``; ``channels`` are the recoils in the prediction,
        as in `munu.fit`. Mixing and phases matter with a moment, and where mass states scatter;
        beam and convention with a moment alone.

    Raises
    ------
    MunuError
        As `munu.fit`; and for an unknown moment.

    Examples
    --------
    >>> found = munu.weak_angle("coherent-csi-2021")
    >>> print(f"{found.best_fit:.3f}, from {found.low:.3f} to {found.high:.3f}")
    0.204, from 0.180 to 0.231
    """
    given = assume(weak_angle, assumptions, options)
    loaded = load_experiments(experiment, setup)
    settled = settle(loaded, given)
    mixing = settled.neutrino_mixing
    folded = fold_counts(loaded, settled.recoils, mixing)
    if not settled.asimov:
        check_data(folded)
    if moment is not None:
        check_name("parameter", moment, PARAMETERS)
    asked = question((SIN2_THETA_W.name,), () if moment is None else (moment,), given)
    couplings = couplings_of(folded, asked, settled, whole_beam=(SIN2_THETA_W,))
    axes = axes_of(asked, couplings, given)
    line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
    one_sigma, ninety, equal, shown = (
        axes.values(line.allowed(level).intervals[..., None]).ravel()[[0, -1]]
        for level in (1.0, delta_chi2(0.90, 1), EQUAL, CURVE_TOP)
    )
    best = line.allowed(1.0)
    value = float(axes.values(np.array([best.best_fit]))[0])
    if equal[1] - equal[0] < FLAT * (one_sigma[1] - one_sigma[0]):
        equal = np.array([value, value])
    curve = distinct(GRID, np.linspace(shown[0], shown[1], CURVE_POINTS))
    chi2 = line.chi2(axes.coordinates(curve[:, None])[:, 0])
    at_best = axes.centre + line.coordinates(best.best_fit)
    return WeakAngleResult(
        channels=settled.recoils,
        moment=moment,
        best_fit=value,
        equal_low=float(equal[0]),
        equal_high=float(equal[1]),
        low=float(one_sigma[0]),
        high=float(one_sigma[1]),
        low_90=float(ninety[0]),
        high_90=float(ninety[1]),
        sin2_theta_w=curve,
        delta_chi2=np.maximum(chi2 - best.chi2_min, 0.0),
        chi2_min=best.chi2_min,
        chi2_standard=couplings.standard_chi2,
        standard=tuple(dict.fromkeys(_own_angle(one) for one in folded)),
        moment_mu_b=float(np.linalg.norm(at_best[1:])),
        assumptions=settled.stored(ABSENT),
        origin=make_origin(
            [one.experiment for one in folded], mixing, extra_notes=shared_notes(folded, settled)
        ),
    )


def _own_angle(folded: Folded) -> float:
    return counting(folded).electron_couplings.sin2_theta_w
