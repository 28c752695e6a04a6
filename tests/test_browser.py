"""A class in real browsers: a whole game with everything in it, the keyboard alone, a server that goes away."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import LAPTOP, PHONE, PROJECTOR, Browsers, Window, chromium
from playing import ORDERS, SEATS, small
from webbed import served

from game.core.live_game import new_room, open_room
from game.core.replay import verify, verify_file
from game.web.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
SIZES = dict(zip(SEATS, (LAPTOP, PHONE, LAPTOP, PHONE, PHONE, LAPTOP), strict=True))


@pytest.fixture
def browsers(tmp_path: Path) -> Iterator[Browsers]:
    with chromium(tmp_path / "shots") as made:
        yield made


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[tuple[Site, str, str]]:
    """A site that is served, its address, and the facilitator's secret."""
    room, secret = new_room(tmp_path / "class.interlock", small())
    site = Site(room)
    with served(site) as base:
        site.address = base
        yield site, base, secret
    room.journal.close()


def seated(browsers: Browsers, site: Site, base: str, seat: str) -> Window:
    """Somebody who has joined and sits."""
    one = browsers.window(base, f"{seat[:8].upper()} 1", SIZES[seat], dark=seat in ("candidates", "rival"))
    one.join(site.room.code)
    one.sit(seat, site.room.pins[seat])
    return one


def all_phase(windows: dict[str, Window], desk: Window, phase: str, turn: int) -> None:
    """The facilitator ends the phase; every page follows by itself."""
    desk.steer("close")
    desk.phase(phase)
    for one in windows.values():
        one.phase(phase, turn)


def test_a_whole_game_in_browsers(browsers: Browsers, classroom: tuple[Site, str, str]) -> None:
    """Three turns, six seats, silence broken, an inject, a rewind, a late joiner, an empty seat, and the review."""
    site, base, secret = classroom
    room, seen = site.room, browsers.seen
    desk, screen = browsers.window(base, "desk"), browsers.window(base, "screen", PROJECTOR)
    first = browsers.window(base, "EAST 1", PHONE)
    first.look("join", "/")
    desk.go(f"/desk?secret={secret}")
    assert "secret" not in desk.page.url
    screen.look("screen-lobby", "/screen")
    first.join(room.code)
    first.look("lobby")
    first.sit("east", room.pins["east"])
    windows = {"east": first} | {
        seat: seated(browsers, site, base, seat) for seat in SEATS if seat not in ("east", "caucasus")
    }  # fmt: skip
    desk.page.locator("section.card", has_text="STAFF 1").first.wait_for()
    desk.look("desk-lobby")
    desk.look("desk-setup", "/desk/setup?size=24")
    desk.go("/desk")
    windows["west"].look("play-lobby")

    # Turn 1: everybody plays but the Caucasus, which is empty.
    desk.steer("open")
    for one in windows.values():
        one.phase("brief", 0)
    screen.phase("brief")
    screen.look("screen-brief")
    for seat in ("east", "west"):
        windows[seat].look("play-brief")
        for name in ("brief", "map", "charts", "history"):
            windows[seat].look(name, f"/{name}")
        windows[seat].go("/play")
    all_phase(windows, desk, "orders", 0)
    for seat in ("east", "staff", "rival", "candidates"):
        windows[seat].look(f"play-orders-{seat}")
    windows["staff"].go("/language?to=de&back=/play")
    windows["staff"].look("play-orders-german")
    windows["staff"].go("/language?to=en&back=/play")
    for seat, one in windows.items():
        one.order(**ORDERS[seat])
    assert all(room.table.places[seat].orders for seat in windows)
    inject(desk)
    desk.look("desk-orders")
    screen.phase("orders")
    screen.look("screen-orders")
    all_phase(windows, desk, "council", 0)
    break_silence(windows["east"])
    bargain(windows["west"], windows["east"])
    windows["east"].look("play-council")
    windows["candidates"].look("play-council-outside")
    desk.page.reload()
    desk.look("desk-council")
    screen.look("screen-council")
    assert room.table.places["east"].stances["mandate"] == 2 and room.table.bargains[0].answer == "accepted"
    all_phase(windows, desk, "news", 0)
    for seat, one in windows.items():
        one.look(f"play-news-{seat}")
        inside = seat in ("staff", "east", "west")
        assert ("held up by EST" in one.page.content()) == inside, seat
        assert "Cyber attack on Moldova" in one.page.content()
    screen.phase("news")
    screen.look("screen-news")

    # Turn 2: somebody comes late; west leaves its seat, which policy plays.
    all_phase(windows, desk, "brief", 1)
    windows["caucasus"] = seated(browsers, site, base, "caucasus")
    west = windows.pop("west")
    west.go("/lobby")
    west.page.locator("summary", has_text="Leave").click()
    west.page.click('form[action="/leave"] button')
    west.page.locator('form[action="/seat"]').first.wait_for()
    assert room.table.places["west"].holder == "" and room.table.places["caucasus"].holder
    all_phase(windows, desk, "orders", 1)
    windows["caucasus"].order(**ORDERS["caucasus"])
    windows["east"].order(fund=0.0)
    all_phase(windows, desk, "council", 1)
    all_phase(windows, desk, "news", 1)
    for name in ("history", "charts", "map"):
        windows["east"].look(f"{name}-late", f"/{name}")
    windows["east"].go("/play")

    # Rewind to the second turn, and play on to the end.
    desk.page.select_option("#turn", "2")
    desk.page.fill("#branch-title", "What if east had paid?")
    desk.page.click('form[action="/desk/rewind"] button')
    for one in windows.values():
        one.phase("brief", 1)
    assert room.branch == 2 and len(room.journal.branches()) == 2
    for turn in (1, 2):
        all_phase(windows, desk, "orders", turn)
        windows["east"].order(fund=1.3)
        all_phase(windows, desk, "council", turn)
        all_phase(windows, desk, "news", turn)
        if turn == 1:
            all_phase(windows, desk, "brief", 2)
    all_phase(windows, desk, "review", 2)
    windows["east"].look("play-review")
    for seat in ("east", "staff"):
        windows[seat].go("/review")
        windows[seat].page.locator('a[href="/review/lucks"]').wait_for()  # it is read meanwhile
        windows[seat].look("review")
    for question in ("lucks", "twin?seat=east", "without?seat=east&turn=0"):
        windows["east"].go(f"/review/{question}")
        windows["east"].look("review-asked")
        windows["east"].page.locator("p.finding").wait_for()  # it comes by itself
        windows["east"].look(f"review-{question.split('?')[0]}")
    desk.go("/review")
    desk.page.click('form[action="/desk/report"] button')
    desk.look("desk-review", "/desk")
    screen.phase("review")
    screen.look("screen-review")
    assert [verify(room.journal, branch.id).verified for branch in room.journal.branches()] == [True, True]

    assert not seen.complaints, seen.complaints
    assert not seen.outside(), "requests left the machine"
    assert len(seen.requests) > 100
    assert not seen.violations, "\n".join(sorted(set(seen.violations)))
    assert not seen.wide, "\n".join(seen.wide)
    assert not seen.small, "\n".join(sorted(set(seen.small)))


