"""``munu cite``."""

from __future__ import annotations

import click

from munu.cli.options import ExperimentName, json_option
from munu.cli.output import print_json


@click.command()
@click.argument("results", metavar="[RESULT.json|EXPERIMENT]...", type=ExperimentName(), nargs=-1)
@json_option
def cite(results: tuple[str, ...], as_json: bool) -> None:
    """Print BibTeX for the inputs of a result.

    They are exactly those of the results and experiments named. Without arguments: munu itself and
    the paper whose analysis it follows.

    \b
    Examples:
      munu cite
      munu cite conus coherent-csi@future
      munu limit conus --json > limit.json; munu cite limit.json > refs.bib
    """
    from munu.analysis.cite import bibtex, keys_of

    keys = keys_of(results)
    if as_json:
        print_json({"references": list(keys), "bibtex": bibtex(keys)})
    else:
        click.echo(bibtex(keys), nl=False)
