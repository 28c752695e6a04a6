"""Pictures of states: progress by framework, every partner's path, the tile map, trust between groups, the network."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.run.numbers_partners import Blocks, Network, Paths, Progress, Tiles, group_name
from analysis.pictures.style import (
    FAINT,
    FOOT,
    INK,
    LOSS_GAIN,
    LOW_HIGH,
    NEUTRAL,
    ROLE_COLOURS,
    SMALL,
    SOFT,
    Sheet,
    blank,
    framework_look,
    ink_on,
    mark_years,
    panels,
    spread_labels,
)
from analysis.words import counted, framework_name, framework_short, lower, signed


def draw_progress(data: Progress, figure: Sheet) -> Sheet:
    """A column for each framework, a row for each score; the other frameworks' medians in grey behind."""
    count = len(data.frameworks)
    if count == 0:
        return nothing(figure, "No partner was in a framework.")
    grid = panels(
        figure, 2, count, left=1.0, across=0.28, down=0.3, top=0.65 if count > 4 else 0.45, share=("all", "row")
    )
    steps = np.arange(len(data.quarters))
    for i, framework in enumerate(data.frameworks):
        colour, dashes, marker = framework_look(framework, data.declared)
        name = framework_name(framework)
        head = f"{_broken(name) if count > 4 else name}\n{counted(int(data.states[i]), 'state')}"
        grid[0][i].set_title(
            head.replace("Istanbul Cooperation", "Istanbul Coop.") if count > 3 else head,
            color=colour,
            fontsize=SMALL + 0.5,
        )
        for row in range(2):
            axes = grid[row][i]
            others = [np.column_stack([steps, data.middle[row, j]]) for j in range(count) if j != i]
            axes.add_collection(LineCollection(others, colors=FAINT, linewidths=1.2, zorder=1))
            axes.fill_between(steps, data.low[row, i], data.high[row, i], color=colour, alpha=0.22, lw=0, zorder=2)
            first = int(np.argmax(~np.isnan(data.middle[row, i])))
            ends = [first, len(steps) - 1]
            axes.plot(
                steps, data.middle[row, i], color=colour, ls=dashes, marker=marker, markevery=ends, ms=6, zorder=3
            )
            for s, side, shift in ((ends[0], "left", 2), (ends[1], "right", -2)):
                up = (data.middle[row, i, ends[1]] >= data.middle[row, i, ends[0]]) == (side == "right")
                axes.annotate(
                    f"{data.middle[row, i, s]:.2f}", (s, data.middle[row, i, s]), (shift, 8 if up else -16),
                    textcoords="offset points",
                    ha=side, fontsize=SMALL, fontweight="bold", zorder=4,
                )  # fmt: skip
            mark_years(axes, data.quarters, most=3)
            axes.grid(axis="y", color=FAINT, lw=0.6)
    for row, name in enumerate(("Trust", "Interoperability")):
        grid[row][0].set_ylabel(f"{name}, 0 to 1")
        low = max(0.0, math.floor(10.0 * float(np.nanmin(data.low[row])) - 0.9) / 10.0)
        high = min(1.0, math.ceil(10.0 * float(np.nanmax(data.high[row])) + 0.5) / 10.0)
        grid[row][0].set_ylim(low, high)
        grid[row][0].set_yticks(np.arange(round(10 * low), round(10 * high) + 1, 1 if high - low < 0.55 else 2) / 10.0)
    return figure


def nothing(figure: Sheet, text: str) -> Sheet:
    """Say in words that there is nothing to draw."""
    figure.text(0.5, 0.5, text, ha="center", va="center", color=SOFT, fontsize=13)
    return figure