def inject(desk: Window) -> None:
    """From the list, after a preview."""
    page = desk.page
    page.select_option("#listed", "0")
    page.click("#inject-form [data-aside]")
    page.locator("#preview table").wait_for()
    desk.look("desk-preview")
    page.click("#inject-form button.main")
    page.locator("text=goes out in").first.wait_for()


def break_silence(window: Window) -> None:
    window.page.click('#item-mandate button[value="object"]')
    window.page.locator('#item-mandate button[value="object"][aria-pressed="true"]').wait_for()


def bargain(by: Window, to: Window) -> None:
    """West offers to let the status pass if east amends it; east accepts."""
    page = by.page
    page.locator("#make-offer summary").click()
    page.select_option("#to", "east")
    page.select_option("#give-item", "status")
    page.select_option("#give-stance", "let_pass")
    page.select_option("#want-item", "status")
    page.select_option("#want-stance", "amend")
    page.fill("#offer-words", "We let it pass if you only amend it.")
    by.look("play-council-offer")
    page.click('form[action="/bargain"] button')
    to.page.locator('form[action="/answer"] button[value="1"]').click()
    to.page.locator(".offer strong").wait_for()


def test_a_turn_with_the_keyboard_alone(browsers: Browsers, classroom: tuple[Site, str, str]) -> None:
    """Join, sit, order, break silence and steer with Tab, Space, Enter and typing; focus is always seen."""
    site, base, secret = classroom
    one, desk = browsers.window(base, "KEYS"), browsers.window(base, "desk")
    one.go("/")
    one.tab_to("#code")
    one.page.keyboard.type(site.room.code)
    one.tab_to("#name")
    one.page.keyboard.type("KEYS")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/lobby")
    one.tab_to("#pin-east")
    one.page.keyboard.type(site.room.pins["east"])
    one.tab_to('form[action="/seat"]:has(input[value="east"]) button')
    one.page.keyboard.press("Space")
    one.page.wait_for_url("**/play")
    desk.go(f"/desk?secret={secret}")
    for kind, phase in (("open", "brief"), ("close", "orders")):
        desk.tab_to(f'section.steer form:has(input[name="kind"][value="{kind}"]) button')
        desk.page.keyboard.press("Enter")
        desk.phase(phase)
        one.phase(phase, 0)
    one.tab_to('#orders-form input[name="fund"]')
    one.page.keyboard.press("Control+a")
    one.page.keyboard.type("0.5")
    one.tab_to("#orders-form button.main")
    one.page.keyboard.press("Enter")
    one.saved()
    assert site.room.table.places["east"].orders["fund"] == 0.5  # type: ignore[index]
    desk.tab_to('section.steer form:has(input[name="kind"][value="close"]) button')
    desk.page.keyboard.press("Space")
    one.phase("council", 0)
    one.tab_to('#item-mandate button[value="object"]')
    one.page.keyboard.press("Space")
    one.page.locator('#item-mandate button[value="object"][aria-pressed="true"]').wait_for()
    one.tab_to("#make-offer summary")
    one.page.keyboard.press("Enter")
    for field in ("#to", "#give-item", "#want-item"):  # the second choice each: west, and the first item
        one.tab_to(field)
        one.page.keyboard.press("ArrowDown")
    one.tab_to('form[action="/bargain"] button')
    one.page.keyboard.press("Enter")
    one.page.locator(".offer").wait_for()
    for path in ("/brief", "/map", "/charts", "/history"):
        one.go("/play")
        one.tab_to(f'nav a[href="{path}"]')
        one.page.keyboard.press("Enter")
        one.page.wait_for_url(f"**{path}")
    assert not browsers.seen.complaints, browsers.seen.complaints


