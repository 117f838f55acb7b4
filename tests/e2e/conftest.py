"""A real browser, and the gateway with services that can be made to fail."""

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.bot.conftest import (
    database,
    empty_database,
    fakes,
    gateway,
    services,
    stage,
    start_gateway,
)

__all__ = ["database", "empty_database", "fakes", "gateway", "services", "stage", "start_gateway"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """Headless Chromium, one for all tests; skipped where it is not installed."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,800"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser with no cookies and one tab."""
    chromium.delete_all_cookies()
    first, *others = chromium.window_handles
    for handle in others:
        chromium.switch_to.window(handle)
        chromium.close()
    chromium.switch_to.window(first)
    chromium.get_log("browser")
    yield chromium
    chromium.get("about:blank")
