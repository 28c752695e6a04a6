"""Entry 14: what people name is shown as written, folded or shortened where long; numbers of a table stay whole."""

import re
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from analysis.pictures import legible
from analysis.pictures.grid import grid
from analysis.pictures.style import RC, About, Sheet, panels, sheet
from analysis.words import Table, framework_short, shortened
from benchmarks import played_games
from game.core.game_file import load_game
from game.review.figures.league import draw as draw_league
from game.review.league import League
from game.review.pdf import PITCHED, _rows
from run import app

LONG = "that goes on and on, until nobody reads it any more, WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
TEXTS = (
    "$", "$$", "costs $5 and $6", "_", "_hidden", "a_b^c", "^2", "{", "}", "{x", "$x_{^", r"\frac{1}{", r"\alpha",
    "\\", r"\$", "100 %", "# ~ & <b>bold</b> [red]x[/red] :x:", "合作伙伴的未来", "パートナー",
    "🌍 👩\u200d🚀 🇪🇺", "नाटो", "é ű ș ћ λ", LONG, "W" * 400, "合" * 300, "🌍" * 100, "$_^{\\" * 60, "1 " + "2" * 300,
)  # fmt: skip
NASTY = "_$x_{^2 \\frac 合作 🌍 [red]:x: "


def words_in(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in sheet.findobj(Text)]


def drawn(text: str, folder: Path, kind: str = "png") -> Sheet:
    """A figure with a text wherever names stand, written to a file."""
    with matplotlib.rc_context(RC):
        figure = sheet((9, 5), f"{text} leads", text, About(text, text, 1, 0, "f" * 64))
        [[axes]] = panels(figure, left=1.5, right=1.5)
        axes.set_yticks([0.2, 0.8], [text, f"{text}  0.53"])
        axes.set_xlabel(text)
        axes.annotate(f"{text}  12.5 %", (1.0, 0.5), (1.02, 0.5), textcoords="axes fraction", annotation_clip=False)
        axes.text(0.5, 0.5, text, ha="center")
        figure.savefig(folder / f"figure.{kind}", format=kind)
    return figure


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_entry_14_any_text_is_drawn_within_the_sheet(text: str, tmp_path: Path) -> None:
    drawn(text, tmp_path, "svg")
    for kind in ("png", "pdf"):
        figure = drawn(text, tmp_path, kind)
        renderer = FigureCanvasAgg(figure).get_renderer()
        for one in figure.findobj(Text):
            if isinstance(one, Annotation):
                one.update_positions(renderer)
            box = Text.get_window_extent(one, renderer)
            assert box.width == 0.0 or (box.x0 > -2.0 and box.x1 < figure.bbox.width + 2.0), one.get_text()
    assert any(words.endswith("  0.53") for words in words_in(figure)), "numbers stay"
    assert any(words.endswith("  12.5 %") for words in words_in(figure))


def test_entry_14_short_texts_are_shown_as_written(tmp_path: Path) -> None:
    for text in (text for text in TEXTS if len(text) < 20):
        drawn(text, tmp_path, "svg")
        found = (tmp_path / "figure.svg").read_text(encoding="utf-8")
        written = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert f"Scenario: {written}  ·  policy: {written}  ·" in found


def test_entry_14_what_no_font_has_is_a_box_and_what_another_has_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legible, "SPARE_FONTS", ("No such font", "STIXGeneral"))
    other = next(
        chr(sign) for sign in sorted(legible._signs("STIXGeneral", "normal") - legible._signs("DejaVu Sans", "normal"))
        if chr(sign).isprintable() and sign < 0xE000
    )  # fmt: skip
    figure = drawn(f"a{other}b合c\u200d", tmp_path)
    assert f"a{other}b{legible.BOX}c" in "".join(words_in(figure))
    assert any("STIXGeneral" in text.get_fontfamily() for text in figure.findobj(Text))


def test_entry_14_a_shortened_name_keeps_its_number_and_its_columns() -> None:
    assert shortened("Status quo", 10) == "Status quo" and shortened("Threat-tailored", 10) == "Threat-ta…"
    assert shortened("A long name of a policy  −0.53", 16) == "A long n…  −0.53"
    assert shortened("合作伙伴的未来", 8) == "合作伙…"


def test_entry_14_a_framework_of_any_name_has_a_short_one() -> None:
    assert framework_short("south_atlantic_dialogue") == "SAD" and framework_short("a__b_") == "AB"
    assert framework_short("_".join("abcdefgh")) == "ABCD"


