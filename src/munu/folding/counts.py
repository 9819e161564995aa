"""The folded experiment: counts per beam component and bin, and the matrices W_b they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.assumptions import CONVENTIONS, FULL_BEAM, Convention
from munu.physics.mixing import Mixing, check_mixing
from munu.physics.moments import HelicityState


@final
@dataclass(frozen=True, eq=False)
class BinnedAxis:
    """One axis of the bins of a response, for plots and histograms.

    Parameters
    ----------
    name, unit : str
    edges : array, shape (n + 1,)
    """

    name: str
    unit: str
    edges: FloatArray

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.edges.size - 1)


@final
@dataclass(frozen=True)
class ResponseVariant:
    """The responses one standard deviation below and above for one shape uncertainty.

    Parameters
    ----------
    name : str
        Name of the nuisance; equal names in two experiments are one nuisance.
    minus, plus : Response
    """

    name: str
    minus: Response
    plus: Response


@final
@dataclass(frozen=True)
class Response:
    r"""Everything integrals know about one experiment.

    The expected count in bin b for moments Λ (μ_B) is
    :math:`N_b = \sum_s SM_{sb} + \Lambda^\dagger W_b\Lambda` with
    :math:`W_b = \sum_s D_{sb} M_s` (``per-species``).

    Parameters
    ----------
    experiment, setup : str
        What was folded.
    species, beams : tuple of str, length n_s
        Names of the beam components.
    states : tuple of HelicityState, length n_s
        Their states; M_s follows with the mixing.
    sm_events : array, shape (n_s, n_bins)
        Standard Model events.
    dipole_events_per_mu_b2 : array, shape (n_s, n_bins)
        D_sb: dipole events for μ_ν = 1 μ_B.
    axes : tuple of BinnedAxis
        The energy and what else is measured; bins are flattened in C order, the energy slowest.
    variants : tuple of ResponseVariant
        Shape uncertainties.
    """

    experiment: str
    setup: str
    species: tuple[str, ...]
    beams: tuple[str, ...]
    states: tuple[HelicityState, ...]
    sm_events: FloatArray
    dipole_events_per_mu_b2: FloatArray
    axes: tuple[BinnedAxis, ...] = ()
    variants: tuple[ResponseVariant, ...] = ()

    def __post_init__(self) -> None:
        """Make the arrays read-only: a response may be shared."""
        freeze(self)

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.sm_events.shape[1])

    @property
    def beam_names(self) -> tuple[str, ...]:
        """The beams that can be asked for: each of the source's, and the full beam."""
        own = tuple(dict.fromkeys(self.beams))
        return (*own, FULL_BEAM) if len(own) > 1 or own == (FULL_BEAM,) else (FULL_BEAM, *own)

    def unflatten(self, per_bin: FloatArray) -> FloatArray:
        """Return values per bin, shape (..., n_bins), with one array axis per observable.

        Raises
        ------
        MunuError
            If the last axis is not n_bins long.
        """
        shape = tuple(axis.n_bins for axis in self.axes) or (self.n_bins,)
        if np.shape(per_bin)[-1:] != (self.n_bins,):
            raise MunuError(
                f"values of shape {np.shape(per_bin)} do not fit '{self.experiment}'",
                f"Give one value for each of its {self.n_bins} bins",
            )
        return np.reshape(per_bin, (*np.shape(per_bin)[:-1], *shape))

    def scaled(self, factor: float) -> Response:
        """Return the response with all events, those of its variants too, times a factor."""
        return replace(
            self,
            sm_events=factor * self.sm_events,
            dipole_events_per_mu_b2=factor * self.dipole_events_per_mu_b2,
            variants=tuple(
                replace(one, minus=one.minus.scaled(factor), plus=one.plus.scaled(factor))
                for one in self.variants
            ),
        )

    def sm_total(self) -> FloatArray:
        """Return the Standard Model events of the whole beam per bin, shape (n_bins,)."""
        return np.asarray(self.sm_events.sum(axis=0))

    def folds(self) -> tuple[Response, ...]:
        """Return the response, then those below and above of each variant.

        This is the order in which a likelihood takes their bins.
        """
        sides = [side for variant in self.variants for side in (variant.minus, variant.plus)]
        return (self, *sides)

    def signal(self) -> FloatArray:
        """Return the Standard Model events of all `folds`, shape (n_signal,)."""
        return np.concatenate([one.sm_total() for one in self.folds()])

    def _selected(self, beam: str) -> list[int]:
        check_name("beam", beam, self.beam_names, where=f"experiment '{self.experiment}'")
        return [i for i, name in enumerate(self.beams) if beam in (FULL_BEAM, name)]

    def w_matrices(
        self, mixing: Mixing, *, beam: str = FULL_BEAM, convention: Convention = "per-species"
    ) -> ComplexArray:
        r"""Return the Hermitian W_b (events per μ_B²), shape (n_bins, 3, 3), in the mass basis.

        ``per-species``: :math:`W_b=\sum_s D_{sb}M_s`. ``published`` (how Table II of
        arXiv:1905.03750 was made): the species' moments are added first and multiply the summed
        spectra, :math:`W_b=(\sum_s D_{sb})\,M`, where M belongs to the sum of the amplitudes of
        each helicity: a₋ = (1,1,0), a₊ = (0,1,0) for the full beam of the SNS.

        Raises
        ------
        MunuError
            For an unknown beam or convention.
        """
        check_name("convention", convention, CONVENTIONS)
        check_mixing(mixing)
        index = self._selected(beam)
        dipole = self.dipole_events_per_mu_b2[index]
        if convention == "published":
            matrix = _coherent_sum([self.states[i] for i in index]).moment_matrix(mixing)
            return np.asarray(dipole.sum(axis=0)[:, None, None] * matrix)
        matrices = np.stack([self.states[i].moment_matrix(mixing) for i in index])
        return np.asarray(np.einsum("sb,sij->bij", dipole, matrices))

    def effective_matrices(self, mixing: Mixing, *, beam: str = FULL_BEAM) -> ComplexArray:
        r"""Return diagonal W_b (events per μ_B²), shape (n_bins, 3, 3), of effective moments.

        With independent moments μ_e, μ_μ, μ_τ of the flavours at the detector the excess is
        :math:`\sum_\alpha\mu_\alpha^2\sum_s D_{sb}\rho_{s,\alpha\alpha}`.

        Raises
        ------
        MunuError
            For an unknown beam.
        """
        check_mixing(mixing)
        index = self._selected(beam)
        weights = np.stack([sum(self.states[i].flavour_weights(mixing)) for i in index])
        seen = np.einsum("sb,sa->ba", self.dipole_events_per_mu_b2[index], weights)
        return np.asarray(seen[:, :, None] * np.eye(3), complex)


def _coherent_sum(states: list[HelicityState]) -> HelicityState:
    """Return the state whose amplitudes of each helicity are the sums of those of pure states."""
    if len(states) == 1:
        return states[0]
    if any(state.basis == "mass" for state in states):
        raise MunuError(
            "the published convention adds amplitudes of flavours, and this source has mass states",
            "Use the per-species convention",
        )
    minus = sum(_pure_amplitude(state.negative) for state in states)
    plus = sum(_pure_amplitude(state.positive) for state in states)
    return HelicityState.from_amplitudes(minus, plus)


def _pure_amplitude(density: ComplexArray) -> ComplexArray:
    values, vectors = np.linalg.eigh(density)
    if values[-1] <= 0:
        return np.zeros(3, complex)
    if values[-2] > 1e-9 * values[-1]:
        raise MunuError(
            "the published convention needs pure states, and this source is a mixture",
            "Use the per-species convention",
        )
    vector = vectors[:, -1]
    pivot = vector[np.argmax(np.abs(vector))]
    return np.asarray(np.sqrt(values[-1]) * vector * abs(pivot) / pivot)
