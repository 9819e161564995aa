"""Pages written before the build: the file format, API, commands, the reproduction."""

import inspect
import pkgutil
import re
from pathlib import Path

import commands
import fileformat
import parameters
import reproduced

import munu

MODULUS = re.compile(r"(?<![`|])\|([Λq][^|\s]*)\|")
SUBSCRIPT_SIGN = re.compile(r"(?<=\b[a-z])_([-+])")
MATH_ROLE = re.compile(r":math:`([^`]*)`")
PIPE = r"\|"
HIDDEN = ("munu._", "munu.cli", "munu.experiments.schema", "munu.plotting.style")
"""Modules described elsewhere, or of no use outside."""

ROOMS = {
    "munu.analysis": "Questions",
    "munu.results": "Results",
    "munu.plotting": "Plots",
    "munu.explorer": "The explorer page",
    "munu.exporting": "Files that others read",
    "munu.experiments": "Experiments",
    "munu.sources": "Sources",
    "munu.detectors": "Detectors",
    "munu.folding": "Folded counts",
    "munu.physics": "Physics",
    "munu.statistics": "Statistics",
    "munu.engine": "Pieces of long work",
    "munu.reproduction": "The reference paper",
    "munu.base": "Tools",
}
"""Headings, in the order in which a user may look for them."""


def write(path, text):
    """Write a page if it has changed, so that an unchanged one is not read again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def write_all(folder, ending, pages):
    """Write the pages of a folder by name, and take away those of before."""
    for name, text in pages.items():
        write(folder / f"{name}{ending}", text)
    for page in folder.glob(f"*{ending}"):
        if page.stem not in pages:
            page.unlink()


def modules():
    """Return the names of the documented modules."""
    found = [m.name for m in pkgutil.walk_packages(munu.__path__, "munu.")]
    return sorted(name for name in found if not name.startswith(HIDDEN))


def api_page(name):
    """Return the page of one module."""
    return f"{name}\n{'=' * len(name)}\n\n.. automodule:: {name}\n   :ignore-module-all:\n"


def group_of(name):
    """Return the heading under which a module stands."""
    return next(ROOMS[room] for room in ROOMS if name == room or name.startswith(f"{room}."))


def public_homes(package=munu):
    """Return the modules in which the names of ``import munu`` are, packages among them opened."""
    homes = set()
    for value in (getattr(package, name) for name in package.__all__):
        homes |= public_homes(value) if inspect.ismodule(value) else {value_home(value)}
    return homes


def value_home(value):
    return getattr(value, "__module__", None)


def api_index(names):
    """Return the lists of modules by room."""
    groups = by_room(names, group_of)
    blocks = [
        f"```{{toctree}}\n:caption: {title}\n:maxdepth: 1\n\n"
        + "\n".join(f"modules/{name}" for name in members)
        + "\n```\n"
        for title, members in groups.items()
    ]
    return "\n".join(blocks)


def by_room(things, room_of):
    """Return what stands under each heading, those without anything left out."""
    groups = {title: [] for title in ROOMS.values()}
    for one in things:
        groups[room_of(one)].append(one)
    return {title: members for title, members in groups.items() if members}


def public_names():
    """Return tables of the names of ``import munu``, each linked to where it is described."""
    lines = []
    for title, names in by_room(munu.__all__, room_of_name).items():
        lines += [f"### {title}", "", "| name | what it is |", "|---|---|"]
        lines += [*map(public_name, names), ""]
    return "\n".join(lines)


def room_of_name(name):
    """Return the heading of a public name: that of its module, or of what it is."""
    value = getattr(munu, name)
    home = value.__name__ if inspect.ismodule(value) else value_home(value)
    return group_of(home or "munu.base")


def public_name(name):
    """Return the row of a public name."""
    value = getattr(munu, name)
    home = value_home(value)
    if inspect.ismodule(value):
        return f"| `munu.{name}` | {inspect.getdoc(value).splitlines()[0]} |"
    link = f"{{py:obj}}`munu.{name} <{home}.{value.__qualname__}>`" if home else f"`munu.{name}`"
    text = (inspect.getdoc(value) or "").split("\n\n")[0] if home else f"`{value}`"
    words = " ".join(MATH_ROLE.sub(r"$\1$", text).split())
    return f"| {link} | {words.replace('|', PIPE)} |"


def escape_moduli(app, what, name, thing, options, lines):
    """Let ``|Λ₁|``, ``|q²|`` and ``t_-`` in a docstring be text, which RST reads as references."""
    for index, line in enumerate(lines):
        if ":math:" not in line:
            plain = MODULUS.sub(r"\\|\1\\|", line)
            lines[index] = SUBSCRIPT_SIGN.sub(r"\\_\1", plain)


def generate(app):
    source = Path(app.srcdir)
    names = modules()
    write_all(source / "api/modules", ".rst", {name: api_page(name) for name in names})
    write_all(source / "commands/pages", ".md", commands.pages())
    listed, shared = commands.overviews()
    write(source / "_generated/commands.md", listed)
    write(source / "_generated/shared-options.md", shared)
    write(source / "_generated/public.md", public_names())
    homes = public_homes()
    for page, chosen in (("users", homes.__contains__), ("inside", lambda n: n not in homes)):
        write(source / "_generated" / f"api-{page}.md", api_index(filter(chosen, names)))
    write(source / "_generated/file-format.md", fileformat.reference())
    write(source / "_generated/parameters.md", parameters.reference())
    for name, text in reproduced.pages(source / "_generated").items():
        write(source / "_generated" / name, text)


EXPLORED = (
    "coherent-csi-2021",
    "coherent-lar-2020",
    "conus-plus",
    "dresden-ii",
    "xenonnt-sr0-er",
    "borexino-phase-ii",
    "conus@future",
)
"""Experiments of the explorer page that is a page of the documentation."""
EXPLORER_PAGE = Path("_generated", "pages", "explore.html")


def explorer_page(app, config):
    """Fold experiments into the explorer page, which the site holds as it is."""
    page = Path(app.confdir) / EXPLORER_PAGE
    page.parent.mkdir(parents=True, exist_ok=True)
    page.unlink(missing_ok=True)
    munu.explore(EXPLORED, output=page)
    config.html_extra_path.append(str(EXPLORER_PAGE.parent))


def setup(app):
    # Before the paths of the site are checked.
    app.connect("config-inited", explorer_page, priority=100)
    app.connect("builder-inited", generate, priority=100)
    app.connect("autodoc-process-docstring", escape_moduli)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
