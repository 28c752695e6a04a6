"""Pictures of a comparison: what the ledger books differently, who gains and who loses, regret over scenarios."""

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.compare.numbers_compare import Accounts, Change, Regrets
from analysis.pictures.run.draw_change import draw_waterfall
from analysis.pictures.run.draw_partners import nothing
from analysis.pictures.run.numbers_change import Waterfall, cause_name
from analysis.pictures.style import FOOT, GOOD, INK, LOSS_GAIN, SMALL, SOFT, Sheet, blank, ink_on, panels
from analysis.words import number, plain, signed

RIGHT = (1.02, 1.11, 1.19)  # where the criteria stand beside the matrix, as shares of its width
REGRET = LinearSegmentedColormap.from_list("regret", ["#ffffff", "#fbe3cf", "#f0b07a", "#d5762f", "#93400f", "#5b2408"])


def draw_accounts(data: Accounts, figure: Sheet) -> Sheet:
    """Two waterfalls, from the baseline's end to the policy's end."""
    if not any(len(one.causes) for one in data.accounts):
        return nothing(figure, "The ledgers of both policies are the same.")
    grid = panels(figure, 1, 2, left=2.35, right=0.55, across=2.6, top=0.35, bottom=0.5)
    for axes, one in zip(grid[0], data.accounts, strict=True):
        draw_waterfall(Waterfall("mean partner", one.score, one.start, one.end, one.causes, one.amounts), axes)
        names = [data.base, *(cause_name(c) for c in one.causes), data.own]
        axes.set_yticks(range(len(names)), names, color=INK)
        for i in (0, -1):
            axes.get_yticklabels()[i].set_fontweight("bold")
        axes.set_title(f"{plain(one.score)} at the end {signed(one.end - one.start, 3)}")
    return figure


def draw_tile_change(data: Change, figure: Sheet) -> Sheet:
    """Equal tiles; dotted and unwritten in bold where the difference is not told from luck; heavy frames: partners."""
    one = data.tiles
    wide, high = figure.get_size_inches()
    columns, rows = max(t[0] for t in one.tiles) + 1, max(t[1] for t in one.tiles) + 1
    size = min((wide - 0.6) / columns, (high - figure.head - FOOT - 0.55) / rows)
    left = (wide - size * columns) / 2.0
    axes = blank(figure.add_axes(
        (left / wide, (high - figure.head - size * rows) / high, size * columns / wide, size * rows / high)
    ))  # fmt: skip
    largest = max(float(np.abs(one.values[np.array([r != "rival" for r in one.roles])]).max(initial=0.0)), 1e-9)
    norm = Normalize(-largest, largest, clip=True)
    for code, (x, y), value, role, told in zip(one.codes, one.tiles, one.values, one.roles, data.told, strict=True):
        shown = role != "rival"
        face = LOSS_GAIN(norm(value)) if shown and told else "white"
        axes.add_patch(Rectangle(
            (x + 0.05, y + 0.05), 0.9, 0.9, facecolor=face, edgecolor=INK if told else "#b0b0b0",
            lw=2.2 if role == "partner" else 0.7, ls="-" if told else (0, (1, 1.5)),
        ))  # fmt: skip
        ink = ink_on(face) if told else SOFT
        axes.text(x + 0.5, y + 0.38, code, ha="center", va="center", fontsize=SMALL, color=ink,
                  fontweight="bold" if told else "normal")  # fmt: skip
        text = "rival" if not shown else signed(float(value), 1 if largest >= 10 else 2)
        axes.text(x + 0.5, y + 0.69, text, ha="center", va="center", fontsize=8.0, color=ink)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    bar = figure.add_axes((0.60, (FOOT + 0.22) / high, 0.34, 0.14 / high))
    bar.imshow(np.linspace(0, 1, 128)[None, :], aspect="auto", cmap=LOSS_GAIN, extent=(-largest, largest, 0, 1))
    bar.set_yticks([])
    bar.tick_params(length=2, pad=2)
    bar.set_title(one.variable, fontsize=9.0, fontweight="normal", pad=3)
    _key(figure, wide, high)
    return figure


def _key(figure: Sheet, wide: float, high: float) -> None:
    """What frames mean."""
    key = blank(figure.add_axes((0.3 / wide, (FOOT + 0.05) / high, 0.5, 0.4 / high)))
    key.set_xlim(0, 0.5 * wide / 0.4)
    key.set_ylim(0, 1)
    looks = (
        (2.2, "-", INK, "partner at the start"),
        (0.7, "-", INK, "member"),
        (0.7, (0, (1, 1.5)), "#b0b0b0", "not told from luck"),
    )
    x = 0.1
    for width, dashes, edge, words in looks:
        key.add_patch(Rectangle((x, 0.15), 0.7, 0.7, facecolor="white", edgecolor=edge, lw=width, ls=dashes))
        key.text(x + 0.9, 0.5, words, va="center", fontsize=SMALL)
        x += 1.5 + 0.19 * len(words)


def draw_regrets(data: Regrets, figure: Sheet) -> Sheet:
    """Policies by scenarios; the criteria at the right. Ringed: best; double ring: best alone."""
    policies, scenarios = data.values.shape
    axes = panels(figure, left=1.85, right=2.95, bottom=1.35, top=0.35)[0][0]
    top = max(float(data.values.max()), 1e-9)
    # Regrets are skewed: the square root keeps small ones apart.
    axes.imshow(np.sqrt(data.values / top), cmap=REGRET, vmin=0.0, vmax=1.0, aspect="auto")
    for p in range(policies):
        for s in range(scenarios):
            value = float(data.values[p, s])
            ink = ink_on(REGRET(float(np.sqrt(value / top))))
            axes.text(s, p, f"{value:.1f}", ha="center", va="center", fontsize=SMALL, color=ink,
                      fontweight="bold" if p == data.best[s] else "normal")  # fmt: skip
    boxes = [Rectangle((s - 0.46, p - 0.44), 0.92, 0.88) for s, p in enumerate(data.best)]
    widths = [2.6 if told else 1.2 for told in data.told]
    axes.add_collection(PatchCollection(
        boxes, facecolors="none", edgecolors=GOOD, linewidths=widths,
        linestyles=["-" if t else (0, (2, 1.5)) for t in data.told],
    ))  # fmt: skip
    beside = axes.get_yaxis_transform()
    for x, words in zip(RIGHT, ("largest", "mean", "within 1\nof the best"), strict=True):
        axes.annotate(
            words, (x, 1.0), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=9.0, color=SOFT,
            va="bottom", annotation_clip=False,
        )  # fmt: skip
    for p in range(policies):
        shown = (number(data.largest[p].mean), number(data.mean[p].mean), f"{100 * data.enough[p]:.0f} %")
        for x, words in zip(RIGHT, shown, strict=True):
            weight = "bold" if p == 0 else "normal"
            axes.text(x, p, words, transform=beside, fontsize=SMALL, va="center", fontweight=weight)
    axes.set_yticks(range(policies), list(data.titles), color=INK)
    axes.set_xticks(range(scenarios), [s.replace("_", " ") for s in data.scenarios], rotation=35, ha="right", color=INK)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure
