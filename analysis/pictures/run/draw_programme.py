"""Pictures of the programme: money and what it bought, harm by threat, tension and rivals."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.pictures.run.draw_partners import nothing
from analysis.pictures.run.numbers_programme import Bought, Harm, Money, Tension
from analysis.pictures.style import (
    FAINT,
    FOOT,
    INK,
    INSTRUMENT_LOOKS,
    LOW_HIGH,
    PURSE_LOOKS,
    SMALL,
    SOFT,
    Sheet,
    mark_years,
    panels,
    spread_labels,
)
from analysis.words import PURSE_NAMES, number, plain, region_name


def draw_money(data: Money, figure: Sheet) -> Sheet:
    """Stacked bars by year: left by instrument, right by purse; names stand beside the last bar's parts."""
    [[left, right]] = panels(figure, 1, 2, left=0.85, right=2.3, across=1.85, top=0.3)
    top = 1.04 * max(float(data.by_purse.sum(axis=0).max()), float(data.by_instrument.sum(axis=0).max()), 1e-3)
    for axes, names, table, looks, words in (
        (left, data.instruments, data.by_instrument, INSTRUMENT_LOOKS, {}),
        (right, data.purses, data.by_purse, PURSE_LOOKS, PURSE_NAMES),
    ):
        base = np.zeros(len(data.years))
        middles = []
        for i, name in enumerate(names):
            colour, hatch = looks[name]
            axes.bar(
                range(len(data.years)),
                table[i],
                bottom=base,
                width=0.82,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                lw=0.5,
            )
            middles.append(float(base[-1] + table[i, -1] / 2.0))
            base = base + table[i]
        heights = spread_labels(middles, 0.075 * top, 0.03 * top, 0.97 * top)
        total = table.sum()
        for i, name in enumerate(names):
            if table[i].sum() <= 0.0:
                continue
            end = len(data.years) - 0.59
            axes.plot([end, end + 0.35], [middles[i], heights[i]], color=SOFT, lw=0.7, clip_on=False)
            share = f"{100.0 * table[i].sum() / total:.0f} %" if total > 0.0 else "0 %"
            axes.text(
                end + 0.42,
                heights[i],
                f"{words.get(name, plain(name))}  {share}",
                va="center",
                fontsize=SMALL,
                clip_on=False,
            )
        axes.set_xlim(-0.6, len(data.years) - 0.55)
        axes.set_ylim(0.0, top)
        every = max(1, -(-len(data.years) // 5))
        axes.set_xticks(range(0, len(data.years), every), data.years[::every])
        axes.tick_params(axis="x", length=0)
    left.set_title("By instrument")
    right.set_title("By who paid")
    left.set_ylabel("EUR million a year")
    return figure


def draw_bought(data: Bought, figure: Sheet) -> Sheet:
    """Bars: points per EUR million of interoperability and of trust; a column of what was spent."""
    if not data.activities:
        return nothing(figure, "No money was spent on activities.")
    [[skill, trust]] = panels(figure, 1, 2, left=2.45, right=0.9, across=0.55, top=0.35, bottom=0.25)
    rows = np.arange(len(data.activities))
    for axes, values, title in (
        (skill, data.per_million[1], "Interoperability, points per EUR million"),
        (trust, data.per_million[0], "Trust, points per EUR million"),
    ):
        for i, name in enumerate(data.instruments):
            colour, hatch = INSTRUMENT_LOOKS[name]
            axes.barh(rows[i], values[i], height=0.74, color=colour, hatch=hatch, edgecolor="white", lw=0.4)
            axes.annotate(
                number(values[i]),
                (max(values[i], 0.0), rows[i]),
                (3, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
            )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(min(0.0, 1.05 * float(values.min())), 1.14 * max(float(values.max()), 1e-6))
        axes.set_title(title)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=SOFT, lw=0.8)
    skill.set_yticks(rows, [plain(a) for a in data.activities], color=INK)
    trust.set_yticks(rows, [])
    for i in range(len(rows)):
        trust.annotate(
            number(data.cost[i]),
            (1.0, i),
            (44, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=SMALL,
            color=SOFT,
        )
    trust.annotate(
        "EUR million",
        (1.0, -0.7),
        (48, 4),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=SMALL,
        color=SOFT,
    )
    used = list(dict.fromkeys(data.instruments))
    keys = [
        Patch(facecolor=INSTRUMENT_LOOKS[n][0], hatch=INSTRUMENT_LOOKS[n][1], edgecolor="white", label=plain(n))
        for n in used
    ]
    skill.legend(handles=keys, loc="lower right", handlelength=1.4, borderaxespad=0.2)
    return figure


def draw_harm(data: Harm, figure: Sheet) -> Sheet:
    """Left: by kind, what was answered and left, and what the pair without a programme left. Right: by quarter."""
    [[bars, time]] = panels(figure, 1, 2, left=1.95, right=0.35, across=0.95, top=0.4, bottom=0.5, widths=[1.5, 1.0])
    rows = np.arange(len(data.kinds))
    bars.barh(rows, data.left, height=0.62, color="#4d4d4d")
    bars.barh(
        rows,
        data.arose - data.left,
        left=data.left,
        height=0.62,
        color="#cfe3f2",
        hatch="//",
        edgecolor="#7fb3d8",
        lw=0.5,
    )
    if data.left_without is not None:
        bars.scatter(data.left_without, rows, marker="D", s=52, color="#D55E00", edgecolors="white", zorder=4)
    reach = float(data.arose.max()) or 1.0
    for i in range(len(rows)):
        text = f"{number(data.left[i])} of {number(data.arose[i])} left"
        if data.left_without is not None:
            gap = data.left_without[i] - data.left[i]
            text += f"; {number(abs(gap))} {'averted' if gap >= 0 else 'added'}"
        bars.annotate(text, (data.arose[i], i), (5, 0), textcoords="offset points", va="center", fontsize=SMALL)
    bars.set_yticks(rows, [plain(k).replace(" and ", "\nand ") for k in data.kinds], color=INK)
    bars.tick_params(axis="y", length=0)
    bars.set_ylim(len(rows) - 0.4, -0.6)
    bars.set_xlim(0.0, 1.75 * reach)
    bars.set_xlabel("harm points a quarter, mean over the run")
    ticks = [t for t in bars.get_xticks() if t <= 1.02 * reach]
    bars.set_xticks(ticks)
    keys: list[Artist] = [
        Patch(facecolor="#4d4d4d", label="left"),
        Patch(facecolor="#cfe3f2", hatch="//", edgecolor="#7fb3d8", label="answered by states and coalitions"),
    ]  # fmt: skip
    if data.left_without is not None:
        keys.append(
            Line2D([], [], marker="D", ms=7, color="#D55E00", ls="", label="left without a programme, same draws")
        )
    bars.legend(
        handles=keys,
        loc="lower left",
        bbox_to_anchor=(-0.32, 1.0),
        ncols=3,
        borderaxespad=0.1,
        columnspacing=1.2,
        handletextpad=0.5,
        handlelength=1.5,
    )
    _harm_through_time(data, time)
    return figure


def _harm_through_time(data: Harm, axes: Axes) -> None:
    """Harm left by quarter, with and without the programme; the area between is what the programme averted."""
    steps = np.arange(len(data.quarters))
    if data.by_quarter_without is not None:
        axes.fill_between(steps, data.by_quarter, data.by_quarter_without, color="#D55E00", alpha=0.25, lw=0)
        axes.plot(
            steps, data.by_quarter_without, color="#D55E00", ls=(0, (3, 1.2)), lw=1.5, label="without a programme"
        )
    axes.plot(steps, data.by_quarter, color="#333333", lw=1.8, label="with the programme")
    axes.set_ylim(0.0, 1.28 * axes.get_ylim()[1])
    mark_years(axes, data.quarters, most=4)
    axes.set_title("Harm left, points a quarter")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)


def draw_tension(data: Tension, figure: Sheet) -> Sheet:
    """A row of shades for each region, with first and last value; below, the hostility of each rival."""
    count, rivals = len(data.regions), len(data.rivals)
    if count == 0:
        return nothing(figure, "No region has partners.")
    wide, high = figure.get_size_inches()
    low_part = 1.35 if rivals else 0.0
    body = high - figure.head - FOOT - 0.35
    box = (2.15 / wide, (FOOT + 0.32 + low_part) / high, 1.0 - 4.15 / wide, (body - low_part - 0.25) / high)
    axes = figure.add_axes(box)
    axes.imshow(
        data.tension,
        aspect="auto",
        cmap=LOW_HIGH,
        vmin=0.0,
        vmax=1.0,
        extent=(-0.5, data.tension.shape[1] - 0.5, count - 0.5, -0.5),
    )
    names = [region_name(r) for r in data.regions]
    axes.set_yticks(
        range(count), [f"{n[0].upper() + n[1:]}   {data.tension[i, 0]:.2f}" for i, n in enumerate(names)], color=INK
    )
    for i in range(count):
        axes.text(data.tension.shape[1] - 0.3, i, f"{data.tension[i, -1]:.2f}", va="center", fontsize=SMALL)
    axes.tick_params(length=0)
    axes.hlines(np.arange(count - 1) + 0.5, -0.5, data.tension.shape[1] - 0.5, color="white", lw=2.0)
    mark_years(axes, data.quarters)
    axes.set_xlim(-0.5, len(data.quarters) - 0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    bar = figure.add_axes(((wide - 1.55) / wide, box[1], 0.16 / wide, box[3]))
    bar.imshow(np.linspace(1, 0, 64)[:, None], aspect="auto", cmap=LOW_HIGH, extent=(0, 1, 0, 1))
    bar.set_xticks([])
    bar.yaxis.tick_right()
    bar.set_yticks([0.0, 0.5, 1.0], ["0 calm", "0.5", "1 highest"])
    if rivals:
        axes.tick_params(labelbottom=False)
        lower = figure.add_axes((box[0], (FOOT + 0.3) / high, box[2], (low_part - 0.25) / high))
        _hostility(data, lower)
    return figure


def _hostility(data: Tension, axes: Axes) -> None:
    """A line for each rival, named at its end."""
    heights = spread_labels([float(v[-1]) for v in data.hostility], 0.21, 0.02, 0.98)
    for i, (name, line) in enumerate(zip(data.rivals, data.hostility, strict=True)):
        dashes = ("-", (0, (4, 1.5)), (0, (1, 1)))[i % 3]
        axes.plot(line, color=("#D55E00", "#000000", "#0072B2")[i % 3], ls=dashes)
        axes.text(len(line) - 0.3, heights[i], f"{name} {line[-1]:.2f}", va="center", fontsize=SMALL, clip_on=False)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.set_ylabel("Hostility\nof rivals", color=INK)
    axes.grid(axis="y", color=FAINT)
    mark_years(axes, data.quarters)
    axes.set_xlim(-0.5, len(data.quarters) - 0.5)