def shown(one: Window) -> float:
    """Seconds on the clock of a page."""
    minutes, seconds = one.page.locator("#bar .clock").inner_text().split(":")
    return 60.0 * int(minutes) + int(seconds)


def test_all_clocks_agree_also_under_hands_after_a_pause_and_after_a_restart(
    browsers: Browsers, tmp_path: Path
) -> None:
    """Desk, projector and phones show what the server has left, within a second, whatever they loaded and when."""
    room, secret = new_room(tmp_path / "clocks.interlock", small())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = Site(room)

    def agree(*windows: Window) -> None:
        for one in windows:
            one.page.wait_for_function("() => document.querySelector('#bar .clock').textContent !== ''")
            before, said, after = site.left(), shown(one), site.left()
            assert before is not None and after is not None
            assert after - 1.6 <= said <= before + 1.1, (one.name, before, said, after)

    with served(site, port) as base:
        desk, screen = browsers.window(base, "desk"), browsers.window(base, "screen", PROJECTOR)
        desk.go(f"/desk?secret={secret}")
        screen.go("/screen")
        one = seated(browsers, site, base, "east")
        room.steer("open", {})
        room.steer("close", {})
        for each in (desk, screen, one):
            each.phase("orders")
        agree(desk, screen, one)
        one.page.fill('#orders-form input[name="fund"]', "0.4")  # a draft: the page is not loaded again
        desk.page.select_option("#listed", "0")  # and an inject is chosen
        desk.steer("pause")
        desk.page.locator("#do-resume").wait_for()
        for each in (screen, one):
            each.page.locator("#bar .paused:visible").wait_for()
        agree(desk, screen, one)
        room.steer("extend", {"minutes": 3.0})
        one.page.wait_for_function("() => Number(document.querySelector('#bar .clock').textContent.split(':')[0]) > 7")
        desk.steer("resume")
        desk.page.locator("#do-pause").wait_for()
        agree(desk, screen, one)
        assert desk.page.locator("#listed").input_value() == "0", "what was chosen stays"
        browsers.seen.away = True
    room.journal.close()
    room = open_room(room.journal.path)
    site = Site(room)
    with served(site, port):
        desk.page.locator("#do-resume").wait_for()
        desk.steer("resume")
        desk.page.locator("#do-pause").wait_for()
        agree(desk, screen, one)
        browsers.seen.away = False
        desk.go("/desk")  # the same session
        assert desk.page.locator("#steer").count() == 1
    room.journal.close()
    assert not browsers.seen.complaints, browsers.seen.complaints


def test_without_scripts_a_seat_can_still_be_played(browsers: Browsers, classroom: tuple[Site, str, str]) -> None:
    """An old phone, or a school's strict settings: plain forms do."""
    site, base, _ = classroom
    context = browsers.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page: Any = context.new_page()
    page.goto(f"{base}/?code={site.room.code}")
    page.fill("#name", "PLAIN")
    page.click('form[action="/join"] button')
    one = Window(page, base, browsers.seen, PHONE, "PLAIN")
    one.sit("east", site.room.pins["east"])
    site.room.steer("open", {})
    site.room.steer("close", {})
    one.go("/play")
    page.fill('#orders-form input[name="fund"]', "0.5")
    page.click("#orders-form button.main")
    page.wait_for_url("**/play?saved=1")
    assert site.room.table.places["east"].orders["fund"] == 0.5  # type: ignore[index]
    context.close()


def test_orders_sent_while_the_server_is_away_arrive_once_when_it_is_back(browsers: Browsers, tmp_path: Path) -> None:
    """The draft stays, the same key is sent again, the page finds the server by itself, and nothing is doubled."""
    room, _ = new_room(tmp_path / "away.interlock", small())
    site = Site(room)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(site, port) as base:
        one = browsers.window(base, "PHONE", PHONE)
        one.join(room.code)
        one.sit("east", room.pins["east"])
        room.steer("open", {})
        room.steer("close", {})
        one.phase("orders")
    one.page.fill('#orders-form input[name="fund"]', "0.4")
    one.page.click("#orders-form button.main")
    one.page.locator("#orders-form output.state.wait").wait_for()
    one.look("server-away")
    assert room.table.places["east"].orders is None
    with served(site, port):
        one.saved()
        room.steer("close", {})
        one.phase("council")
    written = [act for _, act in room.journal.acts() if act.kind == "orders"]
    assert [act.data["fund"] for act in written] == [0.4]
    room.journal.close()
    assert verify_file(room.journal.path)[0].verified
