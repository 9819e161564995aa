"""What is shown while the page computes, and how much it computes."""

import pytest

PHASES = {"delta_cp": 0, "xi_1": 1, "xi_2": 0}

EVALUATIONS = """change => {
    let [count, seen, time] = [0, null, 0];
    const [terms, draw, now] = [Likelihood.prototype.terms, drawCurve, performance.now];
    Likelihood.prototype.terms = function (...given) { count++; return terms.apply(this, given); };
    drawCurve = (...given) => { seen ??= count; draw(...given); };
    performance.now = () => (seen === null ? 0 : (time += 1000));
    changed(change);
    [Likelihood.prototype.terms, drawCurve, performance.now] = [terms, draw, now];
    return seen;
}"""

"""Evaluations of chi-square before a change is seen, if there is time for a first look alone."""


@pytest.mark.parametrize(
    ("change", "most"),
    [
        ({"cl": 0.95}, 15),
        ({"sides": "one"}, 15),
        ({"phases": PHASES}, 55),
    ],
)
def test_a_change_computes_little_before_it_is_seen(
    tab, page, change, most, open_at, changing, rows_of
):
    """What follows from a level needs no new scan, and a first look is no closer than a pixel."""
    open_at(tab, page, data=["coherent-csi-2017", "conus-plus"])
    before = rows_of(tab)["Lambda_1"]
    with changing(tab):
        assert 0 < tab.evaluate(EVALUATIONS, change) <= most
    assert rows_of(tab)["Lambda_1"] != before or "phases" in change


IN_NO_TIME = """change => {
    let [drawings, time] = [0, 0];
    const [draw, now] = [drawCurve, performance.now];
    drawCurve = (...given) => { drawings++; draw(...given); };
    performance.now = () => (time += 1000);
    changed(change);
    [drawCurve, performance.now] = [draw, now];
    return drawings;
}"""

"""Pictures of the curve before a change returns, if each step takes a second."""


def test_a_first_look_that_takes_long_lets_the_next_change_in(
    tab, page, open_at, changing, rows_of, seen
):
    open_at(tab, page, data=["coherent-csi-2017"])
    with changing(tab):
        assert tab.evaluate(IN_NO_TIME, {"phases": PHASES | {"delta_cp": 1.0}}) == 0
        assert tab.evaluate(IN_NO_TIME, {"phases": PHASES}) == 0
    rows = rows_of(tab)
    assert rows == seen(tab, page, data=["coherent-csi-2017"], **PHASES)[0]


STAGES = """() => ["curve", "plane", "numbers"].map(name => {
    const box = document.getElementById(`${name}-box`);
    const save = document.getElementById(`save-${name}`);
    const svg = getComputedStyle(box.children[1]);
    return [box.dataset.stage, box.getAttribute("aria-busy"), save.disabled, Number(svg.opacity)];
})"""

"""Of each picture and the table: what it shows, if it is busy, cannot be saved, and is seen."""

STOPPED = """([change, seconds]) => {
    let time = 0;
    const [now, later] = [performance.now, setTimeout];
    performance.now = () => (time += 1000 * seconds);
    setTimeout = (task) => { window.goOn = task; };
    changed(change);
    [performance.now, setTimeout] = [now, later];
}"""

"""Make a change and stop after what is shown at once; a look at the clock takes some seconds."""


def test_what_is_older_than_a_choice_is_marked(tab, page, open_at, changing):
    open_at(tab, page, data=["coherent-csi-2017"], free=["Lambda_3"])
    done = ["", "false", False, 1]
    assert tab.evaluate(STAGES) == [done] * 3
    with changing(tab):
        tab.evaluate(STOPPED, [{"phases": PHASES}, 1])
        old = ["old", "true", True, 0.4]
        assert tab.evaluate(STAGES) == [old] * 3
        tab.evaluate("goOn()")
    assert tab.evaluate(STAGES) == [done] * 3


def test_a_part_of_a_curve_says_so(tab, page, open_at, changing):
    """In a clock that counts its readings, some points are known when time is over."""
    open_at(tab, page, data=["coherent-csi-2017"], free=["Lambda_3"])
    with changing(tab):
        tab.evaluate(STOPPED, [{"phases": PHASES}, 2e-3])
        curve, plane, table = tab.evaluate(STAGES)
        assert curve == ["part", "true", True, 1]
        assert (plane[0], table[0]) == ("old", "old")
        marks = tab.locator("#curve .part-mark").get_attribute("d")
        assert 2 <= marks.count("Z") < 20
        tab.evaluate("goOn()")
    assert tab.locator("#curve .part").count() == 0


COUNTED = """async change => {
    let count = 0;
    const terms = Likelihood.prototype.terms;
    Likelihood.prototype.terms = function (...given) { count++; return terms.apply(this, given); };
    changed(change);
    while (!document.body.dataset.done) await new Promise(resolve => setTimeout(resolve, 5));
    Likelihood.prototype.terms = terms;
    return count;
}"""

"""Evaluations of chi-square until all pictures and the table are there."""


def test_a_plane_with_a_free_parameter_starts_each_minimum_from_its_neighbours(tab, page, open_at):
    """Of 21 x 21 points, what the level crosses of 81 x 81, three scans and a curve of 161."""
    open_at(tab, page, data=["coherent-csi-2017"], free=["Lambda_3"])
    assert 1_000 < tab.evaluate(COUNTED, {"phases": PHASES}) < 6_000
