"""A real browser, Debian's Chromium or another that is installed, driven by Playwright."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("MUNU_BROWSER") == "required"
"""Whether tests fail where there is no browser: `.ci/run` installs one."""


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
