"""A page for each command and one for the options that they share, read off the commands."""

import inspect
import re
from typing import NamedTuple

import click

from munu.cli.main import COMMANDS, cli

SHARED_BY = 3
"""Commands that take an option with the same words before it is described once for all."""
GROUPS = {
    "What is asked": ("--parameter", "--others", "--profile", "--cl"),
    "Experiments": ("--setup", "--set"),
    "Other couplings": (
        "--with",
        "--mediator-mass",
        "--sterile-mass",
        "--charges",
        "--radius-kind",
    ),
    "What is assumed": (
        "--mixing",
        "--delta-cp",
        "--xi-1",
        "--xi-2",
        "--beam",
        "--convention",
        "--sigma-sys",
        "--channels",
        "--expected",
        "--one-sided",
    ),
    "Long work": ("--seed", "--workers", "--scheduler", "--state"),
}
"""Headings of the page of shared options; what none names stands under the last one."""
LAST = "What comes out"

EXAMPLES = {
    "experiments": ["munu experiments"],
    "show": ["munu show conus"],
    "rate": ["munu rate coherent-csi"],
    "limit": ["munu limit conus-plus --parameter mu_nu_e"],
    "profile": ["munu profile conus --parameter Lambda_2"],
    "scan": [
        "munu scan conus --parameter Lambda_3 --over detector.threshold "
        '--from "0.1 keVee" --to "0.3 keVee" --points 5'
    ],
    "region": ["munu region coherent-csi-2021 --plane mu_nu_e,mu_nu_mu"],
    "envelope": ["munu envelope connie --plane Lambda_1,Lambda_2"],
    "fit": ["munu fit coherent-csi-2017"],
    "weak-angle": ["munu weak-angle coherent-csi-2021"],
    "coverage": ["munu coverage conus-plus --parameter mu_nu_e --toys 100"],
    "merge": [
        "munu coverage conus-plus --toys 400 --part 1/2 --state part-1.jsonl",
        "munu coverage conus-plus --toys 400 --part 2/2 --state part-2.jsonl",
        "munu merge toys.jsonl part-1.jsonl part-2.jsonl",
    ],
    "posterior": [
        'munu posterior conus-plus --parameter mu_nu_e --prior "mu_nu_e=square(0, 3e-9)" '
        "--live-points 100"
    ],
    "reproduce": ["munu reproduce table2"],
    "init": ["munu init my.toml --like conus", "munu limit my.toml"],
    "validate": ["munu init my.toml --like conus", "munu validate my.toml"],
    "check": ["munu check conus@future"],
    "schema": ["munu schema"],
    "print": ["munu limit conus --json > limit.json", "munu print limit.json"],
    "compare": [
        "munu limit conus --json > before.json",
        "munu limit conus --sigma-sys 0.1 --json > after.json",
        "munu compare before.json after.json",
    ],
    "plot": [
        "munu region conus --profile Lambda_3 --json > conus.json",
        "munu plot conus.json --log xy --output conus.pdf",
    ],
    "export": [
        "munu limit conus-plus --json > limit.json",
        "munu export limit.json --format latex",
        "munu export limit.json --format hepdata --output submission",
    ],
    "explore": ["munu explore conus coherent-csi --output page.html"],
    "cite": ["munu cite conus"],
}
"""What each page runs."""
VERSE = "\b\n"
"""What stands before a paragraph that click does not wrap."""
MOST_LINES = 24
"""Of what an example prints."""


class Shared(NamedTuple):
    """An option of several commands: its anchor on their page, and who takes it."""

    anchor: str
    takers: tuple[str, ...]


def pages():
    """Return the page of each command by its name."""
    found = {name: command(name) for name in COMMANDS}
    common = shared(found)
    return {name: page(name, one, common) for name, one in found.items()}


def overviews():
    """Return the list of commands, and the description of the options that they share."""
    found = {name: command(name) for name in COMMANDS}
    return listed(found), shared_page(shared(found), found)


def command(name):
    """Return a command of the group."""
    return cli.get_command(click.Context(cli), name)


def context(name, one):
    return click.Context(one, info_name=f"munu {name}", **cli.context_settings)


