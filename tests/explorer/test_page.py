"""The page in a real browser: its numbers are those of the package."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest

import munu
from munu.analysis.couplings import couplings_of
from munu.analysis.model import joint_model
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed
from munu.base.thresholds import limit_delta_chi2
from munu.explorer.page import assembled
from munu.physics.assumptions import Assumptions
from munu.physics.moments import flavour_columns

EXPERIMENTS = (
    "conus",
    "coherent-csi",
    "conus-plus",
    "xenonnt-sr0-er",
    "borexino-phase-ii",
    "coherent-csi-2017",
)
CLOSE = 1e-8
"""Of the page's limits, relative to the package's."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return munu.explore(EXPERIMENTS, output=tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture
def tab(context):
    """A tab of the browser."""
    return context.new_page()


def open_at(tab, page, **state):
    """Show the page at a state, and wait until it has computed."""
    tab.goto("about:blank")
    tab.goto(f"{page.as_uri()}#{urlencode(state, doseq=True)}")
    wait(tab)


def wait(tab):
    """Wait until the page has computed what was asked last."""
    tab.wait_for_selector("body[data-done]")


@contextmanager
def changing(tab):
    """Wait after a change until the page has computed what follows from it."""
    before = tab.evaluate("document.body.dataset.done")
    yield
    done = "before => document.body.dataset.done && document.body.dataset.done !== before"
    tab.wait_for_function(done, arg=before)


def rows_of(tab):
    """Return what the table of limits carries, by parameter."""
    found = tab.locator("#limits tr").evaluate_all("rows => rows.map(row => ({...row.dataset}))")
    return {row["name"]: row for row in found}


def seen(tab, page, **state):
    """Return what a browser shows for a state: rows of limits, the plane's numbers, a problem."""
    open_at(tab, page, **state)
    said = tab.locator("#plane-said").evaluate("one => ({...one.dataset})")
    plane = tuple(float(said[name]) for name in ("excess", "chi2")) if said else None
    return rows_of(tab), plane, tab.locator("#problem").text_content()


def ends(row):
    """Return the ends of all intervals, infinite where there is none."""
    intervals = json.loads(row["intervals"])
    sided = [
        (x, side) for pair in intervals for x, side in zip(pair, (-np.inf, np.inf), strict=True)
    ]
    return [side if x is None else x for x, side in sided]


MOMENT_LIMITS = [
    ({"data": ["conus"]}, "Lambda_1", {}),
    ({"data": ["conus"], "sides": "one", "cl": 0.95}, "Lambda_2", {"one_sided": True, "cl": 0.95}),
    ({"data": ["coherent-csi"], "recoil": "nuclear"}, "Lambda_2", {"channels": "nuclear"}),
    ({"data": ["coherent-csi"], "expected": 1}, "Lambda_3", {"expected": True}),
    ({"data": ["coherent-csi"], "delta_cp": 1.2}, "Lambda_1", {"delta_cp": 1.2}),
    ({"data": ["xenonnt-sr0-er"], "group": "flavour-moments"}, "Lambda_mu", {}),
    ({"data": ["borexino-phase-ii"], "group": "effective-moments"}, "mu_nu_mu", {}),
    ({"data": ["conus", "xenonnt-sr0-er"], "group": "common-moment"}, "mu_eff", {}),
    # Shapes that have several minima, and two moments with phases that are free.
    (
        {"data": ["coherent-csi-2017"], "free": ["Lambda_2", "Lambda_3"], "y": ""},
        "Lambda_1",
        {"others": "profiled"},
    ),
    # The one with shapes, of the signal and in time, and a normalisation that data pull far.
    ({"data": ["coherent-csi-2017"], "y": "", "cl": 0.9973}, "Lambda_1", {"cl": 0.9973}),
    (
        {"data": ["conus", "coherent-csi"], "free": ["Lambda_1", "Lambda_2"], "y": ""},
        "Lambda_3",
        {"others": "profiled"},
    ),
]


