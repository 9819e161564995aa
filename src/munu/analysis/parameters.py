"""The parameters that questions are about, by name."""

from __future__ import annotations

from munu.base.calls import checked_call
from munu.physics.interactions.registry import names


@checked_call
def parameters() -> tuple[str, ...]:
    """Return the names of all parameters, as `munu.limit` and the rest take them.

    Couplings stand by interaction, the phase of each that has one behind them.

    Examples
    --------
    >>> print(*munu.parameters()[:4])
    Lambda_1 Lambda_2 Lambda_3 Lambda_e
    >>> print(*(name for name in munu.parameters() if name.startswith("g_")))
    g_universal g_b-l g_lmu-ltau g_vector g_axial g_scalar g_pseudoscalar g_tensor
    """
    return names()
