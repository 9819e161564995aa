"""``munu plot``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.cli.options import PictureFile, json_option
from munu.cli.output import print_json, say


@click.command()
@click.argument("results", metavar="RESULT.json...", type=Path, nargs=-1, required=True)
@click.option(
    "--output",
    type=PictureFile(),
    metavar="FILE",
    help="Picture to write (.png, .pdf or .svg).  [default: the first result's name, as .png]",
)
@json_option
def plot(results: tuple[Path, ...], output: Path | None, as_json: bool) -> None:
    """Draw results that were saved with --json.

    Several regions, or several profiles, go into one picture. Nothing is computed again.

    \b
    Examples:
      munu region conus --profile Lambda_3 --json > conus.json
      munu region conus coherent-csi --profile Lambda_3 --json > both.json
      munu plot conus.json both.json --output regions.pdf
    """
    from munu.plotting.plot import plot as draw
    from munu.plotting.save import save
    from munu.results import read_json

    figure, _ = draw([read_json(path) for path in results])
    written = save(figure, output or results[0].with_suffix(".png"))
    if as_json:
        print_json({"picture": str(written)})
    else:
        say(f"Written: {written}")
