"""One entrance to the plots: the result says which one it wants."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from munu.base.errors import MunuError, shown
from munu.results.core.base import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLOTS: Final = {
    "region": "munu.plotting.regions:plot_region",
    "envelope": "munu.plotting.envelopes:plot_envelope",
    "profile": "munu.plotting.profiles:plot_limit_profile",
    "rate": "munu.plotting.spectrum:plot_rate",
    "spectrum": "munu.plotting.spectrum:plot_spectrum",
    "fit": "munu.plotting.data:plot_fit",
    "weak-angle": "munu.plotting.weak_angle:plot_weak_angle",
    "coverage": "munu.plotting.coverage:plot_coverage",
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
SEVERAL: Final = ("region", "profile")
"""Kinds of which several are drawn into one plot."""


def plot(*results: Result | Sequence[Result]) -> tuple[Figure, Any]:
    """Draw a result, or several regions or profiles in one plot.

    Parameters
    ----------
    *results : Result, or a sequence of results
        One, or several of one kind: what `munu.region`, `munu.profile`, `munu.spectrum`, ...
        return; a rate that holds its spectrum, a fit of one experiment.

    Returns
    -------
    figure, axes
        Of Matplotlib: change what you like, then ``figure.savefig("picture.pdf")``.

    Raises
    ------
    MunuError
        For what is not a result or has no plot, and for several results that do not go together.

    Examples
    --------
    >>> curve = munu.profile("conus", "Lambda_3", moment_mu_b=[0.0, 2e-10, 4e-10])
    >>> figure, axes = munu.plot(curve)
    >>> print(*(f"{x:g}" for x in axes.get_lines()[0].get_xdata()), "1e-10 mu_B")
    0 2 4 1e-10 mu_B
    """
    given = [one for argument in results for one in _listed(argument)]
    kinds = {one.kind_of_result for one in given}
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
    if len(given) > 1 and kind not in SEVERAL:
        raise MunuError(
            f"several results of kind '{kind}' do not go into one plot",
            f"Several of {' or '.join(SEVERAL)} do; draw the others one by one",
        )
    module, _, name = PLOTS[kind].partition(":")
    picture: tuple[Figure, Any] = getattr(import_module(module), name)(
        given if kind in SEVERAL else given[0]
    )
    return picture


def _listed(given: object) -> list[Result]:
    """Return one result or several as a list."""
    results = [given] if isinstance(given, Result) else given
    if not isinstance(results, Sequence) or not all(isinstance(one, Result) for one in results):
        raise MunuError(
            f"{shown(given)} is not a result",
            "Give what munu.region, munu.profile, munu.spectrum, ... return, or a list of them",
        )
    return list(results)
