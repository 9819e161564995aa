"""What is chosen, by hand and in the address."""

import pytest

import munu
from munu.explorer.groups import COUPLING_GROUP, MOMENT_GROUPS, mediator_groups

CLOSE = 1e-8
"""Of the page's limits, relative to the package's."""


def test_what_cannot_be_shown_is_said(tab, page, seen):
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


def test_the_keyboard_moves_a_value_and_the_address_keeps_it(
    context, tab, page, open_at, changing, rows_of, wait
):
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


def test_choices_by_the_pointer_are_those_of_the_address(
    tab, page, open_at, changing, rows_of, seen, ends
):
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


@pytest.mark.parametrize(
    "state",
    [
        {"y": ""},
        {"x": "Lambda_3", "y": "Lambda_2"},
        {"x": "Lambda_2", "y": ""},
        {"group": "couplings", "x": "sin2_theta_w", "y": ""},
        {"group": "couplings", "x": "sin2_theta_w", "y": "epsilon_u_ee"},
    ],
)
def test_the_address_keeps_the_axes_and_an_empty_one(tab, page, open_at, changing, state):
    open_at(tab, page, data=["conus"])
    with changing(tab):
        tab.evaluate("change => changed(change)", state)
    tab.reload()
    shown = [tab.locator(f"#{name}").input_value() for name in ("group", "x", "y")]
    assert shown == [state.get(k, v) for k, v in (("group", "mass-moments"), ("x", "Lambda_1"))] + [
        state["y"]
    ]
    assert tab.locator("#plane-box").is_visible() == bool(state["y"])


def test_the_address_keeps_that_no_data_are_chosen(tab, page, open_at, changing):
    open_at(tab, page, data=["conus"])
    with changing(tab):
        tab.get_by_role("checkbox", name="conus CONUS").first.uncheck()
    tab.reload()
    assert tab.locator("#problem").text_content() == "Choose at least one data set."
    assert tab.locator("#datasets input:checked").count() == 0
    assert tab.locator("#plane-box").get_attribute("data-stage") == "empty"


def test_what_is_chosen_is_named_beside_a_long_list(tab, page, open_at):
    open_at(tab, page, data=["conus", "coherent-csi"])
    assert tab.locator("#chosen-data").text_content() == "Chosen: conus, coherent-csi"


def test_a_region_that_goes_on_says_so(tab, page, seen):
    text = "goes on beyond the picture"
    seen(tab, page, data=["conus", "coherent-csi"], zoom=0.5)
    assert text in tab.locator("#plane-said").text_content()
    seen(tab, page, data=["conus", "coherent-csi"], zoom=4)
    assert text not in tab.locator("#plane-said").text_content()


def test_every_group_may_be_varied_together_or_says_that_it_may_not():
    groups = (*MOMENT_GROUPS, COUPLING_GROUP, *mediator_groups())
    assert {one.key for one in groups if not one.together} == {one.key for one in mediator_groups()}
