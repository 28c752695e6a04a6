"""Another language: nothing that a page shows stays English. Pages are said in one that is made of Greek letters."""

import pickle
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from webbed import Web, answered, web

from analysis.said import Said, joined
from game.core.game_file import BRIEF, game_names, load_game, setup_of
from game.core.names import invented
from game.print.handouts import handouts
from game.web import language
from game.web.member.catalogue import messages

SPOKEN = ("aria-label", "alt", "title", "placeholder")
# Names that are the same in every language, and what people or the machine made up: codes, PINs, commands.
AS_IT_IS = {
    "Interlock", "English", "Deutsch", "CSV", "Excel", "HTML", "PDF", "PowerPoint", "NATO", "OCC", "PARP", "IPAP",
    "ITPP", "DCB", "EOP", "http", "testserver", "main", "MEL", "MIL",
}  # fmt: skip
TYPED = "Typed by somebody"
LETTERS = re.compile(r"%\(\w+\)s|%%|[A-Za-z]")


class Greek:
    """A catalogue that turns every letter of what it knows into one of another alphabet."""

    def __init__(self) -> None:
        self.known = set(messages())

    def gettext(self, text: str) -> str:
        if text not in self.known:
            return text
        return LETTERS.sub(lambda found: found[0] if found[0].startswith("%") else "λ", text)

    def info(self) -> dict[str, str]:
        return {"x-decimal": ","}


