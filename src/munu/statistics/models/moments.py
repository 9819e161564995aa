"""Counts as a function of the moments: a likelihood, the Standard Model and the matrices W_b."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ArrayLike, ComplexArray, FloatArray
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, join
from munu.statistics.likelihoods.gaussian_part import GaussianPart
from munu.statistics.likelihoods.likelihood import Likelihood
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.parts import Part
from munu.statistics.models.excess import congruent


def visibility(w: ComplexArray) -> ComplexArray:
    """Return the sum of W_b / Tr W_b over the bins that see anything, shape (n, n)."""
    trace = np.trace(w, axis1=-2, axis2=-1).real
    seen = trace > 0
    return np.asarray((w[seen] / trace[seen, None, None]).sum(axis=0))


@final
@dataclass(frozen=True)
class MomentModel:
    r"""χ²(Λ) of one experiment or of several: :math:`S_b = SM_b + \Lambda^\dagger W_b\Lambda`.

    Parameters
    ----------
    names : tuple of str
        The experiments in it.
    likelihood : Likelihood
    sm : array, shape (n_signal,)
        Standard Model events.
    w : array, shape (n_signal, 3, 3)
        Hermitian W_b (events per μ_B²) in the basis of ``moments``.
    """

    names: tuple[str, ...]
    likelihood: Likelihood
    sm: FloatArray
    w: ComplexArray

    def in_basis(self, columns: ArrayLike) -> MomentModel:
        r"""Return the model in coordinates z, :math:`\Lambda = B z`: W is :math:`B^\dagger WB`.

        ``columns`` is B, shape (3, n); phases of the moments are a diagonal B.
        """
        b = np.asarray(columns, complex)
        return replace(self, w=congruent(self.w, b))

    def excess(self, moments_mu_b: ArrayLike) -> FloatArray:
        r"""Return the dipole events :math:`\Lambda^\dagger W_b\Lambda`, shape (..., n_signal)."""
        moments = np.asarray(moments_mu_b, complex)
        return np.asarray(np.einsum("...i,bij,...j->...b", moments.conj(), self.w, moments).real)

    def chi2(self, moments_mu_b: ArrayLike) -> FloatArray:
        """Return χ², shape (...), at moments (μ_B) of shape (..., 3)."""
        return self.likelihood.chi2(self.sm + self.excess(moments_mu_b))

    @property
    def is_one_bin(self) -> bool:
        """Whether limits are closed forms: one bin with a Gaussian likelihood."""
        return self.sm.size == 1 and isinstance(self.likelihood, GaussianLikelihood)

    @cached_property
    def visibility(self) -> ComplexArray:
        """Return the sum of the W_b, each over its trace, shape (n, n); its null vectors are blind.

        Without the traces an experiment of few events would vanish beside one of many.
        """
        return visibility(self.w)


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
            "Its data would be counted twice; name it once",
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
    gaussians = [m.likelihood for m in models if isinstance(m.likelihood, GaussianLikelihood)]
    if len(gaussians) == len(models):
        likelihood: Likelihood = join(gaussians)
    else:
        likelihood = join_any(
            [m.likelihood for m in models], np.concatenate([m.sm for m in models])
        )
    return MomentModel(
        names=names,
        likelihood=likelihood,
        sm=np.concatenate([model.sm for model in models]),
        w=np.concatenate([model.w for model in models]),
    )


def join_any(likelihoods: Sequence[Likelihood], reference: FloatArray) -> NewtonLikelihood:
    """Return the joint likelihood of Gaussian and binned ones, minimised numerically.

    ``reference`` is a typical signal of all of them, shape (n_signal,).
    """
    parts: list[Part] = []
    for likelihood in likelihoods:
        if isinstance(likelihood, GaussianLikelihood):
            parts.append(GaussianPart(likelihood))
        elif isinstance(likelihood, NewtonLikelihood):
            parts.extend(likelihood.parts)
        else:
            raise TypeError(f"{type(likelihood).__name__} cannot be combined")
    return NewtonLikelihood(tuple(parts), reference)
