"""The lepton mixing matrix and named global fits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import final

import numpy as np

from munu.base.arguments import check_name, check_text
from munu.base.calls import checked_call, checked_construction
from munu.base.digests import WORDS
from munu.base.errors import MunuError, shown
from munu.base.frozen import FrozenMapping
from munu.base.typing import ComplexArray
from munu.base.units import PROBABILITY, checked_number


@final
@checked_construction
@dataclass(frozen=True)
class Mixing:
    r"""Three-flavour mixing parameters in the PDG convention.

    :math:`U = R_{23}R_{13}(\delta)R_{12}`: review of neutrino mixing in M. Tanabashi et al.
    (Particle Data Group), Phys. Rev. D 98 (2018) 030001. Majorana phases are those of the moments.

    Parameters
    ----------
    sin2_theta12, sin2_theta13, sin2_theta23 : float
        Squared sines of the mixing angles, in [0, 1].
    delta_cp : float
        Dirac CP phase (rad).
    dm2_21_ev2, dm2_31_ev2 : float
        Mass splittings (eV²); the second is negative for inverted ordering.
    name, source : str
        Name of the fit and where its numbers are printed.

    Raises
    ------
    MunuError
        If a squared sine lies outside [0, 1], a number is not finite, or a name is not text.

    Examples
    --------
    One angle zero: ν_e is a mixture of ν₁ and ν₂ alone.

    >>> mixing = munu.Mixing(0.3, 0.0, 0.5, 0.0, 7.5e-5, 2.5e-3, name="no reactor angle")
    >>> print(*(f"{share:.2f}" for share in abs(mixing.pmns()[0]) ** 2))
    0.70 0.30 0.00
    """

    sin2_theta12: float
    sin2_theta13: float
    sin2_theta23: float
    delta_cp: float
    dm2_21_ev2: float
    dm2_31_ev2: float
    name: str = field(default="custom", metadata=WORDS)
    source: str = field(default="", metadata=WORDS)

    def __post_init__(self) -> None:
        for key in ("sin2_theta12", "sin2_theta13", "sin2_theta23"):
            checked_number(key, getattr(self, key), PROBABILITY)
        for key in ("delta_cp", "dm2_21_ev2", "dm2_31_ev2"):
            checked_number(key, getattr(self, key))
        for key in ("name", "source"):
            check_text(key, getattr(self, key))

    @checked_call
    def pmns(self) -> ComplexArray:
        r"""Return U = R₂₃ R₁₃(δ) R₁₂, shape (3, 3), rows e, μ, τ, with U_e3 = s₁₃ e^{-iδ} (PDG).

        Majorana phases of U are absorbed in the phases ζ_i of the moments.
        """
        s12, s13, s23 = np.sqrt([self.sin2_theta12, self.sin2_theta13, self.sin2_theta23])
        c12, c13, c23 = np.sqrt(
            [1 - self.sin2_theta12, 1 - self.sin2_theta13, 1 - self.sin2_theta23]
        )
        phase = np.exp(1j * self.delta_cp)
        return np.array(
            [
                [c12 * c13, s12 * c13, s13 / phase],
                [
                    -s12 * c23 - c12 * s23 * s13 * phase,
                    c12 * c23 - s12 * s23 * s13 * phase,
                    s23 * c13,
                ],
                [
                    s12 * s23 - c12 * c23 * s13 * phase,
                    -c12 * s23 - s12 * c23 * s13 * phase,
                    c23 * c13,
                ],
            ]
        )

    @checked_call
    def with_delta(self, delta_cp: float) -> Mixing:
        """Return the same mixing with another Dirac phase (rad)."""
        return replace(self, delta_cp=checked_number("delta_cp", delta_cp))


def check_mixing(mixing: object) -> None:
    """Raise `MunuError` for what is no `Mixing`."""
    if not isinstance(mixing, Mixing):
        raise MunuError(
            f"{shown(mixing)} is not a mixing",
            "Give a munu.Mixing, such as munu.global_fit('nufit60-no')",
        )


@lru_cache(maxsize=1)
def global_fits() -> Mapping[str, Mixing]:
    """Return the named global fits of ``data/global_fits.toml``, each with its source."""
    text = files("munu").joinpath("data/global_fits.toml").read_text(encoding="utf-8")
    fits = {
        name: Mixing(
            sin2_theta12=fit["sin2_theta12"],
            sin2_theta13=fit["sin2_theta13"],
            sin2_theta23=fit["sin2_theta23"],
            delta_cp=float(np.deg2rad(fit["delta_cp_deg"])),
            dm2_21_ev2=fit["dm2_21_ev2"],
            dm2_31_ev2=fit["dm2_31_ev2"],
            name=name,
            source=fit["source"],
        )
        for name, fit in tomllib.loads(text).items()
    }
    return FrozenMapping(fits)


@checked_call
def global_fit(name: str = "desalas2018-no") -> Mixing:
    """Return a named global fit, with the δ_CP that it prints.

    Parameters
    ----------
    name : str
        ``desalas2018``, ``desalas2020`` or ``nufit60``, then ``-no`` or ``-io`` for normal or
        inverted ordering.

    Raises
    ------
    MunuError
        If there is none of that name, naming the nearest one.

    Examples
    --------
    >>> mixing = munu.global_fit("nufit60-no")
    >>> print(mixing.sin2_theta12, mixing.dm2_21_ev2)
    0.308 7.49e-05
    >>> print(*(f"{share:.3f}" for share in abs(mixing.pmns()[0]) ** 2))
    0.677 0.301 0.022
    """
    fits = global_fits()
    check_name("global fit", name, fits)
    return fits[name]


def paper_mixing() -> Mixing:
    """Return the mixing of the paper's Table II: de Salas 2018, normal ordering, δ_CP = 0."""
    return global_fit("desalas2018-no").with_delta(0.0)


def as_mixing(asked: str | Mixing) -> Mixing:
    """Return mixing parameters, those of a global fit if it is named.

    Raises
    ------
    MunuError
        For an unknown global fit, or what is not a mixing.
    """
    named = global_fit(asked) if isinstance(asked, str) else asked
    check_mixing(named)
    return named