class Words(HTMLParser):
    """What a page says: its text, and what is read out of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open = [*self.open, tag] if tag in ("script", "style", "code", "title") else self.open
        spoken = [value for name, value in attrs if value and name in SPOKEN]
        if dict(attrs).get("id") == "words":
            spoken += [value for name, value in attrs if value and name.startswith("data-")]
        if "code" not in (dict(attrs).get("class") or ""):
            self.said += spoken

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open and data.strip():
            self.said.append(data.strip())


def english(page: str, as_it_is: set[str]) -> set[str]:
    """What a page says in letters of English words."""
    return {
        text for text in Words(page).said
        if {word for word in re.findall(r"\w+", text) if re.search(r"^[A-Za-z]{2,}$", word)} - AS_IT_IS - as_it_is
        and text[1:-1] not in language.NOTES.values()
    }  # fmt: skip


@pytest.fixture
def greek(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made = Greek()
    monkeypatch.setattr(language, "translations", lambda name: made)
    language.say_in.cache_clear()
    yield
    language.say_in.cache_clear()


def looked_at(made: Web, as_it_is: set[str]) -> dict[str, set[str]]:
    """English on every page of everybody."""
    found: dict[str, set[str]] = {}
    for person in made.people.values():
        for path in ("/", "/lobby", "/play", "/brief", "/map", "/charts", "/history", "/screen", "/review", "/nowhere"):
            found.setdefault(path, set()).update(english(person.get(path).text, as_it_is))
    desk = made.desk()
    for path in ("/desk", "/desk/setup", "/screen", "/review"):
        found.setdefault(path, set()).update(english(desk.get(path).text, as_it_is))
    return {path: texts for path, texts in found.items() if texts}


def opened(name: str, folder: Path) -> tuple[Web, set[str]]:
    """A game with somebody in every seat, and what is the same in all languages."""
    game = load_game(name)
    made = web(folder / "greek.interlock", setup_of(game), seats=tuple(seat.id for seat in game.seats))
    built = made.room.table.course.built
    codes = re.findall(r"\w+", " ".join((made.room.code, *made.room.pins.values(), *built.codes)))
    names = " ".join(one.name for one in invented().values()).split() if game.fictional else ()
    return made, {seat.upper() for seat in made.people} | {*codes, *names, *TYPED.split()}


def talked(made: Web) -> None:
    """Orders, deals, messages, injects and stances, so that pages have something to say of each."""
    allies = [seat.id for seat in made.room.table.game.seats if seat.kind == "members"]
    first, phase = made.people[allies[0]], made.room.table.phase
    if phase == "orders":
        for seat in made.room.table.game.seats:
            line = {"staff": "envelope", "members": "lead", "partners": "dialogue", "rival": "coercion"}[seat.kind]
            assert made.people[seat.id].post("/orders", "/play", **{line: 0.5 if line != "envelope" else 90}).is_success
        made.people["staff"].post("/draft", "/play", line="open_door", value=1)
        made.room.steer("inject", {"title": TYPED, "kind": "cyber_attack", "states": ["DEU"], "severity": 20.0,
                                   "announce": True})  # fmt: skip
    others = [seat.id for seat in made.room.table.game.seats if seat.id != allies[0]]
    first.post("/message", "/play", to=others[0], words=TYPED, tone="warn")
    if phase == "council":
        made.room.steer("quote", {"number": len(made.room.table.messages) - 1})
        first.post("/stance", "/play", item="programme", stance="object")
        first.post("/stance", "/play", item="proposal", stance="amend")
        made.room.steer("override", {"item": "programme", "result": "amended", "reason": TYPED})
    due, give = (
        str(made.room.table.first_due + 1),
        {"give_line": "members:lead", "give_bound": "most", "give_value": "1"},
    )
    first.post("/bargain", "/play", to=others[0], due=due, promise="1", words=TYPED, **give)
    made.people[others[0]].post("/answer", "/play", number=0, accept="1")


@pytest.mark.parametrize("name", ["flank", "door", "south_fictional"])
def test_no_page_of_a_turn_stays_english(name: str, tmp_path: Path, greek: None) -> None:
    made, same = opened(name, tmp_path)
    found = [looked_at(made, same)]
    made.room.steer("open", {})
    for phase in ("brief", "orders", "council", "news", "brief"):
        assert made.room.table.phase == phase
        talked(made)
        found.append(looked_at(made, same))
        made.room.steer("close", {})
    assert set().union(*(texts for one in found for texts in one.values())) == set()
    made.close()


def test_no_page_of_the_review_and_no_slide_stays_english(tmp_path: Path, greek: None) -> None:
    made, same = opened("tutorial", tmp_path)
    made.room.steer("open", {})
    while made.room.table.phase != "review":
        if made.room.table.phase != "news":
            talked(made)
        made.room.steer("close", {})
    desk, commands = made.desk(), {"python", "run", "py", "lucks", "twin", "without", "seat", "turn"}
    answered(desk, "/review")
    found = looked_at(made, same)
    asked = ["/review/twin?seat=rival", "/review/without?seat=allies&turn=0"]
    asked += [f"/review/slides?n={n}" for n in range(1, 14)]
    for path in asked:
        found[path] = english(answered(desk, path).text, same | commands)
    assert set().union(*found.values()) == set()
    made.close()


def test_handouts_are_said_in_the_language_that_is_asked_for(greek: None) -> None:
    setup = setup_of(load_game("flank"))
    assert english(handouts(setup, language.say_in("de"), "de"), set()) == set()


def test_numbers_quarters_and_nested_texts_are_said_as_the_language_writes_them() -> None:
    say = language.say_in("de")
    assert (say("12.5"), say("1,000"), say("−0.3 (+1.2)")) == ("12,5", "1.000", "−0,3 (+1,2)")
    assert say(Said("%(year)s-Q%(quarter)s", year=2026, quarter=1)) == "Q1/2026"
    told = Said("%(name)s becomes an ally", name=Said("Georgia"))
    assert (told, say(told), language.say_in("en")(told)) == (
        "Georgia becomes an ally", "Georgien wird Verbündeter", "Georgia becomes an ally",
    )  # fmt: skip
    assert say(joined(("Zwölf", Said("12.5")), ": ")) == "Zwölf: 12,5"
    assert pickle.loads(pickle.dumps(told)).values == told.values


def test_german_briefs_fit_a_card() -> None:
    for name in game_names():
        for seat in load_game(name).seats:
            said = language.say_in("de")(seat.brief)
            assert said != seat.brief and len(said.split()) <= BRIEF, (name, seat.id)


def test_what_people_type_is_shown_as_they_typed_it(tmp_path: Path) -> None:
    made = web(tmp_path / "typed.interlock")
    made.room.steer("open", {})
    made.people["east"].post("/message", "/play", to="west", words="Georgia")
    pages = [made.people["west"].get(path, headers={"accept-language": "de"}).text for path in ("/play", "/map")]
    assert "<br>Georgia" in pages[0] and "Georgien" in pages[1] and "Georgia" not in pages[1]
    made.close()