def cells(groups: list[int], columns: int) -> list[tuple[int, int]]:
    """Column and row of every cell of groups of the given sizes; each group starts a new row."""
    found, row = [], 0
    for size in groups:
        found += [(i % columns, row + i // columns) for i in range(size)]
        row += -(-size // columns)
    return found


def draw_paths(data: Paths, figure: Sheet) -> Sheet:
    """A small panel for each partner: trust full, interoperability dashed; grey before joining; dotted at accession."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    wide, high = figure.get_size_inches()
    axes = blank(figure.add_axes((0.3 / wide, FOOT / high, 1.0 - 0.5 / wide, (high - figure.head - FOOT) / high)))
    names = list(dict.fromkeys(data.frameworks))
    sizes = [data.frameworks.count(n) for n in names]
    columns = 8
    at = cells(sizes, columns)
    rows = max(y for _, y in at) + 1
    heads = np.cumsum([0.0] + [0.34] * len(names))
    group = [names.index(f) for f in data.frameworks]
    steps = np.linspace(0.02, 0.84, data.trust.shape[1])
    lines: dict[str, list[Any]] = {"trust": [], "interoperability": [], "before": []}
    boxes, ticks = [], []
    for i, (x, y) in enumerate(at):
        base = y + heads[group[i] + 1]
        boxes.append(Rectangle((x + 0.02, base + 0.22), 0.82, 0.68))
        for score, values in (("trust", data.trust[i]), ("interoperability", data.interoperability[i])):
            points = np.column_stack([x + steps, base + 0.90 - 0.68 * values])
            since = int(data.since[i])
            lines[score].append(points[since:])
            if since > 0:
                lines["before"].append(points[: since + 1])
        if data.ally[i] >= 0:
            ticks.append([(x + steps[data.ally[i]], base + 0.22), (x + steps[data.ally[i]], base + 0.90)])
        name = (
            data.names[i]
            if len(data.names[i]) <= 15
            else data.names[i]
            .replace("Bosnia and Herzegovina", "Bosnia and Herz.")
            .replace("North Macedonia", "N. Macedonia")
            .replace("United Arab Emirates", "UAE")
        )
        axes.text(x + 0.02, base + 0.17, name[:18], fontsize=SMALL, va="baseline", fontweight="bold")
        ends = [float(data.trust[i, -1]), float(data.interoperability[i, -1])]
        for value, height, colour in zip(
            ends, spread_labels(ends, 0.22, 0.0, 1.0), ("#005a8e", "#A84300"), strict=True
        ):
            axes.text(
                x + 0.855, base + 0.90 - 0.68 * height, f"{100 * value:.0f}", fontsize=SMALL, color=colour, va="center"
            )
    for g, name in enumerate(names):
        y = min(at[i][1] for i in range(len(at)) if group[i] == g) + heads[g + 1]
        axes.text(
            0.0,
            y - 0.12,
            framework_name(name),
            color=framework_look(name, data.declared)[0],
            fontsize=12,
            fontweight="bold",
        )
        axes.plot([0.0, columns], [y - 0.04] * 2, color=framework_look(name, data.declared)[0], lw=1.0)
    axes.add_collection(PatchCollection(boxes, facecolor="#f3f3f3", edgecolor="none"))
    axes.add_collection(LineCollection(lines["before"], colors="#b0b0b0", linewidths=1.2))
    axes.add_collection(
        LineCollection(lines["interoperability"], colors="#D55E00", linewidths=1.8, linestyles=[(0, (3, 1.2))])
    )
    axes.add_collection(LineCollection(lines["trust"], colors="#0072B2", linewidths=2.0))
    axes.add_collection(LineCollection(ticks, colors=INK, linewidths=1.2, linestyles=[(0, (1, 1))]))
    axes.set_xlim(0.0, columns)
    axes.set_ylim(rows + heads[-1], 0.0)
    return figure


def draw_tiles(data: Tiles, figure: Sheet) -> Sheet:
    """Equal tiles, code and value in each; heavy frames are partners, thin ones members, dashed ones rivals."""
    wide, high = figure.get_size_inches()
    columns = max(t[0] for t in data.tiles) + 1
    rows = max(t[1] for t in data.tiles) + 1
    size = min((wide - 0.6) / columns, (high - figure.head - FOOT - 0.55) / rows)
    left = (wide - size * columns) / 2.0
    axes = blank(
        figure.add_axes(
            (left / wide, (high - figure.head - size * rows) / high, size * columns / wide, size * rows / high)
        )
    )
    shown = np.array([r != "rival" for r in data.roles])
    spread = data.values[shown] if shown.any() else data.values
    if data.diverging:
        reach = max(float(np.abs(spread).max()), 0.01)
        norm, colours = Normalize(-reach, reach), LOSS_GAIN
    else:
        low = float(spread.min())
        norm, colours = Normalize(min(low, float(spread.max()) - 1e-3), max(float(spread.max()), 1e-3)), LOW_HIGH
    looks = {"member": (0.6, "-", 0.03), "partner": (2.4, "-", 0.05), "rival": (2.0, (0, (2, 1.2)), 0.05)}
    biggest = float(np.abs(data.values).max())
    for role, (width, dashes, inset) in looks.items():
        boxes = [
            Rectangle((t[0] + inset, t[1] + inset), 1 - 2 * inset, 1 - 2 * inset)
            for t, r in zip(data.tiles, data.roles, strict=True)
            if r == role
        ]
        faces = [colours(norm(v)) for v, r in zip(data.values, data.roles, strict=True) if r == role]
        axes.add_collection(
            PatchCollection(
                boxes, facecolors=faces, edgecolors=ROLE_COLOURS[role], linewidths=width, linestyles=[dashes]
            )
        )
    for code, (x, y), value in zip(data.codes, data.tiles, data.values, strict=True):
        ink = ink_on(colours(norm(value)))
        text = signed(value) if data.diverging else (f"{value:.2f}" if biggest < 9.95 else f"{value:.0f}")
        axes.text(x + 0.5, y + 0.40, code, ha="center", va="center", fontsize=SMALL, fontweight="bold", color=ink)
        axes.text(x + 0.5, y + 0.71, text, ha="center", va="center", fontsize=8.5, color=ink)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    bar = figure.add_axes((0.56, (FOOT + 0.22) / high, 0.40, 0.14 / high))
    bar.imshow(
        np.linspace(0, 1, 128)[None, :],
        aspect="auto",
        cmap=colours,
        extent=(float(norm.vmin or 0), float(norm.vmax or 1), 0, 1),
    )
    bar.set_yticks([])
    bar.tick_params(length=2, pad=2)
    bar.set_title(f"{lower(data.variable)}, {data.when}", fontsize=SMALL, fontweight="normal", pad=3)
    _role_key(figure, wide, high, sorted(set(data.roles)))
    return figure


def _role_key(figure: Sheet, wide: float, high: float, roles: list[str]) -> None:
    """What the frames of the tiles mean."""
    key = blank(figure.add_axes((0.3 / wide, (FOOT + 0.05) / high, 0.42, 0.4 / high)))
    key.set_xlim(0, 0.42 * wide / 0.4)
    key.set_ylim(0, 1)
    looks = {"member": (0.6, "-"), "partner": (2.4, "-"), "rival": (2.0, (0, (2, 1.2)))}
    for i, role in enumerate(roles):
        width, dashes = looks[role]
        key.add_patch(
            Rectangle(
                (0.1 + 3.2 * i, 0.15), 0.7, 0.7, facecolor="white", edgecolor=ROLE_COLOURS[role], lw=width, ls=dashes
            )
        )
        key.text(1.0 + 3.2 * i, 0.5, role, va="center", fontsize=SMALL)


def draw_blocks(data: Blocks, figure: Sheet) -> Sheet:
    """Left: every pair at the end. Right: the mean of every pair of groups, and its change over the run."""
    if not np.isfinite(data.trust).any():
        return nothing(figure, "There is no pair of states to show.")
    wide, high = figure.get_size_inches()
    side = high - figure.head - FOOT - 0.55
    count, groups = len(data.codes), len(data.groups)
    axes = figure.add_axes((1.75 / wide, (FOOT + 0.15) / high, side / wide, side / high))
    low, top = float(np.nanmin(data.trust)), float(np.nanmax(data.trust))
    colours = LOW_HIGH.with_extremes(bad="#ffffff")
    axes.imshow(np.ma.masked_invalid(data.trust), cmap=colours, vmin=low, vmax=top, interpolation="nearest")
    edges = [*data.first, count]
    axes.hlines([e - 0.5 for e in edges], -0.5, count - 0.5, color="white", lw=2.0)
    axes.vlines([e - 0.5 for e in edges], -0.5, count - 0.5, color="white", lw=2.0)
    middles = [(a + b - 1) / 2.0 for a, b in pairwise(edges)]
    short = ["Allies" if g == "allies" else framework_short(g) for g in data.groups]
    sizes = [b - a for a, b in pairwise(edges)]
    full = [_broken(group_name(g)) if n >= 4 else w for g, n, w in zip(data.groups, sizes, short, strict=True)]
    axes.set_yticks(spread_labels(middles, 0.055 * count, 0.0, count - 1.0), full)
    axes.set_xticks(spread_labels(middles, 0.075 * count, 0.0, count - 1.0), short)
    axes.tick_params(length=0, colors=INK)
    axes.xaxis.tick_top()
    for spine in axes.spines.values():
        spine.set_visible(False)
    left = 1.75 + side + 1.05
    box = min(wide - left - 0.25, side)
    table = figure.add_axes((left / wide, (FOOT + 0.15 + side - box) / high, box / wide, box / high))
    table.imshow(np.ma.masked_invalid(data.mean), cmap=colours, vmin=low, vmax=top)
    for a in range(groups):
        for b in range(groups):
            value = data.mean[a, b]
            if math.isnan(value):
                table.text(b, a, "one\nstate", ha="center", va="center", fontsize=SMALL, color=SOFT)
                continue
            ink = ink_on(LOW_HIGH(float((value - low) / max(top - low, 1e-9))))
            table.text(b, a - 0.13, f"{value:.2f}", ha="center", va="center", fontsize=12, fontweight="bold", color=ink)
            table.text(b, a + 0.22, signed(data.mean_change[a, b]), ha="center", va="center", fontsize=SMALL, color=ink)
    table.set_yticks(range(groups), short)
    table.set_xticks(range(groups), short)
    table.tick_params(length=0, colors=INK)
    table.xaxis.tick_top()
    for spine in table.spines.values():
        spine.set_visible(False)
    return figure


def _broken(name: str) -> str:
    """A long name on two lines."""
    words = name.split()
    return name if len(name) < 14 else " ".join(words[: len(words) // 2]) + "\n" + " ".join(words[len(words) // 2 :])


def draw_network(data: Network, figure: Sheet) -> Sheet:
    """Partners on a ring by framework, allies inside; thick: ties between partners, thin grey: ties with allies."""
    high = float(figure.get_size_inches()[1])
    side = high - figure.head - FOOT
    axes: Axes = blank(figure.add_axes((0.0, FOOT / high, 1.0, side / high)))
    axes.set_xlim(-2.17, 2.17)
    axes.set_ylim(-1.4, 1.4)
    axes.set_aspect("equal")
    axes.add_collection(LineCollection(
        [[(data.x[a], data.y[a]), (data.x[b], data.y[b])] for a, b in data.ally_ties], colors="#bdbdbd",
        linewidths=0.8, zorder=1,
    ))  # fmt: skip
    low = float(data.peer_trust.min()) if len(data.peer_trust) else 0.0
    reach = max(float(data.peer_trust.max()) - low, 1e-9) if len(data.peer_trust) else 1.0
    curves, tints, widths = [], [], []
    bend = np.linspace(0.0, 1.0, 16)[:, None]
    for (a, b), trust in zip(data.peer_ties, data.peer_trust, strict=True):
        start, end = np.array([data.x[a], data.y[a]]), np.array([data.x[b], data.y[b]])
        middle = 0.62 * (start + end) / 2.0 + 0.10 * (start + end) / 2.0
        curves.append((1 - bend) ** 2 * start + 2 * bend * (1 - bend) * middle + bend**2 * end)
        same = data.groups[a] == data.groups[b]
        tints.append(framework_look(data.groups[a], data.declared)[0] if same else INK)
        widths.append(1.0 + 3.0 * (float(trust) - low) / reach)
    axes.add_collection(LineCollection(curves, colors=tints, linewidths=widths, alpha=0.75, zorder=2))
    allies = np.array([g == "allies" for g in data.groups], dtype=bool)
    axes.scatter(data.x[allies], data.y[allies], s=22, color=NEUTRAL, zorder=3)
    for i in np.flatnonzero(allies):
        _radial(axes, data, int(i), 0.40, SMALL, SOFT, inward=True)
    for group in dict.fromkeys(g for g in data.groups if g != "allies"):
        rows = np.array([g == group for g in data.groups])
        colour, _, marker = framework_look(group, data.declared)
        joined = np.array([t == "ally" for t in data.track]) & rows
        axes.scatter(data.x[rows], data.y[rows], s=64, color=colour, marker=marker, zorder=4, edgecolors="white")
        axes.scatter(data.x[joined], data.y[joined], s=150, facecolors="none", edgecolors=INK, zorder=4)
        for i in np.flatnonzero(rows):
            _radial(axes, data, int(i), 1.07, SMALL, INK, inward=False)
        at = float(data.angle[rows].mean())
        x, y = 1.3 * math.cos(at), 1.31 * math.sin(at)
        axes.text(x, y, _broken(framework_name(group)), color=colour, fontsize=12, fontweight="bold",
                  ha="center" if abs(x) < 0.35 else "left" if x > 0 else "right", va="center")  # fmt: skip
    return figure


def _radial(axes: Axes, data: Network, i: int, radius: float, size: float, colour: str, inward: bool) -> None:
    """A code written along the radius, never upside down."""
    turn = math.degrees(float(data.angle[i])) % 360.0
    flip = 90.0 < turn < 270.0
    axes.text(
        radius * math.cos(data.angle[i]), radius * math.sin(data.angle[i]), data.codes[i], fontsize=size, color=colour,
        rotation=turn + 180.0 if flip else turn, rotation_mode="anchor",
        ha="right" if flip != inward else "left", va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85} if inward else None, zorder=5,
    )  # fmt: skip
