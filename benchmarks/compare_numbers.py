"""Store every number that munu says of its catalogue, and compare two such stores.

Run it with two versions of the package, then compare:

    python benchmarks/compare_numbers.py store old.json
    python benchmarks/compare_numbers.py store new.json
    python benchmarks/compare_numbers.py compare old.json new.json
    python benchmarks/compare_numbers.py table old.json new.json --least 0.005

It asks the public functions alone, so that it outlives what stands behind them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import munu

PARAMETERS = (
    *(f"Lambda_{name}" for name in ("1", "2", "3", "e", "mu", "tau")),
    *(f"mu_nu_{name}" for name in ("e", "mu", "tau")),
    "mu_eff",
)
PLANES = ("Lambda_1,Lambda_2", "Lambda_1,Lambda_3", "Lambda_2,Lambda_3", "mu_nu_e,mu_nu_mu")
TARGETS = ("table1", "table2", *(f"fig{n}" for n in range(1, 9)), "data", "today", "floor")
COMBINATIONS = (
    ("coherent-csi-2021", "coherent-lar-2020"),
    ("dresden-ii", "conus-plus"),
    ("conus", "coherent-csi"),
    ("xenonnt-sr0-er", "borexino-phase-ii"),
)
UNCOMPARED = ("version", "inputs_hash", "references", "notes", "format", "failures", "labels")
"""What is not a number of the physics."""
SOFT = (
    "best_fit",
    "phases",
    "blind_direction",
    "weakest_direction",
    "moment_mu_b",
    "angle",
    "pull",
)
"""Positions of flat minima, and axes: compared as numbers are, to a wider tolerance."""
COUNTS = ("events", "per_kg", "per_bin", "rate")
_ROUNDING = {"chi2_min": 1e-9, "standard": 1e-9, "blind_di": 1e-12}
"""Sizes below which a key that begins so is the rounding of zero."""
TOLERANCES = {"counts": 1e-12, "limits": 1e-10, "soft": 1e-5, "vertices": 1e-7}


def questions() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each question's name and what answers it."""
    for name in munu.catalogue():
        for setup in munu.setups(name):
            yield from _of_one(f"{name}@{setup}")
    for names in COMBINATIONS:
        label = "+".join(names)
        for parameter in PARAMETERS:
            for others in ("zero", "profiled"):
                yield (
                    f"limit {label} {parameter} {others}",
                    lambda p=parameter, o=others, n=names: munu.limit(list(n), p, others=o),
                )
        yield f"region {label}", lambda n=names: munu.region(list(n), "Lambda_1,Lambda_2")
    for target in TARGETS:
        yield f"reproduce {target}", lambda t=target: munu.reproduce(t)


