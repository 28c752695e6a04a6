"""A table in the terminal: names are shortened until it fits, numbers never."""

from textwrap import fill
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table as Grid

from analysis.words import Table, shortened

HEAD, TITLE, SHORTEST = 12, 44, 10  # columns of a head in a line and in all, and what is left of a name


def grid(
    table: Table, width: int, words: tuple[int, ...] = (0,), wrapping: tuple[int, ...] = (), title: str = ""
) -> Grid:
    """A table whose first column are names; columns in `words` are text, all others numbers; those in `wrapping` may
    take several lines. Where it is too wide the air between columns goes first, then names, then numbers take lines."""
    count: Final = len(table.heads)
    cells = [[cell_len(row[i]) for row in table.rows] for i in range(count)]
    for i in wrapping:
        cells[i] = [cell_len(word) for row in table.rows for word in row[i].split()]
    needed = [max(column, default=0) for column in cells]
    over, heads = 0, list[str]()
    for air in (3, 1):
        # Long heads are broken here, because a column that may not wrap does not wrap its head either.
        heads = [_head(head, HEAD if air == 3 else need) for head, need in zip(table.heads, needed, strict=True)]
        wide = [max(need, *map(cell_len, head.split("\n"))) for head, need in zip(heads, needed, strict=True)]
        over = sum(wide) + air * (count - 1) + (2 if air == 3 else 0) - width
        if over <= wide[0] - HEAD:
            break
    room = max(SHORTEST, wide[0] - max(over, 0))
    fits = sum(wide[1:]) + room + air * (count - 1) <= width
    made = Grid(
        box=SIMPLE_HEAD, pad_edge=False, padding=(0, air // 2), show_edge=air == 3, title=title or None,
        title_justify="left",
    )  # fmt: skip
    for i, head in enumerate(heads):
        whole = i == 0 or (fits and i not in wrapping)
        made.add_column(head, justify="left" if i in words else "right", no_wrap=whole, overflow="fold")
    for row in table.rows:
        made.add_row(shortened(row[0], room), *row[1:])
    return made


def _head(head: str, room: int) -> str:
    """A head in lines as wide as its numbers, or as its longest word."""
    words = shortened(head, TITLE).split()
    return fill(" ".join(words), max(room, *(min(cell_len(word), HEAD) for word in words), 1))
