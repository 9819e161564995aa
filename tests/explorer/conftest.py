"""A real browser, Debian's Chromium or another that is installed, driven by Playwright."""

import json
import os
import shutil
from contextlib import contextmanager
from urllib.parse import urlencode

import numpy as np
import pytest

import munu

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("MUNU_BROWSER") == "required"
"""Whether tests fail where there is no browser: `.ci/run` installs one."""
EXPERIMENTS = (
    "conus",
    "coherent-csi",
    "conus-plus",
    "xenonnt-sr0-er",
    "borexino-phase-ii",
    "coherent-csi-2017",
)


def missing(reason):
    """Skip what needs a browser, or fail where it is required."""
    if REQUIRED:
        pytest.fail(f"{reason}, and MUNU_BROWSER=required")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window, and without any network."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def context(browser):
    """A window of its own at the size of a desk's; nothing may go wrong in its pages."""
    opened = browser.new_context(viewport={"width": 1300, "height": 900}, offline=True)
    opened.set_default_timeout(120_000)
    errors, asked = [], []
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.close()
    assert not errors
    assert all(address.startswith("file:") for address in asked)


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    return munu.explore(EXPERIMENTS, output=tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture
def tab(context):
    """A tab of the browser."""
    return context.new_page()


def _wait(tab):
    """Wait until the page has computed what was asked last."""
    tab.wait_for_selector("body[data-done]")


@pytest.fixture(scope="session")
def wait():
    """Wait until the page has computed what was asked last."""
    return _wait


def _open_at(tab, page, **state):
    """Show the page at a state, and wait until it has computed."""
    tab.goto("about:blank")
    tab.goto(f"{page.as_uri()}#{urlencode(state, doseq=True)}")
    _wait(tab)


@pytest.fixture(scope="session")
def open_at():
    """Show the page at a state, and wait until it has computed."""
    return _open_at


@contextmanager
def _changing(tab):
    """Wait after a change until the page has computed what follows from it."""
    before = tab.evaluate("document.body.dataset.done")
    yield
    done = "before => document.body.dataset.done && document.body.dataset.done !== before"
    tab.wait_for_function(done, arg=before)


@pytest.fixture(scope="session")
def changing():
    """Wait after a change until the page has computed what follows from it."""
    return _changing


def _rows_of(tab):
    """Return what the table of limits carries, by parameter."""
    found = tab.locator("#limits tr").evaluate_all("rows => rows.map(row => ({...row.dataset}))")
    return {row["name"]: row for row in found}


@pytest.fixture(scope="session")
def rows_of():
    """Return what the table of limits carries, by parameter."""
    return _rows_of


def _seen(tab, page, **state):
    """Return what a browser shows for a state: rows of limits, the plane's numbers, a problem."""
    _open_at(tab, page, **state)
    said = tab.locator("#plane-said").evaluate("one => ({...one.dataset})")
    plane = tuple(float(said[name]) for name in ("excess", "chi2")) if said else None
    return _rows_of(tab), plane, tab.locator("#problem").text_content()


@pytest.fixture(scope="session")
def seen():
    """Return what a browser shows for a state: rows of limits, the plane's numbers, a problem."""
    return _seen


def _ends(row):
    """Return the ends of all intervals, infinite where there is none."""
    intervals = json.loads(row["intervals"])
    sided = [
        (x, side) for pair in intervals for x, side in zip(pair, (-np.inf, np.inf), strict=True)
    ]
    return [side if x is None else x for x, side in sided]


@pytest.fixture(scope="session")
def ends():
    """Return the ends of all intervals, infinite where there is none."""
    return _ends
