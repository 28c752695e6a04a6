"""What the ledger books differently under two policies."""

from typing import NamedTuple

from analysis.pictures.chart import Chart
from analysis.pictures.run.change.waterfalls import Waterfall, booked, draw_waterfall
from analysis.pictures.style import Sheet, nothing, panels
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import said
from analysis.words import Table, plain, signed


class Accounts(NamedTuple):
    """The ledger's difference between two policies for trust and interoperability."""

    own: str
    base: str
    falls: tuple[Waterfall, ...]


def accounts(judged: Judged) -> Accounts:
    """From the baseline's end to the policy's end."""
    assert judged.why is not None
    titles = judged.asked.titles
    falls = tuple(Waterfall("mean partner", *account) for account in judged.why.accounts)
    return Accounts(titles[judged.why.policy], titles[judged.asked.baseline], falls)


def finding(data: Accounts) -> str:
    """Both changes."""
    parts = [f"{one.score} {signed(one.end - one.start, 3)}" for one in data.falls]
    return f"{data.own} against {said(data.base)}: " + ", ".join(parts)


def table(data: Accounts) -> Table:
    """Every amount."""
    return booked(data.falls, f"under {said(data.base)}", f"under {said(data.own)}")


def draw(data: Accounts, sheet: Sheet) -> None:
    """Two waterfalls, from the baseline's end to the policy's end."""
    if not any(len(one.causes) for one in data.falls):
        return nothing(sheet, "The ledgers of both policies are the same.")
    [grid] = panels(sheet, 1, 2, left=2.1, right=0.75, across=2.6, top=0.35, bottom=0.5)
    for axes, one in zip(grid, data.falls, strict=True):
        draw_waterfall(one, axes, data.base, data.own, f"{plain(one.score)} at the end")


FIGURES = (
    Chart(
        "accounts", "What the ledger books differently",
        "States that were partners at the start, mean at the end over the first 50 replicates (or all, if fewer), 0 to "
        "1. Differences of contributions sum to the difference of scores. Blue: gains; hatched orange: losses. "
        "Accounting, not causation.",
        (12, 6.4), accounts, finding, draw, table, order=50, narrow=(4.9, 9.0),
        when=lambda judged: judged.why is not None,
    ),
)  # fmt: skip
