"""The browser that tests look at pages with: one for all of them, because two of Playwright's do not run in one process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread, beside Django's synchronous queries
SETTINGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NONE = "NO BROWSER: install Chromium, or name its path in KPIBOARD_CHROMIUM"
PATIENCE = 15_000  # milliseconds; a busy machine is not a broken product


def chromium() -> str:
    """Return the path of a browser: the one named, else the system's; empty where there is none."""
    named = os.environ.get("KPIBOARD_CHROMIUM")
    if named is not None:
        return named
    return "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=SETTINGS)
        yield started
        started.close()
