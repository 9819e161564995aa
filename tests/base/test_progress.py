"""The bar of long work: in a notebook, on a terminal, and nowhere."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

import munu
from munu.base.progress import Rate, line


@pytest.fixture
def notebook(monkeypatch):
    """Return what a kernel would have shown, text by text."""
    shown: list[str] = []

    def update(data, *, raw):
        assert raw
        shown.append(data["text/plain"])

    def display(data, *, raw, display_id):
        assert display_id
        update(data, raw=raw)
        return SimpleNamespace(update=update)

    shell, own = ModuleType("IPython"), ModuleType("IPython.display")
    shell.get_ipython = lambda: SimpleNamespace(kernel=None)
    own.display = display
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setitem(sys.modules, "IPython.display", own)
    return shown


def test_a_notebook_shows_how_far_a_study_is_and_ends_without_a_trace(notebook):
    with munu.progress_bar() as progress:
        munu.coverage("coherent-csi", at=[0.0, 1e-9], toys=200, progress=progress)
    assert notebook[0] == "Toy experiments"
    assert any("400/400" in text and "█" * 30 in text for text in notebook)
    assert notebook[-1] == ""


def test_the_line_is_taken_away_after_an_error_too(notebook):
    with pytest.raises(ZeroDivisionError), munu.progress_bar() as progress:
        progress(1, 1 // 0)
    assert notebook[-1] == ""


def test_a_line_has_bar_rate_and_time_left():
    rate = Rate()
    assert line("Toys", 0, 100, rate, 0.0) == f"Toys  {'░' * 30}  0/100"
    assert line("Toys", 50, 200, rate, 2.0) == f"Toys  {'█' * 7}{'░' * 23}  50/200  25/s  0:06 left"
    assert line("Toys", 0, 0, Rate(), 0.0).endswith("0/0")


def test_elsewhere_nothing_is_shown(capsys):
    with munu.progress_bar() as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")
