"""Work of tables and figures, and who does them."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import munu
from munu.base.errors import MunuError
from munu.plotting.save import picture, pictures
from munu.reproduction.registry import target
from munu.reproduction.work import Work


def test_steps_come_back_in_their_order_and_are_counted() -> None:
    told: list[tuple[int, int]] = []
    with Work(progress=lambda done, total: told.append((done, total))).begun(3) as do:
        assert do([partial(abs, -2), partial(abs, 3)]) == [2, 3]
        assert do([partial(len, "four")]) == [4]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_several_workers_give_the_same_files(tmp_path: Path) -> None:
    # As processes of their own: another number of threads of linear algebra changes last digits.
    for folder, number in (("one", "1"), ("two", "2")):
        command = ["reproduce", "floor", "--output", str(tmp_path / folder), "--workers", number]
        subprocess.run([sys.executable, "-m", "munu", *command], check=True, capture_output=True)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "floor.pdf" in names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_no_workers_are_refused() -> None:
    with pytest.raises(MunuError, match="workers"):
        munu.reproduce("floor", workers=0)


def test_workers_are_refused_where_there_are_no_steps() -> None:
    with pytest.raises(MunuError, match="'fig1' is not made in steps"):
        munu.reproduce("fig1", workers=2)


def test_a_figure_is_laid_out_once_and_looks_the_same() -> None:
    fig1 = target("fig1")
    result = fig1.compute()
    alone = picture(fig1.pictures(result)["fig1"], ".png")
    both = pictures(fig1.pictures(result)["fig1"], (".png", ".pdf"))
    assert both[".png"] == alone
    assert both[".pdf"].startswith(b"%PDF")
