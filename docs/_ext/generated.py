"""Pages written before the build: the file format, the API pages, the reproduction."""

import inspect
import pkgutil
import re
from pathlib import Path

import fileformat
import reproduced

import munu

MODULUS = re.compile(r"(?<![`|])\|(Λ[^|\s]*)\|")
SUBSCRIPT_SIGN = re.compile(r"(?<=\b[a-z])_([-+])")
HIDDEN = ("munu._", "munu.cli", "munu.experiments.schema", "munu.plotting.style")
"""Modules described elsewhere, or of no use outside."""

PACKAGES = {
    "munu.sources": "Sources",
    "munu.detectors": "Detectors",
    "munu.experiments": "Experiments",
    "munu.statistics": "Statistics",
    "munu.results": "Results",
    "munu.plotting": "Plots",
    "munu.reproduction": "The reference paper",
}


def write(path, text):
    """Write a page if it has changed, so that an unchanged one is not read again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def modules():
    """Return the names of the documented modules."""
    found = [m.name for m in pkgutil.walk_packages(munu.__path__, "munu.")]
    return sorted(name for name in found if not name.startswith(HIDDEN))


def api_page(name):
    """Return the page of one module."""
    return f"{name}\n{'=' * len(name)}\n\n.. automodule:: {name}\n   :ignore-module-all:\n"


def api_index(names):
    """Return the lists of modules by package."""
    groups = {"Physics": [], **{title: [] for title in PACKAGES.values()}}
    for name in names:
        package = next((p for p in PACKAGES if name == p or name.startswith(f"{p}.")), None)
        groups[PACKAGES[package] if package else "Physics"].append(name)
    blocks = [
        f"```{{toctree}}\n:caption: {title}\n:maxdepth: 1\n\n"
        + "\n".join(f"modules/{name}" for name in members)
        + "\n```\n"
        for title, members in groups.items()
    ]
    return "\n".join(blocks)


def public_names():
    """Return a table of the names of ``import munu``, each linked to where it is described."""
    lines = ["| name | what it is |", "|---|---|"]
    for name in munu.__all__:
        value = getattr(munu, name)
        home = getattr(value, "__module__", None)
        link = (
            f"{{py:obj}}`munu.{name} <{home}.{value.__qualname__}>`" if home else f"`munu.{name}`"
        )
        text = (inspect.getdoc(value) or "").split("\n\n")[0] if home else f"`{value}`"
        lines.append(f"| {link} | {' '.join(text.split()).replace('|', '&#124;')} |")
    return "\n".join(lines)


def escape_moduli(app, what, name, thing, options, lines):
    """Let ``|Λ₁|`` and ``t_-`` in a docstring be text, which RST reads as references."""
    for index, line in enumerate(lines):
        if ":math:" not in line:
            plain = MODULUS.sub(r"\\|\1\\|", line)
            lines[index] = SUBSCRIPT_SIGN.sub(r"\\_\1", plain)


def generate(app):
    source = Path(app.srcdir)
    names = modules()
    for name in names:
        write(source / "api/modules" / f"{name}.rst", api_page(name))
    for page in (source / "api/modules").glob("*.rst"):
        if page.stem not in names:
            page.unlink()
    write(source / "_generated/public.md", public_names())
    write(source / "_generated/api.md", api_index(names))
    write(source / "_generated/file-format.md", fileformat.reference())
    for name, text in reproduced.pages(source / "_generated").items():
        write(source / "_generated" / name, text)


def setup(app):
    app.connect("builder-inited", generate, priority=100)
    app.connect("autodoc-process-docstring", escape_moduli)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
