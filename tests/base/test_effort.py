"""What takes long is told, with the reason."""

from __future__ import annotations

import io

import numpy as np
from rich.console import Console

from munu.base.effort import listening, tell
from munu.cli import progress
from munu.statistics.likelihoods import BinnedPart, Template, newton
from munu.statistics.likelihoods.losses import PoissonLoss
from munu.statistics.likelihoods.newton import NewtonLikelihood


def test_a_laborious_minimum_names_the_nuisance_that_moves_farthest(monkeypatch):
    monkeypatch.setattr(newton, "LABORIOUS", 3)
    templates = (Template("small", np.ones(2), 0.1), Template("large", np.full(2, 9.0), 0.5))
    part = BinnedPart(PoissonLoss(np.array([2.0, 3.0])), {"flux": 0.1}, templates, 2)
    likelihood = NewtonLikelihood((part,), np.array([1.0, 2.0]))
    heard: list[str] = []
    with listening(heard.append):
        likelihood.chi2(np.array([80.0, 90.0]))
    assert "" in heard
    assert any(text.startswith("the nuisance '") and " sigma, far" in text for text in heard)
    count = len(heard)
    tell("nobody listens")
    likelihood.chi2(np.array([80.0, 90.0]))
    assert len(heard) == count


def test_only_a_terminal_is_told(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_S", -1.0)
    monkeypatch.setattr(progress, "is_watched", lambda: terminal)
    shown = {}
    for terminal in (True, False):
        stream = io.StringIO()
        console = Console(file=stream, force_terminal=terminal, width=200)
        monkeypatch.setattr("rich.console.Console", lambda console=console, **_: console)
        with progress.waiting():
            tell("the nuisance '\x1b[2J[bold]' is followed to 9.0 sigma")
            tell("")
        shown[terminal] = stream.getvalue()
    assert r"'\x1b[2J[bold]' is followed" in shown[True]
    assert shown[False] == ""
