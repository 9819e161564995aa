r"""The weak mixing angle as a parameter of coherent and electron scattering.

Couplings are linear in :math:`s^2=\sin^2\theta_W` and rates quadratic in couplings, so the Standard
Model counts are an exact parabola, :math:`N_b(s^2) = a_b + b_b s^2 + c_b s^4`, a part of the folded
form. A dipole adds to them without interference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Unpack, final

import numpy as np

from munu.analysis.assumptions import ABSENT, FIXED, assume, basis_of, settle
from munu.analysis.fit import check_data, fold_counts
from munu.analysis.model import joint_model
from munu.analysis.origin import make_origin
from munu.base.errors import MunuError
from munu.base.scalar import minimise_scalar
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.folded import ExperimentLike, Folded, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.weak import SIN2_THETA_W, WeakAngle, standard_amplitude
from munu.physics.parameters import is_effective
from munu.results.weak_angle import WeakAngleResult
from munu.statistics.models import MomentModel, rays

GRID: Final = np.linspace(0.0, 1.0, 101)
COARSE_GRID: Final = np.linspace(0.0, 1.0, 26)
CURVE_POINTS: Final = 61
CURVE_TOP: Final = 6.0
"""Δχ² up to which the curve has that many points, beside those searched."""
EQUAL: Final = 1e-6
"""Δχ² that tells no value from another."""
FLAT: Final = 0.1
"""Width of the range within `EQUAL`, as a part of that within 1, above which χ² has no one best."""


@final
@dataclass(frozen=True)
class AngleModel:
    """χ² of sin²θ_W and of one moment, all else zero.

    Parameters
    ----------
    model : MomentModel
        At the experiments' own sin²θ_W.
    coefficients : array, shape (3, n_signal)
        a, b, c of the Standard Model events.
    w : array, shape (n_signal,)
        Dipole events per μ_B² of the moment; zeros for none.
    """

    model: MomentModel
    coefficients: FloatArray
    w: FloatArray

    def sm(self, sin2_theta_w: float) -> FloatArray:
        """Return the Standard Model events, shape (n_signal,)."""
        return np.asarray(sin2_theta_w ** np.arange(3) @ self.coefficients)

    def minimum(self, sin2_theta_w: float) -> tuple[float, float]:
        """Return χ² minimised over the moment squared, and that (μ_B²)."""
        sm = self.sm(sin2_theta_w)
        if not self.w.any():
            return float(self.model.likelihood.chi2(sm)), 0.0
        found = rays.minimise(self.model.likelihood, sm, self.w[None, :])
        return float(found.chi2[0]), float(found.t[0])

    def chi2(self, sin2_theta_w: FloatArray) -> FloatArray:
        """Return χ², shape (n,)."""
        if not self.w.any():
            sm = sin2_theta_w[:, None] ** np.arange(3) @ self.coefficients
            return self.model.likelihood.chi2(sm)
        return np.array([self.minimum(value)[0] for value in sin2_theta_w])


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
    effective = moment is not None and is_effective(moment)
    model = joint_model(folded, settled, effective=effective)
    w = np.zeros(model.sm.size)
    if moment is not None:
        columns, index = basis_of(moment, settled)
        w = np.asarray(model.in_basis(columns).w[:, index, index].real)
    angle = AngleModel(model, np.concatenate([parabolas(one) for one in folded], axis=1), w)
    found = minimise_scalar(angle.chi2, GRID if moment is None else COARSE_GRID)
    one_sigma, ninety = found.interval(1.0), found.interval(delta_chi2(0.90, 1))
    equal = found.interval(EQUAL)
    if equal[1] - equal[0] < FLAT * (one_sigma[1] - one_sigma[0]):
        equal = found.best, found.best
    values = [_own_angle(one) for one in folded]
    curve = np.union1d(found.grid, np.linspace(*found.interval(CURVE_TOP), CURVE_POINTS))
    return WeakAngleResult(
        channels=settled.recoils,
        moment=moment,
        best_fit=found.best,
        equal_low=equal[0],
        equal_high=equal[1],
        low=one_sigma[0],
        high=one_sigma[1],
        low_90=ninety[0],
        high_90=ninety[1],
        sin2_theta_w=curve,
        delta_chi2=np.maximum(angle.chi2(curve) - found.chi2_min, 0.0),
        chi2_min=found.chi2_min,
        chi2_standard=float(model.likelihood.chi2(model.sm)),
        standard=tuple(dict.fromkeys(values)),
        moment_mu_b=float(np.sqrt(angle.minimum(found.best)[1])),
        conditions=settled.stored(ABSENT if effective else FIXED),
        origin=make_origin([one.experiment for one in folded], mixing),
    )


def parabolas(folded: Folded) -> FloatArray:
    """Return a, b, c of the Standard Model events, shape (3, n_signal), variants included."""
    model = _counting(folded).standard_model
    angle = WeakAngle().amplitudes(SIN2_THETA_W, model, Assumptions(mixing=folded.mixing))
    amplitudes = (standard_amplitude(model), *angle)
    own = model.electron.sin2_theta_w
    form = np.concatenate([one.form(amplitudes).sum(axis=0) for one in folded.response.folds()])
    square, slope = form[:, 1, 1], 2 * (form[:, 0, 1] - own * form[:, 1, 1])
    return np.stack([form[:, 0, 0] - own * (2 * form[:, 0, 1] - own * square), slope, square])


def _counting(folded: Folded) -> CountingExperiment:
    if isinstance(folded.experiment, CountingExperiment):
        return folded.experiment
    raise MunuError(
        f"'{folded.experiment.identity.name}' is a bound on a moment",
        "Take an experiment with data",
    )


def _own_angle(folded: Folded) -> float:
    return _counting(folded).electron_couplings.sin2_theta_w
