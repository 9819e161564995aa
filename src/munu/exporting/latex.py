"""Tables of results in LaTeX, which needs no package."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from munu.base.errors import MunuError
from munu.plotting.mathtext import LETTERS
from munu.results.core.base import Result
from munu.results.core.table import Table, on_wide_paper

SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    "|": r"\textbar{}",
    "…": r"\,\ldots\,",
}
ANY_SPECIAL: Final = re.compile("|".join(map(re.escape, SPECIAL)))
SIGNS: Final = {
    "±": r"$\pm$",
    "×": r"$\times$",
    "Δ": r"$\Delta$",
    "χ": r"$\chi$",
    "σ": r"$\sigma$",
    "π": r"$\pi$",
    "κ": r"$\kappa$",
    "∞": r"$\infty$",
    "·": r"$\cdot$",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "✗": r"$\times$",
    "⟨": r"$\langle$",
    "⟩": r"$\rangle$",
    "ν̄": r"$\bar\nu$",
}
RAISED: Final = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LOWERED: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
GREEK: Final = {**{k: v.strip() for k, v in LETTERS.items() if len(k) == 1 and k > "\x7f"}}
NUMBER: Final = re.compile(r"-?\d[\d.]*(?:e[-+]?\d+)?")


def latex_table(result: Result, *, rows_alone: bool = False) -> str:
    """Return the tables of a result, each newline-terminated, an empty line between them.

    Parameters
    ----------
    result : Result
    rows_alone : bool
        The rows without the tabular around them, for a table of yours.

    Raises
    ------
    MunuError
        For the rows alone of several tables.
    """
    with on_wide_paper():
        tables = result.tables()
    if not rows_alone:
        return "\n".join(map(_tabular, tables))
    if len(tables) > 1:
        raise MunuError(
            f"this result has {len(tables)} tables, whose rows are not of one",
            "Leave rows_alone (--rows) out",
        )
    return "\n".join(_rows(tables[0])) + "\n"


def _rows(table: Table) -> list[str]:
    return [" & ".join(map(latex_text, row)) + r" \\" for row in table.rows]


def _tabular(table: Table) -> str:
    headings = [latex_text(name.lstrip("<~").replace("\n", " ")) for name in table.columns]
    lines = [
        f"% {' '.join(table.title.split())}",
        *(f"% {' '.join(note.split())}" for note in table.notes),
        rf"\begin{{tabular}}{{{_columns(table)}}}",
        r"\hline",
        " & ".join(headings) + r" \\",
        r"\hline",
        *_rows(table),
        r"\hline",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def _columns(table: Table) -> str:
    """Return the alignment: as in the terminal, numbers to the right."""
    return "".join("l" if name[:1] in ("<", "~") else "r" for name in table.columns)


def latex_text(text: str) -> str:
    r"""Return a text with its special characters, Greek letters and small digits as commands.

    Examples
    --------
    >>> print(latex_text("|Λ₁| < 6.4 × 10⁻¹⁰ μ_B"))
    $|\Lambda_{1}|$ $<$ $6.4$ $\times$ 10$^{-10}$ $\mu_{B}$
    """
    if NUMBER.fullmatch(text):
        mantissa, exponent, power = text.partition("e")
        return rf"${mantissa}\times10^{{{int(power)}}}$" if exponent else f"${text}$"
    words = [_word(word) for word in text.split(" ")]
    return " ".join(words)


def _numbers(word: str) -> str | None:
    """Return a word of numbers, as of an interval, each in mathematics; None for another one."""
    bare = word.rstrip(",;")
    ends = bare.split("…")
    if not all(map(NUMBER.fullmatch, ends)):
        return None
    return r"\,\ldots\,".join(map(latex_text, ends)) + word[len(bare) :]


def _word(word: str) -> str:
    """Return a word: in mathematics if it is a symbol, else with signs as commands."""
    if (numbers := _numbers(word)) is not None:
        return numbers
    is_symbol = any(letter in GREEK for letter in word) or word.strip("|,;") in _plain_symbols()
    if is_symbol and word.isprintable():
        return f"${_symbol(word)}$"
    word = ANY_SPECIAL.sub(lambda one: SPECIAL[one[0]], word)
    for sign, command in SIGNS.items():
        word = word.replace(sign, command)
    word = re.sub("[⁻⁰¹²³⁴-⁹]+", lambda m: rf"$^{{{m[0].translate(RAISED)}}}$", word)
    return re.sub("[₀-₉]+", lambda m: rf"$_{{{m[0].translate(LOWERED)}}}$", word)


@cache
def _plain_symbols() -> frozenset[str]:
    """Return the symbols of parameters that have no Greek letter, as q_ee."""
    from munu.physics.interactions.registry import named, names

    return frozenset(symbol for symbol in (named(one).symbol for one in names()) if "_" in symbol)


def _symbol(word: str) -> str:
    word = re.sub(r"_([^\s_|⟩²)(,;]+)", r"_{\1}", word.replace("%", r"\%").replace("&", r"\&"))
    word = re.sub("[₀-₉]+", lambda m: rf"_{{{m[0].translate(LOWERED)}}}", word)
    word = re.sub("[⁻⁰¹²³⁴-⁹]+", lambda m: rf"^{{{m[0].translate(RAISED)}}}", word)
    for sign, command in SIGNS.items():
        word = word.replace(sign, command.strip("$") + " ")
    for letter, command in GREEK.items():
        pieces = word.split(letter)
        joined = pieces[0]
        for piece in pieces[1:]:
            joined += command + " " * piece[:1].isalpha() + piece
        word = joined
    return word.replace("sin", r"\sin ").replace("·", r"\cdot ")
