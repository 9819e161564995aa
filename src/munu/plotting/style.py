"""One look for every picture: colour-blind safe, readable at column width, no LaTeX needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from importlib.resources import as_file, files
from itertools import cycle
from math import floor, log10
from pathlib import Path
from threading import RLock
from typing import Any, TypeAlias

from munu.base.calls import checked_call
from munu.base.errors import MunuError, shown
from munu.physics.parameters import PHASE_SYMBOLS
from munu.results.core.base import Origin

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Okabe and Ito's palette, which colour-blind readers tell apart; its yellow is too pale here."""

EXPERIMENTS = {
    "coherent-csi": ("CsI[Na]", BLUE),
    "coherent-ge": ("HPGe", ORANGE),
    "coherent-lar": ("LAr", GREEN),
    "coherent-nai": ("NaI[Tl]", PURPLE),
    "conus": ("CONUS", VERMILLION),
    "connie": ("CONNIE", SKY),
    "miner": ("MINER", BLACK),
    "texono": ("TEXONO", PURPLE),
    "red-100": ("RED-100", GREEN),
    "borexino": ("Borexino", ORANGE),
}
"""Name and colour of the experiments of the catalogue, the same in every picture.

There are more of them than colours; those at the SNS share theirs with none of their own kind.
"""

BEAM_LINES = {"prompt": "-", "delayed": "--", "full": "-"}

COLUMN_WIDTH_INCHES = 86 / 25.4
PAGE_WIDTH_INCHES = 178 / 25.4

SYMBOLS = {
    "Lambda_1": r"|\Lambda_1|",
    "Lambda_2": r"|\Lambda_2|",
    "Lambda_3": r"|\Lambda_3|",
    "Lambda_e": r"|\Lambda_e|",
    "Lambda_mu": r"|\Lambda_\mu|",
    "Lambda_tau": r"|\Lambda_\tau|",
    "mu_nu_e": r"\mu_{\nu_e}",
    "mu_nu_mu": r"\mu_{\nu_\mu}",
    "mu_nu_tau": r"\mu_{\nu_\tau}",
    "mu_eff": r"\mu_{\rm eff}",
    "delta_cp": r"\delta_{\rm CP}",
    "xi_1": r"\xi_1",
    "xi_2": r"\xi_2",
}
MOMENT_UNIT_MU_B = 1e-10
FILL = 0.3
"""Share of its colour in the tint of an area."""


LEGEND_CHARACTERS = 58
"""Characters that fit below a column beside the sample of a legend."""
TITLE_CHARACTERS = 46


StyleLike: TypeAlias = str | Path | Mapping[str, Any] | Sequence[str | Path | Mapping[str, Any]]
"""What Matplotlib takes as a style: a name, a path, settings, or a list of them."""


@checked_call
@contextmanager
def house_style(style: StyleLike | None = None) -> Iterator[None]:
    """Draw with the settings of ``munu.mplstyle`` and those given, one thread at a time.

    Raises
    ------
    MunuError
        For what is no style of Matplotlib.
    """
    from matplotlib.style import context

    own = [] if style is None else style if isinstance(style, list | tuple) else [style]
    sheet = files("munu.plotting").joinpath("munu.mplstyle")
    with _ONE_AT_A_TIME, as_file(sheet) as path, ExitStack() as stack:
        stack.enter_context(context(str(path)))
        try:
            if not all(isinstance(one, str | Path | Mapping) for one in own):
                raise TypeError
            stack.enter_context(context([*own]))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise MunuError(
                f"style = {shown(style)} is not a style of Matplotlib",
                "Give a name of matplotlib.style.available, a path of a style, or settings",
            ) from error
        yield


_ONE_AT_A_TIME = RLock()
"""Matplotlib's settings are one for all threads: those of a picture stay until it is drawn."""


