"""Workers, states and their merging on the command line, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from munu.base.progress import Rate

COMMAND = [sys.executable, "-c", "from munu.cli.main import main; main()"]
COVERAGE = ("coverage", "coherent-csi", "--moment", "0", "--moment", "2e-9", "--toys", "350")

FELDMAN = ("--method", "feldman-cousins", "--precision")


def run(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def good(*arguments):
    found = run(*arguments)
    assert (found.returncode, found.stderr) == (0, "")
    return found.stdout


def refused(*arguments, **options):
    found = run(*arguments, **options)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    return found.stderr


@pytest.mark.parametrize(
    "question",
    [
        COVERAGE,
        ("coverage", "conus-plus", "--parameter", "epsilon_u_ee", "--at", "0", "--toys", "60"),
        ("limit", "coherent-csi", "--method", "feldman-cousins", "--precision", "0.2"),
        ("limit", "conus-plus", "--parameter", "millicharge_ee", *FELDMAN, "0.3"),
        ("limit", "coherent-csi", "--bands", "150"),
        ("profile", "coherent-csi", "--bands", "150"),
        ("region", "coherent-csi", "--plane", "mu_nu_e,mu_nu_mu", *FELDMAN, "0.3"),
        ("fit", "coherent-csi-2017", "--toys", "150"),
        ("scan", "conus", "--over", "target.mass", "--at", "1 kg", "--at", "4 kg"),
    ],
    ids=lambda question: " ".join(question[:4:2]),
)
def test_two_workers_print_what_one_does(question):
    two, one = good(*question, "--workers", "2", "--json"), good(*question, "--json")
    assert '"workers": 2' in two
    assert two.replace('"workers": 2', '"workers": 1') == one


def test_parts_are_merged(tmp_path):
    parts = [tmp_path / f"part-{k}.jsonl" for k in (1, 2)]
    for k, path in enumerate(parts, 1):
        good(*COVERAGE, "--part", f"{k}/2", "--state", path)
    target = tmp_path / "toys.jsonl"
    assert json.loads(good("merge", target, *parts, "--json"))["toys"] == [400, 400]
    assert good(*COVERAGE, "--state", target, "--json") == good(*COVERAGE, "--json")
    assert re.search(r"2.000e-09 +2 +400 +0", good("merge", target, target))
    parts[0].write_text(parts[0].read_text().replace('"block": 0', '"block": 4'))
    assert "line 2: the line is damaged. Remove that line" in refused("merge", target, *parts)


@pytest.mark.parametrize(
    "limit",
    [
        ("limit", "coherent-csi", *FELDMAN, "0.1"),
        ("limit", "conus-plus", "--parameter", "millicharge_ee", *FELDMAN, "0.3"),
        ("region", "coherent-csi", "--plane", "mu_nu_e,mu_nu_mu", *FELDMAN, "0.3"),
    ],
    ids=["moment", "coupling", "plane"],
)
def test_what_feldman_and_cousins_construct_goes_on_from_its_state(tmp_path, limit):
    path = tmp_path / "toys.jsonl"
    whole = good(*limit, "--state", path, "--json")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]) + lines[-1][:50])
    assert good(*limit, "--state", path, "--json") == whole
    assert sorted(path.read_text().splitlines(keepends=True)) == sorted(lines)
    assert "belongs to another study" in refused(*limit, "--seed", "2", "--state", path)


def test_what_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
        assert "does not answer within 5 s" in refused(*COVERAGE, "--scheduler", silent)
    assert "workers = 0" in refused(*COVERAGE, "--workers", "0")
    assert "is not an address" in refused(*COVERAGE, "--scheduler", "login1")
    assert "bands has none" in refused("limit", "conus", "--workers", "2")
    assert "state keeps the toys" in refused("limit", "conus", "--state", tmp_path / "s")
    assert "asymptotic region has none" in refused("region", "conus", "--workers", "2")
    assert "state keeps the toys" in refused("region", "conus", "--state", tmp_path / "s")
    assert "there is no state" in refused("merge", tmp_path / "out", tmp_path / "none")


def test_without_dask_the_line_that_installs_it_is_said():
    hidden = "import sys; sys.modules['distributed'] = None; from munu.cli.main import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", hidden, *COVERAGE, "--scheduler", "tcp://127.0.0.1:1"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.endswith("which is not installed. pip install 'munu[dask]'\n")


def test_a_rate_is_of_what_is_done_since_the_first_call():
    rate = Rate()
    assert rate.text(9000, 0.0) == rate.text(9000, 1.0) == ""
    assert rate.text(9500, 2.0) == "250/s"
    assert rate.text(9510, 1020.0) == "0.5/s"


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_terminal_shows_rate_and_time_left():
    terminal, end = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, *COVERAGE, "--workers", "2"],
        stdout=subprocess.DEVNULL,
        stderr=end,
        env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
    )
    os.close(end)
    shown = b""
    try:
        while chunk := os.read(terminal, 4096):
            shown += chunk
    except OSError:  # Linux says so at the end of a terminal.
        pass
    assert process.wait(timeout=60) == 0
    assert re.search(rb"700/700.*\d/s.*0:00:0", shown)


def studying(state, workers):
    """A long study as a process that leads a group, with a few pieces done."""
    process = subprocess.Popen(
        [*COMMAND, *COVERAGE[:-1], "400000", "--workers", workers, "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 50
    while not (state.exists() and state.read_bytes().count(b"\n") > 4):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("to", [os.killpg, os.kill], ids=["all", "one"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_at_once_and_says_what_is_kept(tmp_path, number, code, to, workers):
    """As a terminal or a cluster sends it, to all processes, or to the one that asks."""
    state = tmp_path / "toys.jsonl"
    process = studying(state, workers)
    started = time.monotonic()
    to(process.pid, number)
    out, error = process.communicate(timeout=50)
    assert time.monotonic() - started < 10
    said = error.decode().strip()
    assert (process.returncode, out) == (code, b"")
    assert re.sub(r"\d+", "N", said.removeprefix(f"munu: interrupted: {state}")) == (
        " keeps N finished pieces. Give the same command again to go on from there"
    )
    _wait_for_group(process.pid)
    assert "Study (coverage)" in good("merge", state, state)


@pytest.mark.skipif(shutil.which("ps") is None, reason="processes are listed by ps")
def test_workers_that_are_told_to_end_before_the_one_that_asks_go_on(tmp_path):
    """A cluster sends its signal to one process after the other."""
    state = tmp_path / "toys.jsonl"
    process = studying(state, "2")
    for child in _children(process.pid):
        os.kill(child, signal.SIGTERM)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=50)
    assert process.returncode == 143
    assert b"keeps" in error


def _wait_for_group(leader):
    """Until none of its processes lives, such as that which cleans up behind Python's pools."""
    deadline = time.monotonic() + 10
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(leader, 0)
            time.sleep(0.05)
        pytest.fail("processes are left")


