"""Intervals of couplings that interfere against a dense grid, on many toy data sets.

    python benchmarks/brute_force_couplings.py [--toys 10] [EXPERIMENT ...]

The comparison is that of `tests/statistics/test_couplings.py`, with SciPy started from more
nuisances. It prints what differs and exits with the number of such data sets.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np

TEST = Path(__file__).parents[1] / "tests/statistics/test_couplings.py"
COUPLINGS = {"coherent-csi-2021": ("d e", "d mu"), "coherent-lar-2020": ("d e", "d mu")}


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("brute_force", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Compare and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--toys", type=int, default=10)
    parser.add_argument("--points", type=int, default=151)
    parser.add_argument("--starts", type=int, default=2)
    asked = parser.parse_args()
    test, wrong = _loaded(TEST), 0
    for name in asked.names or ["conus-plus", "dresden-ii", "coherent-csi-2021"]:
        data = test.data_of(name, COUPLINGS.get(name, ("u e", "d e")))
        for seed in range(asked.toys):
            model = data.drawn(seed)
            for along in np.eye(2):
                try:
                    number = test.check_line(model, along, asked.points, asked.starts)
                except AssertionError as error:
                    wrong += 1
                    print(f"{name}, seed {seed}, along {along}: {str(error)[:400]}", flush=True)
                else:
                    print(f"{name}, seed {seed}, along {along}: {number} interval(s)", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
