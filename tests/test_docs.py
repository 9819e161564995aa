"""What the README and the pages show works; the reference names everything public."""

import inspect
import re
import runpy
import shlex
import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path

import click
import numpy as np
import pytest

import munu
from munu.cli.main import COMMANDS, cli, main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    path
    for pattern in (
        "*.md",
        "concepts/*.md",
        "commands/*.md",
        "reproduction/*.md",
        "api/*.md",
        "gallery/*.py",
    )
    for path in DOCS.glob(pattern)
)
READ = [ROOT / "README.md", *PAGES, *sorted((DOCS / "_ext").glob("*.py"))]
EXECUTED = [
    "start.md",
    "extending.md",
    "recipes.md",
    "results.md",
    "notebooks.md",
    "figures.md",
    "scans.md",
    "questions.md",
    *(f"concepts/{p.name}" for p in DOCS.glob("concepts/*.md")),
]
BLOCK = re.compile(r"^```\{(run|shell)\}\n((?::.*\n)*)(.*?)^```$", re.MULTILINE | re.DOTALL)
HOSTS = ("arxiv.org", "keepachangelog.com", "semver.org")
README_LINES = 70


@pytest.fixture
def extension(monkeypatch):
    """Let the Sphinx extensions of the docs be imported."""
    monkeypatch.syspath_prepend(DOCS / "_ext")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_munu(line, monkeypatch):
    """Run a command line, which must succeed; compared results may differ."""
    line, _, target = line.partition(" > ")
    monkeypatch.setattr(sys, "argv", shlex.split(line, comments=True))
    with ExitStack() as stack:
        if target:
            stream = stack.enter_context(Path(target).open("w", encoding="utf-8"))
            stack.enter_context(redirect_stdout(stream))
        stop = stack.enter_context(pytest.raises(SystemExit))
        main()
    assert stop.value.code == 0 or (stop.value.code == 1 and "munu compare" in line), line


