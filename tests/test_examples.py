"""The examples in the docstrings of the public names run, and give the numbers that they print."""

import doctest
import inspect

import pytest

import munu

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
WITHOUT = {"__version__", "MunuError", "FoldedCounts", "plotting", "results"}
"""Names of which an example of another one shows the use."""
NAMES = sorted(set(munu.__all__) - WITHOUT)


@pytest.mark.parametrize("name", NAMES)
def test_examples_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = inspect.getdoc(getattr(munu, name)).partition("\nExamples\n--------\n")[2]
    test = doctest.DocTestParser().get_doctest(text, {"munu": munu}, name, None, 0)
    assert any(example.want for example in test.examples)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    said = []
    runner.run(test, out=said.append)
    assert not said, "".join(said)
