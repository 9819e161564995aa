"""The statistic as an experiment file states it; the likelihoods are built from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.errors import MunuError, shown
from munu.base.thresholds import TWO_SIDED, limit_delta_chi2
from munu.base.typing import FloatArray


def _check_shared(shared: Mapping[str, float], total: float) -> None:
    if sum(sigma**2 for sigma in shared.values()) > total**2 * (1 + 1e-12):
        raise MunuError(
            f"the shared nuisances {shown(dict(shared))} exceed the signal uncertainty {total:g}",
            "Their squares must not add up to more than its square",
        )


def check_gaussian(counts: FloatArray, what: str) -> None:
    """Raise `MunuError` for a bin whose count is not a variance."""
    empty = np.flatnonzero(np.asarray(counts) <= 0)
    if empty.size:
        raise MunuError(
            f"bin {empty[0] + 1} of {what} holds {counts[empty[0]]:g} counts, which cannot be a"
            " Gaussian variance",
            'Give "error" or "variance" per bin, use wider bins, or kind = "poisson"',
        )


@final
@dataclass(frozen=True)
class FirstRun:
    r"""The χ² of COHERENT's first run, Eq. (33) of arXiv:1905.03750.

    Parameters
    ----------
    observed, prompt_neutrons, steady_state : float
        N_meas, B_0n, B_ss; :math:`\sigma_{stat}^2 = N_{meas}+B_{0n}+2B_{ss}`.
    sigma_signal, sigma_background : float
        Fractional uncertainties of signal and B_0n.
    shared : mapping of str to float
        Parts of ``sigma_signal`` common to other experiments (``flux:sns``, ``quenching:CsI``);
        they matter in combinations only.
    """

    observed: float
    prompt_neutrons: float
    steady_state: float
    sigma_signal: float
    sigma_background: float
    shared: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_shared(self.shared, self.sigma_signal)

    @property
    def statistical_variance(self) -> float:
        """The statistical variance of the count; that of B_ss counts twice, as it is subtracted."""
        return self.observed + self.prompt_neutrons + 2 * self.steady_state


@final
@dataclass(frozen=True)
class Projection:
    r"""The χ² of projected sensitivities, Eq. (34) of arXiv:1905.03750, data = Standard Model.

    Parameters
    ----------
    sigma_stat : float
        The variance of the count is :math:`(1+\sigma_{stat})N`.
    sigma_sys : float
        Fractional uncertainty of the signal.
    shared : mapping of str to float
        As in `FirstRun`.
    """

    sigma_stat: float
    sigma_sys: float
    shared: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_shared(self.shared, self.sigma_sys)


@final
@dataclass(frozen=True, eq=False)
class BackgroundShape:
    """A background's counts per bin with a nuisance at -1 and +1 standard deviation."""

    name: str
    minus: FloatArray
    plus: FloatArray


@final
@dataclass(frozen=True, eq=False)
class Background:
    """One background: counts per bin, its normalisation uncertainty and its shape variants.

    Parameters
    ----------
    name : str
    events : array, shape (n_bins,)
    sigma : float
        Fractional uncertainty of the normalisation; 0 fixes it.
    shapes : tuple of BackgroundShape
    """

    name: str
    events: FloatArray
    sigma: float
    shapes: tuple[BackgroundShape, ...] = ()


@final
@dataclass(frozen=True, eq=False)
class OffBeam:
    """Counts of the steady background measured off beam.

    Parameters
    ----------
    counts : array, shape (n_bins,)
    ratio : float
        Off-beam over on-beam exposure.
    """

    counts: FloatArray
    ratio: float

    @property
    def steady(self) -> FloatArray:
        """The background that the counts mean on beam, shape (n_bins,)."""
        return np.asarray(self.counts / self.ratio)


@final
@dataclass(frozen=True, eq=False)
class ControlRegion(ByContent):
    """Further bins of an experiment that hold backgrounds and no signal.

    A background named as one of the signal's bins, or of another control region, shares its
    normalisation; shapes of equal name are one nuisance too.

    Parameters
    ----------
    name : str
    observed : array, shape (n_bins,), or None
        Counts per bin; None takes the backgrounds (a projection).
    backgrounds : tuple of Background
    variance : array, shape (n_bins,), or None
        As in `Counts`.
    edges : array, shape (n_bins + 1,), or None
        Edges of the bins in the detector's unit; None for bins that are those of the signal.
    """

    name: str
    observed: FloatArray | None
    backgrounds: tuple[Background, ...]
    variance: FloatArray | None = None
    edges: FloatArray | None = None

    def __post_init__(self) -> None:
        if not self.backgrounds:
            raise MunuError(
                f"the control region '{self.name}' has no background, so nothing is expected there",
                "Give it one",
            )

    def expected(self) -> FloatArray:
        """Return the sum of the backgrounds, shape (n_bins,)."""
        return np.asarray(np.sum([b.events for b in self.backgrounds], axis=0))

    def data(self) -> FloatArray:
        """Return the counts, or the backgrounds of a projection, shape (n_bins,)."""
        return self.expected() if self.observed is None else self.observed

    def check_variance(self) -> None:
        """Raise `MunuError` for a bin of a Gaussian statistic that has no variance."""
        if self.variance is None:
            check_gaussian(self.data(), f"the control region '{self.name}'")


