"""One entrance to the plots: the result says which one it wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.plotting.drawn import going_on
from munu.plotting.figures import AxesGrid, Picture
from munu.plotting.look import Log, listed, look_of
from munu.plotting.style import StyleLike
from munu.results.core.base import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOTS: Final = {
    "region": "munu.plotting.regions:plot_region",
    "coupling-region": "munu.plotting.coupling_regions:plot_coupling_region",
    "cls-limit": "munu.plotting.cls_limit:plot_cls_limit",
    "feldman-cousins": "munu.plotting.feldman_cousins:plot_feldman_cousins",
    "feldman-cousins-region": ("munu.plotting.feldman_cousins_region:plot_feldman_cousins_region"),
    "envelope": "munu.plotting.envelopes:plot_envelope",
    "coupling-envelope": "munu.plotting.coupling_envelopes:plot_coupling_envelope",
    "profile": "munu.plotting.profiles:plot_limit_profile",
    "coupling-profile": "munu.plotting.coupling_profiles:plot_coupling_profile",
    "scan": "munu.plotting.scans:plot_scan",
    "rate": "munu.plotting.spectrum:plot_rate",
    "spectrum": "munu.plotting.spectrum:plot_spectrum",
    "fit": "munu.plotting.data:plot_fit",
    "weak-angle": "munu.plotting.weak_angle:plot_weak_angle",
    "coverage": "munu.plotting.coverage:plot_coverage",
    "posterior": "munu.plotting.posterior:plot_posterior",
    "coupling-coverage": "munu.plotting.coupling_coverage:plot_coupling_coverage",
    "plane-coverage": "munu.plotting.plane_coverage:plot_plane_coverage",
    "table2": "munu.plotting.table2:draw",
    "figure1": "munu.plotting.quenching:draw",
    "figure2": "munu.plotting.profiles:draw",
    "figure3": "munu.plotting.luminosity:draw",
    "figure7": "munu.plotting.envelopes:draw",
    "regions": "munu.plotting.region_panels:draw",
    "today": "munu.plotting.today:draw",
    "floor": "munu.plotting.floor:draw",
}
"""The plot of each kind of result."""
LOOK: Final = ("ax", "label", "log", "style", "caption")
WITH_UNIT: Final = ("ax", "unit", *LOOK[1:])
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "region": WITH_UNIT,
    "coupling-region": WITH_UNIT,
    "cls-limit": WITH_UNIT,
    "feldman-cousins": WITH_UNIT,
    "feldman-cousins-region": WITH_UNIT,
    "envelope": WITH_UNIT,
    "coupling-envelope": WITH_UNIT,
    "profile": WITH_UNIT,
    "coupling-profile": WITH_UNIT,
    "scan": WITH_UNIT,
    "coverage": WITH_UNIT,
    "coupling-coverage": WITH_UNIT,
    "plane-coverage": WITH_UNIT,
    "posterior": WITH_UNIT,
    "rate": LOOK,
    "spectrum": LOOK,
    "weak-angle": LOOK,
    "fit": LOOK,
}
"""What the plot of each kind takes; figures of the paper are as they are.