@pytest.mark.parametrize(("state", "name", "options"), MOMENT_LIMITS)
def test_limits_on_moments_are_those_of_the_package(tab, page, state, name, options):
    rows, _, problem = seen(tab, page, x=name, **state)
    found = munu.limit(state["data"], name, **options)
    assert problem == ""
    assert ends(rows[name]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)


def test_shapes_are_interpolated_as_the_file_says(tab, tmp_path):
    loaded = munu.load("coherent-csi-2017")
    statistic = replace(loaded.statistic, interpolation="polynomial")
    other = replace(loaded, statistic=statistic)
    own = munu.explore(other, output=tmp_path / "page.html")
    options = {"cl": 0.9973}
    rows, _, _ = seen(tab, own, data=["coherent-csi-2017"], x="Lambda_1", y="", **options)
    found, before = (munu.limit(one, "Lambda_1", **options) for one in (other, loaded))
    assert ends(rows["Lambda_1"]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)
    assert abs(found.limit_mu_b / before.limit_mu_b - 1) > 100 * CLOSE


def test_shapes_of_the_page_saturate_where_the_file_says_so(tab, tmp_path):
    """At three standard deviations of the limit the charge yield is at -1.9 of its own."""
    name, cl = "Lambda_2", 0.9973
    own = munu.explore("xenonnt-s2only", output=tmp_path / "page.html")
    rows, _, problem = seen(tab, own, data=["xenonnt-s2only"], x=name, y="", cl=cl)
    found = munu.limit("xenonnt-s2only", name, cl=cl)
    assert problem == ""
    assert ends(rows[name]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)


@pytest.mark.parametrize(
    ("state", "name", "options"),
    [
        ({"data": ["conus-plus"], "group": "couplings"}, "epsilon_u_ee", {}),
        (
            {"data": ["conus-plus"], "group": "couplings", "value": "epsilon_d_ee=0.05"},
            "epsilon_u_ee",
            {"values": {"epsilon_d_ee": 0.05}},
        ),
        ({"data": ["conus-plus"], "group": "couplings"}, "sin2_theta_w", {}),
        (
            {"data": ["conus-plus"], "group": "couplings", "free": ["sin2_theta_w"]},
            "epsilon_u_ee",
            {"profile": "sin2_theta_w"},
        ),
        # Two islands, and a free angle that meets its bounds.
        (
            {
                "data": ["conus-plus", "coherent-csi"],
                "group": "couplings",
                "free": ["sin2_theta_w"],
            },
            "charge_radius_ee",
            {"profile": "sin2_theta_w"},
        ),
        (
            {
                "data": ["coherent-csi"],
                "group": "couplings",
                "free": ["sin2_theta_w", "charge_radius_emu"],
            },
            "charge_radius_mumu",
            {"profile": ["sin2_theta_w", "charge_radius_emu"]},
        ),
        ({"data": ["coherent-csi"], "group": "mediator-10"}, "g_b-l", {"mediator_mass": "10 MeV"}),
    ],
)
def test_intervals_of_couplings_are_those_of_the_package(tab, page, state, name, options):
    rows, _, _ = seen(tab, page, x=name, y="", **state)
    found = munu.limit(state["data"], name, **options)
    assert ends(rows[name]) == pytest.approx(found.intervals.ravel().tolist(), rel=CLOSE)


def test_chi2_of_a_charge_radius_is_that_of_the_likelihood(tab, page):
    name, given = "charge_radius_ee", Assumptions()
    rows, _, _ = seen(
        tab, page, data=["conus-plus", "xenonnt-sr0-er"], group="couplings", x=name, y=""
    )
    folded, settled = fold_assumed(["conus-plus", "xenonnt-sr0-er"], None, given)
    model = couplings_of(folded, question((name,), (), given), settled).model
    points = np.array([[1.0, x] for x in ends(rows[name])])
    chi2 = model.likelihood.chi2(np.einsum("bjk,mj,mk->mb", model.forms, points, points))
    level = float(rows[name]["chi2"]) + limit_delta_chi2(0.9)
    assert chi2 == pytest.approx(np.full(len(points), level), abs=1e-7)


