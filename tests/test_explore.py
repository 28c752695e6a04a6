"""The page without a browser: it shows what `compare` computes; the queue is fair; mistakes are told in words."""

import io
import json
import shlex
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
import uvicorn
from starlette.testclient import TestClient
from waiting import PATIENCE, wait_for

from analysis.explore import shop as shops
from analysis.explore.address import PINS, asked_of
from analysis.explore.app import make_app
from analysis.explore.declared import desk
from analysis.explore.drafts import Drafts, stem_of, value_text
from analysis.explore.house import House
from analysis.explore.serve import bound, house_for
from analysis.explore.setting import setting_of
from analysis.explore.shop import MOST_ASKS, Busy, Done, Key, Shop
from analysis.pictures.reports.differences import write_differences
from analysis.studies.compare.places import who
from analysis.studies.compare.runs import RECORD, compare
from analysis.studies.compare.verdict import verdict
from sim.declare.levers import LEVERS
from sim.inputs.describe import load_any
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import policy_names
from sim.runs.arm import arm_of

QUERY = urlencode([
    ("world", "eastern_flank"), ("horizon", "8"), ("rate.cyber_attack", "1.5"), ("rival.RUS", "3.5"),
    ("p.doubt", "0.1"),
    ("off", "Border crossings are used as pressure"), ("shipped", "0"), ("seed", "7"),
    ("mine", "Ours, bolder~threat_tailored~envelope:210.5~split:exercises=0.4,capacity=0.35,institutions=0.25"),
    ("pin", "Quiet~restraint~communication:0.05"), ("pin", "~open_door"),
])  # fmt: skip
HEADERS = {"origin": "http://127.0.0.1"}


@pytest.fixture
def house() -> Iterator[House]:
    made = House(Shop(2), Drafts(), "eastern_flank")
    yield made
    made.shop.end()
    made.drafts.end()


@pytest.fixture
def page(house: House) -> TestClient:
    return TestClient(make_app(house), base_url="http://127.0.0.1")


def pictures(page: TestClient, query: str = QUERY) -> list[dict]:
    answer = page.get(f"/pictures?{query}&tab=one")
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def unpacked(page: TestClient, what: str, folder: Path) -> None:
    content = page.get(f"/file?{QUERY}&what={what}").content
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)


