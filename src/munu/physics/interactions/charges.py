"""Charges of neutrinos, quarks and electrons under a light vector: stated, or of a known model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.arguments import check_name
from munu.base.errors import MunuError, shown
from munu.base.units import Range, parse_quantity

NEUTRINOS: Final = ("nu_e", "nu_mu", "nu_tau")
TARGETS: Final = ("u", "d", "e")
ALL_NEUTRINOS: Final = "nu"
"""Short for the three."""
CHARGES: Final = Range(-1e3, 1e3)
REMEDY: Final = "State them as in nu_e=1,u=1,e=1, or nu=-1,u=1/3,d=1/3,e=-1"


@final
@dataclass(frozen=True)
class VectorCharges:
    """Charges under a vector, in units of its coupling g.

    Parameters
    ----------
    neutrinos : tuple of float
        Of ν_e, ν_μ and ν_τ.
    up, down, electron : float
    """

    neutrinos: tuple[float, float, float]
    up: float
    down: float
    electron: float

    @property
    def proton(self) -> float:
        """2u + d."""
        return 2 * self.up + self.down

    @property
    def neutron(self) -> float:
        """2d + u."""
        return self.up + 2 * self.down


UNIVERSAL: Final = VectorCharges((1.0, 1.0, 1.0), 1.0, 1.0, 1.0)
B_MINUS_L: Final = VectorCharges((-1.0, -1.0, -1.0), 1 / 3, 1 / 3, -1.0)
MU_MINUS_TAU: Final = VectorCharges((0.0, 1.0, -1.0), 2 / 3, -1 / 3, -1.0)
"""L_μ - L_τ of neutrinos, electric charges of the target: what the loop connects."""


def parse_charges(text: str | None) -> VectorCharges:
    """Return the charges in a text such as ``nu_e=1,u=1,e=1``; those left out are zero.

    ``nu`` stands for all three neutrinos; a charge is a number or a fraction, ``1/3``.

    Raises
    ------
    MunuError
        If there is no text, a name is unknown or stands twice, a charge is not a finite number, or
        no neutrino or nothing in the target has one.
    """
    if text is None:
        raise MunuError("no charges are stated", f"{REMEDY}, after --charges or charges=")
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        check_name("charge", name, (*NEUTRINOS, ALL_NEUTRINOS, *TARGETS), where="charges")
        for own in NEUTRINOS if name == ALL_NEUTRINOS else (name,):
            if own in found:
                raise MunuError(f"the charge of {own} is stated twice in {shown(text)}", REMEDY)
            found[own] = _number(name, value)
    nu_e, nu_mu, nu_tau = (found.get(name, 0.0) for name in NEUTRINOS)
    up, down, electron = (found.get(name, 0.0) for name in TARGETS)
    if not any((nu_e, nu_mu, nu_tau)):
        raise MunuError(f"no neutrino has a charge in {shown(text)}", REMEDY)
    if not any((up, down, electron)):
        raise MunuError(f"neither u, d nor e has a charge in {shown(text)}", REMEDY)
    return VectorCharges((nu_e, nu_mu, nu_tau), up, down, electron)


def _number(name: str, value: str) -> float:
    """Return a number or a fraction of two; raises `MunuError` for anything else."""
    above, slash, below = value.partition("/")
    try:
        number = parse_quantity(above, "number")
        number /= parse_quantity(below, "number") if slash else 1.0
    except (MunuError, ZeroDivisionError):
        number = float("nan")
    if number not in CHARGES:
        raise MunuError(
            f"the charge {name}={value} is not a number {CHARGES.text()}".rstrip(), REMEDY
        )
    return number