def blocks(page):
    """Return (language, code) of the blocks that a page runs."""
    return [(kind, code) for kind, _, code in BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", EXECUTED)
def test_blocks_of_a_page_run(name, folder, monkeypatch, capsys):
    names = {"__name__": "docs"}
    for kind, code in blocks(DOCS / name):
        if kind == "run":
            exec(compile(code, name, "exec"), names)  # noqa: S102 (our own)
        else:
            for line in filter(None, code.splitlines()):
                run_munu(line, monkeypatch)
    capsys.readouterr()


def test_pages_that_must_run_have_blocks():
    assert len(blocks(DOCS / "start.md")) >= 10
    assert len(blocks(DOCS / "extending.md")) > 4


def test_python_of_the_readme(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names = {}
    exec(compile(code, "README.md", "exec"), names)  # noqa: S102 (our own)
    printed = capsys.readouterr().out.splitlines()
    literal = re.findall(r"^print\(.*  # (.*\d.*)$", code, re.MULTILINE)
    assert len(literal) == 2
    assert set(literal) <= set(printed)
    np.testing.assert_allclose(names["blind"].blind_direction, [0.816, 0.560, 0.147], atol=5e-4)
    assert np.isfinite(names["both"].limit_mu_b)
    assert not names["region"].unbounded


def test_commands_of_the_readme(folder, monkeypatch, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (munu .*)$", text, re.MULTILINE)
    assert len(lines) == 6
    for line in lines:
        run_munu(line, monkeypatch)
    capsys.readouterr()


def test_readme_fits_on_two_screens():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= README_LINES


def test_files_that_the_readme_names_exist_without_links():
    """A link to a file leads nowhere where the text is shown elsewhere; the picture has words."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    ((sign, words, target),) = re.findall(r"(!?)\[([^]]*)\]\((?!https://)([^)]*)\)", text)
    assert sign == "!"
    assert len(words) > 40
    assert (ROOT / target).exists()
    for name in re.findall(r"`((?:docs/)?[\w-]+\.(?:md|cff))`", text):
        assert (ROOT / name).exists(), name


def test_public_names_are_described(extension):
    import generated

    documented = generated.modules()
    table = generated.public_names()
    for name in munu.__all__:
        assert f"`munu.{name}" in table
        if name != "__version__":
            thing = getattr(munu, name)
            home = thing.__name__ if inspect.ismodule(thing) else thing.__module__
            assert home in documented, name
            assert inspect.getdoc(thing), name


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_page(name, extension, folder, monkeypatch, capsys):
    """It names the usage and every option, here or among the shared ones; its example runs."""
    import commands

    text = commands.pages()[name]
    listed, shared = commands.overviews()
    assert text.startswith(f"# munu {name}\n")
    assert f"```text\nmunu {name} [OPTIONS]" in text
    assert f"</commands/pages/{name}>` | " in listed
    for param in cli.get_command(click.Context(cli), name).params:
        if isinstance(param, click.Option):
            linked = re.search(rf"{{ref}}`{param.opts[0]} <(\S+)>`", text)
            own = f"`{param.opts[0]}" in text.partition("## Options of its own")[2]
            assert own or f"({linked.group(1)})=\n\n`{param.opts[0]}" in shared
    for line in commands.EXAMPLES[name]:
        assert line in text
        run_munu(line, monkeypatch)
    capsys.readouterr()


def test_words_of_help_are_letters_in_markdown(extension):
    import commands

    assert commands.prose("|Λ₁| < 1 * $x$ of `a|b`") == r"\|Λ₁\| \< 1 \* \$x\$ of `a|b`"
    assert commands.prose("with --method or `munu a --cl`") == "with `--method` or `munu a --cl`"


def test_modules_are_for_users_or_inside(extension):
    import generated

    homes, names = generated.public_homes(), generated.modules()
    users = generated.api_index(filter(homes.__contains__, names))
    assert "modules/munu.analysis.limit\n" in users
    assert "modules/munu.plotting.regions\n" in users
    assert "modules/munu.folding.panels" not in users
    assert generated.api_index(names).count("modules/") == len(names)


def cells_of(line):
    """Return the cells of a row of a table in Markdown, in which a bar of a cell is escaped."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_a_cell_of_table_2_is_one_number(extension):
    import reproduced

    rows = [
        cells_of(line)
        for line in reproduced.table2(munu.reproduce("table2")).splitlines()
        if line.startswith("|") and "---" not in line
    ]
    assert {len(row) for row in rows} == {8}
    numbers = [cell for row in rows if row[0] != "setup" for cell in row[2:7] if cell]
    assert len(numbers) > 300
    assert all(re.fullmatch(r"[\d.]+", cell) for cell in numbers)


def test_bars_of_a_table_are_letters(extension):
    import reproduced

    from munu.results.core.table import Table

    table = Table(title="", columns=("<data", "slice |Λ₁|"), rows=(("a|b", "1"),))
    head, _, first = reproduced.table_block(table).splitlines()[:3]
    assert cells_of(head) == ["data", r"slice \|Λ₁\|"]
    assert cells_of(first) == [r"a\|b", "1"]


def test_every_parameter_is_described(extension):
    import parameters

    from munu.physics.interactions.registry import INTERACTIONS

    reference = parameters.reference()
    known = [one for interaction in INTERACTIONS for one in interaction.parameters]
    for one in known:
        assert reference.count(f"| `{one.name}` |") == 1
    assert "In 10⁻³² cm²; take `--radius-kind`." in reference
    assert "| `g_vector` | g_V | not negative; x = g² | nuclei, electrons | " in reference
    assert "stated (`--charges`) |" in reference
    assert "| `epsilon_u_ee` | ε^u_ee | either sign | nuclei | " in reference
    assert "| `g_axial` | g_A | not negative; x = g² | electrons | " in reference


def test_file_format_names_every_section_and_key(extension):
    import fileformat

    from munu.experiments.schema.document import CountingDocument

    reference = fileformat.reference()
    for section in CountingDocument.model_fields:
        assert f"### `[{section}]`" in reference
    for key in ("thermal_power", "recoil_threshold", "backgrounds", "sigma_signal", "enrichment"):
        assert f"| `{key}` |" in reference
    units = "`GW`, `MW`, `kW`, `GWth`, `MWth`, `kWth`, `W`; from 1e-09 GW up to 1000 GW"
    assert f"thermal power in {units}" in reference
    assert "| `mass` | mass in `kg`" in reference
    assert "| `flavour_dependent` | `true`, `false` | `false` |" in reference


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_no_page_names_a_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(work|root|home|tmp)/|localhost", text)
    for host in re.findall(r"https?://([^/\s)>\"]+)", text):
        assert host in HOSTS, host


EXAMPLES = sorted((DOCS / "gallery").glob("plot_*.py"))


def test_gallery_ends_in_pictures():
    assert len(EXAMPLES) >= 8
    for example in EXAMPLES:
        last = example.read_text(encoding="utf-8").rpartition("# %%")[2]
        assert "plt.subplots(" in last or "munu.plot(" in last, example.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_page_of_the_gallery_draws(example, folder, capsys):
    """Every page has a picture, and nothing that it opens stays empty."""
    from matplotlib import pyplot as plt

    if "munu.posterior(" in example.read_text(encoding="utf-8"):
        pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")
    plt.close("all")
    try:
        runpy.run_path(str(example), run_name="__main__")
        pictures = [plt.figure(number) for number in plt.get_fignums()]
        assert pictures
        for axes in (axes for picture in pictures for axes in picture.axes):
            assert axes.has_data() or not axes.get_visible() or not axes.axison
    finally:
        plt.close("all")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"\tfrac35 c^2", ("<mn>3</mn>", "<mn>5</mn>")),
        (r"{\rm Tr}(\rho)", ("<mi>Tr</mi>", "ρ")),
        (r"\Big(\sum_s D_s\Big)", ("∑", "D")),
        (r"\sin^2\theta", ("sin", "θ")),
    ],
)
def test_formulas_are_read_as_latex_reads_them(extension, tex, parts):
    pytest.importorskip("sphinx", reason="the docs extra is not installed")
    from docutils.utils.math.latex2mathml import tex2mathml
    from mathml import simplified

    found = tex2mathml(simplified(tex))
    for part in parts:
        assert part in found, found
