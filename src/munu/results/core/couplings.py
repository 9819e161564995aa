"""What a prediction has besides the Standard Model, in words."""

from __future__ import annotations

from collections.abc import Mapping

from munu.physics.interactions.registry import parameter as parameter_of


def couplings_text(values: Mapping[str, float], settings: Mapping[str, str]) -> str:
    """Return couplings with their values, and the masses and charges that these depend on.

    Examples
    --------
    >>> couplings_text({"g_universal": 1e-5}, {"mediator_mass": "1 MeV"})
    'g_universal = 1e-05, mediator mass 1 MeV'
    """
    texts = [parameter_of(name).text(value) for name, value in values.items()]
    texts += [f"{name.replace('_', ' ')} {value}" for name, value in settings.items()]
    return ", ".join(texts)
