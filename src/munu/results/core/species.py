"""Components of a prediction as people read them: the mass states of one beam together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

ANY_STATE: Final = "nu"
"""Name of the mass states of a beam together."""
MASS_STATES: Final = ("nu_1", "nu_2", "nu_3")


@final
@dataclass(frozen=True)
class SpeciesGroup:
    """Components that are shown as one.

    Parameters
    ----------
    species, beam : str
        The species is ``nu`` for several mass states.
    label : str
        Its name in short: the beam of several mass states, else the species, with its beam where
        another beam has it too.
    indices : tuple of int
        Their places among the components.
    """

    species: str
    beam: str
    label: str
    indices: tuple[int, ...]


def species_groups(components: Iterable[tuple[str, str]]) -> tuple[SpeciesGroup, ...]:
    """Return the components, given as (species, beam), with the mass states of each beam together.

    Mass states are incoherent parts of one flux: their events add up, whatever the moments.
    """
    names = list(components)
    states = Counter(beam for species, beam in names if _is_mass_state(species))
    members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, (species, beam) in enumerate(names):
        together = _is_mass_state(species) and states[beam] > 1
        members[ANY_STATE if together else species, beam].append(index)
    beams = Counter(species for species, _ in members)
    return tuple(
        SpeciesGroup(species, beam, _label(species, beam, beams[species]), tuple(indices))
        for (species, beam), indices in members.items()
    )


def _is_mass_state(species: str) -> bool:
    return species.removesuffix("_bar") in MASS_STATES


def _label(species: str, beam: str, n_beams: int) -> str:
    if species == ANY_STATE:
        return beam
    return species if n_beams == 1 else f"{species} {beam}"
