"""``munu rate``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.cli.options import experiment_argument, json_option, plot_option, setup_option
from munu.cli.output import print_result


@click.command()
@experiment_argument
@setup_option
@click.option("--spectrum", is_flag=True, help="Add the spectrum in recoil energy.")
@plot_option
@json_option
def rate(
    experiment: str, setup: str | None, spectrum: bool, picture: Path | None, as_json: bool
) -> None:
    """Print expected events, species by species.

    \b
    munu rate coherent-csi
    munu rate conus --setup future --json
    munu rate texono --spectrum --plot texono.png
    """
    from munu import event_rates

    found = event_rates.rate(experiment, setup, with_spectrum=spectrum)
    if picture is not None:
        from munu.plotting.save import save
        from munu.plotting.spectrum import plot_spectrum

        save(plot_spectrum(found.spectrum or event_rates.spectrum(experiment, setup))[0], picture)
    print_result(found, as_json=as_json)
