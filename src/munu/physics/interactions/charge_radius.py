r"""Charge radii of neutrinos, diagonal and transition ones, beyond the Standard Model or in all.

.. math:: \tilde Q_{ab} = \frac{\sqrt2\pi\alpha}{3G_F}\langle r^2\rangle_{ab}

is taken off g_V^p and added to the electron's g_V, which is half of it to g_L and half to g_R; the
same for neutrinos and antineutrinos. A transition radius alone adds :math:`Z^2F_p^2|\tilde Q|^2`
where the source is of flavours; it interferes where its state is not diagonal in them, as the
Sun's. M. Cadeddu et al., Phys. Rev. D 102 (2020) 015030; P. Vogel and J. Engel, Phys. Rev. D 39
(1989) 3378 on electrons; both second-hand.

With ``radius_kind="beyond"`` a diagonal radius is what comes to the couplings as the experiment's
file has them. With ``"total"`` it is all of it, at zero momentum transfer: what the file's
couplings contain is taken out, once. They contain

- none at tree level;
- on nuclei, with ``flavour_dependent``, that of each flavour, by the formula by which it is in;
- on nuclei, with Eq. (21) of arXiv:1905.03750, that of ν_μ for every flavour, so that the total of
  ν_e and ν_τ is not defined there;
- on electrons, that of each flavour, which is the constant of κ(T) that differs by flavour: with
  :math:`\hat s^2\Delta\kappa = \tilde Q/2`, what is left of κ_e, κ_μ and κ_τ is one number, to the
  digits in which they are printed. What grows with T, as that of ν_e does with the electron in the
  loop, stays: it is the form factor's slope and not the radius.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.errors import MunuError
from munu.base.typing import ComplexArray
from munu.physics.assumptions import Assumptions
from munu.physics.caveats import ANAPOLE
from munu.physics.charge_radii import SHIFT_PER_CM2, standard_radius_cm2
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    One,
    StandardModel,
)
from munu.physics.interactions.flavour_entries import (
    ENTRIES,
    EVERY_FLAVOUR,
    SUBSCRIPTS,
    hermitian_units,
    is_diagonal,
)
from munu.physics.interactions.weak import LEFT, RIGHT, VECTOR, ProtonForm
from munu.physics.moments import FLAVOURS
from munu.physics.parameters import Parameter, Unit

RADIUS_UNIT: Final = Unit("cm2", "10⁻³² cm²", "squared charge radius", 1e-32, largest=1e-24)
"""The largest is (10 fm)², that of a nucleus."""
FAMILY: Final = "charge radii"


def _parameter(entry: str) -> Parameter:
    name, symbol, caveats = f"charge_radius_{entry}", f"⟨r²⟩_{SUBSCRIPTS[entry]}", (ANAPOLE,)
    first, *second = dict.fromkeys(SUBSCRIPTS[entry])
    if is_diagonal(entry):
        about = f"charge radius of ν_{first}, or anapole moment, which look alike"
        return Parameter(name, symbol, RADIUS_UNIT, FAMILY, about, caveats=caveats)
    return Parameter(
        name,
        f"|{symbol}|",
        RADIUS_UNIT,
        FAMILY,
        f"transition charge radius between ν_{first} and ν_{second[0]}, or anapole moment",
        "modulus",
        low=0.0,
        phase=f"phase_{name}",
        caveats=caveats,
    )


RADIUS_PARAMETERS: Final = {entry: _parameter(entry) for entry in ENTRIES}
COMMON_RADIUS: Final = Parameter(
    "charge_radius_common",
    "⟨r²⟩",
    RADIUS_UNIT,
    "charge radius of all flavours",
    "charge radius of every flavour, as solar neutrinos are often asked for",
    caveats=(ANAPOLE,),
)
"""Of a family of its own: it is no other direction than the three diagonal ones together."""


@final
@dataclass(frozen=True)
class ChargeRadius(Interaction):
    """Charge radii, a Hermitian matrix in flavour space."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Three of the flavours, three of transitions, and one of all flavours."""
        return (*RADIUS_PARAMETERS.values(), COMMON_RADIUS)

    @property
    def settings(self) -> tuple[str, ...]:
        """Whether radii are what is added to the Standard Model's, or all of it."""
        return ("radius_kind",)

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return the radius (cm²) that couplings contain if all of it is meant, zero otherwise.

        Raises
        ------
        MunuError
            If all of it is meant, and the couplings contain that of another flavour, or of flavours
            that differ where one radius is common to them.
        """
        if parameter == COMMON_RADIUS:
            return _contained_by_all(standard_model, assumptions)
        entry = _entry(parameter)
        if assumptions.radius_kind == "beyond" or not is_diagonal(entry):
            return 0.0
        return contained_cm2(FLAVOURS[ENTRIES[entry][0]], standard_model)

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what a change of ⟨r²⟩ by 1 cm², and by i cm² of a transition's, adds."""
        if parameter == COMMON_RADIUS:
            return (_terms(SHIFT_PER_CM2 * EVERY_FLAVOUR),)
        return tuple(_terms(SHIFT_PER_CM2 * unit) for unit in hermitian_units(_entry(parameter)))


def _entry(parameter: Parameter) -> str:
    return next(entry for entry, one in RADIUS_PARAMETERS.items() if one == parameter)


def _contained_by_all(standard_model: StandardModel, assumptions: Assumptions) -> float:
    """Return the radius (cm²) that couplings of every flavour contain."""
    if assumptions.radius_kind == "beyond":
        return 0.0
    radii = {contained_cm2(flavour, standard_model) for flavour in FLAVOURS}
    if len(radii) > 1:
        raise MunuError(
            "no total charge radius common to all flavours: the Standard Model's differ",
            "Take the radius beyond the Standard Model",
        )
    return radii.pop()


def _terms(shift: ComplexArray) -> Amplitude:
    """Return the amplitudes of a Q̃ on nuclei and on electrons."""
    return (
        AmplitudeTerm(VECTOR, ProtonForm(), -shift),
        AmplitudeTerm(LEFT, One(), 0.5 * shift),
        AmplitudeTerm(RIGHT, One(), 0.5 * shift),
    )


def contained_cm2(flavour: str, standard_model: StandardModel) -> float:
    """Return the Standard Model's charge radius (cm²) that couplings of ν_α contain.

    Raises
    ------
    MunuError
        If couplings of what recoils contain the radius of another flavour.
    """
    own = standard_radius_cm2(flavour) if standard_model.electron.radiative else 0.0
    found = {"electron": own, "nuclear": standard_model.quarks.standard_radius_cm2(flavour)}
    radii = {found[recoil] for recoil in standard_model.recoils}
    if not radii <= {0.0, standard_radius_cm2(flavour)}:
        raise MunuError(
            f"no total charge radius of ν_{flavour}: the couplings of Eq. (21) of arXiv:1905.03750 "
            "contain that of ν_μ for every flavour",
            "Put flavour_dependent = true into [interaction], as by --set "
            "interaction.flavour_dependent=true or changes=, or take the radius beyond the "
            "Standard Model",
        )
    if len(radii) > 1:
        raise MunuError(
            f"no total charge radius of ν_{flavour}: couplings of nuclei and of electrons do not "
            "both contain the Standard Model's",
            "Make both radiative, or both of tree level",
        )
    return radii.pop()
