"""How experiments look in a terminal and in a notebook, and their short names."""

import pytest

import munu
from munu.base.errors import MunuError
from munu.experiments.header import LONGEST_LABEL
from munu.experiments.named import catalogue


@pytest.mark.parametrize("name", catalogue())
def test_every_experiment_of_the_catalogue_has_a_short_name_of_its_own(name):
    label = munu.load(name, munu.setups(name)[0]).identity.label
    assert 0 < len(label) <= LONGEST_LABEL
    others = {munu.load(one, munu.setups(one)[0]).identity.label for one in catalogue()}
    assert len(others) == len(catalogue())


def test_an_experiment_is_one_line_in_a_list_and_a_table_in_a_notebook():
    found = munu.load("conus-plus")
    assert repr(found) == f"<CountingExperiment conus-plus@current: {found.identity.title}>"
    html = found._repr_html_()
    assert html.count("<tr>") == 1 + len(found.identity.provenance)
    assert "<td>20.7 m</td><td>arXiv:2407.11912, abstract</td>" in html
    assert f"<p>{found.identity.notes[0]}</p>" in html
    assert repr(munu.load("borexino")).startswith("<MomentBound borexino@current: ")


def test_a_changed_experiment_says_so_wherever_its_name_stands():
    found = munu.load("conus", changes={"target.material": "Si"})
    name = f"conus@current (changed): {found.identity.title}"
    assert repr(found) == f"<CountingExperiment {name}>"
    assert str(found).startswith(f"{name}\n")
    assert name in found._repr_html_()
    assert found.identity.name == "conus"


def test_a_printed_experiment_states_each_value_with_its_source():
    lines = str(munu.load("conus-plus")).splitlines()
    assert len(lines) == 1 + len(munu.load("conus-plus").identity.provenance)
    assert any(
        line.split() == ["source.baseline", "20.7", "m", "[arXiv:2407.11912,", "abstract]"]
        for line in lines
    )


def test_ipython_shows_the_short_form():
    class Printer:
        written = ""

        def text(self, text):
            self.written += text

    printer = Printer()
    found = munu.load("conus")
    found._repr_pretty_(printer, cycle=False)
    assert printer.written == repr(found)


def own(tmp_path, label):
    path = munu.init(tmp_path / "my.toml", like="conus")
    text = path.read_text(encoding="utf-8")
    assert "\nlabel = " not in text
    return text.replace("\nreference = ", f"\nlabel = {label}\nreference = ", 1)


def test_a_file_may_have_a_short_name_which_is_its_identifier_otherwise(tmp_path):
    named = munu.loads(own(tmp_path, '"My detector"'))
    assert named.identity.short_name == "My detector"
    (tmp_path / "my.toml").unlink()
    bare = munu.loads(own(tmp_path, '"X"').replace('\nlabel = "X"', ""))
    assert bare.identity.short_name == "my"
    assert bare.inputs_hash == named.inputs_hash


@pytest.mark.parametrize("label", ['""', '"a\\nb"', "3", '["a"]', f'"{"x" * (LONGEST_LABEL + 1)}"'])
def test_a_label_that_is_no_short_text_is_refused(tmp_path, label):
    with pytest.raises(MunuError, match="is not a short name"):
        munu.loads(own(tmp_path, label))


def test_markup_in_a_file_is_shown_and_not_obeyed(tmp_path):
    text = own(tmp_path, '"A"').replace('title = "', 'title = "<b>\\u001b[31m', 1)
    found = munu.loads(text)
    assert "<b>" not in found._repr_html_()
    assert "\x1b" not in repr(found) + str(found) + found._repr_html_()
