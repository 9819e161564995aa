"""``munu coverage``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.cli.conditions import cl_option
from munu.cli.options import OneOf, experiment_argument, json_option, setup_option
from munu.cli.output import print_result
from munu.cli.progress import progress_bar


@click.command()
@experiment_argument
@setup_option
@click.option(
    "--parameter",
    type=OneOf("parameter", "munu.parameters:PARAMETERS"),
    default="Lambda_1",
    show_default=True,
    help="Modulus of a moment, the others zero.",
)
@click.option(
    "--moment",
    "moment_mu_b",
    type=float,
    multiple=True,
    metavar="MU_B",
    help="True modulus (μ_B); repeatable.  [default: seven from 0 to 1.5 times the limit]",
)
@click.option("--toys", type=int, default=1000, show_default=True, help="Toys per modulus.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the toys.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep finished toys in FILE; the same command goes on from it when interrupted.",
)
@click.option("--beam", default="full", show_default=True, metavar="[prompt|delayed|full]")
@cl_option
@json_option
def coverage(experiment: str, as_json: bool, **options: Any) -> None:
    """Print what the Δχ² threshold of a limit covers, from toy experiments.

    Beside the coverage stands the Feldman-Cousins threshold, which covers exactly, and the limit
    that follows from it. The same seed gives the same toys, interrupted or not.

    \b
    munu coverage coherent-csi --toys 2000
    munu coverage coherent-csi --parameter Lambda_3 --state toys.json --json
    """
    from munu.toy_coverage import coverage as study

    moduli = options.pop("moment_mu_b") or None
    with progress_bar("Toy experiments") as progress:
        result = study(experiment, moment_mu_b=moduli, progress=progress, **options)
    print_result(result, as_json=as_json)
