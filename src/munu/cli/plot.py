"""``munu plot``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.cli.options import OneOf, PictureFile, json_option
from munu.cli.output import print_json, say


@click.command()
@click.argument(
    "results", metavar="RESULT.json...", type=click.Path(path_type=Path), nargs=-1, required=True
)
@click.option(
    "--output",
    type=PictureFile(),
    metavar="FILE",
    help="Picture to write (.png, .pdf or .svg).  [default: the first result's name, as .png]",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="TEXT",
    help="Legend of each result, in their order. Repeatable.  [default: names of the data sets]",
)
@click.option(
    "--unit", metavar="MU_B", help="What one on an axis of a moment is (μ_B).  [default: 1e-10]"
)
@click.option("--log", type=OneOf("axes", "munu.plotting.look:AXES"), help="Logarithmic axes.")
@click.option(
    "--no-caption",
    is_flag=True,
    help="Leave level and assumptions to the caption, which `munu print --caption` says.",
)
@json_option
def plot(
    results: tuple[Path, ...],
    output: Path | None,
    labels: tuple[str, ...],
    unit: str | None,
    log: Any,
    no_caption: bool,
    as_json: bool,
) -> None:
    """Draw results that were saved with --json.

    Several results of one kind go into one picture: each alone, and together. A fit has its own.
    Nothing is computed again.

    \b
    Examples:
      munu region conus --profile Lambda_3 --json > conus.json
      munu region conus coherent-csi --profile Lambda_3 --json > both.json
      munu plot conus.json both.json --output regions.pdf
      munu plot conus.json both.json --label alone --label together --log xy
      munu plot conus.json --unit 1e-9 --no-caption --output figure.pdf
    """
    from munu.plotting.plot import plot as draw
    from munu.plotting.save import save
    from munu.results import read_json

    found = [read_json(path) for path in results]
    picture = draw(found, label=labels or None, unit=unit, log=log, caption=not no_caption)
    written = save(picture.figure, output or results[0].with_suffix(".png"))
    if as_json:
        print_json({"picture": str(written)})
    else:
        say(f"Written: {written}")