def nuclide(name: str) -> str:
    """Return a name with the mass numbers of nuclides raised, as in ⁷Be."""
    return re.sub(r"(?<!\d)(\d++)([A-Z][a-z]?)", r"$^{\1}$\2", name)


def wrapped(text: str, characters: int = LEGEND_CHARACTERS) -> str:
    """Return a text on lines that fit below a column, or above it; symbols are not broken."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if _printed_length(longer) <= characters:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines).lstrip("\n")


def _printed_length(text: str) -> int:
    """Return the characters of a text that are printed, its markup apart; capitals are wider."""
    printed = re.sub(r"[${}_^]", "", re.sub(r"\\[A-Za-z]+", "x", text))
    return len(printed) + sum(map(str.isupper, printed)) // 5


def experiment_name(experiments: Iterable[str]) -> str:
    """Return how ``id@setup`` of one or several experiments are called in a picture."""
    identifiers = [name.partition("@")[0] for name in experiments]
    return " + ".join(EXPERIMENTS.get(name, (name, ""))[0] for name in identifiers)


def short_name(origin: Origin) -> str:
    """Return how the experiments of a result are called in a legend: as their files say."""
    if not origin.labels:
        return experiment_name(origin.experiments)
    return " + ".join(origin.short_names())


def colours_of(results: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a colour for the experiments of each result: their own, or one that is still free.

    Those of `colours_from` are not free.
    """
    own_colour, taken = _COLOURS.get((None, []))
    chosen, first = list(taken), len(taken)
    rest = cycle(COLOURS)
    for experiments in results:
        own = own_colour or EXPERIMENTS.get(experiments[0].partition("@")[0], ("", ""))[1]
        if not own_colour and (len(experiments) > 1 or own in ("", *chosen)):
            free = [colour for colour in COLOURS if colour not in chosen]
            own = free[0] if free else next(rest)
        chosen.append(own)
    taken.extend(chosen[first:])
    return chosen[first:]


_COLOURS: ContextVar[tuple[str | None, list[str]]] = ContextVar("colours")


@contextmanager
def colours_from(taken: Iterable[str], colour: str | None = None) -> Iterator[list[str]]:
    """Have `colours_of` leave out colours, or give one; yield those taken, to which it adds."""
    found = list(taken)
    token = _COLOURS.set((colour, found))
    try:
        yield found
    finally:
        _COLOURS.reset(token)


def axis_label(parameter: str, *, signed: bool = False, unit_mu_b: float = MOMENT_UNIT_MU_B) -> str:
    """Return the label of an axis with its unit, as in 10⁻¹⁰ μ_B; a signed moment has no bars."""
    symbol = SYMBOLS[parameter].strip("|") if signed else SYMBOLS[parameter]
    unit = "rad" if parameter in PHASE_SYMBOLS else moment_unit(unit_mu_b)
    return f"${symbol}$ ({unit})"


def moment_unit(unit_mu_b: float) -> str:
    """Return a unit of moments, as in 10⁻¹⁰ μ_B."""
    return rf"${_power(unit_mu_b)}\mu_B$"


def _power(number: float) -> str:
    """Return a number before a unit: a power of ten, with a factor where it needs one."""
    exponent = floor(log10(number) + 1e-9)
    factor = float(f"{number / 10.0**exponent:.6g}")
    if exponent == 0:
        return "" if factor == 1 else rf"{factor:g}\,"
    return (rf"{factor:g}\times" if factor != 1 else "") + f"10^{{{exponent}}}"


def scale_of(parameter: str, unit_mu_b: float = MOMENT_UNIT_MU_B) -> float:
    """Return what one on the axis stands for: a unit of moments (μ_B), or 1 rad."""
    return 1.0 if parameter in PHASE_SYMBOLS else unit_mu_b


def tint(colour: str) -> tuple[float, float, float]:
    """Return a light version of a colour, to fill with."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return (1 - FILL * (1 - red), 1 - FILL * (1 - green), 1 - FILL * (1 - blue))
