"""Measure a function beside its floor, and print the table of `benchmarks/README.md`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

ROWS = pytest.StashKey[list[str]]()


@pytest.fixture
def add_row(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return a function that adds a row of other units to the table."""
    rows = request.config.stash.setdefault(ROWS, [])
    return lambda *cells: rows.append(f"| {' | '.join(cells)} |")


@pytest.fixture
def measure(benchmark: Any) -> Callable[..., None]:
    """Return a function that benchmarks ``call`` and its floor in the same run.

    The floor is the same number of elementary operations in plain NumPy, or the process that any
    such program must start.
    """

    def run(
        call: Callable[[], Any], floor: Callable[[], Any], *, aim: str, rounds: int = 9
    ) -> None:
        call()
        benchmark.pedantic(call, rounds=rounds, iterations=1, warmup_rounds=1)
        best = min(_elapsed(floor) for _ in range(max(rounds, 5)))
        benchmark.extra_info |= {"floor_s": best, "aim": aim}

    return run


def _elapsed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _readable(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print one Markdown row per measurement: best time, floor, ratio, aim."""
    session = getattr(config, "_benchmarksession", None)
    rows = [b for b in getattr(session, "benchmarks", []) if "floor_s" in b.extra_info]
    if not rows and not config.stash.get(ROWS, []):
        return
    terminalreporter.section("against the floors")
    terminalreporter.write_line("| what | best | floor | ratio | aim |\n|---|---:|---:|---:|---:|")
    for row in rows:
        best, floor = row.stats.min, row.extra_info["floor_s"]
        aim = row.extra_info["aim"]
        name = row.name.removeprefix("test_").replace("_", " ")
        cells = (name, _readable(best), _readable(floor), f"{best / floor:.3g}", aim)
        terminalreporter.write_line(f"| {' | '.join(cells)} |")
    for line in config.stash.get(ROWS, []):
        terminalreporter.write_line(line)
