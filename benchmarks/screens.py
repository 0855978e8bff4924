"""How fast charts are drawn, and whether a wall display grows, in headless Chromium on the demo company (see README.md).

`benchmarks/screens` starts the product with the demo company in a folder of its own, measures, and stops it. `--wall MINUTES` also lets a wall display show
changing numbers for so long.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from script.house import chromium, ports, sign_ins
from script.house.environment import ROOT
from script.house.progress import Refusal, say

MARK = "kpiboard:drawn"
LIMIT, TIMES = 600, 12  # milliseconds; looks at each page, the first of them warm the server up
GROWS = 1.15  # a display whose last third takes more than so many times the memory of its first third grows
SETTINGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--expose-gc",
]
CHANGE = """
import random
from decimal import Decimal
from apps.core import clock
from apps.opportunities.models import Opportunity, Stage
from apps.reps.models import Rep
rep = random.choice(list(Rep.objects.working_on(clock.today())))
Opportunity.objects.create(name=f"Benchmark {random.random()}", owner=rep, stage=Stage.objects.filter(kind="won")[0], amount=Decimal(random.randint(100, 9000)), created_on=clock.today(), closed_on=clock.today())
"""


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/screens", description=__doc__)
    asked.add_argument("--wall", type=float, default=0, metavar="MINUTES", help="let a wall display show changing numbers for so long")
    options = asked.parse_args(arguments)
    browser_path = chromium.ensure()
    if not browser_path:
        raise Refusal("No Chromium was found. Install one, or name it in KPIBOARD_CHROMIUM.")
    with tempfile.TemporaryDirectory(prefix="kpiboard-screens-", dir="/tmp") as folder:
        env, port = {**os.environ, "KPIBOARD_VAR": folder}, ports.unused()
        server = subprocess.Popen([str(ROOT / "script" / "server"), "--port", str(port)], env=env, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            people = _when_ready(Path(folder), port, server)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path, args=SETTINGS)
                is_kept = _draw(browser, f"http://127.0.0.1:{port}", people)
                if options.wall:
                    is_kept = _watch(browser, f"http://127.0.0.1:{port}", people, env, options.wall) and is_kept
                browser.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    return 0 if is_kept else 1


def _when_ready(folder: Path, port: int, server: "subprocess.Popen[bytes]") -> dict[str, sign_ins.SignIn]:
    """Wait until the demo company is there and the server answers; return who signs in, by role."""
    deadline, file = time.monotonic() + 600, folder / "people" / "sign-ins.json"
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Refusal("The server did not start. Start script/server by hand to see why.")
        if not ports.is_free(port) and (found := sign_ins.read(file)):
            return {one.role: one for one in reversed(found)}
        time.sleep(1)
    raise Refusal("The demo company was not there after ten minutes.")


def _signed_in(browser: Browser, base: str, person: sign_ins.SignIn) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(base + "/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("h1")
    return page


def _draw(browser: Browser, base: str, people: dict[str, sign_ins.SignIn]) -> bool:
    """Look at pages with charts again and again; tell when their last chart was drawn, counted from the navigation."""
    is_kept = True
    for role in ("manager", "rep", "viewer"):
        page = _signed_in(browser, base, people[role])
        addresses = {"standard board": page.url}
        page.goto(base + "/boards/")
        page.locator('form:has(input[value="pipeline"]) button, form:has(input[value="revenue"]) button').first.click()
        page.wait_for_selector("h1")
        addresses["board of one's own"] = page.url
        if role != "rep":
            addresses["waterfall report"] = base + "/reports/waterfall/"
        for name, address in addresses.items():
            drawn = [_drawn(page, address) for _time in range(TIMES)][2:]
            worst = quantiles(drawn, n=20)[-1]
            is_kept = is_kept and median(drawn) <= LIMIT
            say(f"{role}, {name}: last chart drawn {median(drawn):.0f} ms after navigation (p95 {worst:.0f}); limit {LIMIT}")
        page.context.close()
    return is_kept


def _drawn(page: Page, address: str) -> float:
    page.goto(address)
    page.wait_for_function(f"performance.getEntriesByName('{MARK}').length > 0")
    return float(page.evaluate(f"performance.getEntriesByName('{MARK}').at(-1).startTime"))


def _watch(browser: Browser, base: str, people: dict[str, sign_ins.SignIn], env: dict[str, str], minutes: float) -> bool:
    """Pair a display, change the company every twenty seconds, and weigh the display's page every half minute."""
    display = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    display.goto(base + "/wall/")
    code = display.locator(".code").inner_text()
    page = _signed_in(browser, base, people["admin"])
    page.goto(base + "/boards/")
    page.locator('form:has(input[value="executive"]) button').click()
    page.wait_for_selector("h1")
    page.goto(base + "/screens/")
    page.get_by_label("Code").fill(code)
    page.get_by_label("Name").fill("Benchmark")
    page.locator('input[name="boards"]').first.check()
    page.get_by_label("Seconds for each").fill("5")
    page.get_by_label("Celebrate deals from").fill("5000")
    page.get_by_role("button", name="Pair").click()
    display.wait_for_selector("[data-shown] .grid", timeout=30_000)
    devtools = display.context.new_cdp_session(display)
    devtools.send("Performance.enable")
    began, weights, changed = time.monotonic(), list[dict[str, float]](), 0
    while time.monotonic() - began < minutes * 60:
        subprocess.run([str(ROOT / "script" / "manage"), "shell", "-c", CHANGE], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        changed += 1
        display.wait_for_timeout(20_000)
        display.evaluate("gc()")
        weights.append(_weight(devtools))
    third = max(1, len(weights) // 3)
    is_kept = True
    for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"):
        first, last = (median(one[name] for one in part) for part in (weights[1 : third + 1], weights[-third:]))
        is_kept = is_kept and last <= first * GROWS
        say(
            f"wall display, {name}: {first:,.0f} in the first third, {last:,.0f} in the last, of {minutes:.0f} minutes and {changed} changes; limit {GROWS} times"
        )
    return is_kept


def _weight(devtools: Any) -> dict[str, float]:
    return {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