@final
@dataclass(frozen=True)
class TemplateFit:
    """A fit of the signal's shape in bins, of which the amplitude alone is published.

    Parameters
    ----------
    channels : tuple of str
        The recoils whose Standard Model events are the shape: ``nuclear``, ``electron``, or both.
    backgrounds : tuple of Background
        What the fit has beside the shape, per bin; `munu.folding.template_fit` says how they enter.
    """

    channels: tuple[Literal["nuclear", "electron"], ...]
    backgrounds: tuple[Background, ...]


Treatment: TypeAlias = Literal["split", "variable-width"]
"""Of errors that differ up and down: `munu.statistics.likelihoods.gaussian_losses`."""


@final
@dataclass(frozen=True, eq=False)
class AsymmetricErrors:
    """Errors per bin of data that were published as n +up -down.

    Parameters
    ----------
    up, down : array, shape (n_bins,)
        Both positive.
    treatment : str
        ``split`` or ``variable-width``.
    """

    up: FloatArray
    down: FloatArray
    treatment: Treatment


ShapeInterpolation: TypeAlias = Literal["quadratic", "polynomial", "saturating"]
"""Of events between the variants of a shape: `munu.statistics.likelihoods.interpolation`."""


@final
@dataclass(frozen=True, eq=False)
class Counts(ByContent):
    """Binned counts with backgrounds: a Poisson or a Gaussian likelihood.

    Parameters
    ----------
    kind : str
        ``poisson``, or ``gaussian`` with variance = observed (or ``variance``).
    observed : array or None
        Counts per bin; None takes the Standard Model plus the backgrounds (a projection).
    backgrounds : tuple of Background
    sigma_signal : float
        Fractional uncertainty of the signal normalisation.
    shared : mapping of str to float
        As in `FirstRun`.
    variance : array or None
        Variance per bin for ``gaussian``.
    off_beam : OffBeam or None
        Measured steady background, minimised bin by bin; for ``poisson``.
    control_regions : tuple of ControlRegion
        Bins without signal, of the same kind.
    template_fit : TemplateFit or None
        The one count is the amplitude of this fit in the detector's bins.
    covariance : array, shape (n_bins, n_bins), or None
        For ``gaussian``, between the bins; ``variance`` is its diagonal.
    asymmetric : AsymmetricErrors or None
        For ``gaussian``; ``variance`` is the product of the two.
    outside : int
        Events of a list that lie outside of the bins.
    interpolation : str
        How events follow the nuisance of a shape: ``quadratic``, ``polynomial`` or ``saturating``.
    """

    kind: str
    observed: FloatArray | None
    backgrounds: tuple[Background, ...]
    sigma_signal: float
    shared: Mapping[str, float] = field(default_factory=dict)
    variance: FloatArray | None = None
    off_beam: OffBeam | None = None
    control_regions: tuple[ControlRegion, ...] = ()
    template_fit: TemplateFit | None = None
    covariance: FloatArray | None = None
    asymmetric: AsymmetricErrors | None = None
    outside: int = 0
    interpolation: ShapeInterpolation = "quadratic"

    def __post_init__(self) -> None:
        _check_shared(self.shared, self.sigma_signal)
        if self.kind == "gaussian":
            if self.variance is None and self.observed is not None:
                check_gaussian(self.observed, "'observed'")
            for region in self.control_regions:
                region.check_variance()

    @property
    def has_shapes(self) -> bool:
        """Whether a background has a shape, here or in a control region."""
        regions = (one.backgrounds for one in self.control_regions)
        return any(one.shapes for own in (self.backgrounds, *regions) for one in own)


Sided: TypeAlias = Literal["two-sided", "one-sided"]
"""What a published bound is at its confidence level."""


@final
@dataclass(frozen=True)
class Bound:
    r"""An upper bound on an effective moment.

    Δχ² is taken as quadratic in μ², the quantity that the event rate is linear in:
    :math:`\Delta\chi^2 = \Delta\chi^2_{CL}\,(\mu^2/\mu^2_{CL})^2`.

    Parameters
    ----------
    moment_mu_b : float
        Bound on the effective moment (μ_B).
    cl : float
        Its confidence level (one degree of freedom).
    sided : str
        ``two-sided`` or ``one-sided``, which is another threshold
        (`munu.base.thresholds.limit_delta_chi2`).
    """

    moment_mu_b: float
    cl: float
    sided: Sided = TWO_SIDED

    def conversion(self) -> str:
        """Return in words how a one-sided bound becomes a likelihood; empty for two sides."""
        if self.sided == TWO_SIDED:
            return ""
        one, two = limit_delta_chi2(self.cl, self.sided), limit_delta_chi2(self.cl)
        equal = self.moment_mu_b * (two / one) ** 0.25
        return (
            f"The bound is one-sided: Δχ² = {one:.3f} (μ/{self.moment_mu_b:.3g} μ_B)⁴, which"
            f" reaches the {two:.3f} of two sides at {equal:.4g} μ_B."
        )


StatisticSpecification: TypeAlias = FirstRun | Projection | Counts | Bound


def has_data(specification: StatisticSpecification) -> bool:
    """Whether it holds observed counts: a projection and a bound have none."""
    if isinstance(specification, Counts):
        return specification.observed is not None
    return isinstance(specification, FirstRun)


def has_toys(specification: StatisticSpecification) -> bool:
    """Whether data can be drawn: counts, of a projection too, but not those of Eq. (34)."""
    return isinstance(specification, FirstRun | Counts)