def test_the_plane_has_the_chi2_of_moments_with_phases(tab, page):
    names, phases = ["conus", "coherent-csi"], {"xi_1": 0.7, "xi_2": -1.1, "delta_cp": 2.0}
    values = {"Lambda_1": 3e-9, "Lambda_2": 2e-9, "Lambda_3": 1e-9}
    folded, settled = fold_assumed(names, None, Assumptions(**phases))
    moments = np.exp(1j * settled.zeta()) * list(values.values())
    chi2 = float(joint_model(folded, settled).chi2(moments))
    given = [f"{name}={value}" for name, value in values.items()]
    _, (excess, lowest), _ = seen(tab, page, data=names, value=given, **phases)
    assert excess + lowest == pytest.approx(chi2, rel=1e-9)


def test_the_plane_of_flavour_moments_has_the_chi2_of_mass_states(tab, page):
    values = {"Lambda_e": 3e-11, "Lambda_mu": 2e-11, "Lambda_tau": 1e-11}
    folded, settled = fold_assumed("borexino-phase-ii", None, Assumptions(delta_cp=2.0))
    moments = flavour_columns(settled.neutrino_mixing) @ list(values.values())
    chi2 = float(joint_model(folded, settled).chi2(moments))
    given = [f"{name}={value}" for name, value in values.items()]
    state = {"data": ["borexino-phase-ii"], "group": "flavour-moments", "delta_cp": 2.0}
    _, (excess, lowest), _ = seen(tab, page, x="Lambda_e", y="Lambda_mu", value=given, **state)
    assert excess + lowest == pytest.approx(chi2, rel=1e-9)


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
def test_a_change_computes_little_before_it_is_seen(tab, page, change, most):
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


def test_a_first_look_that_takes_long_lets_the_next_change_in(tab, page):
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


def test_what_is_older_than_a_choice_is_marked(tab, page):
    open_at(tab, page, data=["coherent-csi-2017"], free=["Lambda_3"])
    done = ["", "false", False, 1]
    assert tab.evaluate(STAGES) == [done] * 3
    with changing(tab):
        tab.evaluate(STOPPED, [{"phases": PHASES}, 1])
        old = ["old", "true", True, 0.4]
        assert tab.evaluate(STAGES) == [old] * 3
        tab.evaluate("goOn()")
    assert tab.evaluate(STAGES) == [done] * 3


def test_a_part_of_a_curve_says_so(tab, page):
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


@pytest.mark.parametrize(
    ("state", "x", "y", "free"),
    [
        ({"data": ["conus", "coherent-csi"]}, "Lambda_1", "Lambda_2", "Lambda_3"),
        (
            {"data": ["conus-plus", "coherent-csi"], "group": "couplings"},
            "charge_radius_ee",
            "charge_radius_mumu",
            "sin2_theta_w",
        ),
    ],
)
def test_the_lowest_chi2_of_a_plane_is_that_of_a_curve_with_one_more_free(
    tab, page, state, x, y, free
):
    _, (_, lowest), _ = seen(tab, page, x=x, y=y, free=[free], **state)
    rows, _, _ = seen(tab, page, x=x, y="", free=[y, free], **state)
    assert lowest == pytest.approx(float(rows[x]["chi2"]), abs=1e-6)


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


def test_a_plane_with_a_free_parameter_starts_each_minimum_from_its_neighbours(tab, page):
    """Of 21 x 21 points, what the level crosses of 81 x 81, three scans and a curve of 161."""
    open_at(tab, page, data=["coherent-csi-2017"], free=["Lambda_3"])
    assert 1_000 < tab.evaluate(COUNTED, {"phases": PHASES}) < 6_000


