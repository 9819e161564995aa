"""How the page looks, and what it saves."""

from pathlib import Path

import pytest


def test_pictures_and_numbers_are_saved(tab, page, open_at):
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
def test_the_page_fits_its_window(tab, page, width, open_at):
    tab.set_viewport_size({"width": width, "height": 800})
    open_at(tab, page, data=["conus", "coherent-csi"])
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("curve", "plane", "spectrum"):
        box = tab.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_the_page_is_dark_where_that_is_asked_for(tab, page, open_at):
    open_at(tab, page, data=["conus"])
    brightness = "sum(getComputedStyle(document.body).backgroundColor)"
    sum_of = "const sum = text => text.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0);"
    tab.emulate_media(color_scheme="light")
    light = tab.evaluate(f"() => {{ {sum_of} return {brightness}; }}")
    tab.emulate_media(color_scheme="dark")
    dark = tab.evaluate(f"() => {{ {sum_of} return {brightness}; }}")
    assert dark < 200 < 600 < light


def test_controls_have_names_for_screen_readers(tab, page, open_at):
    open_at(tab, page, data=["conus"])
    nameless = "all => all.filter(one => !one.labels?.length && !one.ariaLabel).map(one => one.id)"
    assert tab.locator("input, select").evaluate_all(nameless) == []
