"""Counts as a function of the moments: a likelihood, the Standard Model and the matrices W_b."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, ComplexArray, FloatArray
from munu.statistics import likelihoods
from munu.statistics.models.dipole_events import congruent
from munu.statistics.models.harmonics import Harmonics, sampled

if TYPE_CHECKING:
    from munu.statistics.likelihoods import OneBin, SignalLikelihood


def normalised_w(w: ComplexArray) -> ComplexArray:
    """Return the sum of W_b / Tr W_b over the bins that see anything, shape (n, n).

    Its null vectors are blind directions. Without the traces an experiment of few events would
    vanish beside one of many.
    """
    trace = np.trace(w, axis1=-2, axis2=-1).real
    seen = trace > 0
    return np.asarray((w[seen] / trace[seen, None, None]).sum(axis=0))


@final
@dataclass(frozen=True, eq=False)
class MomentModel:
    r"""χ²(Λ) of one experiment or of several: :math:`S_b = SM_b + \Lambda^\dagger W_b\Lambda`.

    Parameters
    ----------
    names : tuple of str
        The experiments in it.
    likelihood : Likelihood
    sm : array, shape (n_signal,)
        Standard Model events, which do not depend on δ_CP.
    w : array, shape (n_signal, 3, 3)
        Hermitian W_b (events per μ_B²) in the basis of ``moments``; with harmonics, what does not
        depend on δ_CP.
    harmonics : Harmonics, optional
        What δ_CP adds, :math:`W_b(\delta) = W_b + \sum_k C_{kb}e^{ik\delta}`; nothing if it is
        left out, as in a model of one δ_CP.
    """

    names: tuple[str, ...]
    likelihood: SignalLikelihood
    sm: FloatArray
    w: ComplexArray
    harmonics: Harmonics | None = None

    def in_basis(self, columns: ArrayLike) -> MomentModel:
        r"""Return the model of one δ_CP in coordinates z, :math:`\Lambda = B z`.

        W is :math:`B^\dagger WB`. ``columns`` is B, shape (3, n); phases of the moments are a
        diagonal B.
        """
        b = np.asarray(columns, complex)
        return replace(self, w=congruent(self.w, b))

    def at_every_delta(self, w_of_delta: Callable[[float], ComplexArray]) -> MomentModel:
        """Return the model for every δ_CP, from a function δ (rad) -> W_b, (n_signal, 3, 3)."""
        constant, harmonics = sampled(w_of_delta)
        return replace(self, w=constant, harmonics=harmonics)

    def fused(self) -> MomentModel:
        """Return a model of the same χ², minimised over its nuisances, with fewer of them."""
        return replace(self, likelihood=likelihoods.fused(self.likelihood))

    def pooled(self) -> MomentModel:
        """Return a model of the same χ² in which bins of proportional events are one."""
        if self.likelihood.newton is None:
            return self
        _, coefficients = self.series
        flat = np.moveaxis(coefficients, 1, 0).reshape(self.sm.size, coefficients[:, 0].size)
        forms = np.column_stack([self.sm, flat.real, flat.imag])
        found = likelihoods.Pooling.of(self.likelihood.newton, forms)
        if found.is_idle:
            return self
        own, harmonics = np.array([found.signal(one) for one in coefficients]), self.harmonics
        if harmonics is not None:
            harmonics = replace(harmonics, coefficients=own[1:])
        sm = found.signal(self.sm)
        return replace(self, likelihood=found.pooled, sm=sm, w=own[0], harmonics=harmonics)

    def with_likelihood(self, likelihood: SignalLikelihood) -> MomentModel:
        """Return the model with other data."""
        return replace(self, likelihood=likelihood)

    @property
    def series(self) -> tuple[FloatArray, ComplexArray]:
        """All k, shape (n_k,), zero first, and their C_kb, shape (n_k, n_signal, 3, 3)."""
        if self.harmonics is None:
            return np.zeros(1), self.w[None]
        k, coefficients = self.harmonics.k, self.harmonics.coefficients
        return np.append(0.0, k), np.concatenate([self.w[None], coefficients])

    def dipole_events(
        self, moments_mu_b: ArrayLike, delta_cp: FloatArray | None = None
    ) -> FloatArray:
        r"""Return :math:`\Lambda^\dagger W_b(\delta)\Lambda`, shape (..., n_signal).

        Parameters
        ----------
        moments_mu_b : array, shape (..., 3)
        delta_cp : array, shape (...), optional
            δ (rad) of each, which matters where there are harmonics.
        """
        moments = np.asarray(moments_mu_b, complex)
        n = moments.shape[-1]
        outer = (moments.conj()[..., :, None] * moments[..., None, :]).reshape(-1, n * n)
        total = (outer @ self.w.reshape(-1, n * n).T).real
        if self.harmonics is not None and delta_cp is not None:
            for k, matrices in zip(self.harmonics.k, self.harmonics.coefficients, strict=True):
                turns = np.exp(1j * k * np.ravel(delta_cp))
                total += (turns[:, None] * (outer @ matrices.reshape(-1, n * n).T)).real
        return np.asarray(total.reshape(*moments.shape[:-1], -1))

    def chi2(self, moments_mu_b: ArrayLike, delta_cp: FloatArray | None = None) -> FloatArray:
        """Return χ², shape (...); arguments as in `dipole_events`."""
        return self.likelihood.chi2(self.sm + self.dipole_events(moments_mu_b, delta_cp))

    @cached_property
    def standard_model_chi2(self) -> float:
        """χ² without moments."""
        return float(self.likelihood.chi2(self.sm))

    @property
    def closed_form(self) -> OneBin | None:
        """χ² of the only bin, if limits are closed forms."""
        return self.likelihood.closed_form


def check_distinct(names: Sequence[str]) -> None:
    """Refuse to combine nothing, or an experiment with itself.

    Raises
    ------
    MunuError
        Naming what appears more than once.
    """
    if not names:
        raise MunuError("nothing to combine", "Name at least one experiment")
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise MunuError(
            f"{', '.join(repeated)} appears more than once in the combination",
            "Its data would be counted twice: name it once, or give another experiment its own id",
        )


def combine_models(models: Sequence[MomentModel]) -> MomentModel:
    """Return the joint model of several experiments; nuisances of equal name are shared.

    Raises
    ------
    MunuError
        If there is nothing to combine or an experiment appears twice.
    """
    names = tuple(name for model in models for name in model.names)
    check_distinct(names)
    if len(models) == 1:
        return models[0]
    sm = np.concatenate([model.sm for model in models])
    return MomentModel(
        names=names,
        likelihood=likelihoods.joined([model.likelihood for model in models], sm),
        sm=sm,
        w=np.concatenate([model.w for model in models]),
    )
