"""Tension of regions, and hostility of rivals."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.style import FAINT, FOOT, INK, LOW_HIGH, SMALL, Sheet, inches, mark_years, nothing, spread_labels
from analysis.words import STILL, Table, counted, moved, region_name, signed
from sim.declare.names import PARTNER, REGIONS
from sim.law.compiled import Floats
from sim.runs.results import Results


class Tension(NamedTuple):
    """Tension of the regions that have partners, (R, S), the largest rise first, and hostility of rivals (V, S)."""

    quarters: tuple[str, ...]
    regions: tuple[str, ...]
    tension: Floats
    rivals: tuple[str, ...]
    hostility: Floats


def tension(results: Results) -> Tension:
    """Tension by region and hostility by rival."""
    held = {results.regions[n] for n in range(len(results.codes)) if (results.role[:, n] == PARTNER).any()}
    change = results.tension[-1] - results.tension[0]
    order = sorted((r for r in range(len(REGIONS)) if REGIONS[r] in held), key=lambda r: -change[r])
    names = dict(zip(results.codes, results.names, strict=True))
    return Tension(
        results.quarters, tuple(REGIONS[r] for r in order), results.tension[:, order].T.copy(),
        tuple(names.get(code, code) for code in results.rivals), results.hostility.T.copy(),
    )  # fmt: skip


def finding(data: Tension) -> str:
    """The region that heated up most, and the rival."""
    if not data.regions:
        return "0 regions have partners"
    change = data.tension[:, -1] - data.tension[:, 0]
    rose = int((change >= STILL).sum())
    most = ", most in" if rose else "; the least calming was in"
    text = (
        f"Tension rose in {rose} of {counted(len(change), 'region')}{most} {region_name(data.regions[0])} "
        f"({signed(change[0])})"
    )
    if len(data.rivals):
        move = data.hostility[:, -1] - data.hostility[:, 0]
        top = int(np.argmax(np.abs(move)))
        text += f"; hostility of {data.rivals[top]} {moved(move[top])}"
    return text


def table(data: Tension) -> Table:
    """First, mean and last tension of every region, and hostility of every rival."""
    lines = [(region_name(n), line) for n, line in zip(data.regions, data.tension, strict=True)]
    lines += [(f"Hostility of {n}", line) for n, line in zip(data.rivals, data.hostility, strict=True)]
    rows = tuple((name, f"{v[0]:.3f}", f"{v.mean():.3f}", f"{v[-1]:.3f}") for name, v in lines)
    return Table(("region or rival, 0 to 1", "first quarter", "mean", "last quarter"), rows)


def draw(data: Tension, figure: Sheet) -> None:
    """A row of shades for each region, with first and last value; below, the hostility of each rival."""
    count, steps = data.tension.shape
    if count == 0:
        return nothing(figure, "No region has partners.")
    wide, high = figure.get_size_inches()
    below = 1.35 if len(data.rivals) else 0.0
    body = high - figure.head - FOOT - 0.35 - below - 0.25
    axes = inches(figure, 2.15, 0.32 + below, -4.15, body)
    reach = (-0.5, steps - 0.5, count - 0.5, -0.5)
    axes.imshow(data.tension, aspect="auto", cmap=LOW_HIGH, vmin=0.0, vmax=1.0, extent=reach)
    names = [region_name(r) for r in data.regions]
    words = [f"{n[0].upper() + n[1:]}   {line[0]:.2f}" for n, line in zip(names, data.tension, strict=True)]
    axes.set_yticks(range(count), words, color=INK)
    for i, line in enumerate(data.tension):
        axes.text(steps - 0.3, i, f"{line[-1]:.2f}", va="center", fontsize=SMALL)
    axes.tick_params(length=0)
    axes.hlines(np.arange(count - 1) + 0.5, -0.5, steps - 0.5, color="white", lw=2.0)
    mark_years(axes, data.quarters)
    axes.set_xlim(-0.5, steps - 0.5)
    axes.spines[:].set_visible(False)
    bar = inches(figure, wide - 1.55, 0.32 + below, 0.16, body)
    bar.imshow(np.linspace(1, 0, 64)[:, None], aspect="auto", cmap=LOW_HIGH, extent=(0, 1, 0, 1))
    bar.set_xticks([])
    bar.yaxis.tick_right()
    bar.set_yticks([0.0, 0.5, 1.0], ["0 calm", "0.5", "1 highest"])
    if len(data.rivals):
        axes.tick_params(labelbottom=False)
        _hostility(data, inches(figure, 2.15, 0.3, -4.15, below - 0.25))


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


FIGURES = (
    Chart(
        "tension", "Tension and rivals",
        "Tension of regions with partners, 0 to 1, darker is higher; first and last value in each row. Below: "
        "hostility of rivals, 0 to 1.",
        (11, 6.5), tension, finding, draw, table, order=130,
    ),
)  # fmt: skip
