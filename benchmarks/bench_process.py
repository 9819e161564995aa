"""Whole tables and cold processes: time and peak memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

MUNU = str(Path(sys.executable).with_name("munu"))


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def test_table_2_in_one_process(measure):
    """All folds anew; the floor is NumPy's time for the products of the Legendre series."""
    from munu.folding.folded import _counts, _kept
    from munu.reproduction.reproduce import reproduce

    def call() -> None:
        _kept.cache_clear()
        _counts.cache_clear()
        reproduce("table2")

    piece = np.ones(20_000)
    measure(call, lambda: [piece * piece for _ in range(500)], aim="0.5 s", rounds=3)


def test_cold_munu_reproduce_table2(measure):
    measure(
        lambda: run(MUNU, "reproduce", "table2"),
        lambda: run(sys.executable, "-c", "import numpy"),
        aim="1.5 s",
        rounds=5,
    )


@pytest.mark.parametrize("name", ["conus", "coherent-csi-2021"])
def test_cold_munu_limit(name, measure):
    """The time from call to answer: threads of NumPy's linear algebra start beside the floor's."""
    measure(
        lambda: run(MUNU, "limit", name),
        lambda: run(sys.executable, "-c", "import numpy"),
        aim="-",
        rounds=7,
    )


def test_import_munu(measure):
    measure(
        lambda: run(sys.executable, "-c", "import munu"),
        lambda: run(sys.executable, "-c", "pass"),
        aim="0.3 s",
        rounds=5,
    )


@pytest.mark.parametrize(("workers", "aim"), [(1, "-"), (2, "6 s")], ids=["alone", "two workers"])
def test_reproduce_all(workers, aim, measure, tmp_path):
    measure(
        lambda: run(MUNU, "reproduce", "all", f"--workers={workers}", f"--output={tmp_path}"),
        lambda: run(sys.executable, "-c", "import matplotlib.pyplot"),
        aim=aim,
        rounds=1,
    )


@pytest.mark.parametrize(("workers", "aim"), [(1, "-"), (2, "4 s")], ids=["alone", "two workers"])
def test_reproduce_today(workers, aim, measure):
    measure(
        lambda: run(MUNU, "reproduce", "today", f"--workers={workers}"),
        lambda: run(sys.executable, "-c", "import scipy.optimize"),
        aim=aim,
        rounds=1,
    )


def peak_memory_mb(*command: str) -> float:
    """Return the peak resident memory (MB) of one child process."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
        "stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, *command], check=True, capture_output=True, text=True
    )
    unit = 1024 if sys.platform.startswith("linux") else 1024**2
    return int(found.stdout) / unit


def test_peak_memory_of_the_cold_process(add_row):
    """Not a time: megabytes, with those of NumPy alone as the floor."""
    peak = peak_memory_mb(MUNU, "reproduce", "table2")
    floor = peak_memory_mb(sys.executable, "-c", "import numpy")
    cells = (f"{peak:.0f} MB", f"{floor:.0f} MB", f"{peak / floor:.2g}", "200 MB")
    add_row("peak memory of the cold process", *cells)
