"""What a statement about a parameter leaves out or cannot tell, for results to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(frozen=True)
class Caveat:
    """A sentence that belongs to a parameter.

    Parameters
    ----------
    text : str
        Without a full stop, as it is printed.
    of_mass_states : bool
        Whether it matters only for sources of mass states, as the Sun is.
    of_corrected_atoms : bool
        Whether it matters only for electrons with an atomic correction
        (`munu.physics.atomic_corrections`).
    """

    text: str
    of_mass_states: bool = False
    of_corrected_atoms: bool = False


PROPAGATION: Final = Caveat(
    "what the coupling would change in the propagation of solar neutrinos in matter is not "
    "modelled: it acts in the detector alone",
    of_mass_states=True,
)
DIRAC_ONLY: Final = Caveat("a diagonal entry is one of Dirac neutrinos: those of Majorana are zero")
ANAPOLE: Final = Caveat(
    "a charge radius cannot be told from an anapole moment, <r²>/6 - a; Majorana neutrinos have "
    "only the latter"
)
WEAK_ATOMS: Final = Caveat(
    "the atomic correction is that of the weak interaction, of which that of an exchange at small "
    "momentum transfer may be far off",
    of_corrected_atoms=True,
)


def caveats_of(
    caveats: Iterable[Caveat], *, of_mass_states: bool = False, of_corrected_atoms: bool = False
) -> tuple[str, ...]:
    """Return the texts that matter, each once.

    Parameters
    ----------
    caveats : iterable of Caveat
        Those of all parameters of a statement.
    of_mass_states : bool
        Whether any neutrinos that scatter are mass states, `munu.physics.moments.HelicityState`.
    of_corrected_atoms : bool
        Whether any electrons that recoil have an atomic correction.
    """
    found = (
        one.text
        for one in caveats
        if (of_mass_states or not one.of_mass_states)
        and (of_corrected_atoms or not one.of_corrected_atoms)
    )
    return tuple(dict.fromkeys(found))
