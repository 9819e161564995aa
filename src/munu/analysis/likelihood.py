r"""The likelihood itself, as a function of the moments and phases that one chooses.

.. math:: \chi^2(x, \theta) = -2\ln\frac{L(x, \theta)}{L_{\rm saturated}},\qquad
          S_b(x) = SM_b + \Lambda(x)^\dagger W_b\Lambda(x)

of the parameters x and the nuisances θ (in standard deviations), up to a constant; without θ it is
minimised over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Final, Unpack, final

import numpy as np

from munu.analysis.assumptions import assume
from munu.analysis.coordinates import coupling_coordinates, moment_coordinates
from munu.analysis.fit_shares import sizes_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import joint_model
from munu.analysis.planes import check_phases_once, idle_remarks
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.arguments import checked_names
from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown, unknown
from munu.base.frozen import FrozenMapping
from munu.base.threads import on_one_thread
from munu.base.typing import ArrayLike, FloatArray, IntArray
from munu.base.units import canonical_unit
from munu.folding.folded import ExperimentLike, Folded
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import PARAMETERS, PHASE_SYMBOLS, PHASES, Parameter
from munu.results.core.base import Origin
from munu.statistics.likelihoods import (
    NewtonLikelihood,
    SignalLikelihood,
    as_newton,
    by_bins,
    searching,
    shares,
)
from munu.statistics.models import ExtraEvents
from munu.statistics.nuisance_shape import centre_and_width

CHUNK_ENTRIES: Final = 2_000_000
"""Numbers worked on at once: points times entries of the signal and parameters."""


@final
@dataclass(frozen=True, repr=False, eq=False)
class Likelihood:
    """−2 ln L of experiments as a function of parameters, at many points at once.

    `munu.likelihood` makes it. Points x have the parameters on their last axis, in the order of
    ``names``: shape (..., n), in ``units``: moments in μ_B, phases in rad. A modulus may be
    negative, which is a phase of π.

    Parameters
    ----------
    names : tuple of str
        The parameters.
    experiments : tuple of str
        ``id@setup`` of each.
    bins : mapping of str to slice
        The bins of each experiment among those of `sm_events` and `predict`.
    assumptions : munu.Assumptions
        What is assumed besides the parameters.
    origin : Origin
        What it was made from.
    likelihood : munu.statistics.likelihoods.likelihood.Likelihood
        Of the expected signal in its entries: bins, and those of shape uncertainties.
    sm : array, shape (n_signal,)
        Events in the entries where all parameters are zero: those of the Standard Model, if they
        are zero there.
    extra : ExtraEvents
        The other events there, as a function of the parameters.
    standard_model_chi2 : float
        χ² of the Standard Model, minimised over the nuisances.
    nominal : array of int, shape (n_bins,)
        The entries that are bins.
    folded : tuple of Folded
        The experiments with what was folded of each.
    """

    names: tuple[str, ...]
    experiments: tuple[str, ...]
    bins: Mapping[str, slice]
    assumptions: Assumptions
    origin: Origin
    likelihood: SignalLikelihood
    sm: FloatArray
    extra: ExtraEvents
    standard_model_chi2: float
    nominal: IntArray
    folded: tuple[Folded, ...]

    def __repr__(self) -> str:
        names = ", ".join(self.names)
        return f"<Likelihood of {names}: {' + '.join(self.experiments)}>"

    @property
    def units(self) -> tuple[str, ...]:
        """The unit of each parameter, as in ``mu_B`` or ``rad``; empty for a pure number."""
        return tuple(canonical_unit(one.unit.dimension) for one in self._parameters)

    @property
    def bounds(self) -> FloatArray:
        """The range of each parameter, shape (n, 2): moduli from 0, phases from -π to π."""
        return np.array([[one.low, one.high] for one in self._parameters])

    @property
    def _parameters(self) -> list[Parameter]:
        phases = {one.name: one for one in PHASES}
        return [phases[n] if n in phases else parameter_of(n) for n in self.names]

    @property
    def sm_events(self) -> FloatArray:
        """Events per bin where all parameters are zero, before any nuisance, shape (n_bins,)."""
        return self.sm[self.nominal]

    @property
    def nuisance_names(self) -> tuple[str, ...]:
        """The nuisances, in the order of θ."""
        return self._explicit.names

    @cached_property
    def _explicit(self) -> NewtonLikelihood:
        """The likelihood with its nuisances as numbers, where it has them in closed form."""
        return as_newton([self.likelihood], self.sm)

    @checked_call
    def predict(self, x: ArrayLike) -> FloatArray:
        """Return the signal per bin, Standard Model and new couplings, shape (..., n_bins).

        It is that before any nuisance and without backgrounds; `bins` says which are whose.
        """
        points, shape = self._points(x)
        found = [self._signal(points[at])[:, self.nominal] for at in self._pieces(points)]
        events = np.concatenate([np.empty((0, self.nominal.size)), *found])
        return np.asarray(events.reshape(*shape, self.nominal.size))

    @checked_call
    def chi2(
        self, x: ArrayLike, *, nuisances: ArrayLike | Mapping[str, float] | None = None
    ) -> FloatArray:
        """Return χ², shape (...), at points (..., n).

        Parameters
        ----------
        x : array, shape (..., n)
        nuisances : array, shape (..., k), or mapping of names to numbers, optional
            In standard deviations, in the order of `nuisance_names`; names left out are zero. By
            default χ² is minimised over all of them.

        Raises
        ------
        MunuError
            For another shape, a number that is not finite, an unknown nuisance, or nuisances that
            do not converge.
        """
        points, shape = self._points(x)
        pieces = self._pieces(points)
        if nuisances is None:
            found = [self.likelihood.chi2(self._signal(points[at])) for at in pieces]
        else:
            theta = self._theta(nuisances, shape)
            found = [self._explicit.value(self._signal(points[at]), theta[at]) for at in pieces]
        return np.concatenate([np.empty(0), *found]).reshape(shape)

    @checked_call
    def gradient(
        self, x: ArrayLike, *, nuisances: ArrayLike | Mapping[str, float] | None = None
    ) -> FloatArray:
        """Return ∂χ²/∂x, shape (..., n), χ² being minimised over the nuisances; per μ_B or rad.

        Parameters
        ----------
        x : array, shape (..., n)
        nuisances : array, shape (..., k), or mapping of names to numbers, optional
            As of `chi2`. At given ones ∂χ²/∂θ follows, shape (..., n + k), as samplers that take
            parameters and nuisances alike ask for it.

        Raises
        ------
        MunuError
            As `chi2`.
        """
        points, shape = self._points(x)
        size = len(self.names)
        found = []
        if nuisances is not None:
            size, theta = size + len(self.nuisance_names), self._theta(nuisances, shape)
            for at in self._pieces(points):
                slopes = self.extra.slopes(points[at])
                terms = self._explicit.terms(self._signal(points[at]), theta[at], slopes)
                found.append(terms.gradient)
        else:
            for at in self._pieces(points):
                slope = self.likelihood.gradient(self._signal(points[at]))
                found.append(np.einsum("mpb,mb->mp", self.extra.slopes(points[at]), slope))
        return np.concatenate([np.empty((0, size)), *found]).reshape(*shape, size)

    @checked_call
    def nuisances(self, x: ArrayLike) -> FloatArray:
        """Return θ where χ² is smallest over them, shape (..., k); names in `nuisance_names`."""
        points, shape = self._points(x)
        found = [self._explicit.profile(self._signal(points[at])).x for at in self._pieces(points)]
        k = len(self.nuisance_names)
        return np.concatenate([np.empty((0, k)), *found]).reshape(*shape, k)

    @checked_call
    def shares(self, x: ArrayLike) -> FloatArray:
        """Return what each experiment adds to χ², and the nuisances that several share.

        They have the values where the χ² of all is smallest over them. The squares of those that
        one experiment has alone are in its share.

        Returns
        -------
        array, shape (..., n + 1)
            In the order of ``experiments``, with the squares of the shared nuisances last: its sum
            is χ².
        """
        points, shape = self._points(x)
        explicit, sizes = as_newton(by_bins(self.likelihood), self.sm), sizes_of(self.folded)
        found = []
        for at in self._pieces(points):
            signal = self._signal(points[at])
            found.append(shares(explicit, signal, explicit.profile(signal).x, sizes))
        n = len(sizes) + 1
        return np.concatenate([np.empty((0, n)), *found]).reshape(*shape, n)

    @checked_call
    def nuisance_shape(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        r"""Return about where χ² is smallest over the nuisances, and how wide it is there.

        .. math:: \chi^2(x, \theta) \approx \chi^2_{\min} + z^2,\qquad \theta = \theta_0 + Az

        which makes the nuisances of samplers nearly independent of the parameters.

        Returns
        -------
        centre : array, shape (..., k)
            θ₀.
        width : array, shape (..., k, k)
            A; the identity where χ² does not rise to all sides.
        """
        points, shape = self._points(x)
        pieces = self._pieces(points)
        found = [centre_and_width(self._explicit, self._signal(points[at])) for at in pieces]
        k = len(self.nuisance_names)
        centre = np.concatenate([np.empty((0, k)), *(one for one, _ in found)])
        width = np.concatenate([np.empty((0, k, k)), *(one for _, one in found)])
        return centre.reshape(*shape, k), width.reshape(*shape, k, k)

    def _signal(self, points: FloatArray) -> FloatArray:
        return np.asarray(self.sm + self.extra.events(points))

    def _pieces(self, points: FloatArray) -> list[slice]:
        """Return slices of the points, small enough for the memory."""
        size = max(1, CHUNK_ENTRIES // (self.sm.size * max(len(self.names), 1)))
        return [slice(first, first + size) for first in range(0, len(points), size)]

    def _points(self, x: ArrayLike) -> tuple[FloatArray, tuple[int, ...]]:
        """Return points as (m, n), and the shape of their other axes."""
        array = _numbers("x", x)
        n = len(self.names)
        if array.ndim == 0 or array.shape[-1] != n:
            raise MunuError(
                f"points of shape {array.shape} have no axis of {', '.join(self.names)} at the end",
                f"Give shape (..., {n})",
            )
        return array.reshape(prod(array.shape[:-1]), n), array.shape[:-1]

    def _theta(self, given: ArrayLike | Mapping[str, float], shape: tuple[int, ...]) -> FloatArray:
        """Return nuisances as (m, k), one set for all points or one for each."""
        names = self.nuisance_names
        if isinstance(given, Mapping):
            for name in given:
                if name not in names:
                    raise unknown("nuisance", str(name), names)
            array = _numbers("nuisances", [given.get(name, 0.0) for name in names])
        else:
            array = _numbers("nuisances", given)
        try:
            every = np.broadcast_to(array, (*shape, len(names)))
        except ValueError as error:
            raise MunuError(
                f"nuisances of shape {array.shape} do not go with points of shape {shape}",
                f"Give shape (..., {len(names)}), in the order of nuisance_names",
            ) from error
        return every.reshape(prod(shape), len(names))


def _numbers(name: str, given: object) -> FloatArray:
    """Return finite numbers as an array."""
    try:
        array = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        message = f"{name} = {shown(given)} is not an array of numbers"
        raise MunuError(message, "Give finite numbers") from error
    if not np.all(np.isfinite(array)):
        raise MunuError(f"{name} holds what is not finite", "Give finite numbers")
    return array


@checked_call
@on_one_thread
def likelihood(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameters: str | Sequence[str] = ("Lambda_1", "Lambda_2", "Lambda_3"),
    *,
    setup: str | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> Likelihood:
    r"""Return −2 ln L of experiments as a function of parameters.

    .. math:: \chi^2(x) = \min_\theta\left[-2\ln\frac{L(x, \theta)}{L_{\rm saturated}}\right]

    for use in fits and samplers of your own: `Likelihood.chi2` takes many points at once.

    Parameters
    ----------
    experiment, setup
        As in `munu.limit`; several experiments are combined.
    parameters : str or sequence of str
        Moments of one basis, with phases if you like: those of ``Lambda_1``, ``Lambda_2``,
        ``Lambda_3``, ``xi_1``, ``xi_2``, ``delta_cp``; of ``Lambda_e``, ``Lambda_mu``,
        ``Lambda_tau``, ``delta_cp``; of ``mu_nu_e``, ``mu_nu_mu``, ``mu_nu_tau``; or ``mu_eff``.
        The other moments are zero. Or couplings, moments among them, each by its name and with
        ``phase_NAME`` if it is complex; what is not named has its value in ``values``, or that of
        the Standard Model.
    assumptions, **options
        As in `munu.limit`, without ``one_sided``: a likelihood has no sides. Phases that are not
        among the parameters keep the values given.

    Raises
    ------
    MunuError
        As `munu.limit`; for parameters that do not go together, phases without a moment, and those
        that have a value too.

    Examples
    --------
    >>> found = munu.likelihood("conus", ["Lambda_1", "Lambda_2"])
    >>> print(found.chi2([[0.0, 0.0], [1e-9, 5e-10]]).round(4))
    [0.     0.5785]
    >>> print(*(f"{slope:.3g}" for slope in found.gradient([1e-9, 5e-10])), "per mu_B")
    4.18e+09 -4.43e+09 per mu_B
    """
    given = assume(likelihood, assumptions, options)
    folded, settled = fold_assumed(experiment, setup, given)
    names = checked_names("parameters", parameters)
    known = {*PARAMETERS, *PHASE_SYMBOLS}
    if not names or (known.issuperset(names) and not given.values):
        asked = question([name for name in names if name in PARAMETERS], (), given)
        check_phases_once(names, given)
        chosen = moment_coordinates(names, settled)
        model = joint_model(folded, settled, effective=chosen.is_effective)
        made, plane = chosen.made(model, folded, settled), chosen.plane
    else:
        asked = question(names, (), given)
        made, plane = coupling_coordinates(asked, folded, settled, given), None
    fits = standard_model_fits(folded, settled)
    origin = origin_of(folded, settled, fits, asked, extra_notes=idle_remarks(plane))
    all_counts = [one.counts for one in folded]
    starts = np.cumsum([0, *sizes_of(folded)])
    ends = np.cumsum([one.n_bins for one in all_counts]).tolist()
    bins = {
        name: slice(end - one.n_bins, end)
        for name, one, end in zip(origin.experiments, all_counts, ends, strict=True)
    }
    return Likelihood(
        names=names,
        experiments=origin.experiments,
        bins=FrozenMapping(bins),
        assumptions=replace(settled.stored(made.phases), values=asked.values),
        origin=origin,
        likelihood=searching(made.likelihood),
        sm=made.sm,
        extra=made.extra,
        standard_model_chi2=made.standard_model_chi2,
        nominal=np.concatenate(
            [start + np.arange(one.n_bins) for start, one in zip(starts, all_counts, strict=False)]
        ),
        folded=tuple(folded),
    )