@pytest.mark.whole
def test_the_page_shows_what_compare_computes_from_the_saved_files(
    page: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = pictures(page)
    assert [one["replicates"] for one in seen] == [20, 20, 50, 100, 200, 400]
    assert [one["policies"] for one in seen] == [2, 4, 4, 4, 4, 4] and seen[-1]["last"]
    unpacked(page, "all", tmp_path)
    unpacked(page, "table", tmp_path / "page")
    assert {path.name for path in tmp_path.glob("*.toml")} == set(seen[-1]["files"])
    for file in seen[-1]["files"]:
        load_any(tmp_path / file)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(seen[-1]["command"])
    assert words[:3] == ["python", "run.py", "compare"] and words[3] == "eastern_flank_changed.toml"
    options = dict(zip(words[4::2], words[5::2], strict=True))
    whole = compare(
        [words[3]], options["--policies"].split(","), options["--baseline"], int(options["--replicates"]),
        seed=int(options["--seed"]), points=int(options["--parameters"]), explain=options["--explain"],
    )  # fmt: skip
    [judged] = whole.scenarios
    assert seen[-1]["sentences"] + seen[-1]["told"] == [
        *verdict(replace(judged, why=None, places=None), 1),
        *who(judged.places),
    ]
    for row in seen[-1]["gains"]:
        gain = judged.gain(row["entry"])
        assert (row["mean"], row["low"], row["high"]) == (gain.mean, gain.low, gain.high)
    again = write_differences(whole, tmp_path / "differences.csv")
    assert (tmp_path / "page" / "differences.csv").read_bytes() == again.read_bytes()


@pytest.mark.whole
def test_a_link_gives_the_same_numbers_again_and_in_another_house(page: TestClient) -> None:
    query = QUERY.replace("horizon=8", "horizon=4")
    first = pictures(page, query)[-1]
    assert pictures(page, query) == [first]  # kept: at once from the last replicate
    other = House(Shop(1), Drafts(), "eastern_flank")
    try:
        assert pictures(TestClient(make_app(other), base_url="http://127.0.0.1"), query)[-1] == first
    finally:
        other.shop.end()
        other.drafts.end()


def test_a_policy_that_another_equals_stands_once(house: House) -> None:
    setting = setting_of(asked_of("mine=My policy~restraint"), house.drafts)
    assert {e.name for e in setting.entries} == {*policy_names(), "my_policy"} - {"restraint"}
    assert setting.entries[setting.mine].policy.title == "My policy"
    assert setting_of(asked_of(""), house.drafts).mine == 0  # nothing is moved: it is the baseline


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_world_can_be_changed(name: str, house: House) -> None:
    shown = desk(asked_of(f"world={name}"), house.drafts)
    query = [("world", name), ("horizon", "8")]
    query += [(f"rate.{kind['name']}", "1.5") for kind in shown["world"]["kinds"]]
    query += [("off", shock["title"]) for shock in shown["world"]["shocks"]]
    query += [(f"rival.{rival['code']}", "1.25") for rival in shown["world"]["rivals"]]
    setting = setting_of(asked_of(urlencode(query)), house.drafts)
    assert setting.scenario.horizon == 8 and not setting.scenario.shocks
    assert [rival.budget for rival in setting.scenario.rival_entries()] == [1.25] * len(shown["world"]["rivals"])
    rates = {threat.name: threat.rate for threat in load_scenario(name).threats}
    assert {t.name: t.rate for t in setting.scenario.threats} == {n: 1.5 * rate for n, rate in rates.items()}


def test_every_lever_that_is_declared_stands_on_the_page(house: House) -> None:
    shown = [lever["name"] for group in desk(asked_of(""), house.drafts)["groups"] for lever in group["levers"]]
    assert sorted(shown) == sorted(LEVERS)


def test_numbers_keep_every_digit_and_names_of_files_stay_apart() -> None:
    assert value_text(0.1 + 0.2) == "0.30000000000000004" and value_text({"a": 1.0}) == "{ a = 1.0 }"
    assert stem_of("My policy", ()) == "my_policy" and stem_of("My policy", ("my_policy",)) == "my_policy_2"
    assert stem_of("Ω", ("policy",)) == "policy_2"


# the queue


class Recorder:
    """Runs that only write down who was served, and wait until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.order: list[int] = []
        self.go = threading.Semaphore(0)
        monkeypatch.setattr(shops, "run", self.run)

    def run(self, arm: object, key: Key) -> Done:
        self.go.acquire()
        self.order.append(key.seed)
        nothing = np.zeros((key.replicates, 1, 1))
        return Done(nothing, nothing, nothing, nothing)


def test_first_pictures_come_first_then_tabs_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, shop, arm = Recorder(monkeypatch), Shop(1), arm_of("eastern_flank", "status_quo")
    try:
        futures = []
        for seed, rank, replicates in ((0, 0, 5), (1, 1, 30), (2, 1, 15), (3, 0, 10)):
            futures.append(shop.want(shop.open(str(seed), "picture"), [arm], seed, RECORD, replicates, rank))
        for _ in range(12):
            recorder.go.release()
        for future in futures:
            future.result(timeout=PATIENCE)
        assert recorder.order == [0, 3, 3, 1, 2, 1, 2, 1, 2, 1, 1, 1]
    finally:
        shop.end()


def test_a_move_cancels_what_is_obsolete_and_what_was_run_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, shop, arm = Recorder(monkeypatch), Shop(1), arm_of("eastern_flank", "status_quo")
    try:
        old = shop.want(shop.open("tab", "picture"), [arm], 1, RECORD, 400, 0)
        recorder.go.release()
        new = shop.want(shop.open("tab", "picture"), [arm], 1, RECORD, 20, 0)
        for _ in range(40):
            recorder.go.release()
        new.result(timeout=PATIENCE)
        late = shop.open("late", "picture", 4)
        assert shop.open("late", "picture", 3).closed and not late.closed  # a question that was overtaken on its way
        assert old.cancelled() and len(recorder.order) == 4
        assert shop.has([arm], 1, RECORD, 20) and not shop.has([arm], 1, RECORD, 30)
    finally:
        shop.end()


def test_the_queue_has_an_end_and_forgets_the_longest_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, shop, arm = Recorder(monkeypatch), Shop(1), arm_of("eastern_flank", "status_quo")
    monkeypatch.setattr(shops, "MOST_BYTES", 3000)
    try:
        for n in range(MOST_ASKS):
            last = shop.open(str(n), "picture")
        with pytest.raises(Busy):
            shop.open("one more", "picture")
        for _ in range(40):
            recorder.go.release()
        shop.want(last, [arm], 1, RECORD, 200, 0).result(timeout=PATIENCE)
        assert shop.bytes <= 3000 < 200 * 8 * 4 and not shop.has([arm], 1, RECORD, 10)
    finally:
        shop.end()


# mistakes


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("world=eastern_flnk", "there is no scenario of this name"),
        ("mine=My~status_quo~envelop:3", "did you mean 'envelope'?"),
        ("mine=My~status_quo~envelope:9999", "allowed: a number from 0 to 600"),
        ("mine=My~status_quo~split:exercises=0.5", "sum"),
        ("mine=My~../../etc/passwd", "there is no policy of this name"),
        ("world=@abc/../x.toml", "there is no scenario of this name"),
        ("world=@0123456789abcdef/gone.toml", "drop it onto the page again"),
        ("rate.cyber_attak=2", "did you mean 'cyber_attack'?"),
        ("seed=-1", "allowed: 0 to 2**64 - 1"), ("horizon=two", "allowed: a number"), ("measure=ham", "'harm'"),
        ("&".join(["pin=A"] * (PINS + 1)), "4 pinned policies"), ("nothing=1", "no known part of a link"),
    ],
)  # fmt: skip
def test_a_wrong_link_is_told_in_words(page: TestClient, query: str, words: str) -> None:
    answer = page.get(f"/pictures?{query}")
    assert answer.status_code == 422 and words in "\n".join(answer.json()["problems"])


def dropped(page: TestClient, name: str, text: str) -> dict:
    answer = page.post("/drop", json={"name": name, "text": text}, headers=HEADERS)
    return answer.json() | {"status": answer.status_code}


def test_dropped_files_open_and_what_is_wrong_is_told_at_its_line(page: TestClient) -> None:
    world = dropped(page, "my world.toml", 'extends = "eastern_flank"\ntitle = "Mine"\nhorizon = 4\n')
    assert world["kind"] == "scenario" and world["base"].endswith("/my_world.toml")
    policy = dropped(page, "bold.toml", 'extends = "restraint"\ntitle = "Bold"\nenvelope = 300\n')
    assert policy["kind"] == "policy"
    query = urlencode({"world": world["base"], "mine": f"Bold~{policy['base']}~size:0.25", "shipped": "0"})
    last = pictures(page, query)[-1]
    assert last["files"] == ["bold.toml"] and "compare my_world " in last["command"]
    wrong = dropped(page, "bad.toml", 'extends = "restraint"\ntitle = "Bad"\nenvelope = 9000\n')
    assert wrong["status"] == 422 and "bad.toml: envelope = 9000" in wrong["problems"][0]
    assert "(line 3)" in wrong["problems"][0]
    elsewhere = dropped(page, "x.toml", 'extends = "/etc/passwd"\ntitle = "X"\n')
    assert "may extend a shipped scenario or policy only" in elsewhere["problems"][0]
    assert dropped(page, "x.toml", "x" * 300_000)["status"] == 422


def test_only_this_machine_and_this_page_are_let_in(page: TestClient) -> None:
    assert page.get("/", headers={"host": "evil.example"}).status_code == 421
    assert page.get("/desk", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert page.post("/drop", json={}).status_code == 403
    assert page.delete("/").status_code == 405
    for path in ("/", "/desk", "/static/page.js", "/static/base/base.css", "/nowhere"):
        answer = page.get(path)
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "style=" not in answer.text or path != "/"


@pytest.mark.whole
def test_a_closer_look_explains_a_state_and_a_group(page: TestClient) -> None:
    query = urlencode({"horizon": "4", "shipped": "0", "mine": "My~threat_tailored"})
    for what, title in (("state:UKR", "Ukraine"), ("role:partner", "The mean partner")):
        text = page.get(f"/closer?{query}&what={what}&tab=x").text
        last = json.loads(text.splitlines()[-1])
        assert last["title"] == title and last["replicates"] == 50 and len(last["courses"]) == 3
        for one in last["ledgers"]:
            assert sum(row["amount"] for row in one["rows"]) == pytest.approx(one["total"], abs=1e-9)
    assert page.get(f"/closer?{query}&what=state:XXX").status_code == 422
    why = json.loads(page.get(f"/why?{query}&tab=x").text)
    assert why["sentences"] and why["ledgers"]
    assert "Move a lever first" in page.get("/why?horizon=4").json()["problems"][0]


def test_a_house_takes_files_from_the_command_line(tmp_path: Path) -> None:
    world, policy = tmp_path / "own.toml", tmp_path / "class.toml"
    world.write_text('extends = "eastern_flank"\ntitle = "Own"\nhorizon = 4\n')
    policy.write_text('extends = "restraint"\ntitle = "Class"\nenvelope = 50\n')
    house = house_for(str(world), (str(policy),), 1)
    try:
        page = TestClient(make_app(house), base_url="http://127.0.0.1", follow_redirects=False)
        assert page.get("/").headers["location"] == f"/?{house.start}"
        setting = setting_of(asked_of(house.start + "&rate.terrorism=2&shipped=0", house.scenario), house.drafts)
        assert setting.scenario.horizon == 4 and setting.entries[1].policy.title == "Class"
        with pytest.raises(InputError):
            house_for("no_such_file.toml", (), 1)
    finally:
        house.shop.end()
        house.drafts.end()


def test_a_page_that_has_gone_stops_its_work(house: House) -> None:
    own = bound(0)
    server = uvicorn.Server(uvicorn.Config(make_app(house), log_level="critical", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([own],))
    own.listen()
    thread.start()
    port = own.getsockname()[1]
    with own, socket.create_connection(("127.0.0.1", port)) as page:
        page.sendall(f"GET /pictures?mine=My~restraint HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        wait_for(lambda: house.shop.asks)
        page.close()
        wait_for(lambda: not house.shop.asks)
        server.should_exit = True
        thread.join(PATIENCE)
    assert house.shop.runs < 400
