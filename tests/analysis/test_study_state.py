"""State files of coverage studies: any damage gives the same result or a refusal of one line."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import munu
from munu.analysis.coverage import coverage
from munu.base.errors import MunuError
from munu.engine import Piece, State
from munu.statistics.studies import OUTCOMES

STUDY = {"toys": 410, "seed": 3, "moment_mu_b": [0.0, 2e-9]}


def study(state: Path | None) -> str:
    return coverage("coherent-csi", state=state, **STUDY).to_json()


def result_or_refusal(state: Path) -> str:
    """The result, or the one line that refuses the file, which names it."""
    try:
        return study(state)
    except MunuError as refusal:
        return str(refusal)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[str, str]:
    """The result of a study, and the text of its state."""
    state = tmp_path_factory.mktemp("state") / "toys.jsonl"
    return study(state), state.read_text(encoding="utf-8")


def signed(document: dict) -> str:
    """A line with a right checksum, whatever it says."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return json.dumps({**document, "sha256": hashlib.sha256(text.encode()).hexdigest()}) + "\n"


def resigned(change: Callable[[dict], object]) -> Callable[[str], str]:
    """Change the second piece and sign it anew: lengths and types have to find that out."""

    def damage(text: str) -> str:
        lines = text.splitlines(keepends=True)
        document = json.loads(lines[2])
        del document["sha256"]
        change(document)
        return "".join([*lines[:2], signed(document), *lines[3:]])

    return damage


def swapped(text: str, i: int, k: int) -> str:
    lines = text.splitlines(keepends=True)
    lines[i], lines[k] = lines[k], lines[i]
    return "".join(lines)


def without(text: str, i: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:i] + lines[i + 1 :])


def flipped(text: str, place: int) -> str:
    digit = str((int(text[place]) + 1) % 10)
    return text[:place] + digit + text[place + 1 :]


def digit_in(text: str, after: str, line: int) -> int:
    start = sum(len(one) for one in text.splitlines(keepends=True)[:line])
    place = text.index(after, start) + len(after)
    return next(i for i in range(place, len(text)) if text[i].isdigit())


REFUSED = {
    "a digit of Δχ²": lambda t: flipped(t, digit_in(t, '"delta_chi2": [', 2)),
    "a digit of a position": lambda t: flipped(t, digit_in(t, '"point": ', 2)),
    "a digit of a block": lambda t: flipped(t, digit_in(t, '"block": ', 2)),
    "a digit of a true value": lambda t: flipped(t, digit_in(t, '"value": ', 2)),
    "a digit of the checksum": lambda t: flipped(t, digit_in(t, '"sha256": "', 2)),
    "a digit of the study": lambda t: flipped(t, digit_in(t, '"study": "', 2)),
    "a digit of the seed": lambda t: flipped(t, digit_in(t, '"seed": ', 0)),
    "the header gone": lambda t: without(t, 0),
    "the header last": lambda t: swapped(t, 0, -1),
    "a number that is a text": lambda t: t.replace('"block": 1', '"block": "1"'),
    "NaN": lambda t: t.replace('"delta_chi2": [', '"delta_chi2": [NaN, ', 1),
    "infinity": lambda t: t.replace('"delta_chi2": [', '"delta_chi2": [Infinity, ', 1),
    "a huge integer": lambda t: t.replace('"point": 1', '"point": 1' + 5000 * "0", 1),
    "deeply nested": lambda t: t + 100_000 * "[" + "\n",
    "nested within": lambda t: t.replace('"failures": {}', '"failures": ' + 5000 * '{"a":', 1),
    "a line that is not JSON": lambda t: t + "toys\n",
    "an empty line": lambda t: t.replace("\n", "\n\n", 1),
    "a blank": lambda t: " \n",
    "an array": lambda t: "[]\n",
    "no object": lambda t: t + "7\n",
    "a zero byte": lambda t: t.replace("point", "po\0int", 1),
    "another letter": lambda t: t.replace("failures", "failurez", 1),
    "without a line end": lambda t: t[: t.index("\n")],
    "cut in the header": lambda t: t[:40],
    "empty": lambda t: "",
    "zeros": lambda t: "\0" * len(t),
    "zeros in the header": lambda t: "\0" * 20 + t[20:],
    "cut in the middle": lambda t: t[:900] + t[1100:],
    "two lines in one": lambda t: t.replace("\n", "", 2),
    "the form of 0.1.0": lambda t: json.dumps({"study": {}, "batches": {}, "failures": {}}),
    "negative": resigned(lambda d: d["result"]["delta_chi2"].__setitem__(0, -1.0)),
    "a text for Δχ²": resigned(lambda d: d["result"]["delta_chi2"].__setitem__(0, "0.5")),
    "a reason without failure": resigned(lambda d: d["result"]["failures"].update({"1": "why"})),
    "a failure without reason": resigned(lambda d: d["result"]["delta_chi2"].__setitem__(0, None)),
    "true for a position": resigned(lambda d: d.update(point=True)),
    "a negative block": resigned(lambda d: d.update(block=-1)),
    "a whole number for a value": resigned(lambda d: d.update(value=0)),
    "a result more": resigned(lambda d: d["result"].update(remark="none")),
    "a result less": resigned(lambda d: d.update(result={})),
    "a key more": resigned(lambda d: d.update(remark="none")),
    "a key less": resigned(lambda d: d.pop("result")),
    "another study": resigned(lambda d: d.update(study=64 * "0")),
    "the same toys twice": resigned(lambda d: d.update(block=0)),
}

