"""The strongest ties of trust, ranked: between partners, and each partner's strongest with an ally."""

from typing import Final, NamedTuple

from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import grouped
from analysis.pictures.style import BAD, FAINT, GOOD, INK, SMALL, SOFT, Sheet, nothing, panels
from analysis.words import STILL, Table, framework_short, shortened
from sim.runs.results import Results

MOST: Final = 20  # ties in each list
ROOM: Final = 29  # columns of the names of a tie


class Tie(NamedTuple):
    """Mutual trust of two states before the first quarter and at the end."""

    names: tuple[str, str]
    groups: tuple[str, str]
    first: float
    last: float


class Ties(NamedTuple):
    """The strongest first."""

    peers: tuple[Tie, ...]
    allies: tuple[Tie, ...]


def ties(results: Results, most: int = MOST) -> Ties:
    """The `most` strongest ties between partners, and of partners each with its most trusted ally."""
    groups, members = grouped(results)
    of = {n: group for group, rows in zip(groups, members, strict=True) for n in rows}
    first, last = results.mutual_trust

    def tie(a: int, b: int) -> Tie:
        return Tie((results.names[a], results.names[b]), (of[a], of[b]), float(first[a, b]), float(last[a, b]))

    partners = [n for rows in members[1:] for n in rows]
    peers = [tie(a, b) for i, a in enumerate(partners) for b in partners[i + 1 :]]
    best = [max((tie(a, b) for b in members[0]), key=_rank) for a in partners if members[0]]
    return Ties(tuple(sorted(peers, key=_rank)[::-1][:most]), tuple(sorted(best, key=_rank)[::-1][:most]))


def _rank(tie: Tie) -> tuple[float, tuple[str, str]]:
    return tie.last, tie.names


def finding(data: Ties) -> str:
    """How many of the strongest ties cross frameworks."""
    if not data.peers:
        return "0 ties join partners"
    across, top = sum(tie.groups[0] != tie.groups[1] for tie in data.peers), data.peers[0]
    return (
        f"{across} of the {len(data.peers)} strongest ties between partners cross frameworks; the strongest joins "
        f"{top.names[0]} and {top.names[1]} ({top.last:.2f})"
    )


def table(data: Ties) -> Table:
    """The ties drawn, strongest first."""
    rows = tuple((*tie.names, f"{tie.first:.3f}", f"{tie.last:.3f}") for tie in (*data.peers, *data.allies))
    return Table(("state", "state", "mutual trust before the start", "at the end"), rows)


def size(data: Ties) -> tuple[float, float]:
    """A row a tie."""
    return 12.0, 3.2 + 0.24 * max(len(data.peers), len(data.allies), 6)


def draw(data: Ties, figure: Sheet) -> None:
    """Two ranked lists: hollow before the start, filled at the end, both on one scale."""
    if not data.peers and not data.allies:
        return nothing(figure, "No partner was in a framework.")
    [row] = panels(figure, 1, 2, left=3.0, right=0.6, across=3.4, bottom=0.5, top=0.35)
    every = [value for tie in (*data.peers, *data.allies) for value in (tie.first, tie.last)]
    air = 0.04 * max(max(every) - min(every), 0.1)
    for axes, found, title in zip(
        row, (data.peers, data.allies), ("Between partners", "With the most trusted ally"), strict=True
    ):
        _list(axes, found)
        axes.set_xlim(min(every) - air, max(every) + air)
        axes.set_title(title)
        axes.set_xlabel("mutual trust, 0 to 1")


def _list(axes: Axes, found: tuple[Tie, ...]) -> None:
    """A row a tie, with its last value in figures."""
    names = []
    for i, tie in enumerate(found):
        gap = tie.last - tie.first
        colour = SOFT if abs(gap) < STILL else GOOD if gap > 0.0 else BAD
        axes.plot([tie.first, tie.last], [i, i], color=colour, lw=2.4, solid_capstyle="butt", zorder=2)
        axes.plot([tie.first], [i], marker="o", ms=5, mfc="white", mec=colour, mew=1.2, zorder=3)
        axes.plot([tie.last], [i], marker="o", ms=7, color=colour, zorder=4)
        axes.text(1.02, i, f"{tie.last:.2f}", transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL)
        across = "" if tie.groups[0] == tie.groups[1] or "allies" in tie.groups else "  " + "+".join(
            framework_short(group) for group in tie.groups
        )  # fmt: skip
        names.append(_pair(tie.names, ROOM - len(across)) + across)
    axes.set_yticks(range(len(found)), names, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(found), 6) - 0.4, -0.6)
    axes.grid(color=FAINT, lw=0.6)
    axes.locator_params(axis="x", nbins=5)
    axes.spines["left"].set_visible(False)


def _pair(names: tuple[str, str], room: int) -> str:
    """Both names; where there is no room for them, the longer one is cut."""
    over = len(names[0]) + len(names[1]) + 3 - room
    long = max(names, key=len)
    return " – ".join(shortened(name, len(name) - over) if over > 0 and name == long else name for name in names)


FIGURES = (
    Chart(
        "trust_ties", "The strongest ties",
        "Mutual trust, strongest first. Hollow: before the first quarter; filled: at the end. Blue: rose; orange: "
        "fell; grey: stood still. A tie across frameworks names both.",
        size, ties, finding, draw, table, order=90,
    ),
)  # fmt: skip
