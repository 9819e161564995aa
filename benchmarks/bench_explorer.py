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
PHASE = ("slider-xi_1", "input", [0.2 * k - 3 for k in range(12)])
LEVEL = ("cl", "change", ["0.95", "0.99", "0.6827"] * 4)
CHANGES = {
    "a phase": PHASE,
    "a value": ("slider-Lambda_3", "input", [1e-3 * (k + 1) for k in range(12)]),
    "the confidence level": LEVEL,
    "one- or two-sided": ("sides", "change", ["one", "two"] * 6),
    "the parameter": ("x", "change", ["Lambda_2", "Lambda_1"] * 6),
    "the plane": ("y", "change", ["Lambda_3", "Lambda_2"] * 6),
    "observed or expected": ("expected", "change", ["1", ""] * 6),
    "recoils": ("recoil", "change", ["nuclear", "all"] * 6),
    "a data set": (f"data-{HEAVIEST[-1]}", "click", [""] * 12),
    "what it is about": ("group", "change", ["couplings", "mass-moments"] * 6),
    "free or not": ("free-Lambda_3", "click", [""] * 12),
}
ONE_FREE = {"free": "Lambda_3"}
TWO_FREE = {"free": ["Lambda_2", "Lambda_3"], "y": ""}
COUPLINGS = {"group": "couplings", "x": "charge_radius_ee", "y": "charge_radius_mumu"}
FREE_ANGLE = COUPLINGS | {"free": "sin2_theta_w"}
FREE_CHANGES = {
    "a phase, Λ₃ free": (ONE_FREE, PHASE),
    "the confidence level, Λ₃ free": (ONE_FREE, LEVEL),
    "a phase, Λ₂ and Λ₃ free": (TWO_FREE, PHASE),
    "the confidence level, sin²θ_W free": (FREE_ANGLE, LEVEL),
    "free or not, charge radii": (COUPLINGS, ("free-sin2_theta_w", "click", [""] * 12)),
}
FINEST = {
    "a phase": ({}, PHASE),
    "a phase, Λ₃ free": (ONE_FREE, PHASE),
    "a phase, Λ₂ and Λ₃ free": (TWO_FREE, PHASE),
    "the confidence level, sin²θ_W free": (FREE_ANGLE, LEVEL),
}
CHANGE = """async ([id, event, value, wait]) => {
    const control = document.getElementById(id);
    if (event !== "click") control.value = value;
    const began = performance.now();
    if (event === "click") control.click();
    else control.dispatchEvent(new Event(event));
    document.body.offsetHeight;
    const taken = performance.now() - began;
    const isOver = () => (wait ? performance.now() - began > wait : document.body.dataset.done);
    while (!isOver()) await new Promise(resolve => setTimeout(resolve, 5));
    return [taken, performance.now() - began];
}"""
"""Milliseconds until the first picture is laid out and, without a wait, until the finest are."""
PAUSE = 100
"""Milliseconds between changes whose first pictures are timed; finer ones follow meanwhile."""


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


def milliseconds(browser, page, state, change, wait=PAUSE) -> list[list[float]]:
    """Return how long each of the changes took, until its first pictures and until its last."""
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.goto(f"{page.as_uri()}#{urlencode({'data': HEAVIEST} | state, doseq=True)}")
    tab.wait_for_selector("body[data-done]", timeout=300_000)
    control, event, values = change
    found = [tab.evaluate(CHANGE, [control, event, value, wait]) for value in values]
    tab.close()
    return found


@pytest.mark.parametrize(
    ("name", "state", "change"),
    [
        *((name, {}, change) for name, change in CHANGES.items()),
        *((name, *rest) for name, rest in FREE_CHANGES.items()),
    ],
)
def test_a_change_of_the_explorer_page(name, state, change, browser, page, add_row):
    found = [first for first, _ in milliseconds(browser, page, state, change)]
    taken = f"{median(found):.0f} ms, at worst {max(found):.0f} ms"
    add_row(f"explorer page, changed: {name}", taken, "-", "-", "50 ms")


@pytest.mark.parametrize("name", FINEST)
def test_the_finest_pictures_of_the_explorer_page(name, browser, page, add_row):
    state, (control, event, values) = FINEST[name]
    measured = milliseconds(browser, page, state, (control, event, values[:3]), wait=0)
    seconds = [last / 1000 for _, last in measured]
    taken = f"{median(seconds):.2g} s, at worst {max(seconds):.2g} s"
    add_row(f"explorer page, finest pictures after: {name}", taken, "-", "-", "-")