def _children(parent):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    return [int(one) for one in listed.stdout.split()]


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_two_commands_do_not_write_one_state(tmp_path):
    state = tmp_path / "toys.jsonl"
    process = studying(state, "1")
    try:
        said = refused(*COVERAGE[:-1], "400000", "--state", state)
        assert f"{state} is the state of a study that is at work now. Wait until" in said
        assert "at work now" in refused("merge", state, state)
    finally:
        process.kill()
        process.communicate()


def test_what_is_said_of_toys_that_are_not_drawn_is_refused():
    assert "seed = 2 fixes toys" in refused("limit", "conus", "--seed", "2")
    assert "seed = 2 fixes toys" in refused("region", "conus", "--seed", "2")
    assert "seed = 2 fixes toys" in refused("profile", "conus", "--seed", "2")
    assert "precision = 0.1 is that of" in refused("limit", "conus", "--precision", "0.1")
    assert "precision = 0.1 is that of" in refused("region", "conus", "--precision", "0.1")
    bands = ("limit", "coherent-csi", "--bands", "50")
    assert "precision = 0.1 is that of" in refused(*bands, "--precision", "0.1")
    for words in (("--seed", "2"), ("--workers", "2")):
        assert "are of toys" in refused("fit", "coherent-csi", "--toys", "0", *words)