@pytest.mark.parametrize("width", [60, 80, 100])
def test_entry_14_numbers_of_a_table_are_never_cut(width: int) -> None:
    heads = ("policy", "gain", "95 %", f"{NASTY}{LONG}", "difference", "cost", "pairing saves")
    numbers = ("−0.003", "−0.0031 to −0.0021", "1,430.5", "+0.24 %", "17.6", "3,950,692 times")
    table = Table(heads, tuple((text, *numbers) for text in (*TEXTS, "Status quo")))
    paper = Console(width=width, record=True, markup=False, emoji=False, file=open("/dev/null", "w"))  # noqa: SIM115
    paper.print(grid(table, width))
    paper.file.close()
    said = paper.export_text()
    assert max(map(cell_len, said.splitlines())) <= width
    for number in " ".join(numbers).split():
        assert len(re.findall(rf"(?<!\S){re.escape(number)}(?!\S)", said)) >= len(TEXTS) + 1, number


def test_entry_14_nor_in_the_pdf() -> None:
    table = Table(("quarter", "event", "trust"), (("2026-Q4", LONG * 3, "−0.0187"), ("2026-Q4", "合" * 90, "+0.5")))
    for (line, _), number in zip(list(_rows(table))[1:], ("−0.0187", "+0.5"), strict=True):
        assert line.rstrip().endswith(number) and len(line) <= PITCHED


def test_entry_14_groups_of_a_league_stand_in_its_legend(tmp_path: Path) -> None:
    import numpy as np

    found = League("t", ("_first", NASTY[:20]), ("a",), ("a",), np.zeros((2, 1)), np.ones((2, 1)), 1)
    with matplotlib.rc_context(RC):
        figure = sheet((11, 6), "t", "s", About("", "", 1, 0, "f"))
        draw_league(found, figure)
        figure.savefig(tmp_path / "league.svg", format="svg")
    assert {"_first", NASTY[:20].strip()} <= {words.strip() for words in words_in(figure)}


# Through the commands


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario and a policy whose names hold all of it."""
    folder = tmp_path_factory.mktemp("named")
    title = f"{NASTY}{LONG}".replace("\\", "\\\\")
    (folder / "scenario.toml").write_text(
        f'extends = "new_partners"\ntitle = "{title}"\nquestion = "{title}"\nhorizon = 4\n'
        f'[[states]]\ncode = "MDA"\nname = "{title}"\n[[states]]\ncode = "AUT"\nname = "{"合" * 40}"\n'
        f'[[frameworks]]\nname = "south_atlantic_dialogue"\nfrom = "2025-Q2"\ntitle = "{title}"\n'
        f'[[shocks]]\ntitle = "{title}"\nwhen = "2025-Q2"\nkind = "cyber_attack"\nstates = ["MDA"]\nseverity = 40.0\n'
        f'[[upheavals]]\ntitle = "{title} 2"\nwhen = "2025-Q3"\nstates = ["MDA"]\ncivilian_control = -0.4\n',
        encoding="utf-8",
    )
    (folder / "policy.toml").write_text(f'extends = "restraint"\ntitle = "{title}"\n', encoding="utf-8")
    return folder


def asked(*words: object) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == 0, found.output + str(found.exception)
    return " ".join(found.output.split())


@pytest.mark.whole
def test_entry_14_run_shows_all_of_it(named: Path) -> None:
    said = asked("run", named / "scenario.toml", "--policy", named / "policy.toml", "--out", named / "run")
    assert NASTY.strip() in said and "Report:" in said
    page = (named / "run" / "report.html").read_text(encoding="utf-8")
    assert NASTY.strip() in page and "合" * 13 in page


@pytest.mark.whole
def test_entry_14_compare_shows_all_of_it(named: Path) -> None:
    said = asked(
        "compare", named / "scenario.toml", "--policies", f"{named / 'policy.toml'},threat_tailored", "--replicates", 4,
        "--out", named / "compare",
    )  # fmt: skip
    assert NASTY.strip() in said and "…" in said
    assert "Status quo" in said and "baseline" in said


@pytest.mark.slow
def test_entry_14_review_shows_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = load_game("tutorial")
    seats = tuple(seat.model_copy(update={"title": f"{NASTY}{seat.title} {LONG}"}) for seat in game.seats)
    named = game.model_copy(update={"title": f"{NASTY}{LONG}", "seats": seats})
    monkeypatch.setattr(played_games, "load_game", lambda _: named)
    monkeypatch.setattr(played_games, "INJECT", played_games.INJECT | {"title": f"{NASTY}{LONG}"})
    path = tmp_path / "$x_{.game"
    played_games.play_a_game(path, turns=1).journal.close()
    said = asked("review", path, "--out", tmp_path / "review", "-r", 2, "--lucks", 4)
    assert "PDF" in said and (tmp_path / "review" / "review.pdf").stat().st_size > 50_000
    assert NASTY.strip() in (tmp_path / "review" / "review.html").read_text(encoding="utf-8")
    assert NASTY.strip() in asked("lucks", path, "-r", 2)
