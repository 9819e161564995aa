"""``munu scan``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.base.progress import progress_bar
from munu.cli.assumptions import assumption_options, cl_option, moment_options, profile_option
from munu.cli.completion import Completed, scanned
from munu.cli.methods import state_option, workers_options
from munu.cli.options import (
    experiments_argument,
    json_option,
    plot_option,
    setup_and_changes_options,
)
from munu.cli.output import print_and_draw


@click.command()
@moment_options
@click.option(
    "--over",
    type=Completed(scanned),
    required=True,
    metavar="NAME",
    help="mediator_mass, sterile_mass, or the path of a key in the files, as in "
    "detector.threshold, target.mass, exposure.live_time or source.baseline; of one of several "
    "experiments, conus:target.mass.",
)
@click.option("--from", "start", metavar="VALUE", help="First value, as in '0.1 MeV'.")
@click.option("--to", "end", metavar="VALUE", help="Last value.")
@click.option("--points", type=int, help="Number of values, spaced logarithmically.  [default: 60]")
@click.option("--at", multiple=True, metavar="VALUE", help="One of the values; may be repeated.")
@profile_option
@state_option
@workers_options
@cl_option
@experiments_argument
@setup_and_changes_options
@assumption_options("scan")
@plot_option("the exclusion curve")
@json_option
def scan(
    experiments: tuple[str, ...],
    at: tuple[str, ...],
    picture: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print the limit on a parameter over a mass, or over a value of the experiment.

    Each value is folded once. All intervals are given; a value that fails is marked, and done again
    where a --state goes on.

    \b
    Examples:
      munu scan coherent-csi-2021 --parameter g_b-l --over mediator_mass \\
        --from "0.1 MeV" --to "10 GeV" --points 60 --plot b-l.png
      munu scan conus --parameter Lambda_3 --over detector.threshold \\
        --from "0.1 keVee" --to "0.3 keVee" --points 5
      munu scan coherent-lar-2020 --parameter g_b-l --over mediator_mass \\
        --from "1 MeV" --to "1 GeV" --workers 4 --state scan.jsonl
    """
    from munu.analysis.scan import scan as scan_over

    with progress_bar("Values") as progress:
        found = scan_over(list(experiments), at=at or None, progress=progress, **options)
    print_and_draw(found, picture, as_json=as_json)
