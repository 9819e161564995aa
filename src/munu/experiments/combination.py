"""What experiments must have in common, and what they must not, to be combined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from munu.base.errors import MunuError
from munu.experiments.model import CountingExperiment, Experiment, Variant
from munu.experiments.overlaps import check_overlaps


def check_combination(experiments: Sequence[Experiment]) -> None:
    """Refuse to combine data that hold the same events, or whose nuisances of one name differ.

    Raises
    ------
    MunuError
        As `check_overlaps`; and for variants of one name that multiply the flux of one beam by
        different factors, as they are one nuisance.
    """
    check_overlaps(experiments)
    counting = [one for one in experiments if isinstance(one, CountingExperiment)]
    for first, second in combinations(counting, 2):
        others = {variant.name: variant for variant in second.variants}
        for variant in first.variants:
            if variant.name in others:
                _check_fluxes((first, second), variant, others[variant.name])


def _check_fluxes(pair: Sequence[Experiment], variant: Variant, other: Variant) -> None:
    names = [one.identity.name for one in pair]
    for beam in _beams(variant):
        factors = [_factors(one, beam) for one in (variant, other)]
        if beam in _beams(other) and factors[0] != factors[1]:
            said = ", ".join(
                f"by {low:g} and {high:g} in {name}"
                for name, (low, high) in zip(names, factors, strict=True)
            )
            raise MunuError(
                f"the variant '{variant.name}' is one nuisance of {' and '.join(names)}, and"
                f" multiplies the flux of {beam} {said}",
                "Give the variant of one file another name, which makes it a nuisance of its own,"
                " or both the same factors",
            )


def _beams(variant: Variant) -> dict[str, None]:
    """Return the beams whose flux a variant states, on either side."""
    sides = (variant.minus, variant.plus)
    return dict.fromkeys(beam for side in sides for beam, _ in side.flux_factors)


def _factors(variant: Variant, beam: str) -> tuple[float, float]:
    """Return what multiplies the flux of a beam, one standard deviation below and above."""
    return variant.minus.flux_factor(beam), variant.plus.flux_factor(beam)
