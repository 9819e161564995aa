"""``munu explore``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.base.progress import progress_bar
from munu.cli.completion import Completed, mixings
from munu.cli.options import ExperimentName, json_option, setup_option
from munu.cli.output import print_json, say


@click.command()
@click.argument("experiments", type=ExperimentName(), nargs=-1)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="The page to write; an existing one is replaced.",
)
@click.option(
    "--mixing",
    type=Completed(mixings),
    metavar="NAME",
    help="Global fit, as in nufit60-no.  [default: that of the experiments' files; of the "
    "catalogue, whose files differ, desalas2018-no]",
)
@setup_option
@json_option
def explore(
    experiments: tuple[str, ...],
    output: Path,
    mixing: str | None,
    setup: str | None,
    as_json: bool,
) -> None:
    """Write a page that shows limits, regions and spectra while sliders move.

    It is one file that opens in any browser, without a network: the experiments are folded into it,
    by default those of the catalogue.

    \b
    Examples:
      munu explore --output page.html
      munu explore conus conus@future my.toml --output page.html
    """
    from munu.explorer.explore import explore as write

    with progress_bar("Experiments") as progress:
        written = write(
            list(experiments) or None,
            output=output,
            setup=setup,
            mixing=mixing,
            progress=progress,
        )
    if as_json:
        print_json({"written": str(written)})
    else:
        say(f"Written: {written}. Open it in a browser")
