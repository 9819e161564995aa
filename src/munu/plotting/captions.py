"""What a picture shows, in words: for the caption of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from munu.base.calls import checked_call
from munu.physics.assumptions import Assumptions
from munu.plotting.look import listed
from munu.results.core.base import Result


@checked_call
def caption(*results: Result | Sequence[Result]) -> str:
    """Return in words what a picture of results shows: what, of which data, at what level, and how.

    Parameters
    ----------
    *results : Result, or a sequence of results
        As for `munu.plot`; a paragraph is said of each.

    Raises
    ------
    MunuError
        For what is no result.

    Examples
    --------
    >>> print(munu.caption(munu.region("conus")))
    Region of |Λ₁| and |Λ₂| at 90 % C.L., conus@current, Δχ² = 4.605, 2 degrees of freedom. |Λ₁| 0
    to 25.82, |Λ₂| 0 to 18.02; |Λ₁| and |Λ₂| in 10⁻¹⁰ μ_B. Slice: ...
    """
    found = [one for argument in results for one in listed(argument)]
    return "\n".join(map(_of, found))


def _of(result: Result) -> str:
    """Return the summary of a result, and its assumptions if that has not said them."""
    sentences = list(result.summary())
    assumptions: Any = getattr(result, "assumptions", None)
    if isinstance(assumptions, Assumptions) and not any(
        assumptions.text() in sentence for sentence in sentences
    ):
        sentences.append(assumptions.text())
    sentences += [f"changed here: {text}" for text in result.origin.changes_by_name()]
    return " ".join(f"{_begun(sentence).rstrip('.')}." for sentence in sentences)


def _begun(sentence: str) -> str:
    """Return a sentence with a capital letter, but for symbols: a large μ is another one."""
    word = sentence.partition(" ")[0]
    is_symbol = not word[:1].isascii() or "_" in word
    return sentence if is_symbol else f"{sentence[:1].upper()}{sentence[1:]}"
