"""One look for every figure: colours told apart by colour-blind readers and in grey print, sizes, head and foot."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.pictures.legible import legible
from analysis.words import shortened

INK, SOFT, FAINT, PAPER = "#1a1a1a", "#595959", "#d9d9d9", "#ffffff"
GOOD, BAD, NEUTRAL = "#0072B2", "#D55E00", "#8c8c8c"  # gains and losses; also told apart by hatch and sign

# Okabe and Ito's palette; dashes and markers repeat what colour says.
FRAMEWORK_LOOKS: Final[Mapping[str, tuple[str, Any, str]]] = {
    "partnership_for_peace": ("#0072B2", "-", "o"),
    "mediterranean_dialogue": ("#B84F00", (0, (5, 1.5)), "s"),
    "istanbul_cooperation_initiative": ("#007A59", (0, (5, 1.5, 1, 1.5)), "^"),
    "partners_across_the_globe": ("#AA4499", (0, (1.2, 1.2)), "D"),
}
SPARE_LOOKS: Final = (
    ("#8A6508", (0, (7, 2)), "v"), ("#2477A8", (0, (3, 1, 1, 1, 1, 1)), "P"), ("#000000", (0, (2, 2)), "X"),
    ("#882255", (0, (9, 2, 2, 2)), "<"), ("#2B7A6D", "-", ">"),
)  # fmt: skip
ROLE_COLOURS: Final = {"member": "#4a4a4a", "partner": "#000000", "rival": "#D55E00"}
INSTRUMENT_LOOKS: Final = {  # colour and hatch, 3 to 1 or more against paper; lightness alternates between neighbours
    "exercises": ("#0072B2", ""), "capacity": ("#C77F00", "//"), "institutions": ("#00664b", ""),
    "dialogue": ("#AA8F00", ".."), "information": ("#882255", ""), "resilience": ("#4C97CC", "\\\\"),
}  # fmt: skip
PURSE_LOOKS: Final = {  # greys and hatches: colours are what instruments have
    "common_fund": ("#3d3d3d", ""), "lead_ally": ("#8c8c8c", "//"), "trust_fund": ("#5e5e5e", "xx"),
    "partner": ("#949494", ".."),
}  # fmt: skip
TRACK_COLOURS: Final = {
    "aspirant": "#d6e6f4", "action_plan": "#9dc3e2", "invited": "#56a0d3", "acceding": "#0072B2", "ally": "#08306b",
}  # fmt: skip
LOW_HIGH: Final = LinearSegmentedColormap.from_list(
    "low_high", ["#f7fbff", "#c6dcef", "#7fb3d8", "#3a7fb8", "#12508f", "#08254f"]
)
LOSS_GAIN: Final = LinearSegmentedColormap.from_list(
    "loss_gain", ["#7f3b08", "#d08239", "#f6cf9b", "#f7f7f7", "#bcd3ea", "#5a95c5", "#0b3c72"]
)

SMALL, BASE, LARGE = 10.0, 11.0, 15.0
RC: Final[Any] = {
    "font.family": ["DejaVu Sans"], "font.size": BASE, "axes.titlesize": BASE, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.labelsize": BASE, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "axes.edgecolor": SOFT, "axes.labelcolor": INK, "text.color": INK, "xtick.color": SOFT, "ytick.color": SOFT,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "grid.color": FAINT,
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "legend.frameon": False, "legend.fontsize": SMALL,
    "hatch.linewidth": 0.6, "lines.linewidth": 2.0, "lines.solid_capstyle": "round", "axes.axisbelow": True,
    "svg.fonttype": "none", "svg.hashsalt": "interlock", "savefig.dpi": 130.0, "path.simplify": True,
    "axes.unicode_minus": True, "text.parse_math": False,  # what people name is shown as written
}  # fmt: skip
PRESENT: Final = "2025-Q1"  # what ends before is set beside the record
NAMED: Final = 44  # columns that the name of a scenario or policy takes in a foot
NOTEBOOK: Final = 80.0  # dots an inch of a figure in a notebook
HEAD, FOOT, SIDE = 1.28, 0.62, 0.3  # inches: largest head, foot, left edge


@dataclass(frozen=True)
class About:
    """What the foot of a figure says: which run or runs it shows. `replicate`: of one run; of many, in words."""

    scenario: str
    policy: str
    seed: int
    replicate: int | str
    rules_hash: str
    role: str = "policy"
    past: bool = False  # what is run has happened, so that it can be set beside the record

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot of every figure."""
        luck = self.replicate if isinstance(self.replicate, str) else f"replicate {self.replicate}"
        scenario, policy = (shortened(name, NAMED) for name in (self.scenario, self.policy))
        run = f"Scenario: {scenario}  ·  {self.role}: {policy}  ·  seed {self.seed}, {luck}"
        return run, f"In this model, {'a retrodiction' if self.past else 'not a forecast'}.  {made_by(self.rules_hash)}"