BEGUN = {
    "": "is empty: a full disk or a loss of power takes lines away. Put a copy of it back",
    "\0" * 80: "holds nothing but zeros",
    '{"munu_state"': "line 1: what the study is stands there, .*: of the 0 lines after",
}

HARMLESS = {
    "nothing": lambda t: t,
    "cut in the last line": lambda t: t[:-30],
    "the last line end gone": lambda t: t[:-1],
    "a piece gone": lambda t: without(t, 2),
    "pieces exchanged": lambda t: swapped(t, 2, 4),
    "a piece twice": lambda t: t + t.splitlines(keepends=True)[3],
    "two files joined": lambda t: t + t,
    "lines of another system": lambda t: t.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("damage", REFUSED.values(), ids=REFUSED)
def test_a_damaged_state_is_refused_and_left_as_it_is(tmp_path, finished, damage):
    state = tmp_path / "toys.jsonl"
    text = damage(finished[1])
    assert text != finished[1]
    state.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(MunuError) as refusal:
        study(state)
    assert refusal.value.remedy
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400
    assert state.read_bytes().decode() == text


@pytest.mark.parametrize(("content", "match"), BEGUN.items(), ids=["empty", "zeros", "cut"])
def test_a_state_of_which_nothing_is_left_is_told_from_none(tmp_path, content, match):
    state = tmp_path / "toys.jsonl"
    state.write_text(content)
    with pytest.raises(MunuError, match=f"{state}.* {match}"):
        study(state)
    with pytest.raises(MunuError, match=match):
        munu.merge(tmp_path / "all.jsonl", state)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_is_missing_is_drawn_again(tmp_path, finished, change):
    state = tmp_path / "toys.jsonl"
    state.write_text(change(finished[1]), encoding="utf-8", newline="")
    assert study(state) == finished[0]
    assert study(state) == finished[0]


def test_bytes_changed_at_random_never_change_a_result(tmp_path, finished):
    """Sixty damages: bytes overwritten, cut out or doubled, anywhere in the file."""
    draw, whole = random.Random(9), finished[1].encode()
    state, same = tmp_path / "toys.jsonl", 0
    for _ in range(60):
        start = draw.randrange(len(whole))
        end = min(start + draw.choice([1, 1, 1, 8, 200]), len(whole))
        new = draw.choice([b"", draw.randbytes(end - start), 2 * whole[start:end]])
        state.write_bytes(whole[:start] + new + whole[end:])
        found = result_or_refusal(state)
        same += found == finished[0]
        assert found == finished[0] or (found.startswith(str(state)) and "\n" not in found)
    assert 0 < same < 60


def test_a_state_that_cannot_be_kept_is_refused_before_any_toy(tmp_path):
    def no_toy(done: int, total: int) -> None:
        raise AssertionError

    for path in (tmp_path, tmp_path / "none" / "toys.jsonl"):
        with pytest.raises(MunuError, match="cannot"):
            coverage("coherent-csi", state=path, progress=no_toy, **STUDY)


def test_pieces_are_appended(tmp_path):
    """What was written stays as it is; the file only grows."""
    path, study = tmp_path / "s", {"seed": 1}
    state = State.opened(path, study, OUTCOMES)
    seen = [path.read_bytes()]
    for block in (0, 1):
        state.add(Piece(0, 2e-9, block), [0.5, "no minimum"])
        seen.append(path.read_bytes())
        assert seen[-1].startswith(seen[-2])
    again = State.opened(path, study, OUTCOMES)
    assert again.get(Piece(0, 2e-9, 1)) == [0.5, "no minimum"]
    assert again.get(Piece(0, 2.1e-9, 1)) is None
    assert again.get(Piece(1, 2e-9, 0)) is None


def test_the_time_of_a_piece_does_not_grow_with_the_file(tmp_path):
    """A piece is one line more, as long as the others, and nothing before it is written anew."""
    path = tmp_path / "s"
    state = State.opened(path, {"seed": 1}, OUTCOMES)
    sizes = [path.stat().st_size]
    for block in range(100, 300):
        state.add(Piece(0, 2e-9, block), [0.5] * 100)
        sizes.append(path.stat().st_size)
    assert len(set(map(int.__sub__, sizes[1:], sizes[:-1]))) == 1


@pytest.mark.parametrize(
    "question",
    [
        {"parameter": "Lambda_1", "others": "profiled", "at": [2e-9]},
        {"parameter": "sin2_theta_w", "profile": ["Lambda_1", "Lambda_2"], "at": [0.2]},
    ],
    ids=["moment", "coupling"],
)
def test_toys_with_free_phases_are_of_another_study_than_those_with_phases_of_zero(
    question, tmp_path
):
    kept = {"toys": 5, "state": tmp_path / "toys.jsonl", **question}
    munu.coverage("coherent-csi-2017", **kept)
    with pytest.raises(MunuError, match="another study: number of phases and"):
        munu.coverage("coherent-csi-2017", **kept, xi_1=0.0, xi_2=0.0)


def test_a_merged_state_says_what_its_values_are(tmp_path):
    state = tmp_path / "toys.jsonl"
    munu.coverage("coherent-csi-2017", "epsilon_u_ee", at=[0.1], toys=5, state=state)
    merged = munu.merge(tmp_path / "all.jsonl", state)
    assert "the difference from the Standard Model's" in str(merged)
