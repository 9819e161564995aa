"""Options that name a parameter: their help is read off the registry, when help is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Final, final

import click

if TYPE_CHECKING:
    from munu.physics.parameters import Parameter

COUPLINGS: Final = "{couplings}"
"""What stands in a help for the names of all parameters but the moments."""


@final
class ParameterOption(click.Option):
    """An option whose help names the couplings in place of ``{couplings}``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how it is written and what it does."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        written, does = record
        return written, does.replace(COUPLINGS, couplings_in_words())


def couplings_in_words() -> str:
    """Return the parameters of the registry besides moments, with units and what they need.

    Examples
    --------
    >>> couplings_in_words().partition("; millicharge")[0]
    'sin2_theta_w; charge_radius_ee, _mumu, _tautau, _emu, _etau, _mutau, _common (cm2)'
    """
    return "; ".join(_group(stem, members) for stem, members in _groups())


def _groups() -> Iterator[tuple[tuple[str, str], list[Parameter]]]:
    """Yield the couplings whose names begin alike and that need the same."""
    from munu.physics.interactions.registry import INTERACTIONS
    from munu.physics.parameters import MOMENTS

    groups: dict[tuple[str, str], list[Parameter]] = {}
    for interaction in INTERACTIONS:
        needed = " and ".join(_needed(interaction.settings))
        for one in interaction.parameters:
            if one not in MOMENTS:
                groups.setdefault((one.name.rpartition("_")[0], needed), []).append(one)
    yield from groups.items()


def _needed(settings: Sequence[str]) -> list[str]:
    """Return the options among some settings that have no default."""
    from munu.physics.settings import InteractionSettings

    without = {one.name for one in fields(InteractionSettings) if one.default is None}
    return [f"--{name.replace('_', '-')}" for name in settings if name in without]


def _group(key: tuple[str, str], members: Sequence[Parameter]) -> str:
    from munu.base.units import canonical_unit

    stem, needed = key
    first, *rest = (one.name for one in members)
    names = ", ".join([first, *(name.removeprefix(stem) for name in rest)])
    unit = canonical_unit(members[0].unit.dimension)
    more = ", ".join(filter(None, [unit, f"with {needed}" if needed else ""]))
    return f"{names} ({more})" if more else names