def records(name, one):
    """Return (option, how it is written, what it does) of each option, but for ``--help``."""
    asked = context(name, one)
    found = [(p, p.get_help_record(asked)) for p in one.params if isinstance(p, click.Option)]
    return [(param.opts[0], *record) for param, record in found if record]


def shared(found):
    """Return the records that several commands have word for word, with anchor and commands."""
    takers = {}
    for name, one in found.items():
        for record in records(name, one):
            takers.setdefault(record, []).append(name)
    common = {}
    for record, names in takers.items():
        if len(names) >= SHARED_BY:
            known = sum(option == record[0] for option, *_ in common)
            anchor = f"option{record[0].replace('--', '-')}{f'-{known}' if known else ''}"
            common[record] = Shared(anchor, tuple(names))
    return common


def page(name, one, common):
    """Return the page of a command: what it is for, an example that runs, its options."""
    paragraphs = inspect.cleandoc(one.help or "").split("\n\n")
    asked = context(name, one)
    usage = " ".join(["munu", name, *one.collect_usage_pieces(asked)])
    own = [record for record in records(name, one) if record not in common]
    links = [
        f"{{ref}}`{record[0]} <{common[record].anchor}>`"
        for record in records(name, one)
        if record in common
    ]
    words = [text for text in paragraphs[1:] if not text.startswith(VERSE)]
    verses = [text for text in paragraphs[1:] if text.startswith(VERSE)]
    example = "\n".join(EXAMPLES[name])
    parts = [
        f"# munu {name}",
        *map(paragraph, paragraphs[:1]),
        f"```text\n{usage}\n```",
        *map(paragraph, words),
        f"## An example\n\n```{{shell}}\n:lines: {MOST_LINES}\n\n{example}\n```",
        *map(paragraph, verses),
    ]
    if own:
        parts += ["## Options of its own", *map(definition, own)]
    if links:
        title = "Options shared with other commands"
        parts += [f"## {title}", f"{', '.join(links)}; all of them: {{doc}}`/commands/shared`."]
    return "\n\n".join(parts) + "\n"


def paragraph(text):
    """Return a paragraph of help: verse is code, all else prose."""
    if not text.startswith(VERSE):
        return prose(text)
    text = text.removeprefix(VERSE)
    head, _, rest = text.partition("\n")
    if head == "Examples:":
        return f"## Ways to call it\n\n```bash\n{inspect.cleandoc(rest)}\n```"
    return f"```bash\n{inspect.cleandoc(text)}\n```"


SPECIAL = re.compile(r"([*|<$])")
OPTION = re.compile(r"(?<![\w-])(--[a-z][\w-]*)")


def prose(text):
    """Return words of help as Markdown: options are code, and marks stay letters."""
    parts = text.split("`")
    parts[::2] = [OPTION.sub(r"`\1`", SPECIAL.sub(r"\\\1", part)) for part in parts[::2]]
    return "`".join(parts)


def definition(record):
    """Return an option with what it does."""
    _, written, does = record
    return f"`{written}`\n: {prose(does)}"


def group_of(option):
    return next((title for title, names in GROUPS.items() if option in names), LAST)


def shared_page(common, found):
    """Return the description of every shared option by what it is about, with who takes it."""
    parts = []
    for title in (*GROUPS, LAST):
        records_of = [record for record in common if group_of(record[0]) == title]
        parts.append(f"## {title}")
        for record in records_of:
            anchor, takers = common[record]
            every = len(takers) == len(found)
            names = "every command" if every else ", ".join(map(linked, takers))
            parts += [f"({anchor})=", definition(record), f"Taken by {names}."]
    return "\n\n".join(parts) + "\n"


def linked(name):
    return f"{{doc}}`{name} </commands/pages/{name}>`"


def listed(found):
    """Return a table of the commands with the first line of their help, and their pages."""
    rows = [
        f"| {{doc}}`munu {name} </commands/pages/{name}>` | {prose(one.get_short_help_str(120))} |"
        for name, one in found.items()
    ]
    pages_of = "\n".join(f"pages/{name}" for name in found)
    hidden = f"```{{toctree}}\n:hidden:\n\n{pages_of}\n```"
    return "\n".join(["| command | what it does |", "|---|---|", *rows, "", hidden, ""])
