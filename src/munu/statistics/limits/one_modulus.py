"""One modulus, the others zero or minimised over: its interval, and Δχ² along it."""

from __future__ import annotations

from munu.base.typing import FloatArray
from munu.physics.parameters import Others
from munu.statistics.limits.intervals import Curve, Interval
from munu.statistics.limits.profiled import modulus_problem, profiled_interval
from munu.statistics.limits.search import profile_curve
from munu.statistics.limits.slices import delta_chi2_profile, slice_interval
from munu.statistics.models import MomentModel


def interval(
    model: MomentModel,
    index: int,
    delta: float,
    *,
    others: Others = "zero",
    phases_free: bool = True,
) -> Interval:
    """Return the interval of |Λ_index| where Δχ² <= delta.

    Parameters
    ----------
    model : MomentModel
        In the basis whose moments are meant.
    index : int
    delta : float
        Δχ² from the minimum along the modulus (others zero) or from the global one (profiled).
    others : {"zero", "profiled"}
    phases_free : bool
        When profiling, minimise over the moduli and the phases of the others; otherwise over their
        moduli, at the phases of the model's basis vectors.
    """
    if others == "zero" or model.w.shape[-1] == 1:
        return slice_interval(model, index, delta)
    return profiled_interval(model, index, delta, phases_free=phases_free)


def curve(
    model: MomentModel,
    index: int,
    moduli_mu_b: FloatArray,
    *,
    others: Others = "zero",
    phases_free: bool = True,
) -> Curve:
    """Return Δχ² at moduli (μ_B), shape (n,); arguments as for `interval`.

    A point whose nuisances do not converge is marked with the reason.

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or not on the way to the minimum.
    """
    if others == "zero" or model.w.shape[-1] == 1:
        return delta_chi2_profile(model, index, moduli_mu_b)
    problem = modulus_problem(model, index, 1.0, phases_free=phases_free)
    return profile_curve(problem, moduli_mu_b)
