r"""Table II of arXiv:1905.03750, and the full-beam limits of its text, cell by cell.

Computed in the ``published`` convention, projections with σ_sys = 0: Eq. (34) as printed, with
σ_sys = 0.2 (current setups) or 0.1 (future ones), gives limits 1.4 to 17 times weaker.
"""

from __future__ import annotations

from dataclasses import replace

from munu.analysis.goodness import observes
from munu.analysis.model import interval, moment_model
from munu.analysis.origin import make_origin
from munu.base.thresholds import delta_chi2
from munu.experiments.model import MomentBound
from munu.folding.folded import Folded, fold_experiment
from munu.physics.assumptions import Assumptions, Convention
from munu.physics.mixing import paper_mixing
from munu.reproduction import published
from munu.results.paper.table2 import Table2Result, Table2Row
from munu.statistics.specification import Projection


def compute() -> Table2Result:
    """Fold every experiment of Table II once and return all cells."""
    printed = published.limits()
    names = dict.fromkeys((row.experiment, row.setup) for row in printed)
    folded = {name: fold_experiment(*name) for name in names}
    return Table2Result(
        rows=tuple(
            row for cells in printed for row in _rows(cells, folded[cells.experiment, cells.setup])
        ),
        cl=published.confidence_level(),
        delta_chi2=delta_chi2(published.confidence_level(), 1),
        mixing=paper_mixing().name,
        delta_cp=0.0,
        others="zero",
        origin=make_origin([one.experiment for one in folded.values()], paper_mixing()),
    )


def _assumptions(folded: Folded, beam: str) -> Assumptions:
    """Return what the printed numbers follow from; Borexino's one mixed state is per species."""
    projected = isinstance(folded.experiment.statistic, Projection)
    bound = isinstance(folded.experiment, MomentBound)
    return Assumptions(
        mixing=paper_mixing(),
        beam=beam,
        convention="per-species" if bound else "published",
        sigma_sys=0.0 if projected else None,
    )


def _limits(folded: Folded, assumptions: Assumptions, convention: Convention) -> list[float]:
    model = moment_model(folded, replace(assumptions, convention=convention))
    cl = published.confidence_level()
    return [interval(model, name, assumptions, cl=cl).upper_mu_b for name in published.PARAMETERS]


def _rows(cells: published.PrintedLimits, folded: Folded) -> list[Table2Row]:
    assumptions = _assumptions(folded, cells.beam)
    ours = _limits(folded, assumptions, assumptions.convention)
    expected = _expected(folded, assumptions)
    per_species = _limits(folded, assumptions, "per-species")
    flux = _implied_flux_ratios(cells, folded, assumptions)
    return [
        Table2Row(
            group=cells.group,
            label=cells.label,
            experiment=cells.experiment,
            setup=cells.setup,
            beam=cells.beam,
            parameter=parameter,
            limit_mu_b=limit,
            published_mu_b=printed.value,
            published_half_width_mu_b=printed.half_width,
            published_text=printed.text,
            ratio=limit / printed.value,
            per_species_limit_mu_b=consistent,
            implied_flux_ratio=ratio,
            convention=assumptions.convention,
            sigma_sys=assumptions.sigma_sys,
            note=" ".join(folded.experiment.identity.notes),
            expected_limit_mu_b=sensitivity,
            has_expected=observes([folded]),
        )
        for parameter, limit, printed, consistent, ratio, sensitivity in zip(
            published.PARAMETERS, ours, cells.limits, per_species, flux, expected, strict=True
        )
    ]


def _expected(folded: Folded, assumptions: Assumptions) -> list[float]:
    """Return limits with data as the Standard Model predicts; infinite where there are no data."""
    if not observes([folded]):
        return [float("inf")] * len(published.PARAMETERS)
    return _limits(folded, replace(assumptions, asimov=True), assumptions.convention)


def _implied_flux_ratios(
    cells: published.PrintedLimits, folded: Folded, assumptions: Assumptions
) -> list[float | None]:
    r"""Return by how much our flux must be multiplied for our limits to be the printed ones.

    With σ_sys = 0, Eq. (34) at flux f is
    :math:`(f D L^2)^2 = \Delta\chi^2(1+\sigma_{stat})(f N_{SM} + f D L^2)`, D the dipole events per
    μ_B² and L the limit, so

    .. math:: f = \Delta\chi^2(1+\sigma_{stat})\frac{N_{SM} + D L^2}{(D L^2)^2} ,

    close to (L_printed/L_ours)⁻⁴ as long as the moment adds little to N_SM. None for other
    statistics.
    """
    statistic = folded.experiment.statistic
    if not isinstance(statistic, Projection):
        return [None] * len(cells.limits)
    model = moment_model(folded, assumptions)
    threshold = delta_chi2(published.confidence_level(), 1) * (1 + statistic.sigma_stat)
    ratios: list[float | None] = []
    for index, printed in enumerate(cells.limits):
        excess = float(model.w[:, index, index].real.sum()) * printed.value**2
        ratios.append(threshold * (float(model.sm.sum()) + excess) / excess**2)
    return ratios