def made_by(rules_hash: str) -> str:
    """The program with its version and rules, and where its facts come from."""
    return f"Interlock {version('interlock-sim')}, rules {rules_hash[:12]}; facts: scenarios/data, with their sources."


def framework_look(name: str, declared: tuple[str, ...]) -> tuple[str, Any, str]:
    """Colour, dashes and marker of a framework; the same in every figure of a run."""
    if name in FRAMEWORK_LOOKS:
        return FRAMEWORK_LOOKS[name]
    others = [n for n in declared if n not in FRAMEWORK_LOOKS]
    return SPARE_LOOKS[others.index(name) % len(SPARE_LOOKS)]


def ink_on(colour: Any) -> str:
    """Black or white, whichever reads better on a colour (WCAG contrast)."""
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in to_rgb(colour))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


class Sheet(Figure):
    """A figure that knows how much of its top its head takes, in inches, and is legible when it is written.

    `words`: title, caption and foot, which a bare figure goes without. `narrow`: it is drawn for one column of a page.
    """

    head: float = 1.0
    words: tuple[Text, ...] = ()
    narrow: bool = False

    def savefig(self, fname: Any, **options: Any) -> None:
        """Write it, as what `format` or else the file's name says."""
        options.setdefault("format", Path(str(fname)).suffix[1:] or "png")
        with legible(self, options["format"]):
            super().savefig(fname, **options)

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        written = io.BytesIO()
        with rc_context(RC):
            self.savefig(written, format="png", dpi=NOTEBOOK)
        return written.getvalue()


def folded(text: str, room: int, most: int = 2) -> list[str]:
    """A text in as few lines as fit, at most `most`, of about equal length, so that no word stands alone."""
    lines = wrap(text, room)
    if len(lines) < 2:
        return lines
    while room > 20 and len(wrap(text, room - 1)) == len(lines):
        room -= 1
    lines = wrap(text, room)
    return lines if len(lines) <= most else [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), room)]


def sheet(size: tuple[float, float], title: str, shows: str, about: About, narrow: bool = False) -> Sheet:
    """An empty figure with its finding, its subtitle and its foot. `size` is in inches, for a head of four lines."""
    wide = size[0]
    lines = folded(title, int((wide - 2 * SIDE) / 0.121))
    notes = folded(shows, int((wide - 2 * SIDE) / 0.0775))
    head = 0.22 + 0.27 * len(lines) + 0.21 * len(notes) + 0.1
    high = size[1] - HEAD + head
    figure = Sheet(figsize=(wide, high))
    figure.head, figure.narrow = head, narrow
    top = high - 0.16
    for line in lines:
        figure.text(SIDE / wide, top / high, line, fontsize=LARGE, fontweight="bold", va="top")
        top -= 0.27
    for line in notes:
        figure.text(SIDE / wide, (top - 0.03) / high, line, fontsize=BASE, color=SOFT, va="top")
        top -= 0.21
    for at, line in zip((0.33, 0.12), about.lines(), strict=True):
        figure.text(SIDE / wide, at / high, line, fontsize=SMALL, color=SOFT, va="bottom")
    figure.words = tuple(figure.texts)
    return figure


def panels(
    figure: Sheet, rows: int = 1, columns: int = 1, left: float = 0.85, right: float = 0.3, top: float = 0.0,
    bottom: float = 0.35, across: float = 0.6, down: float = 0.6, widths: list[float] | None = None,
    share: tuple[Any, Any] = (False, False),
) -> list[list[Axes]]:  # fmt: skip
    """A grid of axes between head and foot; all distances in inches. On a narrow sheet two beside each other stand one
    above the other, with less beside them.
    """
    if figure.narrow:
        left, right, bottom = min(left, 1.75), min(right, 0.75), max(bottom, 0.75)
        if (rows, columns) == (1, 2):
            parts = panels(figure, 2, 1, left, right, top, bottom, down=1.1, share=(share[1], share[0]))
            return [[part for row in parts for part in row]]
    wide, high = figure.get_size_inches()
    box_wide = wide - left - right
    box_high = high - figure.head - top - FOOT - bottom
    cell_wide = (box_wide - across * (columns - 1)) / columns
    cell_high = (box_high - down * (rows - 1)) / rows
    grid = figure.subplots(
        rows, columns, squeeze=False, sharex=share[0], sharey=share[1],
        gridspec_kw={
            "left": left / wide, "right": 1.0 - right / wide, "top": 1.0 - (figure.head + top) / high,
            "bottom": (FOOT + bottom) / high, "wspace": across / cell_wide, "hspace": down / cell_high,
            "width_ratios": widths,
        },
    )  # fmt: skip
    return [list(row) for row in grid]


