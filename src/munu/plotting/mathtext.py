"""Symbols of parameters as Matplotlib sets mathematics."""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = {
    "Λ": r"\Lambda ",
    "δ": r"\delta ",
    "ε": r"\varepsilon ",
    "θ": r"\theta ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "ν": r"\nu ",
    "ξ": r"\xi ",
    "τ": r"\tau ",
    "⟨": r"\langle ",
    "⟩": r"\rangle ",
    "²": "^2",
    "sin": r"\sin",
    "arg ": r"\mathrm{arg}\,",
    **{chr(0x2080 + digit): f"_{digit}" for digit in range(10)},
    "-": "{-}",
}
_SCRIPT = re.compile(r"([_^])([^\s_^|⟩]+)")
_NEUTRINO = re.compile("ν([eμτ])")


def mathtext(symbol: str) -> str:
    r"""Return a symbol in mathtext.

    Examples
    --------
    >>> print(mathtext("sin²θ_W"))
    $\sin^2\theta _{W}$
    >>> print(mathtext("μ_νe"))
    $\mu _{\nu _e}$
    """
    braced = _NEUTRINO.sub(r"ν_\1", _SCRIPT.sub(r"\1{\2}", symbol))
    for text, command in LETTERS.items():
        braced = braced.replace(text, command)
    return f"${braced}$"


def mathtext_unit(text: str) -> str:
    """Return a unit whose powers are written with small digits, as in ``10⁻³² cm²``."""
    power = re.compile("[⁻⁰¹²³⁴-⁹]+")
    plain = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    raised = power.sub(lambda found: rf"$^{{{found[0].translate(plain)}}}$", text)
    return raised.replace("μ_B", r"$\mu_B$")