def test_what_cannot_be_shown_is_said(tab, page):
    _, _, problem = seen(tab, page, data=["borexino-phase-ii"], group="couplings")
    assert (
        problem == "borexino-phase-ii is a bound on a moment and says nothing of these parameters."
    )
    _, _, problem = seen(tab, page, data=["conus"], recoil="electron")
    assert problem == "conus counts no electron recoils."
    saving = tab.locator("button[id^=save-]")
    assert saving.evaluate_all("all => all.map(one => one.disabled)") == [True] * 4
    seen(tab, page, data=["conus"])
    assert saving.evaluate_all("all => all.map(one => one.disabled)") == [False] * 4


def test_the_keyboard_moves_a_value_and_the_address_keeps_it(context, tab, page):
    open_at(tab, page, data=["conus"])
    slider = tab.get_by_role("slider", name="Λ₃").first
    slider.focus()
    before = tab.locator("#value-Lambda_3").input_value()
    for _ in range(5):
        with changing(tab):
            slider.press("ArrowRight")
    after = tab.locator("#value-Lambda_3").input_value()
    assert float(after) > float(before)
    assert "Lambda_3" in tab.url
    other = context.new_page()
    other.goto(tab.url)
    wait(other)
    assert other.locator("#value-Lambda_3").input_value() == after
    assert rows_of(other)["Lambda_1"] == rows_of(tab)["Lambda_1"]


def test_choices_by_the_pointer_are_those_of_the_address(tab, page):
    open_at(tab, page, data=["conus"])
    with changing(tab):
        tab.get_by_role("checkbox", name="coherent-csi COHERENT").first.check()
    with changing(tab):
        tab.get_by_label("Level").select_option("0.95")
    with changing(tab):
        tab.get_by_label("Limits are").select_option("one")
    rows = rows_of(tab)
    assert rows == seen(tab, page, data=["conus", "coherent-csi"], cl=0.95, sides="one")[0]
    found = munu.limit(["conus", "coherent-csi"], "Lambda_1", cl=0.95, one_sided=True)
    assert ends(rows["Lambda_1"])[1] == pytest.approx(found.limit_mu_b, rel=CLOSE)


def test_pictures_and_numbers_are_saved(tab, page):
    open_at(tab, page, data=["conus"])
    for name in ("curve", "plane", "spectrum"):
        with tab.expect_download() as caught:
            tab.locator(f"#save-{name}").click()
        text = Path(caught.value.path()).read_text("utf-8")
        assert text.startswith(("<svg", "<?xml"))
        assert "<path" in text
    with tab.expect_download() as caught:
        tab.locator("#save-numbers").click()
    assert caught.value.suggested_filename.endswith(".csv")
    assert Path(caught.value.path()).read_text("utf-8") == tab.locator("#numbers").text_content()


@pytest.mark.parametrize("width", [375, 768, 1300])
def test_the_page_fits_its_window(tab, page, width):
    tab.set_viewport_size({"width": width, "height": 800})
    open_at(tab, page, data=["conus", "coherent-csi"])
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("curve", "plane", "spectrum"):
        box = tab.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_the_page_is_dark_where_that_is_asked_for(tab, page):
    open_at(tab, page, data=["conus"])
    brightness = "sum(getComputedStyle(document.body).backgroundColor)"
    sum_of = "const sum = text => text.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0);"
    tab.emulate_media(color_scheme="light")
    light = tab.evaluate(f"() => {{ {sum_of} return {brightness}; }}")
    tab.emulate_media(color_scheme="dark")
    dark = tab.evaluate(f"() => {{ {sum_of} return {brightness}; }}")
    assert dark < 200 < 600 < light


def test_controls_have_names_for_screen_readers(tab, page):
    open_at(tab, page, data=["conus"])
    nameless = "all => all.filter(one => !one.labels?.length && !one.ariaLabel).map(one => one.id)"
    assert tab.locator("input, select").evaluate_all(nameless) == []


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
def test_the_catalogue_takes_less_than_two_megabytes(tmp_path):
    assert munu.explore(output=tmp_path / "all.html").stat().st_size < 2_000_000


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
