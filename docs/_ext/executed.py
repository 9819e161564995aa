"""Directives that run what they show: ``run`` for Python, ``shell`` for commands.

The code blocks of a page share one namespace and one empty folder, so a page reads like a session.
A block that fails stops the build.
"""

import contextlib
import io
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

COLUMNS = "96"


class Session:
    """The namespace and the folder of a page."""

    def __init__(self):
        self.names = {"__name__": "__main__"}
        self._folder = tempfile.TemporaryDirectory(prefix="munu-docs-")

    @property
    def folder(self):
        return Path(self._folder.name)

    def run(self, code):
        """Return what Python code prints."""
        stream = io.StringIO()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(stream):
                exec(compile(code, "<docs>", "exec"), self.names)  # noqa: S102 (our own)
        finally:
            os.chdir(before)
        return stream.getvalue()

    def shell(self, line):
        """Return what a command line prints, a mistake's message included.

        ``> FILE`` at its end sends what it prints into a file.
        """
        words = shlex.split(line, comments=True)
        target = None
        if words[-2:-1] == [">"]:
            target = self.folder / words[-1]
            words = words[:-2]
        if words[0] == "munu":
            words[:1] = [sys.executable, "-c", "from munu.cli.main import main; main()"]
        elif words[0] != "cat":
            raise ExtensionError(f"docs run munu and cat, not {words[0]}")
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**os.environ, "COLUMNS": COLUMNS, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        differ = done.returncode == 1 and "compare" in words
        if done.returncode not in (0, 2) and not differ:
            raise ExtensionError(f"{line}: exit code {done.returncode}\n{done.stderr}")
        if target is not None:
            target.write_text(done.stdout, encoding="utf-8")
            return done.stderr
        return done.stdout + done.stderr


class Executed(SphinxDirective):
    """Common part: the code, and below it what it printed."""

    has_content = True
    option_spec = {  # noqa: RUF012 (Sphinx's)
        "hide-output": directives.flag,
        "lines": directives.nonnegative_int,
    }
    language = ""

    def session(self):
        sessions = self.env.temp_data.setdefault("munu_sessions", {})
        return sessions.setdefault(self.env.docname, Session())

    def output(self):
        raise NotImplementedError

    def run(self):
        code = "\n".join(self.content)
        shown = nodes.literal_block(code, code, language=self.language)
        self.set_source_info(shown)
        try:
            text = self.output().rstrip()
        except Exception as error:
            where = f"{self.env.docname}, line {self.lineno}"
            raise ExtensionError(f"{where}: {type(error).__name__}: {error}") from error
        limit = self.options.get("lines")
        if limit is not None and text.count("\n") >= limit:
            text = "\n".join([*text.splitlines()[:limit], "..."])
        if not text or "hide-output" in self.options:
            return [shown]
        printed = nodes.literal_block(text, text, language="text", classes=["munu-output"])
        return [shown, printed]


class Run(Executed):
    """Python; ``picture`` shows the last picture that it drew, and says what is on it."""

    language = "python"
    option_spec = Executed.option_spec | {"picture": directives.unchanged_required}

    def output(self):
        return self.session().run("\n".join(self.content))

    def run(self):
        found = super().run()
        if "picture" in self.options:
            found.append(self.picture())
        return found

    def picture(self):
        """Write the last picture of pyplot, and return what shows it."""
        from matplotlib import pyplot as plt

        name = f"{self.env.docname.replace('/', '-')}-{self.lineno}.png"
        target = Path(self.env.srcdir) / "_generated" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not plt.get_fignums():
            raise ExtensionError(f"{self.env.docname}, line {self.lineno}: no picture was drawn")
        plt.savefig(target, dpi=150, bbox_inches="tight")
        plt.close("all")
        return nodes.image(uri=f"/_generated/{name}", alt=self.options["picture"], width="70%")


class Shell(Executed):
    language = "bash"

    def output(self):
        session = self.session()
        lines = [line for line in self.content if line.strip() and not line.startswith("#")]
        return "\n".join(filter(None, map(session.shell, lines)))


def setup(app):
    os.environ["COLUMNS"] = COLUMNS
    app.add_directive("run", Run)
    app.add_directive("shell", Shell)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
