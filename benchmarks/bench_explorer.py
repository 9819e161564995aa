"""The explorer page: how long a change takes until it is drawn, in Chromium.

There is no floor: the page draws for up to 16 ms in any case before it lets the browser go on.
"""

from __future__ import annotations

import shutil
from statistics import median
from urllib.parse import urlencode

import pytest

import munu

HEAVIEST = (
    "coherent-lar-2020",
    "borexino-phase-ii-spectrum",
    "xenonnt-8b",
    "coherent-csi-2021",
)
"""Data sets that take longest, together."""
CHANGES = {
    "a phase": ("slider-xi_1", "input", [0.2 * k - 3 for k in range(12)]),
    "a value": ("slider-Lambda_3", "input", [1e-3 * (k + 1) for k in range(12)]),
    "the confidence level": ("cl", "change", ["0.95", "0.99", "0.6827"] * 4),
    "one- or two-sided": ("sides", "change", ["one", "two"] * 6),
    "the parameter": ("x", "change", ["Lambda_2", "Lambda_1"] * 6),
    "the plane": ("y", "change", ["Lambda_3", "Lambda_2"] * 6),
    "observed or expected": ("expected", "change", ["1", ""] * 6),
    "recoils": ("recoil", "change", ["nuclear", "all"] * 6),
    "what it is about": ("group", "change", ["couplings", "mass-moments"] * 6),
}
CHANGE = """async ([id, event, value]) => {
    const control = document.getElementById(id);
    control.value = value;
    const began = performance.now();
    control.dispatchEvent(new Event(event));
    document.body.offsetHeight;
    const taken = performance.now() - began;
    await new Promise(resolve => setTimeout(resolve, 100));
    return taken;
}"""
"""Milliseconds until the first picture is laid out; finer ones follow before the next change."""


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=["--disable-gpu"])


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    return munu.explore(HEAVIEST, output=path)


def milliseconds(browser, page, change) -> list[float]:
    """Return how long each of the changes took."""
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.goto(f"{page.as_uri()}#{urlencode({'data': HEAVIEST}, doseq=True)}")
    tab.wait_for_selector("body[data-done]", timeout=300_000)
    control, event, values = change
    found = [tab.evaluate(CHANGE, [control, event, value]) for value in values]
    tab.close()
    return found


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_explorer_page(name, browser, page, add_row):
    found = milliseconds(browser, page, CHANGES[name])
    taken = f"{median(found):.0f} ms, at worst {max(found):.0f} ms"
    add_row(f"explorer page, {name} changed", taken, "-", "-", "50 ms")