A unit is that of moments: spectra, fits and the weak angle have no axis of one.
"""
ALONE: Final = ("fit",)
"""Kinds whose picture is filled by one result: data and prediction of one experiment."""
COLOURED: Final = (
    *("region", "coupling-region", "cls-limit", "feldman-cousins", "envelope"),
    *("coupling-envelope", "profile", "coupling-profile", "scan", "weak-angle"),
)
"""Kinds of which one result has one colour."""
SEVERAL: Final = tuple(kind for kind in OPTIONS if kind not in ALONE)
"""Kinds of which several are drawn into one plot."""


@checked_call
def plot(
    *results: Result | Sequence[Result],
    ax: Axes | Sequence[Axes] | AxesGrid | None = None,
    unit: float | str | None = None,
    label: str | Sequence[str] | None = None,
    log: Log = None,
    style: StyleLike | None = None,
    caption: bool = True,
    color: object = None,
) -> Picture:
    """Draw a result, or several of one kind in one plot: each alone, and together.

    In a notebook, and wherever pyplot was imported, the figure is pyplot's: it is shown at the end
    of the cell or by ``plt.show()``, and ``plt.savefig`` writes it. Elsewhere it is yours alone.

    Parameters
    ----------
    *results : Result, or a sequence of results
        One, or several of one kind: what `munu.region`, `munu.profile`, `munu.spectrum`, ...
        return; a rate that holds its spectrum, a fit of one experiment.
    ax : matplotlib Axes, or several, optional
        Where to draw: as many as the picture has panels, in the shape that is returned. A new
        figure by default. On axes with results of munu the colours go on.
    unit : float or str, optional
        What one on an axis of a moment is, in μ_B: ``1e-11`` or ``"1e-11 mu_B"``. By default
        10⁻¹⁰ μ_B.
    label : str or sequence of str, optional
        The legend of each result; by default the short names of the experiments and what is
        assumed.
    log : bool or {"x", "y", "xy"}, optional
        Axes that are logarithmic; by default what suits the result.
    style : str, Path, mapping or a sequence of them, optional
        A style of Matplotlib, or settings, on top of the house's.
    caption : bool
        Whether title and legend state level and assumptions. `munu.caption` says all in words, for
        the caption of a paper's figure.
    color : colour of Matplotlib, optional
        Of one result that is one curve or region; by default its experiment's, or one that is free.

    Returns
    -------
    figure, axes
        Of Matplotlib: ``figure, axes = munu.plot(result)``. What else is asked of the pair is asked
        of the axes, as in ``munu.plot(result).set_title("Mine")``.

    Raises
    ------
    MunuError
        For what is not a result or has no plot, for several results that do not go together, for
        an option that a plot does not take, and for axes that hold another unit or plane.

    Examples
    --------
    >>> curve = munu.profile("conus", "Lambda_3", moment_mu_b=[0.0, 2e-10, 4e-10])
    >>> figure, axes = munu.plot(curve, caption=False)
    >>> print(*(f"{x:g}" for x in axes.get_lines()[0].get_xdata()), "1e-10 mu_B")
    0 2 4 1e-10 mu_B
    >>> picture = munu.plot(munu.region("conus"), unit=1e-9, caption=False)
    >>> picture.figure.savefig("region.pdf")
    """
    found = [one for argument in results for one in listed(argument)]
    kind = _kind(found)
    asked: dict[str, Any] = {
        "ax": ax,
        "unit": unit,
        "label": label,
        "log": log,
        "style": style,
    }
    chosen = {name: value for name, value in asked.items() if value is not None}
    if caption is not True:
        chosen["caption"] = caption
    _check_options(kind, chosen)
    module, _, name = PLOTS[kind].partition(":")
    draw = getattr(import_module(module), name)
    _check_colour(kind, found, color)
    unit_mu_b = look_of(1, {"unit": unit}).unit_mu_b if "unit" in OPTIONS.get(kind, ()) else None
    with going_on(ax, found, unit_mu_b, color):
        return Picture(*draw(found if kind in SEVERAL else found[0], **chosen))


def _check_colour(kind: str, found: Sequence[Result], colour: object) -> None:
    """Refuse one colour for what has several."""
    if colour is not None and (kind not in COLOURED or len(found) > 1):
        what = f"the plot of a result of kind '{kind}'" if len(found) == 1 else "several results"
        raise MunuError(
            f"one color is given, and {what} has several"
            if len(found) == 1
            else f"one color is given for {what}",
            "Leave color out, or draw results one by one on the same ax",
        )


def _kind(found: Sequence[Result]) -> str:
    """Return the kind of results that go into one plot."""
    kinds = {one.kind_of_result for one in found}
    if len(kinds) != 1:
        raise MunuError(
            f"cannot draw {' and '.join(sorted(kinds)) or 'nothing'} in one plot",
            "Give one result, or several of one kind",
        )
    (kind,) = kinds
    if kind not in PLOTS:
        raise MunuError(
            f"a result of kind '{kind}' has no picture", f"Kinds that have: {', '.join(PLOTS)}"
        )
    if len(found) > 1 and kind not in SEVERAL:
        raise MunuError(
            f"several results of kind '{kind}' do not go into one plot",
            f"Several of {' or '.join(SEVERAL)} do; draw the others one by one",
        )
    return kind


def _check_options(kind: str, chosen: Iterable[str]) -> None:
    """Refuse an option that the plot of a kind does not take."""
    allowed = OPTIONS.get(kind, ())
    for name in chosen:
        if name not in allowed:
            raise MunuError(
                f"the plot of a result of kind '{kind}' takes no {name}",
                f"It takes {', '.join(allowed) or 'the result alone'}",
            )
