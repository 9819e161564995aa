r"""Transition magnetic moments: matrices, source states, effective moments, blind directions.

A Majorana moment is the complex vector Λ with :math:`\lambda_{ab} = \epsilon_{abc}\Lambda_c`
(Eq. 6 of arXiv:1905.03750). Moments are in Bohr magnetons throughout, phases in radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.arguments import check_name, checked_complex
from munu.base.calls import checked_call, checked_construction
from munu.base.constants import OSCILLATION_PHASE_RAD_MEV_PER_EV2_M
from munu.base.errors import MunuError, shown
from munu.base.frozen import read_only
from munu.base.typing import ArrayLike, ComplexArray, FloatArray
from munu.base.units import BARE_NUMBERS, Range, checked_number
from munu.physics.mixing import Mixing, check_mixing

Basis = Literal["flavour", "mass"]
BASES: tuple[Basis, ...] = ("flavour", "mass")
FLAVOURS = ("e", "mu", "tau")

_LEVI_CIVITA = np.zeros((3, 3, 3))
for _a, _b, _c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
    _LEVI_CIVITA[_a, _b, _c] = 1.0
    _LEVI_CIVITA[_b, _a, _c] = -1.0


@checked_call
def moment_vector(
    moduli_mu_b: ArrayLike, *, xi_1: float = 0.0, xi_2: float = 0.0, overall_phase: float = 0.0
) -> ComplexArray:
    r"""Return :math:`\Lambda_i = |\Lambda_i| e^{i\zeta_i}` (Eq. 7) from moduli and phases.

    The phases are ξ₁ = ζ₃ - ζ₂ and ξ₂ = ζ₃ - ζ₁ (text below Eq. 11), with ζ₃ the overall phase,
    which no observable depends on. ξ₃ = ξ₁ - ξ₂.

    Parameters
    ----------
    moduli_mu_b : array, shape (..., 3)
        |Λ₁|, |Λ₂|, |Λ₃| (μ_B); signed real values are allowed, a sign being a phase π.
    xi_1, xi_2, overall_phase : float
        Phases (rad).

    Raises
    ------
    MunuError
        If the moduli are not three finite numbers, or a phase is not finite.

    Examples
    --------
    >>> moments = munu.moment_vector([2e-11, 0.0, 1e-11], xi_2=3.141592653589793)
    >>> print(*(f"{moment:.1e}" for moment in moments.real))
    -2.0e-11 0.0e+00 1.0e-11
    """
    phases = {"xi_1": xi_1, "xi_2": xi_2, "overall_phase": overall_phase}
    for name, phase in phases.items():
        checked_number(name, phase)
    zeta = overall_phase - np.array([xi_2, xi_1, 0.0])  # below Eq. (11)
    try:
        moduli = np.asarray(moduli_mu_b, dtype=float)
    except (TypeError, ValueError):
        moduli = np.empty(0)
    if moduli.shape[-1:] != (3,) or not np.all(np.isfinite(moduli)):
        raise MunuError(
            f"{shown(moduli_mu_b)} are not the moduli of three moments", "Give three finite numbers"
        )
    return np.asarray(moduli * np.exp(1j * zeta))  # Eq. (7)


def majorana_matrix(moments_mu_b: ArrayLike) -> ComplexArray:
    """Return the antisymmetric moment matrix λ of Eq. (6), shape (3, 3), from Λ, shape (3,)."""
    moments = checked_complex("moments_mu_b", moments_mu_b, (3,))
    matrix: ComplexArray = np.einsum("abc,c->ab", _LEVI_CIVITA, moments)  # Eq. (6)
    return matrix


def majorana_vector(matrix_mu_b: ArrayLike) -> ComplexArray:
    """Return Λ, shape (3,), from an antisymmetric matrix λ (inverse of `majorana_matrix`).

    Raises
    ------
    MunuError
        If the matrix is not antisymmetric: a Majorana neutrino has no diagonal moments.
    """
    matrix = checked_complex("matrix_mu_b", matrix_mu_b, (3, 3))
    rounding = 1e-12 * np.abs(matrix).max(initial=0.0) + np.finfo(float).tiny
    if not np.allclose(matrix, -matrix.T, rtol=0, atol=rounding):
        raise MunuError(
            "this moment matrix is not antisymmetric",
            "A Majorana moment has λ^T = -λ; use the Dirac functions for a general matrix",
        )
    vector: ComplexArray = 0.5 * np.einsum("abc,ab->c", _LEVI_CIVITA, matrix)
    return vector


def to_mass_basis(flavour_moments_mu_b: ArrayLike, mixing: Mixing) -> ComplexArray:
    r"""Rotate Λ from the flavour to the mass basis, :math:`\det U\,U^\dagger\Lambda`.

    It is Eq. (8), :math:`\tilde\lambda = U^T\lambda U`, written for the vector; shape (..., 3).
    """
    mass: ComplexArray = np.asarray(flavour_moments_mu_b, complex) @ flavour_columns(mixing).T
    return mass


def flavour_columns(mixing: Mixing) -> ComplexArray:
    r"""Return Λ_e, Λ_μ, Λ_τ in mass coordinates, :math:`\det U\,U^\dagger` by its columns."""
    u = mixing.pmns()
    return np.asarray(np.linalg.det(u) * u.conj().T)  # Eq. (8)


def to_flavour_basis(mass_moments_mu_b: ArrayLike, mixing: Mixing) -> ComplexArray:
    r"""Rotate Λ from the mass to the flavour basis, :math:`U\Lambda / \det U`."""
    u = mixing.pmns()
    flavour: ComplexArray = (np.asarray(mass_moments_mu_b, complex) @ u.T) / np.linalg.det(u)
    return flavour


@final
@checked_construction
@dataclass(frozen=True, eq=False)
class HelicityState(ByContent):
    r"""A neutrino state as its source emits it: density matrices of both helicities.

    Parameters
    ----------
    negative, positive : array, shape (3, 3)
        Hermitian density matrices :math:`\rho_\pm` of the amplitudes a₋ (neutrinos) and a₊
        (antineutrinos); a pure amplitude is :math:`a a^\dagger`. Not necessarily normalised.
    basis : {"flavour", "mass"}
        Basis of the density matrices. In the mass basis they are those of
        :math:`\tilde a_- = U^\dagger a_-` and :math:`\tilde a_+ = U^T a_+` (Eq. 8).

    Raises
    ------
    MunuError
        If a matrix is not a Hermitian, positive semidefinite 3x3 matrix.

    Examples
    --------
    ν̄_e have no moment along Λ_e, which is their blind direction: μ² = |Λ_μ|² + |Λ_τ|².

    >>> state = munu.HelicityState.of_species("nu_e_bar")
    >>> mixing = munu.global_fit("nufit60-no")
    >>> print(state.moment_matrix(mixing, basis="flavour").real.round(6) + 0.0)
    [[0. 0. 0.]
     [0. 1. 0.]
     [0. 0. 1.]]
    """

    negative: ComplexArray
    positive: ComplexArray
    basis: Basis = "flavour"

    def __post_init__(self) -> None:
        check_name("basis", self.basis, BASES)
        for name in ("negative", "positive"):
            rho = checked_complex(f"the {name}-helicity density", getattr(self, name), (3, 3))
            if not np.allclose(rho, rho.conj().T):
                raise MunuError(f"the {name}-helicity density matrix is not a Hermitian 3x3 matrix")
            if np.linalg.eigvalsh(rho).min() < -1e-9 * max(1.0, np.abs(rho).max()):
                raise MunuError(f"the {name}-helicity density matrix has a negative eigenvalue")
            object.__setattr__(self, name, read_only(rho))

    @classmethod
    @checked_call
    def from_amplitudes(
        cls, a_minus: ArrayLike = (0, 0, 0), a_plus: ArrayLike = (0, 0, 0), basis: Basis = "flavour"
    ) -> HelicityState:
        """Return the pure state of helicity amplitudes a₋ and a₊ (3-vectors of Eq. 5)."""
        minus = checked_complex("a_minus", a_minus, (3,))
        plus = checked_complex("a_plus", a_plus, (3,))
        return cls(np.outer(minus, minus.conj()), np.outer(plus, plus.conj()), basis)

    @classmethod
    @checked_call
    def of_species(cls, species: str) -> HelicityState:
        """Return the state of ``nu_e``, ``nu_mu_bar``, ... or of a mass state ``nu_1``, ..."""
        labels = {f"nu_{flavour}": (i, "flavour") for i, flavour in enumerate(FLAVOURS)}
        labels |= {f"nu_{i + 1}": (i, "mass") for i in range(3)}
        check_name("species", species, [*labels, *(f"{label}_bar" for label in labels)])
        name, bar, _ = species.partition("_bar")
        index, basis = labels[name]
        amplitude = np.eye(3)[index]
        helicity = {"a_plus": amplitude} if bar else {"a_minus": amplitude}
        return cls.from_amplitudes(**helicity, basis="mass" if basis == "mass" else "flavour")

    @property
    def norm(self) -> float:
        """Return Tr(ρ₋) + Tr(ρ₊): 1 for a normalised state."""
        return float(np.trace(self.negative + self.positive).real)

    @checked_call
    def moment_matrix(self, mixing: Mixing, basis: Basis = "mass") -> ComplexArray:
        r"""Return the Hermitian M, shape (3, 3), with :math:`\mu_\nu^2 = \Lambda^\dagger M\Lambda`.

        :math:`M = {\rm Tr}(\rho)\,1 - \rho` with :math:`\rho = \rho_- + \rho_+^*`, which is Eq. (5)
        of arXiv:1905.03750 after
        :math:`|a\times\Lambda|^2 = |a|^2|\Lambda|^2 - |a^\dagger\Lambda|^2`, rotated with
        :math:`M_{mass} = U^\dagger M_{flavour} U` if the bases differ.
        """
        check_mixing(mixing)
        check_name("basis", basis, BASES)
        rho = self.negative + self.positive.conj()
        matrix = np.trace(rho) * np.eye(3) - rho  # Eq. (5)
        if basis == self.basis:
            return np.asarray(matrix)
        u = mixing.pmns()
        rotated = u.conj().T @ matrix @ u if basis == "mass" else u @ matrix @ u.conj().T
        return np.asarray(rotated)

    @checked_call
    def in_flavours(self, mixing: Mixing) -> tuple[ComplexArray, ComplexArray]:
        r"""Return ρ₋ and ρ₊ in flavours, :math:`U\rho_-U^\dagger` and :math:`U^*\rho_+U^T`."""
        check_mixing(mixing)
        if self.basis == "flavour":
            return self.negative, self.positive
        u = mixing.pmns()
        return u @ self.negative @ u.conj().T, u.conj() @ self.positive @ u.T

    @checked_call
    def flavour_weights(self, mixing: Mixing) -> FloatArray:
        r"""Return the probabilities of e, μ, τ, shape (2, 3): neutrinos, then antineutrinos.

        They are the diagonals of ρ₋ and ρ₊ in the flavour basis.
        """
        return np.stack([np.diag(density).real for density in self.in_flavours(mixing)])


def effective_moment_squared(moments_mu_b: ArrayLike, matrix: ComplexArray) -> FloatArray:
    r"""Return :math:`\mu_\nu^2 = \Lambda^\dagger M\Lambda` (μ_B²) for Λ of shape (..., 3)."""
    moments = np.asarray(moments_mu_b, complex)
    return np.asarray(np.einsum("...i,ij,...j->...", moments.conj(), matrix, moments).real)


def dirac_moment_squared(matrix_mu_b: ArrayLike, a_minus: ArrayLike) -> float:
    r"""Return :math:`\mu_\nu^2 = a_-^\dagger\lambda^\dagger\lambda a_-` (μ_B²) of a Dirac neutrino.

    ``matrix_mu_b`` is the general complex λ of Eq. (2), ``a_minus`` the amplitudes in its basis.
    """
    return float(np.linalg.norm(np.asarray(matrix_mu_b) @ np.asarray(a_minus)) ** 2)


def dirac_to_mass_basis(matrix_mu_b: ArrayLike, mixing: Mixing) -> ComplexArray:
    r"""Rotate a Dirac λ (Eq. 2) to the mass basis, :math:`\tilde\lambda = \lambda U`, shape (3, 3).

    The columns are the left-handed states; the sterile right-handed ones keep their basis, on which
    no observable depends.
    """
    return np.asarray(np.asarray(matrix_mu_b, complex) @ mixing.pmns())


def propagated_state(
    species: str, mixing: Mixing, *, baseline_m: float, energy_mev: float
) -> HelicityState:
    r"""Return the state of a flavour neutrino after vacuum propagation, in the mass basis (Eq. 36).

    :math:`\tilde a_i = U_{\alpha i}^* e^{-i\Delta m^2_{i1}L/2E}` (conjugated mixing for
    antineutrinos), L in m and E in MeV.

    Raises
    ------
    MunuError
        For an unknown species, what is not a mixing, a baseline that is negative, an energy that is
        not positive, or either not finite.
    """
    check_mixing(mixing)
    checked_number("baseline_m", baseline_m, Range(0.0, BARE_NUMBERS.high))
    checked_number("energy_mev", energy_mev, Range(0.0, BARE_NUMBERS.high, low_open=True))
    names = [f"nu_{flavour}" for flavour in FLAVOURS]
    check_name("flavour species", species, [*names, *(f"{name}_bar" for name in names)])
    row = mixing.pmns()[names.index(species.removesuffix("_bar"))]
    mass_squared = np.array([0.0, mixing.dm2_21_ev2, mixing.dm2_31_ev2])
    phase = np.exp(
        -2j * OSCILLATION_PHASE_RAD_MEV_PER_EV2_M * mass_squared * baseline_m / energy_mev
    )
    if species.endswith("_bar"):
        return HelicityState.from_amplitudes(a_plus=row * phase, basis="mass")  # Eq. (36)
    return HelicityState.from_amplitudes(a_minus=row.conj() * phase, basis="mass")  # Eq. (36)


def blind_directions(matrix: ComplexArray, *, tolerance: float = 1e-9) -> ComplexArray:
    r"""Return the unit vectors Λ with :math:`\Lambda^\dagger M\Lambda = 0`, shape (n, 3).

    They are the null vectors of M: for one flavour its own direction, Eq. (14) for a reactor.
    ``tolerance`` is relative to the largest eigenvalue. Each vector's third component (or the last
    non-zero one) is real and positive.
    """
    values, vectors = np.linalg.eigh(matrix)
    null = vectors[:, values <= tolerance * max(values[-1], 0.0)].T
    pivots = [v[np.flatnonzero(np.abs(v) > 1e-9)[-1]] for v in null]
    return np.array([v * abs(p) / p for v, p in zip(null, pivots, strict=True)]).reshape(-1, 3)
