"""Real browsers in tests: headless Chromium with a fresh profile for everybody, on phones and laptops."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from waiting import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("INTERLOCK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE, LAPTOP, PROJECTOR = (360, 740), (1280, 800), (1920, 1080)
AXE = (Path(__file__).parent / "assets" / "axe.min.js").read_text(encoding="utf-8")
SMALLEST = 44.0  # pixels of what a finger must hit
SMALL_TARGETS = """(smallest) => [...document.querySelectorAll(
    "button, select, input:not([type=hidden]):not([type=range]), textarea, summary, nav a, a.button")]
  .filter(e => e.checkVisibility() && !e.disabled).map(e => [e.getBoundingClientRect(), e])
  .filter(([r]) => r.width > 0 && (r.height < smallest - 0.5 || r.width < smallest - 0.5))
  .map(([r, e]) => e.outerHTML.slice(0, 80) + " " + r.width.toFixed(0) + "x" + r.height.toFixed(0))"""
AT_REST = """() => document.fonts.status === "loaded" && !document.querySelector(
    ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added") &&
  document.getAnimations().every(a => a.playState !== "running")"""
FOCUSED = """() => { const e = document.activeElement; const s = getComputedStyle(e);
  return e === document.body || e.tabIndex < 0 || s.outlineStyle !== "none" || s.boxShadow !== "none"; }"""


@dataclass
class Seen:
    """What browsers did and showed: every request, every complaint, every page looked at."""

    folder: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    away: bool = False  # the server is stopped on purpose: requests that find nobody are no complaint

    def outside(self) -> set[str]:
        """Hosts of requests that left the machine."""
        return {
            url for url in self.requests
            if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname != "127.0.0.1"
        }  # fmt: skip


@dataclass
class Window:
    """A page in a browser of its own. `size` tells a phone from a laptop."""

    page: Any
    base: str
    seen: Seen
    size: tuple[int, int]
    name: str

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def join(self, code: str) -> None:
        """Come in with the room's code."""
        self.go(f"/?code={code}")
        self.page.fill("#name", self.name)
        self.page.click('form[action="/join"] button')
        self.page.wait_for_url("**/lobby")

    def sit(self, seat: str, pin: str) -> None:
        """Take a seat by its PIN."""
        form = self.page.locator(f'form[action="/seat"]:has(input[value="{seat}"])')
        form.locator('input[name="pin"]').fill(pin)
        form.locator("button").click()
        self.page.wait_for_url("**/play")

    def phase(self, phase: str, turn: int | None = None) -> None:
        """Wait until the page, by itself, shows a phase."""
        of_turn = "" if turn is None else f'[data-turn="{turn}"]'
        self.page.locator(f'#main[data-phase="{phase}"]{of_turn}').wait_for()

    def order(self, **values: Any) -> None:
        """Fill in orders and send them; returns when the page says that they are saved."""
        for name, value in values.items():
            field_ = self.page.locator(f'#orders-form [name="{name}"]').last
            if name == "target":
                field_.select_option(value)
            else:
                field_.fill(str(value))
        self.page.click("#orders-form button.main")
        self.saved()

    def saved(self) -> None:
        """Wait until the page says that its orders are saved."""
        self.page.locator("#orders-form output.state", has_text="saved").wait_for()

    def steer(self, kind: str) -> None:
        """The facilitator presses one of the steering buttons."""
        self.page.locator(f'section.steer form:has(input[name="kind"][value="{kind}"]) button').click()

    def look(self, shot: str, path: str | None = None) -> None:
        """All that a machine can find wrong with the page; a picture of it where INTERLOCK_SHOTS names a folder."""
        if path is not None:
            self.go(path)
        page, where = self.page, f"{shot} ({self.size[0]} px)"
        page.wait_for_function(AT_REST)
        if "INTERLOCK_SHOTS" in os.environ:
            page.screenshot(path=str(self.seen.folder / f"{shot}-{self.size[0]}.png"), full_page=True)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for one in found["violations"]:
            nodes = "; ".join(node["html"][:160] for node in one["nodes"][:3])
            self.seen.violations.append(f"{where}: {one['id']} ({one['impact']}): {one['help']}: {nodes}")
        wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide[0] > wide[1]:
            self.seen.wide.append(f"{where}: {wide[0]} > {wide[1]}")
        if self.size == PHONE:
            self.seen.small += [f"{where}: {one}" for one in page.evaluate(SMALL_TARGETS, SMALLEST)]

    def tab_to(self, selector: str, most: int = 150) -> None:
        """Press Tab until an element has the focus, which must be seen."""
        wanted = self.page.locator(selector).first
        wanted.wait_for()
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self.page.wait_for_function(AT_REST)
            assert self.page.evaluate(FOCUSED), self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            if wanted.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{selector} cannot be reached by Tab")


class Browsers:
    """One Chromium; everybody gets a context, which is a fresh profile."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser, self.seen = browser, Seen(folder)

    def window(self, base: str, name: str, size: tuple[int, int] = LAPTOP, dark: bool = False) -> Window:
        """Somebody's browser."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, is_mobile=size == PHONE,
            device_scale_factor=2 if size == PHONE else 1, color_scheme="dark" if dark else "light",
        )  # fmt: skip
        context.set_default_timeout(1000.0 * PATIENCE)
        page = context.new_page()
        context.on("request", lambda request: self.seen.requests.append(request.url))
        page.on("pageerror", lambda error: self.heard(name, str(error)))
        page.on("console", lambda said: self.heard(name, said.text if said.type == "error" else ""))
        return Window(page, base, self.seen, size, name)

    def heard(self, name: str, text: str) -> None:
        """Errors of a page and on its console: its script or policy is broken."""
        # A server that is away (the stream's script writes such events down) or refuses a form is no fault of a page.
        unheard = r"Failed to load resource|net::ERR_|^\[object Event\]$"
        if self.seen.away:  # htmx tells of a request that found nobody in two lines, and rejects with no reason
            unheard += r"|^htmx:(sendError|afterRequest), \[object HTMLElement\]$|^undefined$"
        if text and not re.search(unheard, text):
            self.seen.complaints.append(f"{name}: {text}")


@contextmanager
def chromium(folder: Path) -> Iterator[Browsers]:
    """Chromium; without one a skipped test with the reason, or a failed one where CI=true says that all counts."""
    absent = pytest.fail if os.environ.get("CI", "") == "true" else pytest.skip
    if not CHROMIUM:
        absent("no Chromium here: apt-get install chromium, or name one in INTERLOCK_CHROMIUM")
    if importlib.util.find_spec("playwright") is None:
        absent("playwright is not installed")
    sync = importlib.import_module("playwright.sync_api")
    shots = Path(os.environ.get("INTERLOCK_SHOTS", folder))
    shots.mkdir(parents=True, exist_ok=True)
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        try:
            yield Browsers(browser, shots)
        finally:
            browser.close()
