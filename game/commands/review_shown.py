"""The review on a terminal: the whole report, or one question of it. Every number can be made again here."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bar

from analysis.commands.told import made_ready
from analysis.pictures.forms import Form
from analysis.pictures.grid import grid
from analysis.words import Table, first_of
from game.review.after_action import review
from game.review.counterfactual import MANY, RELATIVE, Answer, answer_table, deletion, twin
from game.review.figures import lucks as beside_lucks
from game.review.figures import twins as beside_twins
from game.review.league import league, league_table
from game.review.lucks import FRESH, LUCKS, Bench, lucks
from game.review.played import Played, RulesChanged, played_from
from sim.inputs.errors import fail

SHOWN: int = 20  # refused orders that are printed


@contextmanager
def in_words(file: str) -> Iterator[None]:
    """Mistakes in what was asked, and refusals, as one error that the command line tells in words."""
    try:
        yield
    except RulesChanged as refused:
        raise fail(file, str(refused)) from None
    except KeyError as error:
        raise fail(file, str(error.args[0])) from None
    except (FileNotFoundError, ValueError) as error:
        raise fail("", str(error)) from None


def _print(console: Console, table: Table, title: str = "", words: tuple[int, ...] = ()) -> None:
    """`words`: columns of text, beside the first, that may take several lines."""
    console.print(grid(table, console.width, (0, *words), words, title))


def _console() -> Console:
    """Files and pipes get the full width."""
    console = Console(markup=False, emoji=False)
    return console if console.is_terminal else Console(markup=False, emoji=False, width=140)


def _opened(file: Path, branch: int | None, console: Console, threads: int | None) -> tuple[Played, Bench]:
    """A game and its bench; the rules are compiled or loaded first."""
    from analysis.commands.run import load_rules

    load_rules(console)
    played = played_from(file, branch)
    return played, Bench(played, threads)


def _took(console: Console, began: float, bench: Bench) -> None:
    console.print(f"{RELATIVE} {bench.runs:,} runs, {time.perf_counter() - began:.1f} s.", style="dim")


def lucks_command(file: Path, replicates: int = LUCKS, threads: int | None = None, branch: int | None = None) -> None:
    """Where this world fell among other courses of luck, and what the class's play was worth."""
    console = _console()
    with in_words(file.name):
        played, bench = _opened(file, branch, console, threads)
        began = time.perf_counter()
        _counted(replicates)
        found = lucks(bench, replicates)
        console.print(
            f"{beside_lucks.finding(beside_lucks.strips(found))}, over {replicates:,} other lucks.", style="bold"
        )
        _print(console, beside_lucks.lucks_table(found))
        console.print(f"{played.setup.game.title}. This world = policy play + skill + luck.", style="dim")
        _took(console, began, bench)


def _counted(replicates: int) -> None:
    if not 2 <= replicates <= 100_000:
        raise ValueError(f"--replicates: {replicates}; allowed: 2 to 100,000")


def twin_command(
    file: Path, seat: str, strategy: str | None = None, replicates: int | None = None, threads: int | None = None,
    branch: int | None = None,
) -> None:  # fmt: skip
    """What a seat's AI twins would have done under the same luck: one strategy in full, or all of them.

    replicates: fresh lucks; by default 200 for one strategy, 100 for the whole list.
    """
    console = _console()
    with in_words(file.name):
        played, bench = _opened(file, branch, console, threads)
        began = time.perf_counter()
        count = replicates if replicates is not None else MANY if strategy is None else FRESH
        _counted(count)
        found = twin(bench, seat, None if strategy is None else [strategy], count)
        chart, data = beside_twins.job(played, found)
        console.print(f"{chart.finding(data)}.", style="bold")
        table = chart.table(data)
        _print(console, table._replace(heads=("twin", *table.heads[1:])), data.axis, (1,))
        if strategy is not None:
            _print(console, answer_table(found[0]), f"“{found[0].title}” less the class")
        for one in found:
            _refusals(console, one)
        _took(console, began, bench)


def without_command(
    file: Path, seat: str, turn: int, item: str | None = None, replicates: int = FRESH, threads: int | None = None,
    branch: int | None = None,
) -> None:  # fmt: skip
    """What one decision changed: a seat's orders of one turn, or its stance on one item, against policy's."""
    console = _console()
    with in_words(file.name):
        _, bench = _opened(file, branch, console, threads)
        began = time.perf_counter()
        _counted(replicates)
        found = deletion(bench, seat, turn - 1, item, replicates)
        console.print(f"{found.title} of {seat}: {found.words}", style="bold")
        _print(console, answer_table(found), "With the decision less without it")
        _refusals(console, found)
        _took(console, began, bench)


def _refusals(console: Console, one: Answer) -> None:
    if one.refused:
        console.print(f"{one.title}: recorded orders that would no longer have been legal:")
        for line in first_of(one.refused, SHOWN):
            console.print(f"  {line}")


def league_command(files: Sequence[Path], out: Path | None, form: Form) -> None:
    """Several groups at the same game and seed, scored on differences seat by seat; with `out`, drawn too."""
    console = _console()
    with in_words("league"):
        games = [played_from(file) for file in files]
        found = league(games)
    places = []
    if out is not None:
        from analysis.pictures.write import draw_charts
        from game.review.figures.league import CHART
        from game.review.figures.shared import foot_of

        draw_charts([(CHART, found)], foot_of(games[0]), made_ready(out), form=form)
        places.append(f"Figure:  {out / 'league.svg'}")
    console.print(f"{found.title}: score, and difference from the mean of the other tables", style="bold")
    _print(console, league_table(found))
    for place in places:
        console.print(place)


def review_command(
    file: Path, out: Path | None = None, replicates: int = LUCKS, fresh: int | None = None, threads: int | None = None,
    branch: int | None = None, others: Sequence[Path] = (),
) -> None:  # fmt: skip
    """The whole report of a game: page, PDF and figures. `others`: files of the same league."""
    console = _console()
    folder = out or Path("out") / f"review_{file.stem}"
    began = time.perf_counter()
    with in_words(file.name):
        from analysis.commands.run import load_rules
        from game.review.report import write_review

        made_ready(folder, "figures")
        load_rules(console)
        _counted(replicates)
        _counted(FRESH if fresh is None else fresh)
        played = played_from(file, branch)
        table = league([played, *(played_from(other) for other in others)]) if others else None
        with Bar(console=console, transient=True) as bar:
            tasks: dict[str, Any] = {}

            def tell(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=max(total, 1))
                bar.update(tasks[what], completed=done, total=max(total, 1))

            found = review(played, replicates, fresh, threads, tell, table)
            written = write_review(found, folder, tell)
    console.print(played.verdict.words())
    if found.refused:
        console.print(found.refused)
    for path in written:
        console.print(f"{path.suffix[1:].upper():5} {path}")
    console.print(f"Took {time.perf_counter() - began:.1f} s.", style="dim")