def _of_one(name: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield f"rate {name}", lambda: munu.rate(name)
    for parameter in PARAMETERS:
        for others in ("zero", "profiled"):
            yield (
                f"limit {name} {parameter} {others}",
                lambda p=parameter, o=others: munu.limit(name, p, others=o),
            )
        yield (
            f"limit {name} {parameter} expected",
            lambda p=parameter: munu.limit(name, p, expected=True),
        )
    for plane in PLANES:
        yield f"region {name} {plane}", lambda p=plane: munu.region(name, p)
    yield f"fit {name}", lambda: munu.fit(name)
    yield f"weak-angle {name}", lambda: munu.weak_angle(name)


def store(path: Path, only: str) -> None:
    """Write the numbers of every question, or the reason for which it has no answer."""
    answers: dict[str, Any] = {}
    begun = time.monotonic()
    for name, answer in questions():
        if only in name:
            try:
                result = answer()
            except munu.MunuError as error:
                answers[name] = {"refused": str(error)}
                continue
            answers[name] = dict(flat(result.to_dict()))
    path.write_text(json.dumps(answers, indent=0), encoding="utf-8")
    print(f"{len(answers)} answers in {time.monotonic() - begun:.0f} s: {path}")


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a JSON object with their paths."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in UNCOMPARED:
                yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(item, f"{path}[{index}]")
    else:
        yield path, value


def tolerance(path: str) -> float:
    """Return by how much, relatively, a number at a path may differ."""
    if any(
        word in path for word in ("polygons", "corners", "outlines", "outer_mu_b", "inner_mu_b")
    ):
        return TOLERANCES["vertices"]
    if any(word in path for word in SOFT):
        return TOLERANCES["soft"]
    if any(word in path.rpartition(".")[2] for word in COUNTS):
        return TOLERANCES["counts"]
    return TOLERANCES["limits"]


def moved(old: Any, new: Any, path: str) -> float | None:
    """Return the relative difference of two leaves, None if it is within the tolerance."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        if old == new or max(abs(old), abs(new)) < _ROUNDING.get(path.rpartition(".")[2][:8], 0.0):
            return None
        difference = abs(new - old) / max(abs(old), abs(new))
        return None if difference <= tolerance(path) else difference
    return None if old == new else math.inf


def compare(old_path: Path, new_path: Path, least: float) -> int:
    """Print what moved; return the number of questions whose answers differ."""
    old, new = (json.loads(p.read_text(encoding="utf-8")) for p in (old_path, new_path))
    differing = 0
    for name in [*old, *(n for n in new if n not in old)]:
        if name not in old or name not in new:
            print(f"{name}: only in {'new' if name in new else 'old'}")
            differing += 1
            continue
        before, after = old[name], new[name]
        rows = []
        for path in before:
            if path in after:
                size = moved(before[path], after[path], path)
                if size is not None and size >= least:
                    rows.append((size, path))
        missing = [path for path in before if path not in after]
        if rows or missing:
            differing += 1
            worst = sorted(rows, reverse=True)[:4]
            text = "; ".join(f"{p}: {before[p]} -> {after[p]}" for _, p in worst)
            gone = f"; gone: {', '.join(missing[:4])} ({len(missing)})" if missing else ""
            print(f"{name}: {len(rows)} moved, most {text}{gone}")
    print(f"{differing} of {len(old)} answers differ")
    return differing


def table(old_path: Path, new_path: Path, least: float) -> None:
    """Print the limits (1e-10 mu_B) that moved, one data set a row, as Markdown."""
    old, new = (json.loads(p.read_text(encoding="utf-8")) for p in (old_path, new_path))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for name, before in old.items():
        question, _, rest = name.partition(" ")
        if question != "limit" or name not in new:
            continue
        label, parameter, treatment = rest.rsplit(" ", 2)
        ends = before.get("limit_mu_b"), new[name].get("limit_mu_b")
        if moved(*ends, "limit_mu_b") is None or (None not in ends and _change(*ends) < least):
            continue
        text = " → ".join("∞" if end is None else f"{end / 1e-10:.4g}" for end in ends)
        rows.setdefault((label, treatment), {})[parameter] = text
    print("| data | others | " + " | ".join(PARAMETERS) + " |")
    print("|---|---|" + "---|" * len(PARAMETERS))
    for (label, treatment), cells in rows.items():
        known = " | ".join(cells.get(parameter, "") for parameter in PARAMETERS)
        print(f"| {label.replace('@current', '')} | {treatment} | {known} |")


def _change(before: float, after: float) -> float:
    return abs(after - before) / before


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    storing = commands.add_parser("store", help="write every number to a file")
    storing.add_argument("file", type=Path)
    storing.add_argument("--only", default="", help="only questions whose name holds this text")
    comparing = commands.add_parser("compare", help="print what differs; exit 1 if anything does")
    tabulating = commands.add_parser("table", help="print the limits that moved as Markdown")
    for one in (comparing, tabulating):
        one.add_argument("old", type=Path)
        one.add_argument("new", type=Path)
        one.add_argument("--least", type=float, default=0.0, help="smallest relative change told")
    options = parser.parse_args()
    if options.command == "store":
        store(options.file, options.only)
    elif options.command == "table":
        table(options.old, options.new, options.least)
    else:
        sys.exit(1 if compare(options.old, options.new, options.least) else 0)


if __name__ == "__main__":
    main()
