"""An analyst in real browsers: levers, pins, another world, a state, a link, files whose comparison prints the same."""

import re
import shlex
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browsing import LAPTOP, PHONE, PROJECTOR, Browsers, Window, chromium
from waiting import PATIENCE

from analysis.explore.app import make_app
from analysis.explore.drafts import Drafts
from analysis.explore.house import House
from analysis.explore.serve import bound
from analysis.explore.shop import Shop
from analysis.studies.compare.runs import compare
from analysis.studies.compare.verdict import headline

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
SHORT = "world=eastern_flank&horizon=8&shipped=0"


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[Browsers]:
    with chromium(tmp_path / "shots") as made:
        yield made


@pytest.fixture
def base() -> Iterator[str]:
    house = House(Shop(2), Drafts(), "eastern_flank")
    own: socket.socket = bound(0)
    server = uvicorn.Server(uvicorn.Config(make_app(house), log_level="critical", ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([own],), daemon=True)
    own.listen()
    thread.start()
    yield f"http://127.0.0.1:{own.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    thread.join(PATIENCE)
    own.close()
    house.shop.end()
    house.drafts.end()


def settled(window: Window) -> dict[str, Any]:
    """The numbers when all replicates are there."""
    window.page.locator('body[data-ready="all"]').wait_for(timeout=1000.0 * PATIENCE)
    texts = window.page.locator("#gains svg").get_attribute("aria-label")
    return {
        "headline": window.page.locator("#headline").inner_text(), "gains": texts,
        "strip": window.page.locator("#strip tbody").inner_text(), 
        "course": window.page.locator("#course svg").inner_html(),
        "told": window.page.locator("#told").inner_text(), "command": window.page.locator("#command").inner_text(),
    }  # fmt: skip


def slide(window: Window, lever: str, value: float) -> None:
    """Move a lever as a hand does."""
    bar = window.page.locator(f"#l-{lever}")
    bar.evaluate("e => e.closest('details').open = true")
    bar.fill(str(value))
    bar.dispatch_event("change")


def test_an_analyst_explores(browsers: Browsers, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, seen = browsers.window(base, "analyst", LAPTOP), browsers.seen
    page = one.page
    one.go(f"/?{SHORT}")
    page.locator('body[data-ready="all"]').wait_for(timeout=1000.0 * PATIENCE)
    assert "Move a lever" in page.locator("#headline").inner_text()
    page.locator("#l-decision_mode").evaluate("e => e.closest('details').open = true")
    page.locator("#l-decision_mode").select_option("opt_in")
    for lever, value in (("split-exercises", 0.5), ("warfighting", 0.2), ("open_door", 0.9), ("envelope", 240)):
        slide(one, lever, value)
    first = settled(one)
    assert first["headline"].startswith("In this model my policy ")
    shares = [float(box.input_value()) for box in page.locator("fieldset.split input[type=number]").all()[:6]]
    assert sum(shares) == pytest.approx(1.0, abs=0.03) and shares[0] == 0.5
    page.click("#undo")
    assert settled(one)["headline"] != first["headline"]
    page.click("#redo")
    assert settled(one) == first
    page.click("#pin")
    page.locator("#pins li", has_text="Policy A").wait_for()
    slide(one, "distance", 0.9)

    # another world
    page.click("#tab-world")
    page.locator("#w-cyber_attack").fill("2")
    page.locator("#w-cyber_attack").dispatch_event("change")
    page.locator("summary", has_text="Shocks of the script").click()
    page.locator("#w-shock-0").uncheck()
    mine = settled(one)
    assert "Policy A" in mine["gains"] and "cyber_attack=2" in page.url

    # a state, its course and what moved it
    page.locator('[data-code="UKR"]').click()
    page.locator("#closer-title", has_text="Ukraine").wait_for()
    page.locator("#closer table.ledger").first.wait_for(timeout=1000.0 * PATIENCE)
    page.locator("#closer p", has_text="50 paired").wait_for(timeout=1000.0 * PATIENCE)
    page.click("#why")
    page.locator("#why-body li").first.wait_for(timeout=1000.0 * PATIENCE)
    one.look("explore")

    # the link, in another browser
    other = browsers.window(base, "colleague", PROJECTOR, dark=True)
    other.page.goto(page.url)
    theirs = settled(other)
    assert {k: v for k, v in theirs.items() if k != "course"} == {k: v for k, v in mine.items() if k != "course"}
    other.look("explore-dark")

    # files, and the comparison that they make
    with page.expect_download() as download:
        page.locator("#saves a", has_text="zip").click()
    zipfile.ZipFile(download.value.path()).extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(mine["command"])
    options = dict(zip(words[4::2], words[5::2], strict=True))
    [judged] = compare(
        [words[3]], options["--policies"].split(","), replicates=400, points=0, explain="my_policy"
    ).scenarios
    at = judged.asked.policies.index("my_policy")
    assert headline(judged, at) == mine["headline"]

    # a phone, and mistakes at their line
    phone = browsers.window(base, "phone", PHONE)
    phone.page.goto(page.url)
    settled(phone)
    phone.look("explore-phone")
    bad = tmp_path / "bad.toml"
    bad.write_text('extends = "restraint"\ntitle = "Bad"\nenvelope = 9000\n')
    page.locator("#file").set_input_files(bad)
    page.locator("#wrong", has_text=re.compile(r"bad\.toml: envelope = 9000.*line 3")).wait_for()
    assert seen.outside() == set() and seen.complaints == []
    assert (seen.violations, seen.wide, seen.small) == ([], [], [])


def test_the_keyboard_is_enough(browsers: Browsers, base: str) -> None:
    one = browsers.window(base, "keyboard", LAPTOP)
    one.go(f"/?{SHORT}")
    one.page.locator("#l-envelope").wait_for()
    one.tab_to("#l-envelope")
    for _ in range(4):
        one.page.keyboard.press("ArrowRight")
    assert settled(one)["headline"].startswith("In this model my policy ")
    one.page.keyboard.press("Control+z")
    one.tab_to("#pin")
    one.tab_to('[data-code="UKR"]')
    one.page.keyboard.press("Enter")
    one.page.locator("#closer-title", has_text="Ukraine").wait_for()
