"""Progress of searches by toys moves as blocks are finished, and states are gone on from."""

from __future__ import annotations

import pytest

import munu
from munu.base.errors import MunuError
from munu.statistics.studies import BLOCK

LIMIT = {"experiment": "coherent-csi", "method": "feldman-cousins"}
REGION = {"plane": ("mu_nu_e", "mu_nu_mu"), **LIMIT}


@pytest.mark.parametrize(
    ("ask", "question", "rough", "fine"),
    [(munu.limit, LIMIT, 0.1, 0.012), (munu.region, REGION, 0.3, 0.01)],
    ids=["limit", "region"],
)
def test_a_finer_precision_goes_on_from_the_toys_of_a_rougher_one(
    tmp_path, ask, question, rough, fine
):
    state, shown = tmp_path / "toys.jsonl", []
    first = ask(**question, precision=rough, state=state)
    before = state.read_bytes()
    second = ask(**question, precision=fine, state=state, progress=lambda *now: shown.append(now))
    assert second.toys > first.toys
    assert state.read_bytes().startswith(before)
    assert second.toys - first.toys <= BLOCK * state.read_bytes()[len(before) :].count(b"\n")
    assert state.read_text().count("\n") < 1 + (second.toys + first.toys) / BLOCK
    assert second == ask(**question, precision=fine)
    # What the state brought is told in one go.
    assert shown[0][0] > first.toys / 2
    assert shown[-1][0] == second.toys


@pytest.mark.parametrize(("ask", "question"), [(munu.limit, LIMIT), (munu.region, REGION)])
def test_progress_moves_within_a_round(ask, question):
    shown = []
    found = ask(**question, precision=0.3, progress=lambda *now: shown.append(now))
    done = [one for one, _ in shown]
    assert set(range(BLOCK, found.toys, BLOCK)) <= set(done)
    assert done == sorted(done)
    assert all(one <= total for one, total in shown)


def test_another_level_takes_other_points(tmp_path):
    state = tmp_path / "toys.jsonl"
    munu.limit(**LIMIT, precision=0.3, state=state)
    other = munu.limit(**LIMIT, precision=0.3, cl=0.68, state=state)
    assert other == munu.limit(**LIMIT, precision=0.3, cl=0.68)
    plane = tmp_path / "plane.jsonl"
    munu.region(**REGION, precision=0.3, state=plane)
    with pytest.raises(MunuError, match=r"another study: cl: 0.9 there, 0.68 here. Name another"):
        munu.region(**REGION, precision=0.3, cl=0.68, state=plane)
