"""What a prediction has besides the Standard Model, in words."""

from __future__ import annotations

from collections.abc import Mapping

from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import PHASE_SYMBOLS


def couplings_text(values: Mapping[str, float], settings: Mapping[str, str]) -> str:
    """Return couplings with their values, and the masses, charges and phases that these depend on.

    Examples
    --------
    >>> couplings_text({"g_universal": 1e-5}, {"mediator_mass": "1 MeV"})
    'g_universal = 1e-05, mediator mass 1 MeV'
    >>> couplings_text({"Lambda_e": 1e-10}, {"mixing": "nufit60-no", "delta_cp": "0"})
    '|Λ_e| = 1 × 10⁻¹⁰ μ_B, mixing nufit60-no, δ_CP 0'
    """
    texts = [parameter_of(name).text(value) for name, value in values.items()]
    texts += [
        f"{PHASE_SYMBOLS.get(name, name.replace('_', ' '))} {value}"
        for name, value in settings.items()
    ]
    return ", ".join(texts)


def mixing_note(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the mixing and δ_CP that events of the Standard Model have, if they depend on these.

    Examples
    --------
    >>> mixing_note({"mixing": "nufit60-no", "delta_cp": "0"})
    ('Mixing nufit60-no, δ_CP 0.',)
    """
    text = couplings_text({}, settings)
    return (f"{text[:1].upper()}{text[1:]}.",) if text else ()
