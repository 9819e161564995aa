"""The file that is written."""

import json
import re

import pytest

import munu
from munu.explorer.page import assembled


def test_the_page_asks_for_nothing(page):
    text = page.read_text(encoding="utf-8")
    outside = text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|\bsrc=|\bimport\b|@import|url\((?!#)|eval\(|fetch\(", outside)
    assert "/*NUMBERS*/" not in text
    assert page.stat().st_size < 800_000


def test_a_text_cannot_end_the_numbers():
    text = assembled({"title": "</script><b>"})
    carried = re.search(r'id="carried">(.*?)</script>', text, re.DOTALL).group(1)
    assert json.loads(carried) == {"title": "</script><b>"}


def test_the_catalogue_has_one_mixing_unless_another_is_asked_for(monkeypatch, tmp_path):
    """Its files differ in theirs; two of them stand for all here."""
    names = ("conus", "texono-low-threshold")
    monkeypatch.setattr("munu.explorer.explore.catalogue", lambda: names)
    for asked, name in ((None, "desalas2018-no"), ("nufit60-no", "nufit60-no")):
        text = munu.explore(output=tmp_path / "page.html", mixing=asked).read_text()
        assert f'"mixing":{{"name":"{name}"' in text.replace(": ", ":").replace(", ", ",")
    with pytest.raises(munu.MunuError, match="differ in their mixing"):
        munu.explore(names, output=tmp_path / "page.html")


@pytest.mark.slow
def test_the_catalogue_takes_less_than_two_and_a_half_megabytes(tmp_path):
    assert munu.explore(output=tmp_path / "all.html").stat().st_size < 2_500_000


@pytest.mark.parametrize(
    ("experiments", "name", "message"),
    [
        (["conus"], "page.txt", "does not end in .html"),
        (["conus"], "missing/page.html", "there is no folder"),
        (["conus", "conus"], "page.html", "conus is named twice"),
        (["conos"], "page.html", "conos"),
    ],
)
def test_mistakes(tmp_path, experiments, name, message):
    with pytest.raises(munu.MunuError, match=message):
        munu.explore(experiments, output=tmp_path / name)
    assert not list(tmp_path.iterdir())
