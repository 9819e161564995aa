"""The base of every neutrino source: beam components with a state and a spectrum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.frozen import freeze, read_only
from munu.base.quadrature import cut_geometrically, legendre, panel_nodes
from munu.base.typing import ArrayLike, FloatArray, IntArray
from munu.physics.mixing import Mixing, check_mixing
from munu.physics.moments import HelicityState

NODES_PER_PANEL = 12
MAX_PANEL_RATIO = 1.3
"""Widest panel, as the ratio of its borders: keeps 12 nodes in ln E exact to 1e-12 of the flux."""
ENERGY_FLOOR = 1e-9
"""Lowest energy of the integrals, relative to the first non-zero knot."""


@final
@dataclass(frozen=True, eq=False)
class Places:
    """Where energies lie in the panels of a spectrum.

    Parameters
    ----------
    panel : array of int, shape (n,)
    basis : array, shape (n, nodes + 1)
        Legendre polynomials of the place in the panel.
    """

    panel: IntArray
    basis: FloatArray

    @classmethod
    def of(cls, borders: FloatArray, energy_mev: FloatArray) -> Places:
        """Return the places of energies, those outside at the ends."""
        energy = np.clip(energy_mev, borders[0], borders[-1])
        panel = np.minimum(np.searchsorted(borders, energy, side="right"), borders.size - 1) - 1
        log_borders = np.log(borders)
        low, high = log_borders[panel], log_borders[panel + 1]
        x = np.clip((2 * np.log(energy) - low - high) / (high - low), -1.0, 1.0)
        return cls(panel, np.polynomial.legendre.legvander(x, NODES_PER_PANEL))


@final
@dataclass(frozen=True, eq=False)
class Spectrum:
    """A neutrino flux at the detector: a piecewise smooth density plus monochromatic lines.

    Parameters
    ----------
    knots_mev : array, shape (n,)
        Increasing neutrino energies (MeV) between which the density is smooth; the density is
        taken as zero outside the first and last. Empty for a source of lines only.
    density_per_cm2_s_mev : callable
        Flux density dΦ/dE (1/(cm² s MeV)) for an array of energies (MeV).
    lines : tuple of (energy_mev, flux_per_cm2_s)
        Monochromatic components.

    Raises
    ------
    MunuError
        If there is neither a density nor a line, the knots are not increasing and non-negative,
        or a line has no positive energy.
    """

    knots_mev: FloatArray
    density_per_cm2_s_mev: Callable[[FloatArray], FloatArray]
    lines: tuple[tuple[float, float], ...] = field(default=())

    def __post_init__(self) -> None:
        knots = read_only(np.asarray(self.knots_mev, dtype=float))
        object.__setattr__(self, "knots_mev", knots)
        if knots.size == 1 or (knots.size == 0 and not self.lines):
            raise MunuError("a spectrum needs two or more knots, or a line")
        if knots.size and (knots[0] < 0 or np.any(np.diff(knots) <= 0)):
            raise MunuError("the energies of a spectrum must be non-negative and increasing")
        if any(energy <= 0 for energy, _ in self.lines):
            raise MunuError("a monochromatic line needs a positive energy")
        freeze(self)

    @cached_property
    def kinks_mev(self) -> FloatArray:
        """Energies (MeV) at which the moments of the flux are not smooth: knots and lines."""
        lines = [energy for energy, _ in self.lines]
        return read_only(distinct(np.concatenate([self.knots_mev, lines])))

    @property
    def endpoint_mev(self) -> float:
        """Largest neutrino energy (MeV)."""
        return float(self.kinks_mev[-1])

    @cached_property
    def total_flux_per_cm2_s(self) -> float:
        """Flux integrated over all energies (1/(cm² s))."""
        return float(self.moments_above(0.0)[0, 0])

    @cached_property
    def _panels_mev(self) -> FloatArray:
        """Panel borders: the knots, a positive floor, and cuts in panels too wide for the nodes."""
        knots = self.knots_mev
        if knots[0] == 0:
            knots = np.concatenate([[ENERGY_FLOOR * knots[1]], knots[1:]])
        panels = np.ceil(np.log(knots[1:] / knots[:-1]) / np.log(MAX_PANEL_RATIO)).astype(int)
        return cut_geometrically(knots, panels)

    @cached_property
    def _tail_series(self) -> FloatArray:
        r"""Legendre series of the moments above a point of each panel, (panels, 3, nodes + 1).

        In x, the panel's ln E on [-1, 1], the integrand is interpolated at the Gauss nodes,
        :math:`\sum_k c_kP_k(x)`, and :math:`\int_x^1 P_k = (P_{k-1} - P_{k+1})/(2k+1)`, with
        :math:`P_{-1} = 1`. The constant term holds the panels above.
        """
        borders = self._panels_mev
        energy, weight = panel_nodes(borders[:-1], borders[1:], NODES_PER_PANEL)
        weighted = weight * self.density_per_cm2_s_mev(energy.ravel()).reshape(energy.shape)
        integrand = weighted[..., None] * energy[..., None] ** -np.arange(3.0)
        nodes, _ = legendre(NODES_PER_PANEL)
        basis = np.polynomial.legendre.legvander(nodes, NODES_PER_PANEL - 1)
        halves = 0.5 * np.einsum("ik,pin->kpn", basis, integrand)
        series = np.zeros((NODES_PER_PANEL + 1, *halves.shape[1:]))
        series[0] = halves[0]
        series[: NODES_PER_PANEL - 1] += halves[1:]
        series[1:] -= halves
        series[0, :-1] += np.cumsum(integrand.sum(axis=1)[:0:-1], axis=0)[::-1]
        return np.ascontiguousarray(series.transpose(1, 2, 0))

    def _continuum_above(self, minimum_mev: FloatArray, places: Places) -> FloatArray:
        """Moments of the density alone, the sum of their Legendre series; shape (3, n)."""
        tail = np.einsum("nck,nk->cn", self._tail_series[places.panel], places.basis)
        return np.asarray(np.maximum(tail, 0.0) * (minimum_mev < self.knots_mev[-1]))

    def moments_above(self, minimum_energy_mev: ArrayLike) -> FloatArray:
        r"""Inverse-energy moments :math:`I_n(E) = \int_E^\infty \phi(E') E'^{-n} dE'`, n = 0, 1, 2.

        Parameters
        ----------
        minimum_energy_mev : array, shape (m,)
            Lower limits E (MeV).

        Returns
        -------
        array, shape (3, m)
            I_0 (1/(cm² s)), I_1 (1/(cm² s MeV)), I_2 (1/(cm² s MeV²)).
        """
        return np.asarray(moments_of_all([self], minimum_energy_mev)[0])

    def places(self, minimum: FloatArray, known: dict[bytes, Places | None]) -> Places | None:
        """Return where energies lie in the panels, None without any; kept by the knots."""
        key = self.knots_mev.tobytes()
        if key not in known:
            known[key] = Places.of(self._panels_mev, minimum)
        return known[key]

    def moments_at(self, minimum: FloatArray, places: Places | None) -> FloatArray:
        """Return `moments_above` of energies whose places are known."""
        moments = np.zeros((3, minimum.size))
        if places is not None:
            moments += self._continuum_above(minimum, places)
        for energy, flux in self.lines:
            reached = flux * (minimum <= energy)
            moments += np.stack([reached, reached / energy, reached / energy**2])
        return moments


def moments_of_all(spectra: Sequence[Spectrum], minimum_energy_mev: ArrayLike) -> FloatArray:
    """Return `Spectrum.moments_above` of several spectra, shape (n_spectra, 3, m).

    The places of the energies are found once for all spectra with the same knots, such as those of
    one source's flavours.
    """
    minimum = np.atleast_1d(np.asarray(minimum_energy_mev, dtype=float))
    known: dict[bytes, Places | None] = {b"": None}
    found = np.empty((len(spectra), 3, minimum.size))
    for row, spectrum in zip(found, spectra, strict=True):
        row[:] = spectrum.moments_at(minimum, spectrum.places(minimum, known))
    return found


@final
@dataclass(frozen=True, eq=False)
class BeamComponent:
    """One species of one beam of a source.

    Parameters
    ----------
    species : str
        ``nu_e``, ``nu_mu``, ``nu_tau`` with or without ``_bar``, or a mass state ``nu_1`` ...
    beam : str
        The part of the source it belongs to: ``prompt``, ``delayed``, ``reactor``, ``solar``.
    state : HelicityState
        Density matrix and helicity; its matrix M gives μ² = Λ†MΛ.
    spectrum : Spectrum
        Flux at the detector.
    numbered_from : str, optional
        The beam's name in its own source where several number theirs.
    """

    species: str
    beam: str
    state: HelicityState
    spectrum: Spectrum
    numbered_from: str = ""

    @property
    def own_beam(self) -> str:
        """The beam's name in its own source, by which arrival times are known."""
        return self.numbered_from or self.beam


