"""Functions that users call work with one thread of linear algebra, and leave the number alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import munu
from munu.base.threads import NUMBERS, on_one_thread

NUMBER = NUMBERS[0]

SCRIPT = """
import numpy, threadpoolctl
from munu.base.threads import on_one_thread

def threads():
    return [one["num_threads"] for one in threadpoolctl.threadpool_info()]

print(threads(), on_one_thread(threads)(), threads())
"""


def test_the_number_is_one_within_and_the_same_afterwards() -> None:
    """In a process of its own, whose environment asks for two."""
    environment = {**os.environ, NUMBER: "2"}
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    before, within, after = (part.strip("[]") for part in found.stdout.split("] ["))
    if before != "2":
        pytest.skip("NumPy's linear algebra is not threaded by this variable here")
    assert (within, after.strip("[]\n")) == ("1", "2")


WORKERS = """
import threadpoolctl
from munu.engine import Workers

def threads(_):
    return max(one["num_threads"] for one in threadpoolctl.threadpool_info())

if __name__ == "__main__":
    import numpy
    before = threads(0)
    with Workers(2).running(threads) as run:
        print(before, {found for _, found in run([0, 1])})
"""


def test_each_worker_has_one(tmp_path: Path) -> None:
    """As many workers as there are cores leave none for further threads."""
    script = tmp_path / "script.py"
    script.write_text(WORKERS)
    environment = {**os.environ, NUMBER: "2"}
    found = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    before, within = found.stdout.split()
    if before != "2":
        pytest.skip("NumPy's linear algebra is not threaded by this variable here")
    assert within == "{1}"


LATE = """
import os, sys
import numpy, threadpoolctl
from munu.base.threads import on_one_thread, one_thread_from_the_start

def threads():
    return {one["num_threads"] for one in threadpoolctl.threadpool_info()}

one_thread_from_the_start()
os.environ.update({name: "1" for name in sys.argv[1:]})
before = threads()
early = on_one_thread(threads)()
import scipy.linalg
print(max(before), early, on_one_thread(threads)())
"""


@pytest.mark.parametrize("said", [[], NUMBERS], ids=["nothing", "too late"])
def test_a_library_is_asked_and_not_the_environment(said: list[str]) -> None:
    """What is said after NumPy was loaded counts for nothing; SciPy brings another library."""
    found = subprocess.run(
        [sys.executable, "-c", LATE, *said],
        env={**os.environ, NUMBER: "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    before, *within = found.stdout.split()
    if before != "2":
        pytest.skip("NumPy's linear algebra is not threaded by this variable here")
    assert within == ["{1}", "{1}"]


def test_the_command_line_has_one_from_the_start(tmp_path: Path) -> None:
    """Whatever number the environment states for other programs."""
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os, sys, threadpoolctl\n"
        "ask = threadpoolctl.threadpool_info\n"
        "tell = lambda: print({one['num_threads'] for one in ask()}, file=sys.stderr)\n"
        "atexit.register(tell)\n"
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    code = "from munu.cli.main import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", code, "limit", "conus-plus"],
        env={**os.environ, NUMBER: "2", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stderr.splitlines()[-1] == "{1}"


def test_what_a_function_says_and_raises_goes_through() -> None:
    @on_one_thread
    def half(number: int) -> float:
        """Return a half."""
        return number / 2

    assert half(number=3) == 1.5
    assert half.__name__ == "half"
    with pytest.raises(munu.MunuError, match="confidence level"):
        munu.limit("conus", cl=2.0)
