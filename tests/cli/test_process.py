"""munu as a process of its own: exit codes, pipes, interrupts, what it imports."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from munu.cli import main

COMMAND = [sys.executable, "-c", "from munu.cli.main import main; main()"]


def run(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False, **options
    )


def test_version():
    import munu

    found = run("--version")
    assert (found.returncode, found.stdout) == (0, f"munu {munu.__version__}\n")


def test_a_mistake_is_one_line_and_exit_code_2():
    found = run("limit", "conuss")
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr.startswith("munu: unknown experiment 'conuss'. Did you mean 'conus'?")
    assert found.stderr.count("\n") == 1


def test_json_stands_alone_on_stdout():
    found = run("limit", "conus", "--json")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["limit_mu_b"] > 0


def test_a_closed_pipe_is_no_error():
    process = subprocess.Popen(
        [*COMMAND, "reproduce", "table2", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_ends_quietly(number, code):
    """By an exception, so that what is half done is taken back."""
    slow = "import time, munu.cli.main as m; m.cli.main = lambda **_: time.sleep(30); m.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", f"print('ready', flush=True); {slow}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(number)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (code, b"")


def test_an_interrupted_command_says_what_its_state_keeps(tmp_path):
    study = ["munu", "coverage", "coherent-csi", "--toys", "500", "--state", "kept.jsonl"]
    code = (
        "import sys\n"
        "from munu.cli.main import main\n"
        "from munu.engine import State\n"
        "keep = State.add\n"
        "def interrupted(*one):\n"
        "    keep(*one)\n"
        "    raise KeyboardInterrupt\n"
        "State.add = interrupted\n"
        f"sys.argv = {study}\n"
        "main()"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert found.returncode == 130
    kept = "interrupted: kept.jsonl keeps 1 finished piece"
    assert found.stderr.strip() == f"munu: {kept}. Give the same command again to go on from there"


@pytest.mark.skipif(os.name == "nt", reason="devices of POSIX")
@pytest.mark.parametrize("end", [(), ("--json",)])
@pytest.mark.parametrize(
    ("shell", "message"),
    [
        ("> /dev/full", "munu: cannot write the output: No space left on device"),
        (">&-", "munu: standard output is closed"),
        (">&- 2>&-", ""),
        ("> /dev/full 2> /dev/full", ""),
    ],
)
def test_output_that_cannot_be_written_is_one_line(shell, message, end):
    line = shlex.join([*COMMAND, "limit", "conus", *end])
    found = subprocess.run(
        f"{line} {shell}", shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.returncode == 2
    assert found.stderr.startswith(message)
    assert found.stderr.count("\n") == (message != "")


def test_what_does_not_fit_into_memory_is_one_line(monkeypatch, capsys):
    def enormous(**options):
        raise MemoryError("Unable to allocate 7.45 GiB")

    monkeypatch.setattr(main, "cli", type("Cli", (), {"main": staticmethod(enormous)}))
    with pytest.raises(SystemExit) as stop:
        main.main()
    assert stop.value.code == 2
    assert "Unable to allocate 7.45 GiB. Use fewer bins" in capsys.readouterr().err


def test_a_terminal_without_unicode_still_prints():
    found = run("limit", "conus", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert found.returncode == 0
    assert "conus@current" in found.stdout


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import munu", {"numpy", "scipy", "matplotlib", "pydantic", "iminuit", "click"}),
        ("from munu.cli.main import cli", {"numpy", "scipy", "matplotlib", "pydantic"}),
        (
            "import munu; munu.reproduce('table2')",
            {"scipy", "matplotlib", "iminuit", "click", "numpy.ma"},
        ),
    ],
)
def test_what_is_imported(statement, unwanted):
    code = f"{statement}; import sys; print(sorted({unwanted!r} & sys.modules.keys()))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("question", ["'conus'", "'conus', '--json'", "'coherent-csi-2021'"])
def test_a_command_imports_itself_alone(question):
    """Rich draws progress; of what it has, tables need the widths of characters."""
    code = (
        "import sys\nfrom munu.cli.main import cli\n"
        f"cli.main(['limit', {question}], standalone_mode=False)\n"
        "others = {m for m in sys.modules if m.startswith('munu.cli.')}\n"
        "unwanted = {'rich.console', 'scipy', 'matplotlib', 'numpy.ma'}\n"
        "print('ALSO', sorted(others), unwanted & sys.modules.keys())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    also = found.stdout.partition("ALSO ")[2]
    assert also.endswith(" set()\n")
    for other in ("region", "fit", "reproduce", "files", "plot", "coverage"):
        assert f"munu.cli.{other}'" not in also


@pytest.mark.parametrize("command", list(main.COMMANDS))
def test_help_has_a_short_name_too(command):
    from click.testing import CliRunner

    short = CliRunner().invoke(main.cli, [command, "-h"], catch_exceptions=False)
    long = CliRunner().invoke(main.cli, [command, "--help"], catch_exceptions=False)
    assert short.exit_code == 0
    assert short.output == long.output