class Source(ABC):
    """A neutrino source at a detector. Subclasses are frozen dataclasses of physical inputs."""

    mixing_parameters: ClassVar[tuple[str, ...]] = ()
    """Fields of `Mixing` that the fluxes depend on: none where flavours do not convert."""

    def components(self, mixing: Mixing | None = None) -> tuple[BeamComponent, ...]:
        """Return the beam components with their fluxes at the detector, made once per mixing.

        Parameters
        ----------
        mixing : Mixing, optional
            A source of flavours needs none.

        Raises
        ------
        MunuError
            If there is none and the fluxes depend on it.
        """
        seen = self._seen(mixing)
        made = self.__dict__.get("_made")
        if made is None or made[0] != seen:
            made = (seen, self._make_components(mixing))
            self.__dict__["_made"] = made
        components: tuple[BeamComponent, ...] = made[1]
        return components

    def _seen(self, mixing: Mixing | None) -> tuple[float, ...]:
        """Return the values of the mixing's parameters that the fluxes depend on."""
        if not self.mixing_parameters:
            return ()
        if mixing is None:
            raise MunuError(
                f"the fluxes of {type(self).__name__} depend on the mixing, and none is given",
                "Give one, such as munu.global_fit('nufit60-no')",
            )
        check_mixing(mixing)
        return tuple(float(getattr(mixing, name)) for name in self.mixing_parameters)

    @abstractmethod
    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the beam components; ``mixing`` is given if `mixing_parameters` names any."""

    @abstractmethod
    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return (quantity, value with unit) pairs that another input replaces: () for none."""

    def __getstate__(self) -> dict[str, object]:
        """Leave out the components, whose densities cannot be sent to another process."""
        return {name: value for name, value in vars(self).items() if name != "_made"}

    @abstractmethod
    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return (quantity, value with unit) pairs for ``munu show``."""
