"""``munu export``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from munu.base.errors import MunuError
from munu.base.files import exists
from munu.cli.assumptions import assumption_options
from munu.cli.options import (
    PARAMETERS_IN_WORDS,
    ExperimentName,
    OneOf,
    json_option,
    setup_option,
)
from munu.cli.output import print_json, say
from munu.cli.parameter_option import COUPLINGS, ParameterOption

if TYPE_CHECKING:
    from munu.analysis.likelihood import Likelihood
    from munu.results import Result

USUAL_PARAMETER: Final = "Lambda_1"


@click.command()
@click.argument(
    "experiments",
    metavar="RESULT.json|ID...",
    type=ExperimentName(),
    nargs=-1,
    required=True,
)
@click.option(
    "--format",
    "format_",
    type=OneOf("format", "munu.exporting.export:FORMATS"),
    default="csv",
    show_default=True,
    help="Of a result: its numbers row by row, the table that is printed, or a submission to "
    "HEPData. Of experiments: their likelihood as a workspace of pyhf, histograms of its "
    "components, or a document of HS3.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File to write, of HEPData a folder.  [default: printed; of HEPData the result's name "
    "with -hepdata]",
)
@click.option("--rows", is_flag=True, help="Of LaTeX: the rows alone, for a table of yours.")
@click.option("--replace", is_flag=True, help="Write over files that exist.")
@click.option(
    "--parameter",
    "parameters",
    cls=ParameterOption,
    type=OneOf("parameter", "munu.physics.interactions.registry:names"),
    multiple=True,
    metavar="NAME",
    help=f"Of experiments; moment: {PARAMETERS_IN_WORDS}; or a coupling: {COUPLINGS}.  "
    "[default: Lambda_1]",
)
@click.option(
    "--approximate",
    is_flag=True,
    help="Of pyhf: take what it holds otherwise as near as it comes; without, it is named.",
)
@setup_option
@assumption_options("likelihood")
@json_option
def export(
    experiments: tuple[Any, ...],
    format_: str,
    output: Path | None,
    rows: bool,
    approximate: bool,
    replace: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Write a result that was saved with --json, or a likelihood, for others to read.

    HEPData's submission has a table for a limit, a curve, a scan, each piece of a region, a
    spectrum, the bins of a rate or a fit and so on, with level, sides, method and assumptions as
    qualifiers.

    A workspace of pyhf has the square of one moment as its parameter of interest, and control
    regions as channels; below half of what is expected its normalisations stay linear, down to
    zero. Histograms are in the JSON of the Unified Histogram Interface, which hist reads: data,
    backgrounds, the Standard Model by recoil and species, and each moment at 1e-10 μ_B. A document
    of HS3 has every nuisance as it is, and any parameters: moments at fixed phases, couplings.

    \b
    Examples:
      munu export limit.json --format latex --rows
      munu export region.json --format hepdata --output submission
      munu export posterior.json --format csv --output samples.csv
      munu export xenonnt-sr0-er --parameter mu_eff --format pyhf
      munu export coherent-csi-2021 --format pyhf --approximate --output csi.json
      munu export coherent-csi-2021 --format uhi --output histograms.json
      munu export conus coherent-csi --parameter mu_nu_e --format hs3
    """
    from munu.exporting.export import OF_LIKELIHOODS, OF_RESULTS
    from munu.exporting.export import export as export_to

    if format_ in OF_RESULTS and not all(isinstance(one, str) for one in experiments):
        raise MunuError(
            f"--set changes the files of experiments, and format {format_} takes a saved result",
            f"Leave it out; experiments take {', '.join(OF_LIKELIHOODS)}",
        )
    if output is None and format_ == "hepdata":
        output = Path(experiments[0]).with_name(f"{Path(experiments[0]).stem}-hepdata")
    written = {"rows_alone": rows, "approximate": approximate, "replace": replace}
    subject = _subject(experiments, format_, options)
    text = export_to(subject, output, format=format_, **written)
    if as_json:
        print_json({"written": str(output)} if output else {"text": text})
    elif output is not None:
        say(f"Written: {output}")
    else:
        click.echo(text, nl=False)


def _subject(given: Sequence[Any], format_: str, options: dict[str, Any]) -> Result | Likelihood:
    """Return the saved result, or the likelihood of experiments, as the format takes them."""
    from munu.analysis.likelihood import likelihood
    from munu.exporting.export import OF_LIKELIHOODS

    if format_ in OF_LIKELIHOODS:
        _check_no_file(given, format_)
        parameters = options.pop("parameters") or (USUAL_PARAMETER,)
        return likelihood(list(given), parameters, **options)
    return _saved(given, format_, options)


def _check_no_file(given: Sequence[Any], format_: str) -> None:
    from munu.exporting.export import OF_RESULTS

    saved = [name for name in given if str(name).endswith(".json")]
    if saved:
        raise MunuError(
            f"format {format_} takes experiments, and {saved[0]} is a file of a result",
            f"Name experiments; results take {', '.join(OF_RESULTS)}",
        )


def _saved(given: Sequence[Any], format_: str, options: Mapping[str, Any]) -> Result:
    """Return the only result that is named."""
    from munu.exporting.export import OF_LIKELIHOODS
    from munu.results import read_json

    names = " ".join(map(str, given))
    if len(given) > 1 or not (names.endswith(".json") or exists(Path(names))):
        raise MunuError(
            f"format {format_} takes one result, saved with --json, not {names}",
            f"Name its file; experiments take {', '.join(OF_LIKELIHOODS)}",
        )
    _check_none(options)
    return read_json(Path(names))


def _check_none(options: Mapping[str, Any]) -> None:
    """Refuse options of a likelihood beside a result."""
    from munu.analysis.assumptions import assume
    from munu.analysis.likelihood import likelihood
    from munu.exporting.export import OF_LIKELIHOODS
    from munu.physics.assumptions import AssumptionOptions, Assumptions

    own = {"parameters", "setup"}
    assumed = cast("AssumptionOptions", {k: v for k, v in options.items() if k not in own})
    if any(options[name] for name in own) or assume(likelihood, None, assumed) != Assumptions():
        raise MunuError(
            "a result has its parameters, setup and assumptions already",
            f"Leave them out; they are of {', '.join(OF_LIKELIHOODS)}",
        )
