"""The folded experiment: counts per beam component and bin, and the matrices W_b they make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.arguments import check_name
from munu.base.calls import checked_call, checked_construction
from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.assumptions import CONVENTIONS, FULL_BEAM, Convention
from munu.physics.centres import RecoilKind
from munu.physics.interactions.base import Amplitude, Shape, StandardModel
from munu.physics.interactions.dipole import ON_ELECTRON, ON_NUCLEUS
from munu.physics.interactions.form import forms
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.mixing import Mixing, check_mixing
from munu.physics.moments import HelicityState


@final
@dataclass(frozen=True, eq=False)
class BinnedAxis:
    """One axis of the bins of folded counts, for plots and histograms.

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
@dataclass(frozen=True, eq=False)
class FoldedVariant(ByContent):
    """The folded counts one standard deviation below and above for one shape uncertainty.

    Parameters
    ----------
    name : str
        Name of the nuisance; equal names in two experiments are one nuisance.
    minus, plus : FoldedCounts
    """

    name: str
    minus: FoldedCounts
    plus: FoldedCounts


@final
@checked_construction
@dataclass(frozen=True, eq=False)
class FoldedCounts(ByContent):
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
    events : mapping of Shape to array, shape (n_s, n_bins)
        Folds of the shapes that cross sections are made of (`munu.physics.interactions`); the
        kernel of each tells the recoil, so that rows are species, beam and recoil.
    standard_model : StandardModel or None
        Its couplings; None for a published bound, which has no events of it.
    mixing : Mixing
        The mixing that gives mass states their flavours.
    axes : tuple of BinnedAxis
        The energy and what else is measured; bins are flattened in C order, the energy slowest.
    variants : tuple of FoldedVariant
        Shape uncertainties.
    amplitude : Amplitude or None
        What scatters besides moments; None for the Standard Model alone.
    """

    experiment: str
    setup: str
    species: tuple[str, ...]
    beams: tuple[str, ...]
    states: tuple[HelicityState, ...]
    events: Mapping[Shape, FloatArray]
    standard_model: StandardModel | None
    mixing: Mixing
    axes: tuple[BinnedAxis, ...] = ()
    variants: tuple[FoldedVariant, ...] = ()
    amplitude: Amplitude | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only: folded counts may be shared."""
        freeze(self)

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(next(iter(self.events.values())).shape[1])

    @cached_property
    def sm_events(self) -> FloatArray:
        """Standard Model events, or those of ``amplitude``, shape (n_s, n_bins)."""
        if self.standard_model is None:
            return np.zeros((len(self.states), self.n_bins))
        amplitude = self.amplitude or standard_amplitude(self.standard_model)
        return np.asarray(self.form((amplitude,))[:, :, 0, 0])

    def at(self, mixing: Mixing) -> FoldedCounts:
        """Return the same folds with a mixing of their own, which the fluxes do not depend on."""
        if mixing == self.mixing:
            return self
        return replace(self._mapped(self.events, lambda one: one.at(mixing)), mixing=mixing)

    def with_amplitude(self, amplitude: Amplitude) -> FoldedCounts:
        """Return folded counts whose events besides moments are those of an amplitude.

        Its shapes must have been folded, as `form` says.
        """
        bare = self._mapped(self.events, lambda one: one.with_amplitude(amplitude))
        return replace(bare, amplitude=amplitude)

    @cached_property
    def dipole_events_per_mu_b2(self) -> FloatArray:
        """D_sb, shape (n_s, n_bins): dipole events for μ_ν = 1 μ_B."""
        found = np.zeros((len(self.states), self.n_bins))
        for shape in (ON_NUCLEUS, ON_ELECTRON):
            if shape in self.events:
                found += self.events[shape]
        return found

    def form(self, amplitudes: Sequence[Amplitude], mixing: Mixing | None = None) -> FloatArray:
        r"""Return G_sb over (1, x), shape (n_s, n_bins, 1 + n, 1 + n), of amplitudes.

        Counts are :math:`N_b = \sum_s(1,x)^TG_{sb}(1,x)`. Shapes of recoils that were left out
        count nothing.

        Parameters
        ----------
        amplitudes : sequence of Amplitude
            The Standard Model's, then that of each real coordinate x.
        mixing : Mixing, optional
            By which states have flavours; that of the fold by default.

        Raises
        ------
        MunuError
            If a shape was not folded.
        """
        size = len(amplitudes)
        total = np.zeros((len(self.states), self.n_bins, size, size))
        for shape, q in forms(amplitudes, self.states, mixing or self.mixing).items():
            if shape in self.events:
                total += self.events[shape][:, :, None, None] * q[:, None]
            elif shape.kernel.recoil in self.recoils:
                raise MunuError(
                    f"'{self.experiment}' was folded without what an interaction needs",
                    "Fold it with the shapes of the interaction",
                )
        return total

    @property
    def recoils(self) -> tuple[RecoilKind, ...]:
        """What recoils."""
        return tuple(dict.fromkeys(shape.kernel.recoil for shape in self.events))

    def of_recoils(self, recoils: Collection[RecoilKind]) -> FoldedCounts:
        """Return the rows of some recoils alone."""
        if set(self.recoils) <= set(recoils):
            return self
        events = {s: own for s, own in self.events.items() if s.kernel.recoil in recoils}
        return self._mapped(events, lambda one: one.of_recoils(recoils))

    def with_moments_on(self, recoils: Collection[RecoilKind]) -> FoldedCounts:
        """Return them with all events of the Standard Model, and moments on some recoils."""
        events = {
            s: 0 * own if s in (ON_NUCLEUS, ON_ELECTRON) and s.kernel.recoil not in recoils else own
            for s, own in self.events.items()
        }
        return self._mapped(events, lambda one: one.with_moments_on(recoils))

    def _mapped(
        self, events: Mapping[Shape, FloatArray], variant: Callable[[FoldedCounts], FoldedCounts]
    ) -> FoldedCounts:
        variants = tuple(
            replace(one, minus=variant(one.minus), plus=variant(one.plus)) for one in self.variants
        )
        return replace(self, events=events, variants=variants)

    @property
    def beam_names(self) -> tuple[str, ...]:
        """The beams that can be asked for: each of the source's, and the full beam."""
        own = tuple(dict.fromkeys(self.beams))
        return (*own, FULL_BEAM) if len(own) > 1 or own == (FULL_BEAM,) else (FULL_BEAM, *own)

    @checked_call
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

    def scaled(self, factor: float) -> FoldedCounts:
        """Return them with all events, those of its variants too, times a factor."""
        events = {shape: factor * own for shape, own in self.events.items()}
        return self._mapped(events, lambda one: one.scaled(factor))

    def sm_total(self) -> FloatArray:
        """Return the Standard Model events of the whole beam per bin, shape (n_bins,)."""
        return np.asarray(self.sm_events.sum(axis=0))

    def folds(self) -> tuple[FoldedCounts, ...]:
        """Return the nominal ones, then those below and above of each variant.

        This is the order in which a likelihood takes their bins.
        """
        sides = [side for variant in self.variants for side in (variant.minus, variant.plus)]
        return (self, *sides)

    def sm_of_folds(self) -> FloatArray:
        """Return the Standard Model events of all `folds`, shape (n_signal,)."""
        return np.concatenate([one.sm_total() for one in self.folds()])

    def selected(self, beam: str) -> list[int]:
        """Return the numbers of the components of a beam."""
        check_name("beam", beam, self.beam_names, where=f"experiment '{self.experiment}'")
        return [i for i, name in enumerate(self.beams) if beam in (FULL_BEAM, name)]

    @checked_call
    def w_matrices(
        self, mixing: Mixing, *, beam: str = FULL_BEAM, convention: Convention = "per-species"
    ) -> ComplexArray:
        r"""Return the Hermitian W_b (events per μ_B²), shape (n_bins, 3, 3), in the mass basis.

        ``per-species``: :math:`W_b=\sum_s D_{sb}M_s`. ``published`` (how Table II of
        arXiv:1905.03750 was made): the species' moments are added first and multiply the summed
        spectra, :math:`W_b=(\sum_s D_{sb})\,M`, where M belongs to the sum of the amplitudes of
        each helicity: a₋ = (1,1,0), a₊ = (0,1,0) for the full beam of the SNS. A species that
        several beams hold, as those of two reactors, is added once.

        Raises
        ------
        MunuError
            For an unknown beam or convention, and by the published one for a source of mass states
            or mixtures, and a species that comes in two states.
        """
        check_name("convention", convention, CONVENTIONS)
        check_mixing(mixing)
        index = self.selected(beam)
        dipole = self.dipole_events_per_mu_b2[index]
        if convention == "published":
            states = _each_once([(self.species[i], self.states[i]) for i in index])
            matrix = _coherent_sum(states).moment_matrix(mixing)
            return np.asarray(dipole.sum(axis=0)[:, None, None] * matrix)
        matrices = np.stack([self.states[i].moment_matrix(mixing) for i in index])
        return np.asarray(np.einsum("sb,sij->bij", dipole, matrices))

    @checked_call
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
        index = self.selected(beam)
        weights = np.stack([sum(self.states[i].flavour_weights(mixing)) for i in index])
        seen = np.einsum("sb,sa->ba", self.dipole_events_per_mu_b2[index], weights)
        return np.asarray(seen[:, :, None] * np.eye(3), complex)


def _each_once(species: list[tuple[str, HelicityState]]) -> list[HelicityState]:
    """Return the state of each species, which several beams may hold."""
    found: dict[str, HelicityState] = {}
    for name, state in species:
        known = found.setdefault(name, state)
        same = (
            known.basis == state.basis
            and np.allclose(known.negative, state.negative)
            and np.allclose(known.positive, state.positive)
        )
        if not same:
            raise MunuError(
                f"the published convention adds each species once, and {name} comes in two states",
                "Use the per-species convention",
            )
    return list(found.values())


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
