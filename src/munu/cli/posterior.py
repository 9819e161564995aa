"""``munu posterior``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.base.progress import progress_bar
from munu.cli.assumptions import assumption_options
from munu.cli.completion import VALUES_OF_PARAMETERS, Completed, parameters
from munu.cli.methods import state_option
from munu.cli.options import (
    Level,
    OneOf,
    experiments_argument,
    json_option,
    plot_option,
    setup_option,
)
from munu.cli.output import draw, print_result


@click.command()
@click.option(
    "--parameter",
    "parameters",
    type=Completed(parameters),
    multiple=True,
    required=True,
    metavar="NAME",
    help="Moment, phase or coupling that has a posterior. Repeatable.",
)
@click.option(
    "--prior",
    type=VALUES_OF_PARAMETERS,
    multiple=True,
    metavar="NAME=PRIOR",
    help="flat(LOW, HIGH), log(LOW, HIGH), square(LOW, HIGH), which is flat in the square, or "
    "gaussian(MEAN, SIGMA), in the parameter's unit or with one. Repeatable.  [default: phases "
    "flat over the turn; the others have none]",
)
@click.option(
    "--cl",
    type=Level(),
    default=0.90,
    show_default=True,
    help="Probability that intervals and regions hold, as 0.9 or '90 %'.",
)
@click.option(
    "--nuisances",
    type=OneOf("treatment of the nuisances", "munu.results.posterior:NUISANCES"),
    default="marginalised",
    show_default=True,
    help="Integrated over with their priors, or minimised over.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Leave out the profiled intervals and regions, which take seconds with phases.",
)
@click.option(
    "--live-points",
    type=int,
    default=500,
    show_default=True,
    help="Of nested sampling: the error of the evidence falls as one over their root.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Reproduces the samples.")
@state_option
@click.option(
    "--samples",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the samples as CSV: weight, -2lnL, parameters, nuisances.",
)
@experiments_argument
@setup_option
@assumption_options("posterior")
@plot_option("densities and regions")
@json_option
def posterior(
    experiments: tuple[str, ...],
    alone: bool,
    samples: Path | None,
    picture: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print the posterior of parameters: evidence and credible intervals.

    By nested sampling, the nuisances integrated over. Beside the credible intervals stand those by
    Δχ², which know no priors. Needs dynesty: pip install 'munu[posterior]'.

    \b
    Examples:
      munu posterior conus-plus --parameter mu_nu_e \\
        --prior "mu_nu_e=square(0, 3e-9)"
      munu posterior coherent-csi-2021 --parameter Lambda_1 --parameter Lambda_2 \\
        --parameter xi_1 --prior "Lambda_1=flat(0, 8e-9 mu_B)" \\
        --prior "Lambda_2=flat(0, 8e-9 mu_B)" --samples samples.csv \\
        --plot corner.png
      munu posterior conus-plus --parameter sin2_theta_w \\
        --prior "sin2_theta_w=gaussian(0.2387, 0.05)" --state rounds.jsonl --json
    """
    from munu.analysis.posterior import posterior as posterior_of
    from munu.base.files import check_folder_of, write_text_atomically

    if samples is not None:
        check_folder_of(samples)
    with progress_bar("Samples") as progress:
        found = posterior_of(list(experiments), profiled=not alone, progress=progress, **options)
    print_result(found, as_json=as_json)
    if samples is not None:
        write_text_atomically(samples, found.to_csv())
    if picture is not None:
        draw(found, picture)
