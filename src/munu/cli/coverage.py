"""``munu coverage``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.base.progress import progress_bar
from munu.cli.assumptions import assumption_options, cl_option, others_option, profile_option
from munu.cli.completion import Completed, parameters
from munu.cli.methods import state_option, workers_options
from munu.cli.options import (
    PARAMETERS_IN_WORDS,
    OneOf,
    experiments_argument,
    json_option,
    plot_option,
    setup_option,
)
from munu.cli.output import print_and_draw


@click.command()
@experiments_argument
@setup_option
@others_option
@click.option(
    "--parameter",
    type=OneOf("parameter", "munu.physics.interactions.registry:names"),
    metavar="NAME",
    help=f"Moment: {PARAMETERS_IN_WORDS}; or a coupling.  [default: Lambda_1]",
)
@click.option(
    "--moment",
    "moment_mu_b",
    type=float,
    multiple=True,
    metavar="MU_B",
    help="True moment (μ_B); repeatable.  [default: seven from 0 to 1.5 times the limit]",
)
@click.option(
    "--plane",
    type=Completed(parameters, separator=","),
    metavar="X,Y",
    help="Two parameters in place of one: coverage of the region that `munu region` prints.",
)
@click.option(
    "--at",
    multiple=True,
    metavar="VALUE",
    help="True value of a coupling, in the unit of its limit or with one, or of a plane X,Y; "
    "repeatable.",
)
@profile_option
@click.option(
    "--toys", type=int, default=1000, show_default=True, help="Toy experiments per true moment."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the toys.")
@state_option
@click.option(
    "--part",
    metavar="K/N",
    help="Draw part K of N of the toys, for one of N machines; `munu merge` joins their states.",
)
@workers_options
@cl_option
@assumption_options("coverage")
@plot_option("coverage and thresholds")
@json_option
def coverage(
    experiments: tuple[str, ...], picture: Path | None, as_json: bool, **options: Any
) -> None:
    """Test by toy experiments what a limit covers.

    For each true moment, coupling or point of a plane: how often the interval or region of a toy
    experiment contains it. Beside it stands the Feldman-Cousins threshold, which covers exactly,
    and the limit that follows from it. Several experiments are combined; other moments that are
    profiled are, in the toys, those that the data ask for. The same seed gives the same toys,
    interrupted or not.

    \b
    Examples:
      munu coverage coherent-csi --toys 2000 --plot coverage.png
      munu coverage coherent-csi --parameter Lambda_3 --state toys.jsonl --json
      munu coverage coherent-csi-2017 --parameter epsilon_u_ee --toys 200
      munu coverage coherent-csi-2021 --toys 10000 --workers 8 --state toys.jsonl
      munu coverage coherent-csi-2021 --toys 10000 --part 2/4 --state part-2.jsonl
      munu coverage coherent-csi-2021 --toys 10000 --scheduler tcp://login1:8786
      munu coverage dresden-ii coherent-csi-2021 --others profiled --toys 500
      munu coverage coherent-csi-2021 --plane mu_nu_e,mu_nu_mu --at 0,1e-9
    """
    from munu.analysis.coverage import PARAMETER
    from munu.analysis.coverage import coverage as study

    moduli, texts = (options.pop(name) or None for name in ("moment_mu_b", "at"))
    at = texts and [
        _point(text, options["plane"], options["parameter"] or PARAMETER) for text in texts
    ]
    with progress_bar("Toy experiments") as progress:
        result = study(list(experiments), moment_mu_b=moduli, at=at, progress=progress, **options)
    print_and_draw(result, picture, as_json=as_json)


def _point(text: str, plane: str | None, name: str) -> float | tuple[float, ...]:
    """Return a value, or the two of a point of a plane, each with a unit or without."""
    from munu.base.errors import MunuError

    names, texts = (name if plane is None else plane).split(","), text.split(",")
    try:
        pairs = zip(names, texts, strict=True)
        numbers = tuple(_number(*pair) for pair in pairs)
    except MunuError:
        raise
    except ValueError:
        numbers = ()
    if len(numbers) != (1 if plane is None else 2):
        form = "a number" if plane is None else "two numbers X,Y, those of a point of the plane"
        raise MunuError(f"--at {text} is not {form}", "Write it as in --at 0.1, or --at 0,1e-9")
    return numbers[0] if plane is None else numbers


def _number(name: str, text: str) -> float:
    """Return a value in its parameter's unit; raises `ValueError` if there is no number."""
    from munu.physics.interactions.registry import named, read_value

    try:
        return float(text)
    except ValueError:
        if not any(map(str.isdigit, text)):
            raise
    return read_value(named(name.strip()), text)