def inches(figure: Sheet, left: float, bottom: float, wide: float, high: float) -> Axes:
    """Axes at a place of the sheet. `bottom` counts from the foot; a negative width is what stays free beside it."""
    whole = figure.get_size_inches()
    share = wide / whole[0] + (1.0 if wide < 0.0 else 0.0)
    return figure.add_axes((left / whole[0], (FOOT + bottom) / whole[1], share, high / whole[1]))


def blank(axes: Axes) -> Axes:
    """Take spines and ticks away."""
    axes.set_axis_off()
    return axes


def canvas(figure: Sheet, right: float = SIDE) -> Axes:
    """Blank axes over the whole sheet between head and foot, for figures that place their panels themselves."""
    high = float(figure.get_size_inches()[1])
    return blank(inches(figure, SIDE, 0.0, -(SIDE + right), high - figure.head - FOOT))


def nothing(figure: Sheet, text: str) -> None:
    """Say in words that there is nothing to draw."""
    figure.text(0.5, 0.5, text, ha="center", va="center", color=SOFT, fontsize=13)


def note(axes: Axes, text: str, at: tuple[Any, Any], shift: tuple[float, float] = (4, 0), **looks: Any) -> None:
    """A small text beside a point, shifted by points."""
    axes.annotate(text, at, shift, textcoords="offset points", **{"va": "center", "fontsize": SMALL, **looks})


def aside(axes: Axes, words: Sequence[str], across: Any, up: Any, side: float = 0.05, **looks: Any) -> None:
    """Labels at the right of points of axes with settled limits, each with a thin line to its point; none on another.

    No two labels have the same height, so that those of points on one heap stand in a column. `side`: share of width.
    """
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    gap = 0.21 / (float(axes.get_position().height) * float(axes.figure.get_size_inches()[1]))  # type: ignore[union-attr]
    heights = spread_labels([(float(y) - low) / (high - low) for y in up], gap, 0.02, 0.98)
    for word, x, y, height in zip(words, across, up, heights, strict=True):
        place = (float(x) - left) / (right - left) + side
        axes.annotate(
            word, (x, y), (place, height), textcoords="axes fraction", va="center", ha="left", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#9a9a9a", "lw": 0.7, "shrinkA": 0, "shrinkB": 3},
            **{"fontsize": SMALL, **looks},
        )  # fmt: skip


def scale(figure: Sheet, left: float, share: float, colours: Any, low: float, high: float, words: str,
          size: float = SMALL) -> None:  # fmt: skip
    """A bar of the colours of a map above the foot; `left` and `share` of the sheet's width."""
    bar = figure.add_axes(
        (left, (FOOT + 0.22) / figure.get_size_inches()[1], share, 0.14 / figure.get_size_inches()[1])
    )
    bar.imshow(np.linspace(0, 1, 128)[None, :], aspect="auto", cmap=colours, extent=(low, high, 0, 1))
    bar.set_yticks([])
    bar.tick_params(length=2, pad=2)
    bar.set_title(words, fontsize=size, fontweight="normal", pad=3)


def broken(name: str) -> str:
    """A long name on two lines."""
    words = name.split()
    return name if len(name) < 14 else " ".join(words[: len(words) // 2]) + "\n" + " ".join(words[len(words) // 2 :])


def mark_years(axes: Axes, quarters: tuple[str, ...], most: int = 6) -> None:
    """Label the time axis with years, at most `most` of them, at their first quarters."""
    firsts = [s for s, q in enumerate(quarters) if q.endswith("Q1")] or [0]
    every = max(1, -(-len(firsts) // most))
    shown = firsts[::every]
    axes.set_xticks(shown, [quarters[s][:4] for s in shown])
    axes.set_xlim(0, max(len(quarters) - 1, 1))


def spread_labels(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Heights for labels: in order, at least `gap` apart, as near to what is wanted as can be, within low and high."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[tuple[float, int]] = []  # runs of labels that touch: mean of the lowest label's place, and length
    for rank, i in enumerate(order):
        pools.append((wanted[i] - rank * gap, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m), (b, n) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n)]
    places = [base for base, count in pools for _ in range(count)]
    placed = list(wanted)
    top = high - (len(wanted) - 1) * gap
    for rank, i in enumerate(order):
        placed[i] = max(low, min(top, places[rank])) + rank * gap
    return placed
