"""What a tournament found: a table, plain sentences, a CSV file."""

from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from analysis.words import listed, shortened
from game.tournament.runs import LEVEL, Contest, Tournament
from sim.outputs import files

HEADS: Final = (
    "game", "seat", "line_up", "strategy", "mean_score", "lead_over_best_other", "lead_low", "lead_high",
    "wins", "may_be_best", "beats_nothing",
)  # fmt: skip
SEAT: Final = 24  # columns of the title of a seat
TIE: Final = "no clear winner"


def winners_table(tournament: Tournament, wide: bool = True) -> Table:
    """Which strategy wins for each seat in each line-up, and whether doing nothing loses.

    Wide: a row a seat. Else a row for each seat and line-up, for a terminal of 80 columns.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    line_ups = list(dict.fromkeys(contest.line_up for contest in tournament.contests))
    for head in ("Seat", *(line_ups if wide else ("Others", "Wins, with its mean score")), "Nothing loses"):
        table.add_column(head, overflow="fold")
    for seat in tournament.setup.game.seats:
        contests = tournament.of_seat(seat.id)
        if wide:
            nothing = "yes" if tournament.nothing_loses(seat.id) else "NO"
            table.add_row(shortened(seat.title, SEAT), *(_cell(contest) for contest in contests), nothing)
            continue
        for at, contest in enumerate(contests):
            nothing = "yes" if contest.beat_nothing else "NO"
            table.add_row("" if at else shortened(seat.title, SEAT), contest.line_up, _cell(contest), nothing)
    return table


def _cell(contest: Contest) -> str:
    """The winner with its mean score, or those that may be best."""
    means = contest.scores.mean(axis=0)
    if contest.best.winner is not None:
        return f"{contest.winner} {means[contest.best.winner]:.0f}"
    return " / ".join(f"{contest.strategies[i]} {means[i]:.0f}" for i in contest.best.not_beaten)


def sentences(tournament: Tournament) -> list[str]:
    """What a tournament says, seat by seat and over all, in words."""
    said = [_about(tournament, seat.id, seat.title) for seat in tournament.setup.game.seats]
    lucks = f"{tournament.replicates} lucks, {100 * LEVEL:.0f} % intervals for each seat and line-up, in this model"
    if tournament.passed:
        said.append(f"Over all seats no strategy wins against every line-up, and doing nothing always loses ({lucks}).")
    else:
        wrong = [s.title for s in tournament.setup.game.seats if _fails(tournament, s.id)]
        said.append(f"Not yet worth playing for {listed(wrong)} ({lucks}).")
    return said


def _fails(tournament: Tournament, seat: str) -> bool:
    return tournament.dominant(seat) is not None or not tournament.nothing_loses(seat)


def _about(tournament: Tournament, seat: str, title: str) -> str:
    """One seat in one or two sentences."""
    contests = tournament.of_seat(seat)
    best = tournament.dominant(seat)
    if best is not None:
        first = f"{best} wins whatever the others do"
    else:
        winners = list(dict.fromkeys(contest.winner or TIE for contest in contests))
        first = f"what wins depends on the others: {listed(winners)}"
    losers = [contest.line_up for contest in contests if not contest.beat_nothing]
    if losers:
        second = f"doing nothing is not beaten in {listed(losers)}"
    else:
        behind = min(_behind(contest) for contest in contests)
        second = f"doing nothing trails the best by at least {behind:.0f} points"
    return f"{title}: {first}; {second}."


def _behind(contest: Contest) -> float:
    """How far doing nothing trails the best mean."""
    means = contest.scores.mean(axis=0)
    return float(means.max() - means[contest.strategies.index("nothing")])


def write_csv(tournament: Tournament, name: str, path: Path) -> None:
    """Every strategy of every seat in every line-up, one a row."""
    rows = []
    for contest in tournament.contests:
        for i, strategy in enumerate(contest.strategies):
            lead = contest.best.intervals[i]
            rows.append((
                name, contest.seat.id, contest.line_up, strategy, round(float(contest.scores[:, i].mean()), 3),
                round(lead.mean, 3), round(lead.low, 3), round(lead.high, 3), int(contest.best.winner == i),
                int(i in contest.best.not_beaten), int(strategy in contest.beat_nothing),
            ))  # fmt: skip
    files.write_csv(path, HEADS, rows)
