"""Another language: nothing that a page shows stays English. Pages are said in one that is made of Greek letters."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from webbed import Web, web

from game.core.game_file import load_game, setup_of
from game.web import language
from game.web.member.catalogue import messages

SPOKEN = ("aria-label", "alt", "title", "placeholder")
# Names that are the same in every language, and what people or the machine made up: codes, PINs, commands.
AS_IT_IS = {
    "Interlock", "English", "Deutsch", "CSV", "Excel", "HTML", "PDF", "PowerPoint", "NATO", "OCC", "PARP", "IPAP",
    "ITPP", "DCB", "EOP", "http", "testserver", "main", "MEL", "MIL",
}  # fmt: skip
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


@pytest.mark.parametrize("name", ["flank", "door", "south_fictional"])
def test_no_page_of_a_turn_stays_english(name: str, tmp_path: Path, greek: None) -> None:
    game = load_game(name)
    made = web(tmp_path / "greek.interlock", setup_of(game), seats=tuple(seat.id for seat in game.seats))
    codes = set(re.findall(r"\w+", " ".join((made.room.code, *made.room.pins.values()))))
    same = {seat.upper() for seat in made.people} | codes | set(made.room.table.course.built.codes)
    found = [looked_at(made, same)]
    made.room.steer("open", {})
    for phase in ("brief", "orders", "council", "news") * 2:
        assert made.room.table.phase == phase
        found.append(looked_at(made, same))
        made.room.steer("close", {})
    assert [one for one in found if one] == []
    made.close()
