"""Table I of arXiv:1905.03750: the setups as the experiment files have them, and as printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from munu.analysis.origin import make_origin
from munu.base.constants import SECONDS_PER_DAY
from munu.base.units import parse_quantity
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.reproduction import published
from munu.results.paper.table1 import Table1Result, Table1Row
from munu.sources.reactor import ReactorSource
from munu.sources.spallation import SpallationSource


def compute() -> Table1Result:
    """Load every setup of Table I and return it beside the printed values."""
    experiments = []
    rows: list[Table1Row] = []
    for printed in published.setups():
        for setup in published.SETUPS:
            experiment = load(printed["experiment"], setup)
            assert isinstance(experiment, CountingExperiment)
            experiments.append(experiment)
            rows += _rows(printed, experiment)
    return Table1Result(rows=tuple(rows), origin=make_origin(experiments))


def _rows(printed: Mapping[str, Any], experiment: CountingExperiment) -> Iterator[Table1Row]:
    setup = experiment.identity.setup
    for quantity, value, text, agrees in (
        _mass(experiment, printed["mass"][setup]),
        _threshold(experiment, printed["threshold"][setup]),
        _efficiency(experiment, printed["efficiency"][setup]),
        _live_time(experiment, printed["live_time"][setup]),
        _baseline(experiment, printed["baseline"]),
    ):
        yield Table1Row(
            experiment=experiment.identity.id,
            label=printed["label"],
            setup=setup,
            quantity=quantity,
            value=value,
            published=text,
            agrees=agrees,
        )


Comparison = tuple[str, str, str, bool]


def _same(value: float, text: str, dimension: str) -> bool:
    return isclose(value, parse_quantity(text, dimension), rel_tol=1e-9)


def _mass(experiment: CountingExperiment, text: str) -> Comparison:
    mass = experiment.mass_kg
    return "mass", f"{mass:g} kg", text, _same(mass, text, "mass")


def _threshold(experiment: CountingExperiment, text: str) -> Comparison:
    detector = experiment.detector
    if detector.recoil_threshold_kev > 0:
        threshold, unit = detector.recoil_threshold_kev, "keV"
    else:
        threshold, unit = float(detector.bin_edges[0]), detector.unit
    return "threshold", f"{threshold:g} {unit}", text, _same(threshold, text, "recoil energy")


def _efficiency(experiment: CountingExperiment, text: str) -> Comparison:
    efficiency = experiment.detector.efficiency.describe()
    if text.startswith("Eq."):
        sources = [entry.source for entry in experiment.identity.provenance]
        agrees = any(text.removeprefix("Eq. ") in source for source in sources)
        return "efficiency", text if agrees else efficiency, text, agrees
    agrees = efficiency.replace(" ", "") == f"flat{text}"
    return "efficiency", efficiency.removeprefix("flat "), text, agrees


def _live_time(experiment: CountingExperiment, text: str) -> Comparison:
    days = experiment.live_time_s / SECONDS_PER_DAY
    return "live time", f"{days:g} d", text, _same(experiment.live_time_s, text, "time")


def _baseline(experiment: CountingExperiment, text: str) -> Comparison:
    source = experiment.source
    assert isinstance(source, SpallationSource | ReactorSource)
    return "baseline", f"{source.baseline_m:g} m", text, _same(source.baseline_m, text, "length")
