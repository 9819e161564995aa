"""The reproduction of the paper and today's limits, computed at build time: tables, pictures."""

from importlib.util import find_spec

from munu.base.file_sets import write_set_atomically
from munu.plotting.save import save
from munu.reproduction.registry import TARGETS, target
from munu.reproduction.write import outputs
from munu.results.core.table import significant

BAR = r"\|"
LAMBDAS = ("Λ₁", "Λ₂", "Λ₃")


def pages(folder):
    """Compute every table and figure; return Markdown by file name, pictures go into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: compute(name, folder) for name in TARGETS if available(name)}
    texts = {f"{name}.md": text for name, text in found.items()}
    figures = [name for name in found if name.startswith("fig")]
    texts["figures.md"] = "\n\n".join(found[name] for name in figures)
    return texts | {
        "today.md": today(folder),
        "family.md": family(folder),
        "published.md": published(),
    }


def today(folder):
    """Return the limits from today's data as Markdown; their picture goes into the folder."""
    chosen = target("today")
    result = chosen.compute()
    save(chosen.draw(result)[0], folder / "today.png")
    return result_table(result)


def family(folder):
    """Return the limits on other couplings as Markdown; their pictures go into the folder."""
    chosen = target("family")
    result = chosen.compute()
    for name, figure in chosen.pictures(result).items():
        save(figure, folder / f"{name}.png")
    tables = result.tables()
    return "\n\n".join(f"### {table.title}\n\n{table_block(table)}" for table in tables)


def published():
    """Return the published limits as Markdown, a heading per quantity."""
    tables = target("published").compute().tables()
    return "\n\n".join(f"## {table.title}\n\n{table_block(table)}" for table in tables)


def available(name):
    """Tell whether the modules of a table or figure exist."""
    return all(find_spec(module) for module in TARGETS[name] if module)


def compute(name, folder):
    """Return one table or figure as Markdown."""
    chosen = target(name)
    result = chosen.compute()
    if name == "table2":
        save(chosen.draw(result)[0], folder / "table2.png")
        return table2(result)
    if name == "table1":
        return result_table(result)
    write_set_atomically(folder, outputs(chosen, result))
    return figure(name, result)


def row(cells):
    """Return a row of a table; a bar within a cell is a letter."""
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def result_table(result):
    """Return the tables of a result as Markdown, notes below."""
    return "\n\n".join(map(table_block, result.tables()))


def table_block(table):
    """Return one table as Markdown, notes below."""
    names = [column.lstrip("<~").replace("\n", " ") for column in table.columns]
    lines = [row(names), row(["---"] * len(names)), *(row(cells) for cells in table.rows)]
    return "\n".join([*lines, "", *(f"- {note}" for note in table.notes)])


def number(mu_b):
    return significant(mu_b / 1e-10)


def table2(result):
    """Return Table II, a row for each moment: ours, theirs, ratio, consistent limit, reason."""
    notes = list(dict.fromkeys(cell.note for cell in result.rows if cell.note))
    heads = ["setup", "moment", "munu", "paper", "ratio", "per-species", "flux", "note"]
    lines = []
    group = ""
    for index, cell in enumerate(result.rows):
        if cell.group != group:
            group = cell.group
            lines += ["", f"### {group}", "", row(heads), row(["---"] * len(heads))]
        flux = cell.implied_flux_ratio
        lines.append(
            row(
                [
                    f"{cell.label} {cell.setup}" if index % len(LAMBDAS) == 0 else "",
                    f"|{LAMBDAS[index % len(LAMBDAS)]}|",
                    number(cell.limit_mu_b),
                    cell.published_text,
                    f"{cell.ratio:.3f}",
                    number(cell.per_species_limit_mu_b),
                    "" if flux is None else f"{flux:.2f}",
                    f"({notes.index(cell.note) + 1})" if cell.note else "",
                ]
            )
        )
    reasons = [f"{i}. {note}" for i, note in enumerate(notes, start=1)]
    return "\n".join([*lines, "", "Notes:", "", *reasons])


def figure(name, result):
    """Return a figure with the assumptions it was made under."""
    notes = " ".join(dict.fromkeys(note for table in result.tables() for note in table.notes))
    links = ", ".join(
        f"{{download}}`{kind.upper()} </_generated/{name}.{kind}>`"
        for kind in ("csv", "json", "pdf")
    )
    number = name.removeprefix("fig")
    return f"### Figure {number}\n\n![{name}](/_generated/{name}.png)\n\n{notes} {links}"
